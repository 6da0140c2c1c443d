import { provesLife } from './add-facts';
import type { Call, CallEffect, IgnoredReason } from './call';
import { newCallFacts } from './call-facts';
import { CallIndex, channelIdsOf } from './call-index';
import { reduceCall, withFacts, type CallState, type Reduction } from './call-reducer';
import { aliveAfter, foundLegs, talksOf, type Resynced } from './call-resync';
import { withLosses, withSnapshotChannel, withSnapshotQueues, type Gap } from './call-snapshot';
import { EndedChannels } from './ended-channels';
import { classifyChannel, isLocalChannel, isTakingOver, type CallModelConfig } from './endpoint';
import { isWaitingPlace } from './leg-changes';
import { mergedFacts, survivorOf } from './merge-facts';
import { channelsOf, type ChannelRef, type PbxEvent, type SnapshotChannel } from './pbx-event';

export type { CallModelConfig } from './endpoint';

/** How many ended channels are remembered against their echoes: minutes of a busy telephone system. */
const ENDED_CHANNELS = 4_096;

/**
 * Every live call of one Asterisk. Takes its events, whatever their order, and tells what they mean; no clock, no I/O.
 * A call keeps the id it was given first, and every Linkedid that its legs had.
 */
export class CallBook {
  private readonly states = new Map<string, CallState>();
  private readonly index = new CallIndex();
  private readonly ended = new EndedChannels(ENDED_CHANNELS);
  private readonly ignored = new Map<IgnoredReason, number>();

  constructor(private readonly config: CallModelConfig) {}

  /** Never throws. Events that are about no call (members, devices) give no effect at all. */
  apply(event: PbxEvent): readonly CallEffect[] {
    const effects = event.type === 'resynced' ? this.resync(event) : this.applyToCalls(event);
    for (const effect of effects) {
      if (effect.type === 'event.ignored') this.ignored.set(effect.reason, (this.ignored.get(effect.reason) ?? 0) + 1);
    }
    return effects;
  }

  live(): readonly Call[] {
    return [...this.states.values()].flatMap((state) => (state.call === null ? [] : [state.call]));
  }

  /** A live call; null also when it has ended. */
  find(callId: string): Call | null {
    return this.states.get(callId)?.call ?? null;
  }

  findByChannel(channelId: string): Call | null {
    return this.find(this.index.ownerOf(channelId) ?? '');
  }

  /** How many events were ignored, by reason, since the start. */
  ignoredCounts(): ReadonlyMap<IgnoredReason, number> {
    return this.ignored;
  }

  /** What the book holds, to prove that it lets go: nothing but echoes when no call lives. */
  size(): { calls: number; index: number; endedChannels: number } {
    return {
      calls: this.states.size,
      index: this.index.size,
      endedChannels: this.ended.size,
    };
  }

  private applyToCalls(event: PbxEvent): readonly CallEffect[] {
    const channels = channelsOf(event);
    if (channels.length === 0) return [];
    if (channels.every((channel) => isTakingOver(channel) && !this.isHandedOn(channel, event))) return ignore('taking_over');
    const callIds = new Set(channels.flatMap((channel) => this.index.ownerOf(channel.channelId) ?? []));
    if (callIds.size === 0) {
      const callId = this.callFor(channels, event);
      if (typeof callId !== 'string') return ignore(callId.ignored);
      callIds.add(callId);
    }
    const { merged, callIds: owners } = this.joined(callIds, event);
    const effects = [...merged, ...[...owners].flatMap((callId) => this.reduce(callId, event))];
    const told = effects.filter((effect) => effect.type !== 'event.ignored');
    return told.length > 0 ? told : effects.slice(0, 1);
  }

