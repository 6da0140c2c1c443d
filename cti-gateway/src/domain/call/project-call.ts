import type { Call, CallDirection, CallExit, CallParking, Leg, LegResult, QueueVisit } from './call';
import type { CallFacts, LegFacts, ParkingFacts, QueueVisitFacts } from './call-facts';
import { endingOf, gaveUpWaiting, isServiceCall, type CallEnding } from './call-outcome';
import { endpointOf, isExtension, type CallModelConfig } from './endpoint';
import { calledLegResult } from './leg-result';
import { remoteParty } from './remote-party';
import { connectionsOf, holdSpan, isConference, talkTimes, type Connection } from './talk';
import { consultationsOf, transfersOf, type Consultation } from './transfers';
import { voicemailOf } from './voicemail';

/** What a call is, read from what is known of it. Pure: the same facts, the same call. */
export function projectCall(facts: CallFacts, config: CallModelConfig): Call {
  const direction = directionOf(facts, config);
  const connections = connectionsOf(facts, direction);
  const ended = facts.legs.length > 0 && facts.legs.every((leg) => leg.endedAtMs !== null);
  const ending = ended ? endingOf(facts, direction, connections) : null;
  const endedAtMs = ended ? Math.max(...facts.legs.map((leg) => leg.endedAtMs ?? 0)) : null;
  const service = ended && isServiceCall(facts, direction) ? serviceTimes(facts) : null;
  const times = talkTimes(connections, null);
  const consultations = consultationsOf(facts);
  return {
    callId: facts.callId,
    linkedIds: facts.linkedIds,
    direction,
    phase: ended ? 'ended' : phaseOf(facts, connections),
    line: lineOf(facts, direction),
    areaCode: facts.variables.areaCode ?? null,
    trunk: direction === 'inbound' ? trunkOf(facts) : null,
    context: facts.variables.callerContext === 'internal' ? 'internal' : 'external',
    ...remoteParty(facts, direction),
    dialId: facts.variables.dialId ?? null,
    recording: facts.variables.recording ?? null,
    callerMark: markOf(facts),
    enteredAtMs: enteredAt(facts),
    answeredAtMs: times.connectedAtMs ?? service?.answeredAtMs ?? null,
    endedAtMs,
    talkMs: service?.talkMs ?? times.talkMs,
    holdMs: times.holdMs,
    legs: facts.legs.map((leg) => projectLeg(leg, { facts, connections, ending, consultations })),
    queueVisits: facts.queueVisits.map((visit) => projectVisit(visit, facts, connections, endedAtMs)),
    outcome: ending?.outcome ?? null,
    exitReason: exitOf(facts),
    voicemail: voicemailOf(facts.variables),
    endedBy: ending?.endedBy ?? null,
    cause: ending?.cause ?? null,
    transfers: transfersOf(facts, connections, ended),
    parkings: facts.parkings.map((parking) => projectParking(parking, facts, endedAtMs)),
    conference: isConference(facts.legs, facts.lastEventAtMs),
    recordings: facts.recordings,
    complete: !facts.gap && facts.legs.every((leg) => (leg.born || continuedBy(leg, facts) !== null) && !leg.lost),
  };
}

/** With its first leg; a call whose beginning was missed was there at the latest when it was passed on. */
function enteredAt({ legs, transfers }: CallFacts): number {
  return Math.min(...legs.map((leg) => leg.startedAtMs), ...transfers.map((transfer) => transfer.atMs));
}

/** The dialplan's word; without one, who began it: a trunk, or an agent who reached a trunk, or neither. */
function directionOf(facts: CallFacts, config: CallModelConfig): CallDirection {
  const told = facts.variables.direction;
  if (told === 'inbound' || told === 'outbound' || told === 'internal') return told;
  // A Linkedid is the id of the channel that was first; whether it placed the call may have been missed.
  const first =
    facts.legs.find((leg) => leg.placed === true) ?? facts.legs.find((leg) => leg.channelId === facts.linkedIds[0]) ?? facts.legs[0];
  const customer = facts.legs.find((leg) => leg.role === 'customer');
  if (customer !== undefined) return first?.role === 'customer' && customer.placed !== false ? 'inbound' : 'outbound';
  return first?.placed === true && isInside(first.exten, config) ? 'internal' : 'outbound';
}

