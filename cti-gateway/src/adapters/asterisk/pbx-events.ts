import type { ChannelRef, PbxEvent } from '../../domain/call/pbx-event';
import type { AmiMessage } from './ami-reader';
import { channelRefOf, known } from './pbx-events-channel';
import { moveMappings } from './pbx-events-moves';
import { channelState, deviceState, dialResult, memberDeviceState, softHangupBy } from './pbx-events-words';

export { channelRefOf } from './pbx-events-channel';
export { channelState, deviceState, memberDeviceState } from './pbx-events-words';

type Mapping = (message: AmiMessage, atMs: number) => PbxEvent | null;

/**
 * AMI events in the product's words, by Asterisk's name of the event (Asterisk 18 to 22). What the call model does not need is
 * not here; Cdr above all, which says ANSWERED for callers who gave up in the queue.
 */
const mappings: Readonly<Record<string, Mapping>> = {
  Newchannel: onChannel((m, channel, atMs) => ({ type: 'channel.created', atMs, channel, state: channelState(m.get('ChannelStateDesc')) })),
  Newstate: onChannel((m, channel, atMs) => ({ type: 'channel.state', atMs, channel, state: channelState(m.get('ChannelStateDesc')) })),
  NewCallerid: onChannel((_, channel, atMs) => ({ type: 'channel.updated', atMs, channel })),
  MixMonitorStart: onChannel((_, channel, atMs) => ({ type: 'channel.updated', atMs, channel })),
  UserEvent: onChannel((m, channel, atMs) =>
    m.get('UserEvent') === 'RecordingPause' ? { type: 'recording.pauseAsked', atMs, channel, paused: wish(m.get('Paused')) } : null,
  ),
  HangupRequest: onChannel((m, channel, atMs) => ({
    type: 'channel.hangupRequested',
    atMs,
    channel,
    requestedBy: 'peer',
    cause: integer(m.get('Cause')),
  })),
  SoftHangupRequest: onChannel((m, channel, atMs) => ({
    type: 'channel.hangupRequested',
    atMs,
    channel,
    requestedBy: softHangupBy(m.get('Cause')),
    cause: null,
  })),
  Hangup: onChannel((m, channel, atMs) => ({
    type: 'channel.ended',
    atMs,
    channel,
    cause: integer(m.get('Cause')) ?? 0,
    state: channelState(m.get('ChannelStateDesc')),
  })),

  DialBegin: onDial((m, from, to, atMs) => ({ type: 'dial.begun', atMs, from, to, dialString: known(m.get('DialString')) })),
  DialState: onDial((m, from, to, atMs) => (m.get('DialStatus') === 'RINGING' ? { type: 'dial.ringing', atMs, from, to } : null)),
  DialEnd: onDial((m, from, to, atMs) => ({ type: 'dial.ended', atMs, from, to, result: dialResult(m.get('DialStatus')) })),

  BridgeEnter: onChannel((m, channel, atMs) => {
    const bridgeId = known(m.get('BridgeUniqueid'));
    return bridgeId === null
      ? null
      : {
          type: 'bridge.entered',
          atMs,
          channel,
          bridgeId,
          bridgeTechnology: known(m.get('BridgeTechnology')),
          replacesChannelId: known(m.get('SwapUniqueid')),
        };
  }),
  BridgeLeave: onChannel((m, channel, atMs) => {
    const bridgeId = known(m.get('BridgeUniqueid'));
    return bridgeId === null ? null : { type: 'bridge.left', atMs, channel, bridgeId };
  }),
  Hold: onChannel((_, channel, atMs) => ({ type: 'hold.begun', atMs, channel })),
  MusicOnHoldStart: onChannel((_, channel, atMs) => ({ type: 'music.begun', atMs, channel })),
  MusicOnHoldStop: onChannel((_, channel, atMs) => ({ type: 'music.ended', atMs, channel })),
  Unhold: onChannel((_, channel, atMs) => ({ type: 'hold.ended', atMs, channel })),
  DTMFEnd: onChannel((m, channel, atMs) => ({ type: 'dtmf', atMs, channel, digit: m.get('Digit') ?? '' })),

  QueueCallerJoin: onChannel((m, channel, atMs) => ({
    type: 'queue.joined',
    atMs,
    channel,
    queue: m.get('Queue') ?? '',
    position: integer(m.get('Position')) ?? 0,
    waiting: integer(m.get('Count')) ?? 0,
  })),
  QueueCallerLeave: onChannel((m, channel, atMs) => ({
    type: 'queue.left',
    atMs,
    channel,
    queue: m.get('Queue') ?? '',
    waiting: integer(m.get('Count')) ?? 0,
  })),
  QueueCallerAbandon: onChannel((m, channel, atMs) => ({ type: 'queue.abandoned', atMs, channel, queue: m.get('Queue') ?? '' })),

  AgentCalled: onMember((m, pair, atMs) => ({ type: 'queue.memberCalled', atMs, ...pair, ...queueOf(m) })),
  AgentConnect: onMember((m, pair, atMs) => ({
    type: 'queue.memberConnected',
    atMs,
    ...pair,
    ...queueOf(m),
    // Whole seconds here, milliseconds in AgentRingNoAnswer: that is how Asterisk has it.
    holdMs: (integer(m.get('HoldTime')) ?? 0) * 1_000,
    ringMs: (integer(m.get('RingTime')) ?? 0) * 1_000,
  })),
  AgentRingNoAnswer: onMember((m, pair, atMs) => ({
    type: 'queue.memberRingNoAnswer',
    atMs,
    ...pair,
    ...queueOf(m),
    ringMs: integer(m.get('RingTime')) ?? 0,
  })),
  AgentComplete: onChannel((m, channel, atMs) => ({
    type: 'queue.memberCompleted',
    atMs,
    channel,
    member: channelRefOf(m, 'Dest'),
    queue: m.get('Queue') ?? '',
    reason: completionReason(m.get('Reason')),
  })),

  ...moveMappings,

  QueueMemberStatus: memberStatus,
  QueueMemberAdded: memberStatus,
  QueueMemberPause: memberStatus,
  QueueMemberRemoved: (m, atMs) => ({ type: 'queue.memberRemoved', atMs, ...queueOf(m) }),

  DeviceStateChange: (m, atMs) => {
    // Rows of DeviceStateList have the same name, without a Timestamp.
    const device = m.get('Device') ?? '';
    return isTelephone(device) ? { type: 'device.state', atMs, device, state: deviceState(m.get('State')) } : null;
  },
  Shutdown: (_, atMs) => ({ type: 'pbx.shutdown', atMs }),
};

