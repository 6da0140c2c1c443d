import { computed, ref, type ComputedRef } from 'vue';
import type { CallView, Consult, ParkedCall, PassedContext, TransferTarget } from '../../../../cti-gateway/protocol';
import { newClientId, type CommandResult } from '../../transport';
import { useCtiStore } from '../cti/cti.store';
import { useNoticeStore } from '../cti/notice.store';

/** What goes with a call, as far as this window knows it. */
export type ContextOf = (callId: string) => PassedContext;

export interface PassingOnParts {
  /** This window takes up that call. */
  readonly takingUp: (callId: string) => void;
  readonly setHeld: (held: boolean) => Promise<void>;
}

const NOTHING: PassedContext = { customerId: null, contactId: null, text: null };

/**
 * Passing calls on, always by the gateway: Asterisk does it, for browsers and desk phones alike, and goes on with it when this page is gone.
 */
export function createPassingOn(talking: ComputedRef<CallView | null>, { takingUp, setHeld }: PassingOnParts) {
  const cti = useCtiStore();
  const notices = useNoticeStore();
  const busy = ref(false);
  let contextOf: ContextOf = () => NOTHING;
  /** Given up here: not news when the gateway says so. */
  let cancelled: string | null = null;

  const consult = computed<Consult | null>(() => talking.value?.consult ?? null);

  async function run(work: (call: CallView) => Promise<CommandResult>): Promise<boolean> {
    const call = talking.value;
    if (call === null || busy.value) return false;
    busy.value = true;
    notices.clearBar();
    try {
      const result = await work(call);
      if (!result.ok) notices.sayInBar('error', 'call.commandFailed', { code: result.error.code });
      return result.ok;
    } finally {
      busy.value = false;
    }
  }

  const transfer = (target: TransferTarget) =>
    run(({ callId }) => cti.command('call.transfer', { callId, target, context: contextOf(callId) }));
  const ask = (target: TransferTarget) =>
    run(async ({ callId, state }) => {
      // The telephone's own hold would keep the colleague waiting, too; Asterisk holds the customer.
      if (state === 'hold') await setHeld(false);
      return cti.command('call.consult', { callId, target, context: contextOf(callId) });
    });
  const handOver = () => run(({ callId }) => cti.command('call.consult.complete', { callId, context: contextOf(callId) }));
  const backToCustomer = () =>
    run(({ callId }) => {
      cancelled = callId;
      return cti.command('call.consult.cancel', { callId });
    });
  const swap = () =>
    run((call) =>
      cti.command('call.consult.talkTo', { callId: call.callId, party: call.consult?.state === 'customer' ? 'target' : 'customer' }),
    );
  const conference = () => run(({ callId }) => cti.command('call.conference', { callId }));
  const pauseRecording = (paused: boolean) => run(({ callId }) => cti.command('call.pauseRecording', { callId, paused }));

  /** A parked customer: the agent's telephone is connected by itself. */
  async function takeUp({ callId }: ParkedCall): Promise<void> {
    if (busy.value) return;
    busy.value = true;
    notices.clearBar();
    takingUp(callId);
    const result = await cti.command('call.takeUp', { callId, dialId: newClientId() });
    busy.value = false;
    if (!result.ok) notices.sayInBar('error', 'call.commandFailed', { code: result.error.code });
  }

  /** Says what happened without this agent's doing: nobody answered, or who was asked has hung up. */
  function noteChange(before: CallView | undefined, call: CallView): void {
    const { passedOn } = call;
    if (passedOn?.returned != null && before?.passedOn?.returned == null && passedOn.fromExtension === cti.agent?.extension)
      notices.sayInBar('error', 'call.returned', { target: passedOn.target, outcome: passedOn.returned });
    const asked = before?.consult ?? null;
    if (asked === null || (call.consult ?? null) !== null || call.state === 'ended') return;
    if (cancelled === call.callId) cancelled = null;
    else notices.sayInBar('error', asked.state === 'calling' ? 'call.consultNotReached' : 'call.consultHungUp', { target: asked.target });
  }

  /** Who knows what is written about calls; returns what takes it off again. */
  function provideContext(provide: ContextOf): () => void {
    contextOf = provide;
    return () => {
      contextOf = () => NOTHING;
    };
  }

  return {
    consult,
    passing: busy,
    transfer,
    ask,
    handOver,
    backToCustomer,
    swap,
    conference,
    pauseRecording,
    takeUp,
    noteChange,
    provideContext,
  };
}
