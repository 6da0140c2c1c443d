/**
 * What happens in the telephone system, in the words of this product. The Asterisk adapter makes these from AMI events;
 * nothing outside `adapters/asterisk` knows Asterisk's own names.
 *
 * Times are milliseconds since the epoch, by Asterisk's clock where it told (`timestampevents=yes`), so that a recorded
 * stream replays to the same figures.
 */
export interface PbxEventBase {
  readonly atMs: number;
  /** Told after a gap by Asterisk's own log, which knows less (no ringing): the call's figures are not certain. */
  readonly recovered?: true;
}

/** Variables that `dialplans/` sets for the gateway; each absent until the dialplan has set it. */
export interface DialplanVariables {
  /** `CTI_ID`: Uniqueid of the channel a call entered by; inherited by every leg. */
  readonly entryChannelId?: string;
  /** `CTI_LINE`: the DID the call came in on. */
  readonly line?: string;
  /** `CTI_AREA`: area code of that line without the leading 0, e.g. `10`, `755`. */
  readonly areaCode?: string;
  /** `CTI_CONTEXT`: `internal` when the caller is a telephone of another PBX of ours; absent or `external`: the public network. */
  readonly callerContext?: string;
  /** `CTI_DIRECTION`: inbound, outbound, internal. */
  readonly direction?: string;
  /** `CTI_RECORDING`: path of the recording below the recordings folder. */
  readonly recording?: string;
  /** `CTI_DIAL`: id of the click that began the call. */
  readonly dialId?: string;
  /** `CTI_DIALLED`: the number being called on an outbound call, before any trunk prefix. */
  readonly dialledNumber?: string;
  /** `CTI_MARK`: the dialplan found the caller in the list of marked ones: `blocked` (turned away) or `vip` (first in the queue). */
  readonly callerMark?: string;
  /** `CTI_EXIT`: where the dialplan took the caller out of the queue or kept them from it. */
  readonly exit?: string;
  /** `CTI_VOICEMAIL`: the caller left a message: `<path below the recordings folder>:<its length in ms>`. */
  readonly voicemail?: string;
}

export interface ChannelRef {
  /** Asterisk's Uniqueid; the ChannelId given to an originate. */
  readonly channelId: string;
  readonly linkedId: string;
  /** e.g. `PJSIP/1001-0000002a`; the endpoint is `PJSIP/1001`. */
  readonly channelName: string;
  readonly callerNumber: string | null;
  readonly callerName: string | null;
  readonly connectedNumber: string | null;
  readonly exten: string | null;
  readonly context: string | null;
  readonly variables: DialplanVariables;
  /** State of the channel when the event was made; absent where the event does not tell. */
  readonly state?: ChannelState;
}

export type ChannelState = 'down' | 'ring' | 'ringing' | 'up' | 'busy' | 'other';
/** State of a telephone; the words of the wire protocol's `DeviceState`. */
export type PbxDeviceState = 'unknown' | 'unavailable' | 'idle' | 'ringing' | 'in_use' | 'busy' | 'on_hold' | 'invalid';
export type DialResult = 'answer' | 'busy' | 'no_answer' | 'cancel' | 'congestion' | 'unavailable' | 'declined' | 'abort' | 'other';

