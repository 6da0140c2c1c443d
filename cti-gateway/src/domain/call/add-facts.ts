import { MAX_LEGS, newLegFacts, type CallFacts, type LegFacts, type QueueVisitFacts } from './call-facts';
import { classifyChannel, type CallModelConfig } from './endpoint';
import {
  withBirth,
  withBridgeEntered,
  withBridgeLeft,
  withCaller,
  withDialResult,
  withEnd,
  withHangupRequest,
  withHold,
  withOrigin,
  withPlaceOf,
  withState,
  withUnhold,
} from './leg-facts';
import type { ChannelRef, DialplanVariables, PbxEvent } from './pbx-event';

export interface AddFactsOptions {
  readonly config: CallModelConfig;
  /** Channels of other calls: an event that speaks of two calls tells each only about its own channels. */
  readonly isForeign: (channelId: string) => boolean;
}

type LegChange = (leg: LegFacts, channel: ChannelRef) => LegFacts;

/** What one event adds to a call; the same object when it adds nothing. Never throws, takes events in any order. */
export function addFacts(facts: CallFacts, event: PbxEvent, options: AddFactsOptions): CallFacts {
  const change = (channel: ChannelRef | null, apply: LegChange, into: CallFacts = facts) =>
    changeLeg(into, channel, apply, { ...options, event });
  const atMs = event.atMs;
  switch (event.type) {
    case 'channel.created':
      return change(event.channel, (leg, channel) => withState(withBirth(leg, channel, event.state, atMs), event.state, atMs));
    case 'channel.state':
      return change(event.channel, (leg) => withState(leg, event.state, atMs));
    case 'channel.updated':
    case 'dtmf':
      return change(event.channel, (leg) => leg);
    case 'channel.hangupRequested':
      return change(event.channel, (leg) => withHangupRequest(leg, { by: event.requestedBy, atMs, cause: event.cause }));
    case 'channel.ended':
      return change(event.channel, (leg) => withEnd(leg, event.cause, atMs));
    case 'dial.begun': {
      // Without `from` it is an originate: Asterisk's own wish, and `to` the telephone that answers for it.
      const called = change(event.to, (leg, channel) => withDialString(withOrigin(leg, false, channel), event.dialString));
      return change(event.from, (leg) => leg, called);
    }
    case 'dial.ringing':
      return change(
        event.from,
        (leg) => leg,
        change(event.to, (leg, channel) => withState(withOrigin(leg, false, channel), 'ringing', atMs)),
      );
    case 'dial.ended': {
      const ended = change(event.to, (leg, channel) =>
        withAnswer(withDialResult(withOrigin(leg, false, channel), event.result), event.result === 'answer', atMs),
      );
      return change(event.from, (leg) => leg, ended);
    }
    case 'bridge.entered':
      return change(
        event.channel,
        (leg, channel) =>
          withPlaceOf(withAnswer(withBridgeEntered(leg, event.bridgeId, atMs), channel.state === 'up', atMs), event.replacesChannelId),
        withPlaceGivenUp(facts, event),
      );
    case 'bridge.left':
      return change(event.channel, (leg) => withBridgeLeft(leg, event.bridgeId, atMs, leaversOf(facts, event.bridgeId)));
    case 'hold.begun':
      return change(event.channel, (leg) => withHold(leg, atMs));
    case 'hold.ended':
      return change(event.channel, (leg) => withUnhold(leg, atMs));
    case 'queue.joined':
      return withJoin(
        change(event.channel, (leg, channel) => withOrigin(leg, true, channel)),
        event.queue,
        atMs,
      );
    case 'queue.left':
    case 'queue.abandoned':
      return withVisit(
        change(event.channel, (leg) => leg),
        event.queue,
        atMs,
        (visit) => leftBy(visit, atMs),
      );
    case 'queue.memberCalled':
      return change(
        event.channel,
        (leg) => leg,
        change(event.member, (leg, channel) => withQueue(withOrigin(leg, false, channel), event.queue)),
      );
    case 'queue.memberConnected': {
      const connected = change(event.member, (leg, channel) =>
        withAnswer(withQueue(withOrigin(leg, false, channel), event.queue), true, atMs),
      );
      return withVisit(connected, event.queue, atMs, (visit) => (visit.connected ? visit : { ...visit, connected: true }));
    }
    case 'queue.memberRingNoAnswer':
      return change(event.member, (leg) => (leg.ringNoAnswer ? leg : { ...withQueue(leg, event.queue), ringNoAnswer: true }));
    case 'queue.memberCompleted':
      return withCompletion(facts, event.reason);
    default:
      return facts;
  }
}

/** Who was replaced is no longer in the bridge, also when its own leaving is told later. */
function withPlaceGivenUp(facts: CallFacts, event: Extract<PbxEvent, { type: 'bridge.entered' }>): CallFacts {
  const index = facts.legs.findIndex((leg) => leg.channelId === event.replacesChannelId);
  const before = facts.legs[index];
  if (before === undefined) return facts;
  const after = withBridgeLeft(before, event.bridgeId, event.atMs, leaversOf(facts, event.bridgeId));
  return after === before ? facts : { ...facts, legs: facts.legs.with(index, after) };
}

