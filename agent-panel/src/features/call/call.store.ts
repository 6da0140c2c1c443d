import { defineStore } from 'pinia';
import { computed, reactive, shallowReactive, shallowRef } from 'vue';
import { z } from 'zod';
import { MatchView, type CallView, type MatchOwner, type Snapshot } from '../../../../cti-gateway/protocol';
import { useServices } from '../../app/services';
import type { CtiClient } from '../../transport';
import { useCtiStore } from '../cti/cti.store';
import { useNoticeStore } from '../cti/notice.store';
import { createCallActions } from './call-actions';
import { createDialling } from './dialling';
import { createWrapUp } from './wrap-up';
import { createPassingOn } from './passing-on';

/** What the agent decided about a match that did not decide itself; null: "none of them". */
export type OwnerChoice = MatchOwner | null;

const Rematched = z.object({ match: MatchView });
const RANK: Readonly<Record<CallView['state'], number>> = { connected: 0, hold: 0, delivered: 1, initiated: 1, alerting: 2, ended: 9 };
const OUTCOMES_WITHOUT_CARD = new Set(['answered_elsewhere', 'declined', 'answered']);

/**
 * The agent's calls as the gateway tells them. The browser's SIP session is only the device that answers, holds and mutes:
 * nothing here changes because of what the device says.
 */
