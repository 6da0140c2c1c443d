import { classifyChannel, isTakingOver, type CallModelConfig } from './endpoint';
import type { ChannelRef, PbxEvent, SnapshotChannel } from './pbx-event';

export type Resynced = Extract<PbxEvent, { type: 'resynced' }>;

/** A snapshot tells ages in whole seconds. */
const AGE_STEP_MS = 2_000;

/** Channels of the snapshot that are telephones, without those that have ended since it was taken. */
export function foundLegs({ snapshot }: Resynced, config: CallModelConfig, hasEnded: (channelId: string) => boolean): SnapshotChannel[] {
  return snapshot.channels.filter(
    ({ channel }) => !isTakingOver(channel) && roleOf(channel, config) !== null && !hasEnded(channel.channelId),
  );
}

/**
 * Which of the channels known so far have not ended in the gap: those that were found, and those whose end is still to be told.
 *
 * After a restart of Asterisk an id may be given again, so that neither proves anything; but a channel that was told of as it is now
 * began at the same time.
 */
export function aliveAfter(event: Resynced, found: readonly SnapshotChannel[], startOf: (channelId: string) => number | null): Set<string> {
  const ids = (channels: readonly SnapshotChannel[]): string[] => channels.map(({ channel }) => channel.channelId);
  if (!event.pbxRestarted) return new Set([...ids(found), ...(event.endsToCome ?? [])]);
  const isOfThisStart = ({ channel, createdAtMs }: SnapshotChannel): boolean => {
    const startedAtMs = startOf(channel.channelId);
    return startedAtMs !== null && createdAtMs !== null && Math.abs(startedAtMs - createdAtMs) <= AGE_STEP_MS;
  };
  return new Set(ids(found.filter(isOfThisStart)));
}

/** Channels that are in one bridge with an agent's telephone, by bridge: whatever calls they are of, these are one now. */
export function talksOf(found: readonly SnapshotChannel[], config: CallModelConfig): readonly (readonly string[])[] {
  const bridges = new Map<string, ChannelRef[]>();
  for (const { bridgeId, channel } of found) if (bridgeId !== null) bridges.set(bridgeId, [...(bridges.get(bridgeId) ?? []), channel]);
  return [...bridges.values()]
    .filter((inside) => inside.some((channel) => roleOf(channel, config) === 'agent'))
    .map((inside) => inside.map(({ channelId }) => channelId));
}

function roleOf({ channelName }: ChannelRef, config: CallModelConfig): 'customer' | 'agent' | null {
  const identity = classifyChannel(channelName, config);
  return identity.kind === 'leg' ? identity.role : null;
}
