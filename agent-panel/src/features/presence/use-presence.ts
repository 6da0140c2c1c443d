import type { NextPresence, PauseReason } from '../../../../cti-gateway/protocol';
import { useCtiStore } from '../cti/cti.store';
import type { CommandResult } from '../../transport';
import { useNoticeStore } from '../cti/notice.store';

/** Signing in to the queue (签入), ready (置闲), paused with a reason (置忙), signing out (签出). */
export function usePresence() {
  const cti = useCtiStore();
  const notices = useNoticeStore();

  async function set(change: { state: 'ready' } | { state: 'paused'; reason: PauseReason } | { state: 'offline' }): Promise<void> {
    say(await cti.command('presence.set', change));
  }

  function say(result: CommandResult): void {
    if (!result.ok) notices.sayInBar('error', 'call.commandFailed', { code: result.error.code });
    else notices.clearBar();
  }

  /** Ready, with the microphone asked for at this click: later, with the phone ringing, is too late for that question. */
  async function goReady(): Promise<void> {
    const microphone = cti.phoneStatus?.microphone;
    if (cti.account !== null && cti.ownsPhone && microphone !== 'granted') await cti.requestMicrophone();
    await set({ state: 'ready' });
  }

  /** Reasons are a set: one more, or one less; the last one taken away makes ready. Nobody signed in: signs in with it. */
  async function toggle(reason: PauseReason): Promise<void> {
    const { presence } = cti;
    if (presence.state === 'offline') return set({ state: 'paused', reason });
    const has = presence.state === 'paused' && presence.reasons.includes(reason);
    say(await cti.command(has ? 'presence.resume' : 'presence.pause', { reason }));
  }

  /** For after the call and its wrap-up; the same again takes it back. */
  async function choose(next: NextPresence): Promise<void> {
    say(await cti.command('presence.next', { next: isNext(next) ? null : next }));
  }

  function isNext(next: NextPresence): boolean {
    const chosen = cti.afterCall.next;
    if (chosen === null || chosen.state !== next.state) return false;
    return chosen.state !== 'paused' || next.state !== 'paused' || chosen.reason === next.reason;
  }

  return { goReady, toggle, choose, isNext, signOut: () => set({ state: 'offline' }) };
}