export const useCallStore = defineStore('call', () => {
  const cti = useCtiStore();
  const notices = useNoticeStore();

  const calls = shallowReactive(new Map<string, CallView>());
  /** The last call that was talked on; stays until its record is finished or put away. */
  const finished = shallowRef<CallView | null>(null);
  /** Rang here and stopped: the card stays with its call-back. */
  const missed = shallowRef<CallView | null>(null);
  /** The call that came into the call log last: lists of calls have something new to show. */
  const logged = shallowRef<{ readonly callId: string } | null>(null);
  const choices = reactive(new Map<string, OwnerChoice>());
  /** Calls that this window answered: it opens the customer's page. */
  const answeredHere = new Set<string>();
  const shown = new Set<string>();
  const answeredListeners = new Set<(call: CallView, here: boolean) => void>();

  const live = computed(() => [...calls.values()].sort((a, b) => RANK[a.state] - RANK[b.state]));
  const current = computed<CallView | null>(() => live.value[0] ?? null);
  const alerting = computed<CallView | null>(() => live.value.find((call) => call.state === 'alerting') ?? null);
  const talking = computed<CallView | null>(() => live.value.find((call) => call.state === 'connected' || call.state === 'hold') ?? null);

  const actions = createCallActions({ current, alerting, talking, answering: (callId) => answeredHere.add(callId) });
  const passing = createPassingOn(talking, { takingUp: (callId) => answeredHere.add(callId), setHeld: actions.setHeld });
  const dialling = createDialling(current, () => (missed.value = null));

  const wrapUp = createWrapUp();

  function ownerOf(call: CallView): MatchOwner | null {
    const choice = choices.get(call.callId);
    if (choice !== undefined) return choice;
    return call.match.kind === 'known' ? (call.match.owners[0] ?? null) : null;
  }

  /** The one customer all owners belong to (a company's switchboard), where that is so. */
  function customerOf(call: CallView): string | null {
    const owner = ownerOf(call);
    if (owner !== null) return owner.customerId;
    if (choices.get(call.callId) === null || call.match.kind !== 'shared') return null;
    const ids = new Set(call.match.owners.map((one) => one.customerId));
    return ids.size === 1 ? (call.match.owners[0]?.customerId ?? null) : null;
  }

  function choose(callId: string, owner: OwnerChoice): void {
    choices.set(callId, owner);
  }

  /** What was chosen before a decision was undone; undefined: nothing yet. */
  function restoreChoice(callId: string, choice: OwnerChoice | undefined): void {
    if (choice === undefined) choices.delete(callId);
    else choices.set(callId, choice);
  }

  function matchOf(callId: string): MatchView | null {
    const ended = [finished.value, missed.value].find((call) => call?.callId === callId);
    return calls.get(callId)?.match ?? ended?.match ?? null;
  }

  function put(call: CallView): void {
    const before = calls.get(call.callId);
    calls.set(call.callId, call);
    passing.noteChange(before, call);
    const talks = hasCustomer(call);
    const talked = before !== undefined && hasCustomer(before);
    if (talks && !talked) begun(call);
    const dialledFor = dialling.becomes(call);
    if (dialledFor !== null && !choices.has(call.callId)) rememberDialled(call, dialledFor);
  }

  /** A colleague asks: the call, its record and its page are theirs. */
  function isAsked({ passedOn }: CallView): boolean {
    return passedOn?.asking === true && passedOn.fromExtension !== cti.agent?.extension;
  }

  function hasCustomer(call: CallView): boolean {
    return (call.state === 'connected' || call.state === 'hold') && !isAsked(call);
  }

  /** Later news about an ended call (who hung up) brings it not back. */
  function change(call: CallView): void {
    if (call.state !== 'ended') put(call);
    else if (calls.has(call.callId)) end(call);
    else if (finished.value?.callId === call.callId) finished.value = call;
  }

  function rememberDialled(call: CallView, customerId: string): void {
    const owner = call.match.owners.find((one) => one.customerId === customerId);
    if (owner !== undefined) choices.set(call.callId, owner);
  }

  function begun(call: CallView): void {
    if (missed.value?.callId === call.callId) missed.value = null;
    if (finished.value?.callId === call.callId) finished.value = null;
    takeChoice(call);
    notices.clearBar();
    for (const listener of answeredListeners) listener(call, answeredHere.has(call.callId));
  }

  /** Who the caller is, as the agent before decided it. */
  function takeChoice(call: CallView): void {
    const { customerId, contactId } = call.passedOn?.context ?? { customerId: null, contactId: null };
    if (customerId === null || choices.has(call.callId)) return;
    const ofCustomer = call.match.owners.filter((one) => one.customerId === customerId);
    const owner = ofCustomer.find((one) => one.contactId === contactId) ?? ofCustomer[0];
    if (owner !== undefined) choices.set(call.callId, owner);
  }

  function offer(call: CallView): void {
    missed.value = null;
    notices.clearBar();
    takeChoice(call);
    put(call);
  }

  function withdraw(call: CallView): void {
    calls.delete(call.callId);
    if (isAsked(call)) return;
    if (call.outcome !== null && OUTCOMES_WITHOUT_CARD.has(call.outcome)) return;
    missed.value = call;
    if (call.outcome === 'no_answer' && call.queue !== null && !isPassedHere(call)) notices.sayInBar('error', 'call.ringNoAnswer');
  }

  /** Rung by a colleague's transfer, not by the queue. */
  function isPassedHere({ passedOn }: CallView): boolean {
    return passedOn?.target.kind === 'agent' && passedOn.target.extension === cti.agent?.extension;
  }

  function end(call: CallView): void {
    const before = calls.get(call.callId);
    calls.delete(call.callId);
    if (isAsked(call)) return;
    if (call.answeredAt !== null) finished.value = call;
    else if (call.direction === 'inbound' && before?.state === 'alerting') withdraw(call);
    else if (call.direction !== 'inbound') dialling.sayOutcome(call);
  }

  /** The whole truth: a call that is not in it has ended while nobody told. */
  function applySnapshot(snapshot: Snapshot): void {
    const present = new Set(snapshot.calls.map((call) => call.callId));
    for (const call of [...calls.values()]) {
      if (present.has(call.callId)) continue;
      calls.delete(call.callId);
      if (call.answeredAt !== null)
        finished.value = { ...call, state: 'ended', endedAt: new Date(useServices().clock.nowMs()).toISOString(), endedBy: 'unknown' };
    }
    for (const call of snapshot.calls) {
      if (call.state === 'ended') end(call);
      else put(call);
    }
    dialling.forget();
  }

  function applyMatch(callId: string, match: MatchView): void {
    const call = calls.get(callId);
    if (call !== undefined) calls.set(callId, { ...call, match });
    else if (finished.value?.callId === callId) finished.value = { ...finished.value, match };
    else if (missed.value?.callId === callId) missed.value = { ...missed.value, match };
  }

  /** Hangs this store on a client; the returned functions take it off again. */
  function wire(client: CtiClient): Array<() => void> {
    return [
      client.on('session.started', applySnapshot),
      client.on('call.offered', (data) => offer(data.call)),
      client.on('call.changed', (data) => change(data.call)),
      client.on('call.withdrawn', (data) => withdraw(data.call)),
      client.on('call.ended', (data) => end(data.call)),
      client.on('call.logged', (data) => (logged.value = data)),
      client.on('call.matched', (data) => applyMatch(data.callId, data.match)),
      client.on('dial.progressed', dialling.applyDial),
    ];
  }

  function onAnswered(listener: (call: CallView, here: boolean) => void): () => void {
    answeredListeners.add(listener);
    return () => answeredListeners.delete(listener);
  }

  /** The card is on the screen: says so once, as the answer to "why did this call not pop?". */
  function popShown(callId: string): void {
    if (shown.has(callId)) return;
    shown.add(callId);
    void cti.command('call.shown', { callId });
  }

  /** The customer was created, or the number attached, while the call goes on. */
  async function rematch(callId: string): Promise<void> {
    const reply = await cti.command('call.rematch', { callId });
    const answer = reply.ok ? Rematched.safeParse(reply.data) : null;
    if (answer?.success) applyMatch(callId, answer.data.match);
  }

  function putAway(): void {
    finished.value = null;
  }

  function closeMissed(): void {
    missed.value = null;
  }

  return {
    calls,
    finished,
    missed,
    logged,
    choices,
    live,
    current,
    alerting,
    talking,
    ownerOf,
    customerOf,
    choose,
    restoreChoice,
    matchOf,
    wire,
    onAnswered,
    popShown,
    rematch,
    putAway,
    closeMissed,
    dial: dialling.dial,
    dialNumber: dialling.dialNumber,
    ...actions,
    ...wrapUp,
    consult: passing.consult,
    transfer: passing.transfer,
    ask: passing.ask,
    handOver: passing.handOver,
    backToCustomer: passing.backToCustomer,
    swap: passing.swap,
    conference: passing.conference,
    pauseRecording: passing.pauseRecording,
    takeUp: passing.takeUp,
    provideContext: passing.provideContext,
  };
});
