import { reactive, ref, watch, type ComputedRef } from 'vue';
import { onKeyAction } from '../../app/keys';
import { useCtiStore } from '../cti/cti.store';
import { useNoticeStore } from '../cti/notice.store';
import { usePresence } from '../presence/use-presence';
import { useRecordStore } from '../record/record.store';
import type { BarModel } from './bar-types';
import { useCallStore } from './call.store';

/** After a slot's meaning changed, the hand may still be on its way to the old one: nothing is taken for this long. */
const SETTLE_MS = 600;
const TWICE_MS = 2_000;

export type BarActions = ReturnType<typeof useBarActions>;

/** What the bar's buttons and keys do with the call; what they open under the bar is `useBarPads`. */
export function useBarActions(model: ComputedRef<BarModel>) {
  const cti = useCtiStore();
  const calls = useCallStore();
  const records = useRecordStore();
  const notices = useNoticeStore();
  const presence = usePresence();
  /** The end key was pressed once, not long ago. */
  const endArmed = ref(false);
  const settling = reactive({ main: false, end: false });
  const timers = new Map<string, ReturnType<typeof setTimeout>>();
  watch(() => model.value.state, disarm);
  watch(
    () => model.value.main.action,
    (_now, before) => settle('main', before),
  );
  watch(
    () => model.value.end.action,
    (_now, before) => settle('end', before),
  );

  /** Begun again, it runs its full time: an earlier run of the same name is over. */
  function after(name: string, delayMs: number, act: () => void): void {
    clearTimeout(timers.get(name));
    timers.set(name, setTimeout(act, delayMs));
  }

  function disarm(): void {
    endArmed.value = false;
  }

  /** A slot that did nothing before cannot be hit by mistake. */
  function settle(slot: 'main' | 'end', before: string): void {
    if (before === 'none') return;
    settling[slot] = true;
    after(slot, SETTLE_MS, () => (settling[slot] = false));
  }

  async function bringHere(): Promise<void> {
    const result = await cti.bringHere();
    if (!result.ok) notices.sayInBar('error', 'call.handoverFailed', { reason: result.reason });
  }

  /** The record in hand first; without one there is nothing to wait for. */
  async function finish(): Promise<void> {
    const editor = records.current;
    if (editor === null) return calls.endWrapUp(null);
    if (editor.state.record?.status === 'done') return records.putAway();
    await records.finishCurrent();
  }

  async function main(): Promise<void> {
    if (settling.main) return;
    switch (model.value.main.action) {
      case 'sign-in':
      case 'ready':
        return presence.goReady();
      case 'answer':
        return calls.answer();
      case 'bring-here':
        return bringHere();
      case 'hand-over':
        await calls.handOver();
        return;
      case 'finish':
        return finish();
      case 'retry-mic':
        return cti.requestMicrophone();
      case 'reconnect':
        if (cti.connection.name === 'refused' && cti.connection.reason === 'version') globalThis.location.reload();
        return cti.reconnect();
      case 'none':
        return;
    }
  }

  async function end(): Promise<void> {
    if (settling.end || model.value.end.action === 'none') return;
    disarm();
    if (model.value.end.action === 'back') await calls.backToCustomer();
    else await calls.hangup();
  }

  /** In a call the key alone could be a slip: it has to be pressed twice within two seconds. */
  function endKey(): boolean {
    if (model.value.end.action === 'none') return false;
    if (model.value.end.action === 'hangup' && !endArmed.value) {
      endArmed.value = true;
      after('armed', TWICE_MS, disarm);
      return true;
    }
    disarm();
    void end();
    return true;
  }

  const hold = () => (model.value.hold.extends ? calls.extendWrapUp('key') : calls.setHeld(!model.value.hold.on));
  const mute = () => calls.setMuted(!model.value.mute.on);
  const record = () => calls.pauseRecording(!model.value.record.on);

  onKeyAction('main', () => {
    if (model.value.main.action === 'none') return false;
    void main();
    return true;
  });
  onKeyAction('end', endKey);
  onKeyAction('hold', () => {
    if (!model.value.hold.enabled) return false;
    void hold();
    return true;
  });
  onKeyAction('mute', () => {
    if (!model.value.mute.enabled) return false;
    void mute();
    return true;
  });

  return { record, main, end, hold, mute, endArmed, settling };
}
