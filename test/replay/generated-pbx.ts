import type { CelRecord } from '../../cti-gateway/src/adapters/asterisk/cel/cel-record';
import type {
  ChannelRef,
  ChannelState,
  DialplanVariables,
  PbxEvent,
  PbxEventBase,
  PbxSnapshot,
} from '../../cti-gateway/src/domain/call/pbx-event';

export interface Ids {
  next(): number;
}

type Untimed<T> = T extends PbxEventBase ? Omit<T, 'atMs'> : never;

interface Channel {
  ref: ChannelRef;
  /** What it runs, as CEL and the snapshot name it. */
  application: string;
  applicationData: string;
}

/**
 * One call in a telephone system that is made up: each word is what Asterisk 22.10 says of it on AMI and writes into its channel event
 * log, in its usual order, as the recordings have it. Time is the script's own; events of one moment are a millisecond apart.
 */
export class GeneratedPbx {
  readonly events: PbxEvent[] = [];
  readonly cel: CelRecord[] = [];
  readonly applications = new Map<string, string>();
  private readonly channels = new Map<string, Channel>();

  constructor(
    private readonly ids: Ids,
    public nowMs: number,
  ) {}

  wait(ms: number): this {
    this.nowMs += ms;
    return this;
  }

  ref(id: string): ChannelRef {
    return this.of(id).ref;
  }

  of(id: string): Channel {
    const channel = this.channels.get(id);
    if (channel === undefined) throw new Error(`no channel ${id}`);
    return channel;
  }

  /** A channel that called in, or one that Asterisk made to call somebody (`exten` s). */
  create(
    endpoint: string,
    more: {
      readonly id?: string;
      readonly number: string | null;
      readonly exten: string;
      readonly linkedId?: string;
      readonly application?: string;
    },
  ): string {
    const number = this.ids.next();
    const id = more.id ?? `gen-${Math.floor(this.nowMs / 1_000)}.${number}`;
    const called = more.exten === 's';
    const name = `PJSIP/${endpoint}-${number.toString(16).padStart(8, '0')}`;
    const plain = { callerName: null, connectedNumber: null, context: called ? 'agents' : 'from-trunk', variables: {} };
    const state: ChannelState = called ? 'down' : 'ring';
    const ref: ChannelRef = {
      channelId: id,
      linkedId: more.linkedId ?? id,
      channelName: name,
      callerNumber: more.number,
      exten: more.exten,
      state,
      ...plain,
    };
    this.channels.set(id, { ref, application: more.application ?? '', applicationData: '' });
    this.applications.set(id, more.application ?? 'Queue');
    this.tell({ type: 'channel.created', channel: ref, state });
    this.log('CHAN_START', id);
    return id;
  }

  state(id: string, state: ChannelState): void {
    this.change(id, { state });
    this.tell({ type: 'channel.state', channel: this.ref(id), state });
    if (state === 'up') this.log('ANSWER', id);
  }

  set(id: string, variables: DialplanVariables): void {
    this.change(id, { variables: { ...this.ref(id).variables, ...variables } });
    this.tell({ type: 'channel.updated', channel: this.ref(id) });
  }

  /** `told-to-cel` in dialplans. */
  tellCel(id: string): void {
    const { entryChannelId = '', direction = '', line = '', areaCode = '', dialledNumber = '', dialId = '' } = this.ref(id).variables;
    this.log('USER_DEFINED', id, { extra: [entryChannelId, direction, line, areaCode, dialledNumber, dialId].join('|') }, 'CTI');
  }

  record(id: string, file: string): void {
    this.set(id, { recording: file });
    this.log('USER_DEFINED', id, { extra: file }, 'RECORDING');
  }

  inherit(from: string, to: string): void {
    this.change(to, { variables: { ...this.ref(from).variables }, exten: this.ref(from).exten });
  }

  begin(id: string, application: string, data: string): void {
    Object.assign(this.of(id), { application, applicationData: data });
    this.log('APP_START', id);
  }

