import type { NetworkSignals } from './cti-types';

/** `online` of the window, "visible again" and "thawed" (Page Lifecycle) of the document. */
export function browserSignals(): NetworkSignals | null {
  if (typeof window === 'undefined') return null;
  return {
    onWake(listener) {
      const onVisible = (): void => {
        if (document.visibilityState === 'visible') listener();
      };
      window.addEventListener('online', listener);
      document.addEventListener('visibilitychange', onVisible);
      document.addEventListener('resume', listener);
      return () => {
        window.removeEventListener('online', listener);
        document.removeEventListener('visibilitychange', onVisible);
        document.removeEventListener('resume', listener);
      };
    },
  };
}
