import { computed, ref } from 'vue';
import type { CallView, MatchOwner } from '../../../../cti-gateway/protocol';
import { asApiError } from '../../app/api-client';
import { useServices } from '../../app/services';
import { useWords } from '../../i18n/use-words';
import { useCallStore, type OwnerChoice } from '../call/call.store';
import { useUndoToast } from '../cti/use-undo-toast';
import { useRecordStore } from '../record/record.store';
import { useSessionStore } from '../session/session.store';
import { createCallerApi } from './caller.api';

export type DecisionKind = 'not_this' | 'is_this' | 'add_number';

/**
 * What an agent says of the caller of one call: kept at crm-core, then the call is matched again, so that every window shows the
 * same. Each can be undone from its toast.
 */
export function useCallerDecision(callOf: () => CallView | null) {
  const calls = useCallStore();
  const records = useRecordStore();
  const toast = useUndoToast();
  const sessions = useSessionStore();
  const words = useWords();
  const api = createCallerApi(useServices().api);
  const working = ref(false);
  const failure = ref<string | null>(null);

  const match = computed(() => callOf()?.match ?? null);
  const possible = computed(() => match.value !== null && match.value.key !== null && sessions.may('customer.edit'));
  /** Of whom something can be said: the one chosen, the known one, or the only one who may be it. */
  const subject = computed<MatchOwner | null>(() => {
    const call = callOf();
    if (call === null) return null;
    const owner = calls.ownerOf(call);
    if (owner !== null || calls.choices.get(call.callId) === null) return owner;
    return call.match.kind === 'maybe' && call.match.owners.length === 1 ? (call.match.owners[0] ?? null) : null;
  });
  const stored = computed(() => ['stored_number', 'switchboard'].includes(subject.value?.matchedBy ?? 'stored_number'));
  const mayReject = computed(() => possible.value && subject.value !== null);
  /** Nothing to confirm of one who is known for sure. */
  const mayConfirm = computed(() => possible.value && subject.value !== null && match.value?.kind !== 'known');
  const mayAdd = computed(() => possible.value && subject.value !== null && !stored.value && match.value?.privacy !== true);

  function setRecord(callId: string, owner: OwnerChoice): void {
    records.editors.get(callId)?.setCustomer(owner?.customerId ?? null, owner?.contactId ?? null, owner?.customerName ?? null);
  }

  async function undo(call: CallView, decisionId: string, before: OwnerChoice | undefined, owner: OwnerChoice): Promise<void> {
    try {
      await api.undoDecision(decisionId);
    } catch (cause) {
      // Undone already, by somebody else: what it led to here is taken back all the same.
      if (asApiError(cause).code !== 'not_found') throw cause;
    }
    calls.restoreChoice(call.callId, before);
    setRecord(call.callId, owner);
    await calls.rematch(call.callId);
  }

  function contactOf(decision: DecisionKind, owner: MatchOwner): string | null {
    if (decision !== 'not_this') return owner.contactId;
    const colleagues = (match.value?.owners ?? []).filter((one) => one.customerId === owner.customerId);
    return colleagues.length > 1 ? owner.contactId : null;
  }

  async function say(decision: DecisionKind, owner: MatchOwner | null = subject.value): Promise<boolean> {
    const call = callOf();
    const key = call?.match.key ?? null;
    if (call === null || key === null || owner === null || working.value) return false;
    working.value = true;
    failure.value = null;
    const before = calls.choices.get(call.callId);
    const was = calls.ownerOf(call);
    try {
      const kept = await api.decide({
        decision,
        key,
        customerId: owner.customerId,
        contactId: contactOf(decision, owner),
        callId: call.callId,
        raw: call.remoteNumber,
      });
      const record = records.editors.get(call.callId);
      await record?.refresh();
      calls.choose(call.callId, decision === 'not_this' ? null : owner);
      setRecord(call.callId, decision === 'not_this' ? null : owner);
      await calls.rematch(call.callId);
      // The others who have the number are offered again, now without this one.
      if (decision === 'not_this' && (calls.matchOf(call.callId)?.owners.length ?? 0) > 0) calls.restoreChoice(call.callId, undefined);
      toast(`decide.done.${decision}`, { number: call.remoteNumber ?? '', name: owner.customerName }, () =>
        undo(call, kept.decisionId, before, was),
      );
      return true;
    } catch (cause) {
      const problem = asApiError(cause);
      failure.value = problem.fields[0] ? words.code('fieldError', problem.fields[0].code) : words.code('apiError', problem.code);
      return false;
    } finally {
      working.value = false;
    }
  }

  return { subject, working, failure, mayReject, mayConfirm, mayAdd, say };
}
