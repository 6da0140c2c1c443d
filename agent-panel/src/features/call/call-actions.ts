import { ref, type ComputedRef } from 'vue';
import type { CallView } from '../../../../cti-gateway/protocol';
import { useServices } from '../../app/services';
import type { PhoneCommand, PhoneResult } from '../../softphone';
import type { CommandResult } from '../../transport';
import { useCtiStore } from '../cti/cti.store';
import { useNoticeStore } from '../cti/notice.store';

const ANSWER_TRIES = 20;
const ANSWER_AGAIN_MS = 150;

export interface CallsAtHand {
  readonly current: ComputedRef<CallView | null>;
  readonly alerting: ComputedRef<CallView | null>;
  readonly talking: ComputedRef<CallView | null>;
  /** This window is about to answer: it will open the customer's page. */
  answering(callId: string): void;
}

/**
 * What an agent does with a call: by the device where the browser carries it, else by the gateway (a desk phone). One at a
 * time; what fails is said in the bar.
 */
export function createCallActions({ current, alerting, talking, answering }: CallsAtHand) {
  const cti = useCtiStore();
  const notices = useNoticeStore();
  const busy = ref(false);

  function sayPhone(result: PhoneResult): void {
    if (!result.ok) notices.sayInBar('error', 'call.phoneFailed', { reason: result.reason });
  }

  function sayCommand(result: CommandResult): void {
    if (!result.ok) notices.sayInBar('error', 'call.commandFailed', { code: result.error.code });
  }

  /** Its socket is lost for the moment: the device would hang up for itself alone, and the other side would go on talking. */
  function deviceIsCut(): boolean {
    return cti.phoneStatus !== null && cti.phoneStatus.registration.state !== 'registered';
  }

  async function guarded(action: () => Promise<void>): Promise<void> {
    if (busy.value) return;
    busy.value = true;
    try {
      await action();
    } finally {
      busy.value = false;
    }
  }

  /** The gateway's word can be here some milliseconds before the telephone's own: an early F2 waits for that. */
  async function answerWhenItRings(callId: string): Promise<PhoneResult> {
    for (let attempt = 1; ; attempt += 1) {
      const result = await cti.perform({ type: 'answer' });
      if (result.ok || result.reason !== 'no_session' || attempt === ANSWER_TRIES || alerting.value?.callId !== callId) return result;
      await new Promise<void>((resolve) => useServices().clock.schedule(ANSWER_AGAIN_MS, resolve));
    }
  }

  const answer = () =>
    guarded(async () => {
      const call = alerting.value;
      if (call === null) return;
      answering(call.callId);
      sayPhone(await answerWhenItRings(call.callId));
    });

  /** Ends the nearest thing: declines what rings, else hangs up. By the device where it carries the call, else by the gateway. */
  const hangup = () =>
    guarded(async () => {
      const call = current.value;
      if (call === null) return;
      const order: PhoneCommand = { type: call.state === 'alerting' ? 'reject' : 'hangup' };
      if (cti.session !== null && !deviceIsCut()) return sayPhone(await cti.perform(order));
      sayCommand(await cti.command('call.hangup', { callId: call.callId }));
      if (cti.session !== null) await cti.perform(order);
    });

  const decline = () =>
    guarded(async () => {
      if (cti.session?.state === 'ringing') sayPhone(await cti.perform({ type: 'reject' }));
      else if (alerting.value) sayCommand(await cti.command('call.hangup', { callId: alerting.value.callId }));
    });

  const setHeld = (held: boolean) => guarded(async () => sayPhone(await cti.perform({ type: 'hold', held })));

  const setMuted = (muted: boolean) =>
    guarded(async () => {
      const call = talking.value;
      if (call === null) return;
      if (cti.session === null) sayCommand(await cti.command('call.mute', { callId: call.callId, muted }));
      else sayPhone(await cti.perform({ type: 'mute', muted }));
    });

  async function sendDigit(digit: string): Promise<void> {
    const call = current.value;
    if (call === null) return;
    if (cti.session === null) sayCommand(await cti.command('call.sendDigits', { callId: call.callId, digits: digit }));
    else sayPhone(await cti.perform({ type: 'digits', digits: digit }));
  }

  return { busy, answer, hangup, decline, setHeld, setMuted, sendDigit };
}
