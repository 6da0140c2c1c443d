import type { PbxSnapshot, SnapshotChannel } from '../../../domain/call/pbx-event';
import { PbxError } from '../../../ports/pbx';
import type { AmiMessage } from '../ami-reader';
import type { AmiSession } from './ami-session';
import { channelRefOf, channelState, memberDeviceState, timestampOf, toPbxEvent } from '../pbx-events';

/** Events that are rows and ends of the lists asked for here; the reader must let them through. */
export const SNAPSHOT_EVENTS: readonly string[] = [
  'CoreShowChannel',
  'CoreShowChannelsComplete',
  'QueueParams',
  'QueueMember',
  'QueueEntry',
  'QueueStatusComplete',
  'DeviceStateChange',
  'DeviceStateListComplete',
];

export interface DatedSnapshot {
  /** Asterisk's clock when the snapshot was begun, ms. */
  readonly atMs: number;
  readonly snapshot: PbxSnapshot;
}

/**
 * Everything that lives in Asterisk now. The questions go out together, so that the answers lie close to each other; what
 * changes between them comes as events, which the caller keeps for afterwards.
 *
 * Bridges need no list of their own: every channel row names its bridge. Device states are left out when the account may
 * not ask for them.
 */
export async function takeSnapshot(session: AmiSession, nowMs: number): Promise<DatedSnapshot> {
  const [ping, core, channels, queues, devices] = await Promise.all([
    session.send('Ping'),
    session.send('CoreStatus'),
    session.list('CoreShowChannels', 'CoreShowChannelsComplete'),
    session.list('QueueStatus', 'QueueStatusComplete'),
    session.list('DeviceStateList', 'DeviceStateListComplete').catch(emptyWhenRefused),
  ]);
  const atMs = timestampOf(ping) ?? nowMs;
  const snapshot: PbxSnapshot = {
    startupKey: startupKeyOf(core),
    channels: channels.flatMap((row) => channelOf(row, atMs)),
    queues: queues.filter(named('QueueParams')).map((row) => queueOf(row, queues)),
    members: queues.filter(named('QueueMember')).map(memberOf),
    devices: devices.flatMap((row) => deviceOf(row)),
  };
  return { atMs, snapshot };
}

function startupKeyOf(core: AmiMessage): string {
  const date = core.get('CoreStartupDate');
  const time = core.get('CoreStartupTime');
  if (date === undefined || time === undefined) throw new PbxError('refused', `CoreStatus: ${core.get('Message') ?? 'no startup time'}`);
  return `${date} ${time}`;
}

function emptyWhenRefused(error: unknown): readonly AmiMessage[] {
  if (error instanceof PbxError && error.reason === 'refused') return [];
  throw error;
}

function named(name: string): (row: AmiMessage) => boolean {
  return (row) => row.name === name;
}

function deviceOf(row: AmiMessage): PbxSnapshot['devices'] {
  const event = toPbxEvent(row);
  return event?.type === 'device.state' ? [{ device: event.device, state: event.state }] : [];
}

function channelOf(row: AmiMessage, atMs: number): SnapshotChannel[] {
  const channel = channelRefOf(row, '');
  if (channel === null) return [];
  const age = durationMs(row.get('Duration'));
  return [
    {
      channel,
      state: channelState(row.get('ChannelStateDesc')),
      createdAtMs: age === null ? null : atMs - age,
      bridgeId: row.get('BridgeId') || null,
      application: row.get('Application') || null,
    },
  ];
}

/** `HH:MM:SS`; hours may have more than two digits. */
function durationMs(text: string | undefined): number | null {
  const match = /^(\d+):(\d\d):(\d\d)$/.exec(text ?? '');
  if (match === null) return null;
  return ((Number(match[1]) * 60 + Number(match[2])) * 60 + Number(match[3])) * 1_000;
}

function queueOf(params: AmiMessage, rows: readonly AmiMessage[]): PbxSnapshot['queues'][number] {
  const queue = params.get('Queue') ?? '';
  const entries = rows.filter((row) => row.name === 'QueueEntry' && row.get('Queue') === queue);
  return { queue, waiting: Number(params.get('Calls') ?? 0), callerChannelIds: entries.map((row) => row.get('Uniqueid') ?? '') };
}

function memberOf(row: AmiMessage): PbxSnapshot['members'][number] {
  const name = row.get('Name');
  return {
    ...(name === undefined ? {} : { name }),
    queue: row.get('Queue') ?? '',
    interface: row.get('Location') ?? '',
    paused: row.get('Paused') === '1',
    pausedReason: row.get('PausedReason') || null,
    deviceStatus: memberDeviceState(row.get('Status')),
  };
}
