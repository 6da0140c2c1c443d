import { newLegFacts, type CallFacts, type LegFacts } from './call-facts';
import { classifyChannel, type CallModelConfig } from './endpoint';
import { withBridgeEntered, withBridgeLeft, withCaller, withLoss, withOrigin, withState } from './leg-facts';
import type { PbxSnapshot, SnapshotChannel } from './pbx-event';

export interface Gap {
  /** When the stream was whole again. */
  readonly atMs: number;
  /** Last time it is known to have been whole; null: nothing was missed. */
  readonly fromMs: number | null;
}

/** Applications of channels that Asterisk called; all others run the dialplan for somebody who called in. */
const CALLED_APPLICATIONS: ReadonlySet<string> = new Set(['AppDial', 'AppDial2', 'AppQueue']);

/** Channels of the call that the snapshot does not have ended in the gap, nobody knows when and why: at its beginning, as far as we saw. */
export function withLosses(facts: CallFacts, isAlive: (channelId: string) => boolean, gap: Gap): CallFacts {
  const sawUntilMs = Math.max(Math.min(gap.fromMs ?? gap.atMs, gap.atMs), facts.lastEventAtMs);
  const legs = facts.legs.map((leg) => (leg.endedAtMs === null && !isAlive(leg.channelId) ? withLoss(leg, sawUntilMs) : leg));
  const changed = legs.some((leg, index) => leg !== facts.legs[index]);
  return changed || (gap.fromMs !== null && !facts.gap) ? { ...facts, legs, gap: true } : facts;
}

/** A channel as the snapshot has it: found for the first time, or compared with what was known before the gap. */
export function withSnapshotChannel(facts: CallFacts, found: SnapshotChannel, config: CallModelConfig, gap: Gap): CallFacts {
  const identity = classifyChannel(found.channel.channelName, config);
  if (identity.kind !== 'leg') return facts;
  const index = facts.legs.findIndex((leg) => leg.channelId === found.channel.channelId);
  const known =
    facts.legs[index] ??
    newLegFacts(
      found.channel,
      { role: identity.role, endpoint: identity.endpoint, extension: identity.extension },
      found.createdAtMs ?? gap.atMs,
    );
  const leg = withSnapshotState(known, found, gap);
  const legs = index < 0 ? [...facts.legs, leg] : facts.legs.with(index, leg);
  return {
    ...facts,
    legs: legs.sort((a, b) => a.startedAtMs - b.startedAtMs),
    linkedIds: facts.linkedIds.includes(found.channel.linkedId) ? facts.linkedIds : [...facts.linkedIds, found.channel.linkedId],
    variables: { ...found.channel.variables, ...facts.variables },
    lastEventAtMs: Math.max(facts.lastEventAtMs, gap.atMs),
  };
}

function withSnapshotState(known: LegFacts, found: SnapshotChannel, gap: Gap): LegFacts {
  let leg = withCaller(known, found.channel, gap.atMs);
  if (found.application !== null) leg = withOrigin(leg, !CALLED_APPLICATIONS.has(found.application), found.channel);
  if (leg.alertingAtMs === null) leg = withState(leg, found.state, gap.atMs);
  if (found.state === 'up' && leg.upAtMs === null) leg = withState(leg, 'up', gap.atMs);
  const open = leg.stays.find((stay) => stay.leftAtMs === null);
  if (open !== undefined && open.bridgeId !== found.bridgeId) leg = withBridgeLeft(leg, open.bridgeId, gap.fromMs ?? gap.atMs, 0);
  if (found.bridgeId !== null && open?.bridgeId !== found.bridgeId) leg = withBridgeEntered(leg, found.bridgeId, gap.atMs);
  return leg;
}

/** Callers that the snapshot shows waiting. */
export function withSnapshotQueues(facts: CallFacts, snapshot: PbxSnapshot, atMs: number): CallFacts {
  let visits = facts.queueVisits;
  for (const { queue, callerChannelIds } of snapshot.queues) {
    const caller = facts.legs.find((leg) => callerChannelIds.includes(leg.channelId));
    const waiting = visits.some((visit) => visit.queue === queue && visit.leftAtMs === null);
    if (caller !== undefined && !waiting)
      visits = [...visits, { queue, joinedAtMs: Math.min(caller.startedAtMs, atMs), leftAtMs: null, connected: false }];
  }
  return visits === facts.queueVisits ? facts : { ...facts, queueVisits: visits };
}