/** A leg's fact, and what every event tells besides: dialplan variables, Linkedid, the number shown. */
function changeLeg(
  facts: CallFacts,
  channel: ChannelRef | null,
  apply: LegChange,
  options: AddFactsOptions & { readonly event: PbxEvent },
): CallFacts {
  if (channel === null || options.isForeign(channel.channelId) || facts.forgotten.includes(channel.channelId)) return facts;
  const atMs = options.event.atMs;
  const index = facts.legs.findIndex((leg) => leg.channelId === channel.channelId);
  const before = facts.legs[index] ?? bornLeg(channel, options);
  if (before === null) return facts;
  const after = apply(withCaller(before, channel, atMs), channel);
  const legs = index < 0 ? inOrder([...facts.legs, after]) : after === before ? facts.legs : inOrder(facts.legs.with(index, after));
  const linkedIds = facts.linkedIds.includes(channel.linkedId) ? facts.linkedIds : [...facts.linkedIds, channel.linkedId];
  const variables = withVariables(facts.variables, channel.variables);
  if (legs === facts.legs && linkedIds === facts.linkedIds && variables === facts.variables) return facts;
  return withoutOldest({ ...facts, legs, linkedIds, variables, lastEventAtMs: Math.max(facts.lastEventAtMs, atMs) });
}

function withoutOldest(facts: CallFacts): CallFacts {
  if (facts.legs.length <= MAX_LEGS) return facts;
  const oldest = facts.legs.find((leg) => leg.role === 'agent' && leg.endedAtMs !== null && leg.upAtMs === null);
  if (oldest === undefined) return facts;
  return { ...facts, legs: facts.legs.filter((leg) => leg !== oldest), forgotten: [...facts.forgotten, oldest.channelId] };
}

/** A leg unknown so far; null when the channel is no telephone, or when the event is no proof that it (still) lives. */
function bornLeg(channel: ChannelRef, options: AddFactsOptions & { readonly event: PbxEvent }): LegFacts | null {
  const identity = classifyChannel(channel.channelName, options.config);
  if (identity.kind !== 'leg' || !provesLife(options.event)) return null;
  return newLegFacts(channel, { role: identity.role, endpoint: identity.endpoint, extension: identity.extension }, options.event.atMs);
}

/** Events that only a living channel can have; all others may be echoes of one that has gone. */
export function provesLife(event: PbxEvent): boolean {
  switch (event.type) {
    case 'channel.created':
    case 'channel.state':
    case 'dial.begun':
    case 'dial.ringing':
    case 'bridge.entered':
    case 'hold.begun':
    case 'queue.joined':
    case 'queue.memberCalled':
      return true;
    default:
      return false;
  }
}

function leaversOf(facts: CallFacts, bridgeId: string): number {
  return facts.legs.filter((leg) => leg.stays.some((stay) => stay.bridgeId === bridgeId && stay.leftAtMs !== null)).length;
}

function withAnswer(leg: LegFacts, answered: boolean, atMs: number): LegFacts {
  return answered ? withState(leg, 'up', atMs) : leg;
}

function withDialString(leg: LegFacts, dialString: string | null): LegFacts {
  return leg.dialString === null && dialString !== null ? { ...leg, dialString } : leg;
}

function withQueue(leg: LegFacts, queue: string): LegFacts {
  return leg.queue === null ? { ...leg, queue } : leg;
}

/** Sorted by start; the sort is stable, so that legs of the same millisecond stay as they came. */
function inOrder(legs: LegFacts[]): readonly LegFacts[] {
  return legs.sort((a, b) => a.startedAtMs - b.startedAtMs);
}

/** The first value of a variable stays: what a later channel inherits or overwrites is about that channel. */
function withVariables(known: DialplanVariables, told: DialplanVariables): DialplanVariables {
  const isNew = (Object.keys(told) as (keyof DialplanVariables)[]).some((name) => known[name] === undefined);
  return isNew ? { ...told, ...known } : known;
}

function withJoin(facts: CallFacts, queue: string, atMs: number): CallFacts {
  const known = facts.queueVisits.some(
    (visit) => visit.queue === queue && (visit.joinedAtMs === atMs || (visit.leftAtMs === null && visit.joinedAtMs <= atMs)),
  );
  if (known) return facts;
  const visits: QueueVisitFacts[] = [...facts.queueVisits, { queue, joinedAtMs: atMs, leftAtMs: null, connected: false }];
  return { ...facts, queueVisits: visits.sort((a, b) => a.joinedAtMs - b.joinedAtMs) };
}

function withVisit(facts: CallFacts, queue: string, atMs: number, apply: (visit: QueueVisitFacts) => QueueVisitFacts): CallFacts {
  const index = facts.queueVisits.findLastIndex((visit) => visit.queue === queue && visit.joinedAtMs <= atMs);
  const before = facts.queueVisits[index];
  if (before === undefined) return facts;
  const after = apply(before);
  return after === before ? facts : { ...facts, queueVisits: facts.queueVisits.with(index, after) };
}

function leftBy(visit: QueueVisitFacts, atMs: number): QueueVisitFacts {
  return visit.leftAtMs !== null && visit.leftAtMs <= atMs ? visit : { ...visit, leftAtMs: atMs };
}

function withCompletion(facts: CallFacts, reason: 'caller' | 'agent' | 'transfer' | 'other'): CallFacts {
  const completedBy = reason === 'caller' || reason === 'agent' ? reason : null;
  return completedBy === facts.completedBy ? facts : { ...facts, completedBy };
}
