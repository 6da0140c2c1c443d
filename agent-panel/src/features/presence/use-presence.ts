import type { PauseReason } from '../../../../cti-gateway/protocol';
import { useCtiStore } from '../cti/cti.store';
import { useNoticeStore } from '../cti/notice.store';

/** Signing in to the queue (签入), ready (置闲), paused with a reason (置忙), signing out (签出). */
export function usePresence() {
  const cti = useCtiStore();
  const notices = useNoticeStore();

  async function set(change: { state: 'ready' } | { state: 'paused'; reason: PauseReason } | { state: 'offline' }): Promise<void> {
    const result = await cti.command('presence.set', change);
    if (!result.ok) notices.sayInBar('error', 'call.commandFailed', { code: result.error.code });
    else notices.clearBar();
  }

  /** Ready, with the microphone asked for at this click: later, with the phone ringing, is too late for that question. */
  async function goReady(): Promise<void> {
    const microphone = cti.phoneStatus?.microphone;
    if (cti.account !== null && cti.ownsPhone && microphone !== 'granted') await cti.requestMicrophone();
    await set({ state: 'ready' });
  }

  return { goReady, pause: (reason: PauseReason) => set({ state: 'paused', reason }), signOut: () => set({ state: 'offline' }) };
}