/** Names of the AMI events that {@link toPbxEvent} understands; everything else may be skipped unread. */
export const WANTED_EVENTS: ReadonlySet<string> = new Set(Object.keys(mappings));

/**
 * One AMI event as a {@link PbxEvent}; null for everything the product does not listen to. Never throws.
 *
 * @param receivedAtMs stands in where the event has no `Timestamp` (manager.conf `timestampevents=no`).
 */
export function toPbxEvent(message: AmiMessage, receivedAtMs = 0): PbxEvent | null {
  if (message.kind !== 'event') return null;
  const mapping = Object.hasOwn(mappings, message.name) ? mappings[message.name] : undefined;
  return mapping === undefined ? null : mapping(message, timestampOf(message) ?? receivedAtMs);
}

/** `Timestamp: 1795283190.430364` in whole milliseconds, cut, not rounded: two readings of one event must agree. */
export function timestampOf(message: AmiMessage): number | null {
  const match = /^(\d{1,12})(?:\.(\d{1,9}))?$/.exec(message.get('Timestamp') ?? '');
  if (match === null) return null;
  return Number(match[1]) * 1_000 + Number((match[2] ?? '').slice(0, 3).padEnd(3, '0'));
}

function onChannel(make: (message: AmiMessage, channel: ChannelRef, atMs: number) => PbxEvent | null): Mapping {
  return (message, atMs) => {
    const channel = channelRefOf(message, '');
    return channel === null ? null : make(message, channel, atMs);
  };
}

/** What a dialplan writes; anything but a clear yes or no is the wish to change. */
function wish(word: string | undefined): boolean | null {
  if (word === 'yes') return true;
  return word === 'no' ? false : null;
}

function onDial(make: (message: AmiMessage, from: ChannelRef | null, to: ChannelRef, atMs: number) => PbxEvent | null): Mapping {
  return (message, atMs) => {
    const to = channelRefOf(message, 'Dest');
    return to === null ? null : make(message, channelRefOf(message, ''), to, atMs);
  };
}

function onMember(make: (message: AmiMessage, pair: { channel: ChannelRef; member: ChannelRef }, atMs: number) => PbxEvent): Mapping {
  return (message, atMs) => {
    const channel = channelRefOf(message, '');
    const member = channelRefOf(message, 'Dest');
    return channel === null || member === null ? null : make(message, { channel, member }, atMs);
  };
}

function memberStatus(message: AmiMessage, atMs: number): PbxEvent {
  return {
    type: 'queue.memberStatus',
    atMs,
    ...queueOf(message),
    paused: message.get('Paused') === '1',
    pausedReason: known(message.get('PausedReason')),
    inCall: message.get('InCall') === '1',
    deviceStatus: memberDeviceState(message.get('Status')),
  };
}

function queueOf(message: AmiMessage): { queue: string; interface: string } {
  return { queue: message.get('Queue') ?? '', interface: message.get('Interface') ?? '' };
}

function completionReason(word: string | undefined): 'caller' | 'agent' | 'transfer' | 'other' {
  return word === 'caller' || word === 'agent' || word === 'transfer' ? word : 'other';
}

/** Queues, parking lots and conferences have device states too: `Queue:hotline_avail`. */
function isTelephone(device: string): boolean {
  return device.includes('/') && !device.includes(':') && !device.startsWith('Local/');
}

function integer(value: string | undefined): number | null {
  return value !== undefined && /^-?\d{1,15}$/.test(value) ? Number(value) : null;
}
