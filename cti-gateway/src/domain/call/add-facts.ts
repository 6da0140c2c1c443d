import { MAX_FACTS_PER_CALL, MAX_LEGS, newLegFacts, type CallFacts, type LegFacts } from './call-facts';
import { classifyChannel, type CallModelConfig } from './endpoint';
import { leaversOf, legChangesOf, type LegChange } from './leg-changes';
import { withBridgeLeft, withCaller } from './leg-facts';
import type { DialplanVariables, PbxEvent } from './pbx-event';
import { withHelperEvent, withMoveEvent } from './move-facts';
import { withQueueEvent } from './queue-facts';

export interface AddFactsOptions {
  readonly config: CallModelConfig;
  /** Channels of other calls: an event that speaks of two calls tells each only about its own channels. */
  readonly isForeign: (channelId: string) => boolean;
}

/** What one event adds to a call; the same object when it adds nothing. Never throws, takes events in any order. */
export function addFacts(facts: CallFacts, event: PbxEvent, options: AddFactsOptions): CallFacts {
  const before = event.type === 'bridge.entered' ? withPlaceGivenUp(facts, event) : facts;
  const legs = legChangesOf(event, before).reduce((into, change) => withLegChange(into, change, { ...options, event }), before);
  const after = withMoveEvent(withHelperEvent(withQueueEvent(legs, event), event), event);
  return event.recovered === true && after !== facts && !after.gap ? { ...after, gap: true } : after;
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
function withLegChange(
  facts: CallFacts,
  { channel, apply }: LegChange,
  options: AddFactsOptions & { readonly event: PbxEvent },
): CallFacts {
  if (options.isForeign(channel.channelId) || facts.forgotten.includes(channel.channelId)) return facts;
  const { atMs } = options.event;
  const index = facts.legs.findIndex((leg) => leg.channelId === channel.channelId);
  const before = facts.legs[index] ?? bornLeg({ channel, apply }, options);
  if (before === null) return facts;
  const after = apply(withCaller(before, channel, atMs));
  const legs = index < 0 ? inOrder([...facts.legs, after]) : after === before ? facts.legs : inOrder(facts.legs.with(index, after));
  const linkedIds = facts.linkedIds.includes(channel.linkedId) ? facts.linkedIds : [...facts.linkedIds, channel.linkedId];
  const variables = withVariables(facts.variables, channel.variables);
  const recordings = withNew(facts.recordings, channel.variables.recording);
  const entryIds = withNew(facts.entryIds, channel.variables.entryChannelId);
  const told = { legs, linkedIds, variables, recordings, entryIds };
  if ((Object.keys(told) as (keyof typeof told)[]).every((field) => told[field] === facts[field])) return facts;
  return withoutOldest({ ...facts, ...told, lastEventAtMs: Math.max(facts.lastEventAtMs, atMs) });
}

/** A leg unknown so far; null when the channel is no telephone, or when the event is no proof that it (still) lives. */
function bornLeg({ channel }: LegChange, { config, event }: AddFactsOptions & { readonly event: PbxEvent }): LegFacts | null {
  const identity = classifyChannel(channel.channelName, config);
  if (identity.kind !== 'leg' || !provesLife(event)) return null;
  return newLegFacts(channel, { role: identity.role, endpoint: identity.endpoint, extension: identity.extension }, event.atMs);
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

/** Sorted by start; the sort is stable, so that legs of the same millisecond stay as they came. */
function inOrder(legs: LegFacts[]): readonly LegFacts[] {
  return legs.sort((a, b) => a.startedAtMs - b.startedAtMs);
}

function withoutOldest(facts: CallFacts): CallFacts {
  if (facts.legs.length <= MAX_LEGS) return facts;
  const oldest = facts.legs.find((leg) => leg.role === 'agent' && leg.endedAtMs !== null && leg.upAtMs === null);
  if (oldest === undefined) return facts;
  return { ...facts, legs: facts.legs.filter((leg) => leg !== oldest), forgotten: [...facts.forgotten, oldest.channelId] };
}

function withNew(known: readonly string[], value: string | undefined): readonly string[] {
  return value === undefined || known.includes(value) || known.length >= MAX_FACTS_PER_CALL ? known : [...known, value];
}

/** The first value of a variable stays: what a later channel inherits or overwrites is about that channel. */
function withVariables(known: DialplanVariables, told: DialplanVariables): DialplanVariables {
  const isNew = (Object.keys(told) as (keyof DialplanVariables)[]).some((name) => known[name] === undefined);
  return isNew ? { ...told, ...known } : known;
}
