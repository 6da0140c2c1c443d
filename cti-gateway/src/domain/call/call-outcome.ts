import type { CallDirection, CallOutcome, EndedBy, LegResult } from './call';
import type { CallFacts, HangupRequest, LegFacts, QueueVisitFacts } from './call-facts';
import { calledLegResult } from './leg-result';
import type { Connection } from './talk';
import { voicemailOf } from './voicemail';

export interface CallEnding {
  readonly outcome: CallOutcome;
  readonly endedBy: EndedBy;
  readonly cause: number | null;
}

interface Wish {
  readonly leg: LegFacts;
  readonly request: HangupRequest;
}

/** How a call ended, read from its facts; all its legs have ended. */
export function endingOf(facts: CallFacts, direction: CallDirection, connections: readonly Connection[]): CallEnding {
  const lost = facts.legs.some((leg) => leg.lost && leg.endedAtMs === lastEnd(facts));
  if (lost) return { outcome: 'lost_contact', endedBy: 'unknown', cause: null };
  const last = connections.at(-1);
  if (last !== undefined) return { outcome: 'answered', ...endOfTalk(facts, last) };
  if (voicemailOf(facts.variables) !== null) return leftMessage(facts);
  if (isServiceCall(facts, direction))
    return { outcome: 'answered', endedBy: firstWish(facts.legs) === null ? 'system' : 'agent', cause: causeOf(facts.legs[0]) };
  return direction === 'inbound' ? unansweredInbound(facts) : unansweredOutbound(facts);
}

/** Nobody was there, and a message was left. Who stops speaking hangs up; else it had its time. */
function leftMessage({ legs }: CallFacts): CallEnding {
  const caller = legs.find((leg) => leg.role === 'customer') ?? legs[0];
  const wish = caller === undefined ? null : firstWish([caller]);
  return { outcome: 'voicemail', endedBy: wish === null ? 'system' : sideOf(wish), cause: causeOf(caller) };
}

/**
 * An agent dialled something inside Asterisk that picked up by itself (voicemail, an announcement, a test number): answered, though by
 * nobody. Numbers outside are not meant: a "not allowed" announcement is no answer.
 */
export function isServiceCall(facts: CallFacts, direction: CallDirection): boolean {
  const only = facts.legs[0];
  return direction === 'internal' && facts.legs.length === 1 && only?.role === 'agent' && only.placed === true && only.upAtMs !== null;
}

/**
 * The first of the two who wished to end the talk. What follows (survey, next step of the dialplan) does not change who hung up.
 * A command counts as the agent's on the agent's leg; a customer's leg cut by command was neither of them.
 */
function endOfTalk(facts: CallFacts, connection: Connection): Pick<CallEnding, 'endedBy' | 'cause'> {
  const wish = firstWish(connection.legs);
  if (wish !== null) return { endedBy: sideOf(wish), cause: causeOf(wish.leg) };
  const [first, second] = [...connection.legs].sort(inOrderOfGoing) as [LegFacts, LegFacts];
  const cause = causeOf(first);
  // Lost media, time limit, shutdown: a consequence, nobody's wish. (What the other leg is told afterwards comes later.)
  if (first.hangups.length > 0) return { endedBy: 'system', cause };
  // AMI's Hangup gives no request, and lets AgentComplete name the caller; but it is that leg which leaves the bridge first.
  if (inOrderOfGoing(first, second) < 0) return { endedBy: first.role === 'agent' ? 'agent' : 'system', cause };
  if (facts.completedBy !== null) return { endedBy: facts.completedBy === 'caller' ? 'customer' : 'agent', cause };
  return { endedBy: 'system', cause };
}

function inOrderOfGoing(a: LegFacts, b: LegFacts): number {
  const rank = (leg: LegFacts): number => leg.stays.at(-1)?.leftRank ?? 0;
  return goingAtMs(a) - goingAtMs(b) || rank(a) - rank(b);
}

/** When a leg began to go: asked to, by whatever, or out of its last bridge, or gone. */
function goingAtMs(leg: LegFacts): number {
  const left = leg.stays.at(-1)?.leftAtMs ?? Infinity;
  return Math.min(left, leg.endedAtMs ?? Infinity, ...leg.hangups.map((request) => request.atMs));
}

function unansweredInbound(facts: CallFacts): CallEnding {
  const caller = facts.legs.find((leg) => leg.role === 'customer' && leg.placed !== false) ?? facts.legs[0];
  const cause = causeOf(caller);
  const wish = caller === undefined ? null : firstWish([caller]);
  if (wish?.request.by === 'peer')
    return { outcome: hungUpAfterQueue(facts.queueVisits.at(-1), wish) ? 'no_answer' : 'abandoned', endedBy: 'customer', cause };
  if (facts.gap && wentFromQueue(facts, caller)) return { outcome: 'abandoned', endedBy: 'customer', cause };
  const rung = facts.legs.filter((leg) => leg !== caller);
  const lastRung = rung.at(-1);
  if (facts.queueVisits.length === 0 && lastRung !== undefined)
    return { outcome: outcomeOf(calledLegResult(lastRung)), endedBy: 'system', cause: causeOf(lastRung) };
  const seen = facts.queueVisits.length > 0 || caller?.upAtMs != null;
  return { outcome: seen ? 'no_answer' : 'failed', endedBy: 'system', cause };
}

