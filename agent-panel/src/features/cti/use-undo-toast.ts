import { asApiError } from '../../app/api-client';
import { useWords } from '../../i18n/use-words';
import { useNoticeStore } from './notice.store';

/**
 * A toast with a way back that goes through crm-core. What could not be undone is said in the call bar, and the toast comes again, to
 * be tried once more; what is gone already (undone elsewhere) is not offered again.
 */
export function useUndoToast() {
  const notices = useNoticeStore();
  const words = useWords();

  function toast(key: string, params: Readonly<Record<string, unknown>>, undo: () => Promise<unknown>): void {
    notices.toast(key, params, () => void undo().catch((cause: unknown) => failed(asApiError(cause).code, () => toast(key, params, undo))));
  }

  function failed(code: string, again: () => void): void {
    notices.sayInBar('error', 'toast.undoFailed', { what: words.code('apiError', code) });
    if (code !== 'not_found') again();
  }

  return toast;
}