  /** Whom the event shows to be together: those it puts together, and who talks in the bridge that is entered. */
  private joined(callIds: ReadonlySet<string>, event: PbxEvent): { merged: readonly CallEffect[]; callIds: ReadonlySet<string> } {
    const together = new Set(callIds);
    if (event.type === 'bridge.entered' && !isWaitingPlace(event)) {
      const owner = this.index.bridgeOwner(event.bridgeId);
      if (owner !== null) together.add(owner);
    } else if (!joinsCalls(event)) {
      return { merged: [], callIds };
    }
    if (together.size < 2) return { merged: [], callIds };
    const { callId, effects } = this.merge([...together]);
    return { merged: effects, callIds: new Set([callId]) };
  }

  private merge(callIds: readonly string[]): { callId: string; effects: CallEffect[] } {
    const effects: CallEffect[] = [];
    const states = callIds.flatMap((callId) => this.states.get(callId) ?? []);
    const last = states.reduce((one, other) => {
      const main = survivorOf(one, other);
      const lesser = main === one ? other : one;
      for (const state of [main, lesser]) this.index.remove(state.facts.callId, state);
      this.states.delete(lesser.facts.callId);
      this.ended.addCall(lesser.facts.callId);
      const { state } = withFacts({ ...main, call: null }, mergedFacts(main.facts, lesser.facts), { config: this.config });
      this.states.set(state.facts.callId, state);
      this.index.add(state.facts.callId, state);
      if (state.call !== null && lesser.call !== null) effects.push({ type: 'call.merged', call: state.call, absorbed: lesser.call });
      return state;
    });
    return { callId: last.facts.callId, effects };
  }

  /** The end of a click's own channel, whose id is its Linkedid, after another channel took it over. */
  private isHandedOn(channel: ChannelRef, event: PbxEvent): boolean {
    return event.type === 'channel.ended' && this.index.ownerOf(channel.channelId) !== null;
  }

  /** The call that an event of unknown channels belongs to, begun if need be. */
  private callFor(channels: readonly ChannelRef[], event: PbxEvent): string | { readonly ignored: IgnoredReason } {
    const legs = channels.filter((channel) => classifyChannel(channel.channelName, this.config).kind === 'leg');
    const first = legs[0];
    if (first === undefined) return this.callOfHelper(channels, event) ?? { ignored: 'not_a_leg' };
    if (legs.some((leg) => this.isEcho(leg, event))) return { ignored: 'call_ended' };
    if (event.type === 'channel.ended') this.ended.addChannel(first.channelId, event.atMs);
    if (!provesLife(event)) return { ignored: 'unknown_channel' };
    this.ended.forget(first.channelId);
    return this.index.relatedTo(first) ?? this.begin(first, event.atMs);
  }

  /** A Local channel joins the bridges of a call. */
  private callOfHelper([channel]: readonly ChannelRef[], event: PbxEvent): string | null {
    if (event.type !== 'bridge.entered' || channel === undefined || !isLocalChannel(channel.channelName)) return null;
    return this.ended.has(channel.channelId) ? null : this.index.relatedTo(channel);
  }

  /** Ended channels stay dead, but an id that was given to an originate may be used again later: that is born anew. */
  private isEcho(channel: ChannelRef, event: PbxEvent): boolean {
    if (this.ended.has(channel.channelId)) return event.type !== 'channel.created' || this.ended.isEcho(channel.channelId, event.atMs);
    return this.ended.isEcho(channel.linkedId, event.atMs);
  }

  private begin(channel: ChannelRef, atMs: number): string {
    const callId = this.freeCallId(channel, atMs);
    this.states.set(callId, { facts: newCallFacts(callId, channel.linkedId, atMs), call: null });
    return callId;
  }

  /**
   * A call is called by the channel it entered by. One row per call: an id that an ended call had is not given again.
   */
  private freeCallId(channel: ChannelRef, atMs: number): string {
    const entry = channel.channelId === channel.linkedId ? channel.channelId : channel.variables.entryChannelId;
    const wanted = [entry, channel.linkedId, channel.channelId];
    const free = wanted.find((id) => id !== undefined && !this.states.has(id) && !this.ended.hasCall(id));
    return free ?? `${channel.channelId}~${atMs}`;
  }

