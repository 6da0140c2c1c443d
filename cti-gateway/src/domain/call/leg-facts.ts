import { MAX_FACTS_PER_LEG, type BridgeStay, type CallerFacts, type HangupRequest, type HoldSpan, type LegFacts } from './call-facts';
import type { ChannelRef, ChannelState, DialResult } from './pbx-event';

/** Each function adds one fact to a leg and returns the same object when it was known already. */

export function withBirth(leg: LegFacts, channel: ChannelRef, state: ChannelState, atMs: number): LegFacts {
  if (leg.born && leg.startedAtMs <= atMs) return leg;
  // A channel made for somebody who calls in is born in state Ring, one that Asterisk calls out with is Down.
  const placed = state === 'ring' ? true : state === 'down' ? false : leg.placed;
  return { ...leg, born: true, startedAtMs: Math.min(leg.startedAtMs, atMs), placed, exten: placed ? dialled(channel) : leg.exten };
}

export function withOrigin(leg: LegFacts, placed: boolean, channel: ChannelRef): LegFacts {
  if (leg.placed !== null) return leg;
  return { ...leg, placed, exten: placed ? (leg.exten ?? dialled(channel)) : null };
}

export function withState(leg: LegFacts, state: ChannelState, atMs: number): LegFacts {
  if (state === 'ringing') return leg.alertingAtMs !== null && leg.alertingAtMs <= atMs ? leg : { ...leg, alertingAtMs: atMs };
  if (state === 'up') return leg.upAtMs !== null && leg.upAtMs <= atMs ? leg : { ...leg, upAtMs: atMs };
  return leg;
}

/** The earliest number and name that a channel showed; an agent's own extension tells nothing. */
export function withCaller(leg: LegFacts, channel: ChannelRef, atMs: number): LegFacts {
  const number = channel.callerNumber === leg.extension ? null : channel.callerNumber;
  if (number === null && channel.callerName === null) return leg;
  if (leg.caller !== null && (leg.caller.number !== null || number === null) && leg.caller.atMs <= atMs) return leg;
  const caller: CallerFacts = { number, name: channel.callerName, atMs };
  return { ...leg, caller };
}

export function withBridgeEntered<T extends Pick<LegFacts, 'stays'>>(leg: T, bridgeId: string, atMs: number, waiting = false): T {
  if (leg.stays.length >= MAX_FACTS_PER_LEG) return leg;
  if (
    leg.stays.some((stay) => stay.bridgeId === bridgeId && (stay.enteredAtMs === atMs || isWithin(atMs, stay.enteredAtMs, stay.leftAtMs)))
  )
    return leg;
  const stay: BridgeStay = { bridgeId, enteredAtMs: atMs, leftAtMs: null, leftRank: null, ...(waiting ? { waiting } : {}) };
  const stays: BridgeStay[] = [...leg.stays, stay];
  return { ...leg, stays: stays.sort((a, b) => a.enteredAtMs - b.enteredAtMs) };
}

export function withPlaceOf(leg: LegFacts, channelId: string | null | undefined): LegFacts {
  return leg.replaces === null && channelId != null ? { ...leg, replaces: channelId } : leg;
}

/** @param rank how many of the call had left this bridge before. */
export function withBridgeLeft<T extends Pick<LegFacts, 'stays'>>(leg: T, bridgeId: string, atMs: number, rank: number): T {
  const index = leg.stays.findLastIndex((stay) => stay.bridgeId === bridgeId && stay.enteredAtMs <= atMs);
  const stay = leg.stays[index];
  if (stay === undefined || (stay.leftAtMs !== null && stay.leftAtMs <= atMs)) return leg;
  return { ...leg, stays: leg.stays.with(index, { ...stay, leftAtMs: atMs, leftRank: stay.leftRank ?? rank }) };
}

/** `what`: a hold by the telephone at this leg, or music played to it. */
export function withHold(leg: LegFacts, atMs: number, what: 'holds' | 'music' = 'holds'): LegFacts {
  const known = leg[what];
  if (known.length >= MAX_FACTS_PER_LEG) return leg;
  if (known.some((hold) => hold.fromMs === atMs || isWithin(atMs, hold.fromMs, hold.untilMs))) return leg;
  const spans: HoldSpan[] = [...known, { fromMs: atMs, untilMs: null }];
  return { ...leg, [what]: spans.sort((a, b) => a.fromMs - b.fromMs) };
}

export function withUnhold(leg: LegFacts, atMs: number, what: 'holds' | 'music' = 'holds'): LegFacts {
  const known = leg[what];
  const index = known.findLastIndex((hold) => hold.fromMs <= atMs);
  const hold = known[index];
  if (hold === undefined || (hold.untilMs !== null && hold.untilMs <= atMs)) return leg;
  return { ...leg, [what]: known.with(index, { ...hold, untilMs: atMs }) };
}

export function withHangupRequest(leg: LegFacts, request: HangupRequest): LegFacts {
  const known = leg.hangups.some((other) => other.by === request.by && other.atMs === request.atMs);
  return known || leg.hangups.length >= MAX_FACTS_PER_LEG ? leg : { ...leg, hangups: [...leg.hangups, request] };
}

export function withDialResult(leg: LegFacts, result: DialResult): LegFacts {
  return leg.dialResults.includes(result) ? leg : { ...leg, dialResults: [...leg.dialResults, result] };
}

export function withEnd(leg: LegFacts, cause: number, atMs: number): LegFacts {
  return leg.endedAtMs === null ? { ...leg, endedAtMs: Math.max(atMs, leg.startedAtMs), cause } : leg;
}

export function withHandedOn(leg: LegFacts, handedOn: boolean): LegFacts {
  return leg.handedOn || !handedOn ? leg : { ...leg, handedOn };
}

/** Its end fell into a gap; `atMs` is the last time it can have been seen alive. */
export function withLoss(leg: LegFacts, atMs: number): LegFacts {
  return leg.endedAtMs === null ? { ...leg, endedAtMs: Math.max(atMs, leg.startedAtMs), lost: true } : leg;
}

/** To enter or hold again without a leave between is the same fact again; an open stretch covers everything after its start. */
function isWithin(atMs: number, fromMs: number, untilMs: number | null): boolean {
  return atMs >= fromMs && (untilMs === null || atMs < untilMs);
}

function dialled(channel: ChannelRef): string | null {
  return channel.exten === 's' ? null : channel.exten;
}