  end(id: string): void {
    this.log('APP_END', id);
    Object.assign(this.of(id), { application: '', applicationData: '' });
  }

  enter(id: string, bridgeId: string): void {
    this.tell({ type: 'bridge.entered', channel: this.ref(id), bridgeId, bridgeTechnology: 'simple_bridge', replacesChannelId: null });
    this.log('BRIDGE_ENTER', id, { bridge_id: bridgeId, bridge_technology: 'simple_bridge' });
  }

  leave(id: string, bridgeId: string): void {
    this.tell({ type: 'bridge.left', channel: this.ref(id), bridgeId });
    this.log('BRIDGE_EXIT', id, { bridge_id: bridgeId, bridge_technology: 'simple_bridge' });
  }

  gone(id: string, cause: number, source: string | null, dialStatus = ''): void {
    this.tell({ type: 'channel.ended', channel: this.ref(id), cause, state: this.ref(id).state ?? 'other' });
    this.log('HANGUP', id, { hangupcause: cause, hangupsource: source ?? '', dialstatus: dialStatus });
    this.log('CHAN_END', id);
  }

  music(id: string, on: boolean): void {
    this.tell({ type: on ? 'music.begun' : 'music.ended', channel: this.ref(id) });
    this.log(on ? 'STREAM_BEGIN' : 'STREAM_END', id, on ? { class: 'default' } : {});
  }

  tell(event: Untimed<PbxEvent>): void {
    this.nowMs += 1;
    this.events.push({ ...event, atMs: this.nowMs } as PbxEvent);
  }

  private change(id: string, part: Partial<ChannelRef>): void {
    const channel = this.of(id);
    channel.ref = { ...channel.ref, ...part };
  }

  private log(type: string, id: string, extra: Readonly<Record<string, unknown>> = {}, name = ''): void {
    const { ref, application, applicationData } = this.of(id);
    const { channelId, channelName, linkedId } = ref;
    const texts = { callerNumber: ref.callerNumber ?? '', callerName: '', exten: ref.exten ?? '', context: ref.context ?? '' };
    this.cel.push({ type, name, atMs: this.nowMs, channelName, channelId, linkedId, ...texts, application, applicationData, extra });
  }
}

/** What a snapshot would have shown then; `events` in the order of their times. */
export function snapshotAt(events: readonly PbxEvent[], applications: ReadonlyMap<string, string>, atMs: number): PbxSnapshot {
  const alive = new Map<string, { channel: ChannelRef; state: ChannelState; createdAtMs: number; bridgeId: string | null }>();
  const waiting = new Set<string>();
  for (const event of events) {
    if (event.atMs > atMs) break;
    if (!('channel' in event) || event.channel === null) continue;
    const { channel, type } = event;
    const id = channel.channelId;
    if (type === 'channel.created') alive.set(id, { channel, state: event.state, createdAtMs: event.atMs, bridgeId: null });
    const known = alive.get(id);
    if (known === undefined) continue;
    known.channel = channel;
    if (type === 'channel.state') known.state = event.state;
    if (type === 'bridge.entered') known.bridgeId = event.bridgeId;
    if (type === 'bridge.left') known.bridgeId = null;
    if (type === 'queue.joined') waiting.add(id);
    if (type === 'queue.left' || type === 'channel.ended') waiting.delete(id);
    if (type === 'channel.ended') alive.delete(id);
  }
  const channels = [...alive.values()].map(({ createdAtMs, ...rest }) => ({
    ...rest,
    // Asterisk tells ages in whole seconds.
    createdAtMs: atMs - Math.floor((atMs - createdAtMs) / 1_000) * 1_000,
    application: applications.get(rest.channel.channelId) ?? null,
  }));
  return {
    channels,
    queues: [{ queue: 'hotline', waiting: waiting.size, callerChannelIds: [...waiting] }],
    members: [],
    devices: [],
    startupKey: 'k',
  };
}