  private reduce(callId: string, event: PbxEvent): readonly CallEffect[] {
    const state = this.states.get(callId);
    if (state === undefined) return [];
    const options = { config: this.config, isForeign: (channelId: string) => this.isForeign(channelId, callId) };
    return this.settle(callId, reduceCall(state, event, options));
  }

  private isForeign(channelId: string, callId: string): boolean {
    const owner = this.index.ownerOf(channelId);
    return owner === null ? this.ended.has(channelId) : owner !== callId;
  }

  private settle(callId: string, { state, effects }: Reduction): readonly CallEffect[] {
    if (state.call === null || state.call.phase === 'ended') {
      this.release(callId, state);
    } else {
      this.states.set(callId, state);
      this.index.add(callId, state);
    }
    return effects;
  }

  private release(callId: string, state: CallState): void {
    this.states.delete(callId);
    this.index.remove(callId, state);
    if (state.call !== null) this.ended.add(callId, [...channelIdsOf(state), ...state.facts.linkedIds], state.call.endedAtMs ?? 0);
  }

  /** After a gap: what the snapshot does not have has ended, what it has and we do not is adopted, the rest is compared. */
  private resync(event: Resynced): readonly CallEffect[] {
    const gap: Gap = { atMs: event.atMs, fromMs: event.gapFromMs };
    const found = foundLegs(event, this.config, (channelId) => this.ended.has(channelId));
    const alive = aliveAfter(event, found, (channelId) => this.startOf(channelId));
    const losses = [...this.states.keys()].flatMap((callId) =>
      this.refact(callId, (facts) => withLosses(facts, (channelId) => alive.has(channelId), gap)),
    );
    const finds = [...this.byCall(found, event.atMs)].flatMap(([callId, channels]) =>
      this.refact(callId, (facts) => {
        const seen = channels.reduce((into, channel) => withSnapshotChannel(into, channel, this.config, gap), facts);
        return withSnapshotQueues(seen, event.snapshot, event.atMs);
      }),
    );
    return [...losses, ...finds, ...talksOf(found, this.config).flatMap((channelIds) => this.metInGap(channelIds))];
  }

  /** What became one call in the gap. */
  private metInGap(channelIds: readonly string[]): readonly CallEffect[] {
    const callIds = new Set(channelIds.flatMap((channelId) => this.index.ownerOf(channelId) ?? []));
    return callIds.size > 1 ? this.merge([...callIds]).effects : [];
  }

  private startOf(channelId: string): number | null {
    const facts = this.states.get(this.index.ownerOf(channelId) ?? '')?.facts;
    return facts?.legs.find((leg) => leg.channelId === channelId)?.startedAtMs ?? null;
  }

  /** The snapshot's channels by their call; a call that is new is begun, so that its next channel finds it. */
  private byCall(found: readonly SnapshotChannel[], atMs: number): Map<string, SnapshotChannel[]> {
    const calls = new Map<string, SnapshotChannel[]>();
    for (const snapshotChannel of found) {
      const { channel, createdAtMs } = snapshotChannel;
      const callId = this.index.ownerOf(channel.channelId) ?? this.index.relatedTo(channel) ?? this.begin(channel, createdAtMs ?? atMs);
      calls.set(callId, [...(calls.get(callId) ?? []), snapshotChannel]);
      this.index.alias(callId, [channel.linkedId], channel.variables.entryChannelId);
    }
    return calls;
  }

  private refact(callId: string, change: (facts: CallState['facts']) => CallState['facts']): readonly CallEffect[] {
    const state = this.states.get(callId);
    if (state === undefined) return [];
    const facts = change(state.facts);
    return facts === state.facts
      ? []
      : this.settle(callId, withFacts(state, facts, { config: this.config })).filter((effect) => effect.type !== 'event.ignored');
  }
}

/** Events that put the talks of two calls together. */
function joinsCalls(event: PbxEvent): boolean {
  return (event.type === 'transfer.attended' && event.done) || (event.type === 'call.unparked' && event.retriever !== null);
}

function ignore(reason: IgnoredReason): readonly CallEffect[] {
  return [{ type: 'event.ignored', reason }];
}