export type PbxEvent =
  | (PbxEventBase & { readonly type: 'channel.created'; readonly channel: ChannelRef; readonly state: ChannelState })
  | (PbxEventBase & { readonly type: 'channel.state'; readonly channel: ChannelRef; readonly state: ChannelState })
  | (PbxEventBase & { readonly type: 'channel.updated'; readonly channel: ChannelRef })
  /** A key on a telephone, or the dialplan, asks that the recording be interrupted (true), go on (false), or change (null). No fact of a call. */
  | (PbxEventBase & { readonly type: 'recording.pauseAsked'; readonly channel: ChannelRef; readonly paused: boolean | null })
  /**
   * `peer`: the telephone (or network) at that channel hung up, declined or cancelled. `command`: it was told to, over AMI, ARI or
   * the console. `dialplan`: a consequence (end of the dialplan, time-out, lost media, shutdown), nobody's wish.
   */
  | (PbxEventBase & {
      readonly type: 'channel.hangupRequested';
      readonly channel: ChannelRef;
      readonly requestedBy: 'peer' | 'command' | 'dialplan';
      readonly cause: number | null;
    })
  | (PbxEventBase & { readonly type: 'channel.ended'; readonly channel: ChannelRef; readonly cause: number; readonly state: ChannelState })
  | (PbxEventBase & {
      readonly type: 'dial.begun';
      readonly from: ChannelRef | null;
      readonly to: ChannelRef;
      readonly dialString: string | null;
    })
  | (PbxEventBase & { readonly type: 'dial.ringing'; readonly from: ChannelRef | null; readonly to: ChannelRef })
  | (PbxEventBase & { readonly type: 'dial.ended'; readonly from: ChannelRef | null; readonly to: ChannelRef; readonly result: DialResult })
  | (PbxEventBase & {
      readonly type: 'bridge.entered';
      readonly channel: ChannelRef;
      readonly bridgeId: string;
      readonly bridgeTechnology: string | null;
      /** The channel whose place in the bridge it took; absent or null: nobody's. */
      readonly replacesChannelId?: string | null;
    })
  | (PbxEventBase & { readonly type: 'bridge.left'; readonly channel: ChannelRef; readonly bridgeId: string })
  | (PbxEventBase & { readonly type: 'hold.begun'; readonly channel: ChannelRef })
  | (PbxEventBase & { readonly type: 'hold.ended'; readonly channel: ChannelRef })
  /** Music is played to this channel: it waits in a queue, or was put on hold, by whatever means. */
  | (PbxEventBase & { readonly type: 'music.begun'; readonly channel: ChannelRef })
  | (PbxEventBase & { readonly type: 'music.ended'; readonly channel: ChannelRef })
  | (PbxEventBase & {
      readonly type: 'queue.joined';
      readonly channel: ChannelRef;
      readonly queue: string;
      readonly position: number;
      readonly waiting: number;
    })
  | (PbxEventBase & { readonly type: 'queue.left'; readonly channel: ChannelRef; readonly queue: string; readonly waiting: number })
  | (PbxEventBase & { readonly type: 'queue.abandoned'; readonly channel: ChannelRef; readonly queue: string })
  | (PbxEventBase & {
      readonly type: 'queue.memberCalled';
      readonly channel: ChannelRef;
      readonly member: ChannelRef;
      readonly queue: string;
      readonly interface: string;
    })
  | (PbxEventBase & {
      readonly type: 'queue.memberConnected';
      readonly channel: ChannelRef;
      readonly member: ChannelRef;
      readonly queue: string;
      readonly interface: string;
      readonly holdMs: number;
      readonly ringMs: number;
    })
  | (PbxEventBase & {
      readonly type: 'queue.memberRingNoAnswer';
      readonly channel: ChannelRef;
      readonly member: ChannelRef;
      readonly queue: string;
      readonly interface: string;
      readonly ringMs: number;
    })
  | (PbxEventBase & {
      readonly type: 'queue.memberCompleted';
      readonly channel: ChannelRef;
      readonly member: ChannelRef | null;
      readonly queue: string;
      readonly reason: 'caller' | 'agent' | 'transfer' | 'other';
    })
  | (PbxEventBase & {
      readonly type: 'queue.memberStatus';
      readonly queue: string;
      readonly interface: string;
      readonly paused: boolean;
      readonly pausedReason: string | null;
      readonly inCall: boolean;
      readonly deviceStatus: PbxDeviceState;
    })
  | (PbxEventBase & { readonly type: 'queue.memberRemoved'; readonly queue: string; readonly interface: string })
  /** `device` is the telephone, e.g. `PJSIP/1001`. */
  | (PbxEventBase & { readonly type: 'device.state'; readonly device: string; readonly state: PbxDeviceState })
  | (PbxEventBase & { readonly type: 'dtmf'; readonly channel: ChannelRef; readonly digit: string })
  /**
   * `channel` sent the other side of its talk to `exten` and is out of it; what becomes of that is told by the events that follow.
   * `done` false: Asterisk would not (no such extension, not allowed); the two talk on.
   */
  | (PbxEventBase & {
      readonly type: 'transfer.blind';
      readonly channel: ChannelRef;
      /** The one who was sent; null when not told (more than one, or none). */
      readonly transferee: ChannelRef | null;
      readonly exten: string;
      readonly done: boolean;
    })
  /**
   * `channel` (its part in the first talk) and `second` (its part in the consultation; the same channel when Asterisk placed that) are
   * out, and those they talked with are put together, also while the consulted telephone still rings. With two channels the
   * consultation was a call of its own until now.
   */
  | (PbxEventBase & {
      readonly type: 'transfer.attended';
      readonly channel: ChannelRef;
      readonly second: ChannelRef;
      readonly transferee: ChannelRef | null;
      /** The one consulted; null when not told. */
      readonly target: ChannelRef | null;
      readonly done: boolean;
    })
  /** `channel` waits in a parking place; `parkedBy` is the telephone that put it there, e.g. `PJSIP/1001`. */
  | (PbxEventBase & {
      readonly type: 'call.parked';
      readonly channel: ChannelRef;
      readonly parkedBy: string | null;
      readonly place: string;
      readonly timeoutMs: number | null;
    })
  | (PbxEventBase & {
      readonly type: 'call.unparked';
      readonly channel: ChannelRef;
      /** Who took it up; null unless `retrieved`. */
      readonly retriever: ChannelRef | null;
      readonly place: string;
      readonly how: 'retrieved' | 'timed_out' | 'given_up';
    })
  /** The event stream is whole again after a gap; `snapshot` holds every channel that lives now. */
  | (PbxEventBase & {
      readonly type: 'resynced';
      readonly gapFromMs: number | null;
      readonly pbxRestarted: boolean;
      readonly snapshot: PbxSnapshot;
      /** Channels whose end is told by an event behind this one: they need not be in the snapshot, and how they ended is not lost. */
      readonly endsToCome?: readonly string[];
    })
  | (PbxEventBase & { readonly type: 'pbx.shutdown' });

