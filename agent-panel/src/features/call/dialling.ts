import { shallowRef, type ComputedRef } from 'vue';
import type { CallView, DialProgress } from '../../../../cti-gateway/protocol';
import { useServices } from '../../app/services';
import { newClientId } from '../../transport';
import { useCtiStore } from '../cti/cti.store';
import { useNoticeStore } from '../cti/notice.store';

/** A click on the same number within this time is the same click. */
const SAME_CLICK_MS = 2_000;

/** A dial that has no call yet: asked for, or this agent's own telephone is being rung. */
export interface PendingDial {
  readonly dialId: string;
  readonly number: string;
  readonly customerId: string | null;
  readonly startedAtMs: number;
}

/** Click to dial: one call per click, refusals and failures said in the bar. */
export function createDialling(current: ComputedRef<CallView | null>, begun: () => void) {
  const cti = useCtiStore();
  const notices = useNoticeStore();
  const dial = shallowRef<PendingDial | null>(null);
  let lastClick: { readonly number: string; readonly atMs: number } | null = null;

  /** Dials by the gateway. The same number again within two seconds is the same click. */
  async function dialNumber(number: string, customerId: string | null = null): Promise<void> {
    const nowMs = useServices().clock.nowMs();
    if (lastClick !== null && lastClick.number === number && nowMs - lastClick.atMs < SAME_CLICK_MS) return;
    lastClick = { number, atMs: nowMs };
    notices.clearBar();
    if (current.value !== null || dial.value !== null) {
      notices.sayInBar('error', 'call.dialRefused', { number, code: 'dial.already_in_call' });
      return;
    }
    const pending: PendingDial = { dialId: newClientId(), number, customerId, startedAtMs: nowMs };
    dial.value = pending;
    begun();
    const result = await cti.command('call.dial', { dialId: pending.dialId, number, customerId });
    if (result.ok) return;
    if (dial.value?.dialId === pending.dialId) dial.value = null;
    notices.sayInBar('error', 'call.dialRefused', { number, code: result.error.code });
  }

  function applyDial(progress: DialProgress): void {
    const ours = dial.value?.dialId === progress.dialId;
    if (progress.state === 'refused') {
      if (ours) dial.value = null;
      notices.sayInBar('error', 'call.dialRefused', { number: progress.number, code: progress.reason ?? 'internal' });
    } else if (progress.state === 'ended') {
      if (!ours) return;
      dial.value = null;
      if (progress.reason !== null && progress.reason !== 'answered') {
        notices.sayInBar('error', 'call.notReached', { number: progress.number, outcome: progress.reason });
      }
    }
  }

  /** The dial has become this call: returns for whom it was dialled, once. */
  function becomes(call: CallView): string | null {
    if (call.dialId === null || call.dialId !== dial.value?.dialId) return null;
    const { customerId } = dial.value;
    dial.value = null;
    return customerId;
  }

  function sayOutcome(call: CallView): void {
    if (call.outcome === null || call.outcome === 'answered') return;
    if (call.outcome === 'cancelled' && call.endedBy === 'agent') return;
    notices.sayInBar('error', 'call.notReached', { number: call.remoteNumber ?? '', outcome: call.outcome });
  }

  /** The gateway knows nothing of it (after a cut). */
  function forget(): void {
    dial.value = null;
  }

  return { dial, dialNumber, applyDial, becomes, sayOutcome, forget };
}
