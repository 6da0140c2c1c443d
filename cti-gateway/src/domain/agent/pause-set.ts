import { decodeMark, encodeMark, type AfterCallMark } from './after-call';
import { encodeReasons, observeMember, OFFLINE, reasonsOf, type MemberFact, type PauseReason } from './presence';

/** All that keeps the queue from ringing an agent who is signed in. */
export interface PauseSet {
  readonly reasons: readonly PauseReason[];
  /** Keeps the queue's calls away around a call, see `after-call.ts`; null: nothing does. */
  readonly mark: AfterCallMark | null;
}

export const NO_PAUSE: PauseSet = { reasons: [], mark: null };

/** Asterisk cuts a longer reason: `reason_paused[80]` in app_queue.c. The mark comes first in ours, so it is never cut. */
const KEPT_CHARACTERS = 79;

/** Text kept by Asterisk as the member's pause reason; empty: not paused. */
export function pauseText({ reasons, mark }: PauseSet): string {
  return [...(mark === null ? [] : [encodeMark(mark)]), ...(reasons.length > 0 ? [encodeReasons(reasons)] : [])].join('+');
}

/** What the queue says of a member once it has been told this. */
export function memberFact(pauses: PauseSet): MemberFact {
  const pausedReason = pauseText(pauses);
  return { kind: 'member', paused: pausedReason !== '', pausedReason };
}

/** What the queue's words mean, whosever they are; nothing for whoever is no member. */
export function pauseSetOf(fact: MemberFact): PauseSet {
  const mark = fact.kind === 'member' && fact.paused ? decodeMark(fact.pausedReason) : null;
  return { reasons: reasonsOf(observeMember(OFFLINE, fact, 0)), mark };
}

/** The same words of the queue. */
export function sameFact(one: MemberFact, other: MemberFact): boolean {
  if (one.kind === 'removed' || other.kind === 'removed') return one.kind === other.kind;
  return one.paused === other.paused && (!one.paused || keptOf(one.pausedReason) === keptOf(other.pausedReason));
}

/** Whether the queue has a member with just these pauses, in our words or in somebody's own. */
export function saysSo(fact: MemberFact, pauses: PauseSet): boolean {
  const meant = memberFact(pauses);
  return sameFact(fact, meant) || (fact.kind === 'member' && sameFact(memberFact(pauseSetOf(fact)), meant));
}

function keptOf(reason: string | null): string {
  return (reason ?? '').slice(0, KEPT_CHARACTERS);
}