/** The queue gave up first (time-out, nobody signed in); the caller hung up during what was said then. */
function hungUpAfterQueue(visit: QueueVisitFacts | undefined, wish: Wish): boolean {
  return visit !== undefined && !visit.connected && visit.leftAtMs !== null && wish.request.atMs > visit.leftAtMs;
}

/** An announcement, which follows a queue's own time-out, takes longer. */
const AT_ONCE_MS = 250;

/** Whether the caller's wish fell into a gap: whose channel ends as soon as it is out of the queue has hung up there. */
function wentFromQueue({ queueVisits }: CallFacts, caller: LegFacts | undefined): boolean {
  const leftAtMs = queueVisits.at(-1)?.leftAtMs;
  return caller?.endedAtMs != null && leftAtMs != null && caller.hangups.length === 0 && caller.endedAtMs - leftAtMs < AT_ONCE_MS;
}

/** Asterisk says QueueCallerAbandon of a queue's time-out too (22.10); it is the caller's doing only when the caller had hung up by then. */
export function gaveUpWaiting(visit: QueueVisitFacts, legs: readonly LegFacts[]): boolean {
  const leftAtMs = visit.leftAtMs ?? Infinity;
  const caller = legs.filter((leg) => leg.role === 'customer' && leg.placed !== false);
  return !visit.connected && caller.some((leg) => leg.hangups.some((request) => request.by === 'peer' && request.atMs <= leftAtMs));
}

function unansweredOutbound(facts: CallFacts): CallEnding {
  const [first, ...others] = facts.legs;
  const target = others.filter((leg) => leg.placed !== true).at(-1) ?? first;
  if (first === undefined || target === undefined) return { outcome: 'failed', endedBy: 'unknown', cause: null };
  const cause = causeOf(target);
  if (target === first) return { ...alone(first), cause };
  // What is said to the agent afterwards, and hanging up on that, is not how the call ended.
  const wish = firstWish(facts.legs, target.endedAtMs ?? Infinity);
  const result = calledLegResult(target);
  if (result === 'answered' || (wish?.leg === first && result === 'cancelled'))
    return { outcome: 'cancelled', endedBy: sideOf(wish), cause };
  return { outcome: outcomeOf(result), endedBy: refusedBy(wish, result, facts.gap), cause };
}

/** Nobody else was called: the agent's phone did not answer the click, the agent hung up before, or the dialplan would not. */
function alone(leg: LegFacts): Pick<CallEnding, 'outcome' | 'endedBy'> {
  const wish = firstWish([leg]);
  const result = calledLegResult(leg);
  const unmet = leg.upAtMs !== null || (leg.placed === true && result === 'cancelled');
  return { outcome: unmet ? (wish === null ? 'failed' : 'cancelled') : outcomeOf(result), endedBy: sideOf(wish) };
}

/** "Busy" and "declined" are the far end's word, also where that fell into a gap; "no such number" is the network's. */
function refusedBy(wish: Wish | null, result: LegResult, gap: boolean): EndedBy {
  if (wish === null && gap && (result === 'busy' || result === 'declined')) return 'customer';
  return wish?.leg.role === 'customer' && result !== 'busy' && result !== 'declined' ? 'system' : sideOf(wish);
}

function sideOf(wish: Wish | null): EndedBy {
  if (wish === null) return 'system';
  if (wish.leg.role === 'agent') return 'agent';
  return wish.request.by === 'peer' ? 'customer' : 'system';
}

/** The earliest hang-up that somebody wished. */
function firstWish(legs: readonly LegFacts[], untilMs = Infinity): Wish | null {
  const wishes = legs
    .flatMap((leg) => leg.hangups.map((request) => ({ leg, request })))
    .filter(({ request }) => request.by !== 'dialplan' && request.atMs <= untilMs);
  return wishes.sort((a, b) => a.request.atMs - b.request.atMs)[0] ?? null;
}

function outcomeOf(result: LegResult): CallOutcome {
  return result === 'answered' || result === 'answered_elsewhere' ? 'cancelled' : result;
}

function lastEnd(facts: CallFacts): number {
  return Math.max(...facts.legs.map((leg) => leg.endedAtMs ?? 0));
}

function causeOf(leg: LegFacts | undefined): number | null {
  return leg?.cause ?? null;
}