export interface SnapshotChannel {
  readonly channel: ChannelRef;
  readonly state: ChannelState;
  readonly createdAtMs: number | null;
  readonly bridgeId: string | null;
  readonly application: string | null;
}

export interface PbxSnapshot {
  readonly channels: readonly SnapshotChannel[];
  readonly queues: readonly { readonly queue: string; readonly waiting: number; readonly callerChannelIds: readonly string[] }[];
  readonly members: readonly {
    readonly queue: string;
    readonly interface: string;
    /** As the queue shows it; absent where it was not told. */
    readonly name?: string;
    readonly paused: boolean;
    readonly pausedReason: string | null;
    readonly deviceStatus: PbxDeviceState;
  }[];
  readonly devices: readonly { readonly device: string; readonly state: PbxDeviceState }[];
  /** Changes when Asterisk was started anew (CoreStartupDate and Time: Asterisk tells no more than the second). */
  readonly startupKey: string;
}

/** Channels that end in these events: what may be said of them by a `resynced` that comes before. */
export function endsIn(events: readonly PbxEvent[]): readonly string[] {
  return events.flatMap((event) => (event.type === 'channel.ended' ? [event.channel.channelId] : []));
}

/** The channels an event speaks of, those it is mostly about first. */
export function channelsOf(event: PbxEvent): readonly ChannelRef[] {
  switch (event.type) {
    case 'dial.begun':
    case 'dial.ringing':
    case 'dial.ended':
      return event.from === null ? [event.to] : [event.from, event.to];
    case 'queue.memberCalled':
    case 'queue.memberConnected':
    case 'queue.memberRingNoAnswer':
      return [event.channel, event.member];
    case 'queue.memberCompleted':
      return present(event.channel, event.member);
    case 'transfer.blind':
      return present(event.channel, event.transferee);
    case 'transfer.attended':
      return present(event.channel, event.second, event.transferee, event.target);
    case 'call.unparked':
      return present(event.channel, event.retriever);
    case 'recording.pauseAsked':
    case 'queue.memberStatus':
    case 'queue.memberRemoved':
    case 'device.state':
    case 'resynced':
    case 'pbx.shutdown':
      return [];
    default:
      return [event.channel];
  }
}

function present(...channels: readonly (ChannelRef | null)[]): readonly ChannelRef[] {
  return channels.filter((channel) => channel !== null);
}