const EXITS: readonly CallExit[] = ['outside_hours', 'callback_requested', 'queue_timeout', 'blocked'];

function exitOf({ variables: { exit } }: CallFacts): CallExit | null {
  return EXITS.find((one) => one === exit) ?? null;
}

/** A colleague, or a code of Asterisk's own such as `*43`. */
function isInside(exten: string | null, config: CallModelConfig): boolean {
  return exten === null || /^[*#]/.test(exten) || isExtension(exten, config);
}

function phaseOf(facts: CallFacts, connections: readonly Connection[]): Call['phase'] {
  if (connections.some((connection) => connection.span.untilMs === null)) return 'connected';
  const rings = facts.legs.some((leg) => leg.placed !== true && leg.alertingAtMs !== null && leg.upAtMs === null && leg.endedAtMs === null);
  if (rings) return 'alerting';
  return facts.queueVisits.some((visit) => visit.leftAtMs === null) ? 'queued' : 'entered';
}

function markOf({ variables: { callerMark } }: CallFacts): Call['callerMark'] {
  return callerMark === 'blocked' || callerMark === 'vip' ? callerMark : null;
}

/** The DID: told by the dialplan, else what the trunk dialled. */
function lineOf(facts: CallFacts, direction: CallDirection): string | null {
  if (facts.variables.line !== undefined) return facts.variables.line;
  if (direction !== 'inbound') return null;
  return facts.legs.find((leg) => leg.role === 'customer' && leg.placed === true)?.exten ?? null;
}

/** `PJSIP/trunk` is the trunk `trunk`: the name a rule of numbering is made for. */
function trunkOf(facts: CallFacts): string | null {
  const endpoint = facts.legs.find((leg) => leg.role === 'customer' && leg.placed !== false)?.endpoint;
  return endpoint === undefined ? null : endpoint.slice(endpoint.indexOf('/') + 1);
}

interface LegContext {
  readonly facts: CallFacts;
  readonly connections: readonly Connection[];
  readonly ending: CallEnding | null;
  readonly consultations: readonly Consultation[];
}

/**
 * The same telephone's earlier leg that this one took over: named by the bridge, or the one before it, when that was handed on.
 * (Shortcuts of transfers swap channels in bridges too, but of different telephones.)
 */
function continuedBy(leg: LegFacts, facts: CallFacts): string | null {
  const earlier = facts.legs.slice(0, facts.legs.indexOf(leg)).filter((other) => other.endpoint === leg.endpoint);
  const named = leg.replaces === null ? undefined : earlier.find((other) => other.channelId === leg.replaces);
  const last = earlier.at(-1);
  const before = named ?? (!leg.born && last !== undefined && isHandedOn(last) ? last : undefined);
  return before?.channelId ?? null;
}

/** A leg that itself came by a takeover keeps that extension to its end. */
function isHandedOn(leg: LegFacts): boolean {
  return leg.handedOn && leg.replaces === null;
}

function projectLeg(leg: LegFacts, { facts, connections, ending, consultations }: LegContext): Leg {
  const live = leg.endedAtMs === null;
  const last = leg.holds.at(-1);
  const held = last === undefined ? undefined : holdSpan(leg, last);
  const talking = connections.filter((connection) => connection.span.untilMs === null && connection.legs.includes(leg));
  return {
    channelId: leg.channelId,
    channelName: leg.channelName,
    continues: continuedBy(leg, facts),
    handedOn: isHandedOn(leg),
    role: leg.role,
    consultedBy: consultations.find(({ to }) => to === leg)?.from.channelId ?? null,
    endpoint: leg.endpoint,
    extension: leg.extension,
    queue: leg.queue,
    placed: leg.placed === true,
    startedAtMs: leg.startedAtMs,
    alertingAtMs: leg.alertingAtMs,
    answeredAtMs: leg.upAtMs,
    endedAtMs: leg.endedAtMs,
    ...talkTimes(connections, leg),
    heldSinceMs: !live ? null : held?.untilMs === null ? held.fromMs : leg.role === 'agent' ? musicSince(leg, talking) : null,
    talkingTo: othersIn(talking, leg),
    awayFrom: othersIn(
      talking.filter((connection) => connection.away),
      leg,
    ),
    result: live ? null : resultOf(leg, connections, ending),
    cause: leg.cause,
  };
}

function othersIn(connections: readonly Connection[], leg: LegFacts): string[] {
  return [...new Set(connections.flatMap(({ legs }) => legs.filter((other) => other !== leg).map((other) => other.channelId)))];
}

/** The other side hears music though this telephone did not ask for it: held over ARI or AMI. */
function musicSince(leg: LegFacts, talking: readonly Connection[]): number | null {
  for (const { legs, span } of talking) {
    const music = legs.find((other) => other !== leg)?.music.at(-1);
    if (music?.untilMs === null) return Math.max(music.fromMs, span.fromMs);
  }
  return null;
}

/** A telephone that was called has a result of its own; one that called shares that of its call. */
function resultOf(leg: LegFacts, connections: readonly Connection[], ending: CallEnding | null): LegResult {
  // nothing but an answer hands a ringing telephone on
  if (isHandedOn(leg)) return 'answered';
  if (leg.placed !== true || leg.lost) return calledLegResult(leg);
  if (connections.some((connection) => connection.legs.includes(leg)) || ending?.outcome === 'answered') return 'answered';
  // Whoever left a message stayed until nobody could be had.
  if (ending?.outcome === 'voicemail') return 'no_answer';
  if (leg.hangups.some((request) => request.by === 'peer') || ending === null || ending.outcome === 'abandoned') return 'cancelled';
  return ending.outcome;
}

function projectVisit(visit: QueueVisitFacts, facts: CallFacts, connections: readonly Connection[], endedAtMs: number | null): QueueVisit {
  const leftAtMs = visit.leftAtMs ?? endedAtMs;
  const connected = visit.connected || connections.some((connection) => connection.legs.some((leg) => calledBy(visit, leg)));
  const result = connected ? 'connected' : leftAtMs === null ? null : gaveUpWaiting(visit, facts.legs) ? 'abandoned' : 'left';
  return { queue: visit.queue, joinedAtMs: visit.joinedAtMs, leftAtMs, result };
}

function projectParking(parking: ParkingFacts, { legs }: CallFacts, endedAtMs: number | null): CallParking {
  const { atMs, place, parkedBy } = parking;
  const by = legs.find((leg) => leg.endpoint === parkedBy || (parkedBy !== null && endpointOf(parkedBy) === leg.endpoint));
  const untilMs = parking.untilMs ?? endedAtMs;
  const result = parking.how ?? (untilMs === null ? null : 'given_up');
  const to = legs.find((leg) => leg.channelId === parking.retrieverId);
  return { atMs, untilMs, place, byExtension: by?.extension ?? null, toExtension: to?.extension ?? null, result };
}

function calledBy(visit: QueueVisitFacts, leg: LegFacts): boolean {
  return leg.queue === visit.queue && leg.startedAtMs >= visit.joinedAtMs && leg.startedAtMs <= (visit.leftAtMs ?? Infinity);
}

function serviceTimes(facts: CallFacts): { answeredAtMs: number | null; talkMs: number } {
  const leg = facts.legs[0];
  const answeredAtMs = leg?.upAtMs ?? null;
  return { answeredAtMs, talkMs: answeredAtMs === null ? 0 : Math.max(0, (leg?.endedAtMs ?? answeredAtMs) - answeredAtMs) };
}
