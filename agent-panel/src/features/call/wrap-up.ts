import { useServices } from '../../app/services';
import { useCtiStore } from '../cti/cti.store';
import { useNoticeStore } from '../cti/notice.store';

/** One word to the gateway makes the countdown stand for six seconds: said before they are over, and not with every key. */
const TYPING_EVERY_MS = 4_000;

/** What a panel asks of the wrap-up the gateway keeps. */
export function createWrapUp() {
  const cti = useCtiStore();
  const notices = useNoticeStore();
  let toldTypingAtMs = 0;

  /** @param callId whose record is done; null: whichever wrap-up there is. */
  async function endWrapUp(callId: string | null): Promise<void> {
    const { wrapUp } = cti.afterCall;
    if (wrapUp === null || (callId !== null && wrapUp.callId !== null && wrapUp.callId !== callId)) return;
    const result = await cti.command('wrapUp.finish', { callId });
    if (!result.ok) notices.sayInBar('error', 'call.commandFailed', { code: result.error.code });
  }

  async function extendWrapUp(by: 'key' | 'typing'): Promise<void> {
    const { wrapUp } = cti.afterCall;
    if (wrapUp === null || wrapUp.until >= wrapUp.limit) return;
    const result = await cti.command('wrapUp.extend', { by });
    // Nobody asked for it by typing: nobody is told that it did not work.
    if (!result.ok && by === 'key') notices.sayInBar('error', 'call.commandFailed', { code: result.error.code });
  }

  /** The agent typed in the record. */
  function typedInWrapUp(): void {
    const nowMs = useServices().clock.nowMs();
    if (cti.afterCall.wrapUp === null || nowMs - toldTypingAtMs < TYPING_EVERY_MS) return;
    toldTypingAtMs = nowMs;
    void extendWrapUp('typing');
  }

  return { endWrapUp, extendWrapUp, typedInWrapUp };
}
