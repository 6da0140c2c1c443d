import type { MediaDevicesLike } from '../microphone';
import type {
  SipMediaOptions,
  SipMessage,
  SipSession,
  SipSessionEvents,
  SipTerminateOptions,
  SipUa,
  SipUaConfig,
  SipUaEvents,
} from '../sip-ua';

type Listener = (...args: never[]) => void;

class Emitter {
  readonly #listeners: { readonly type: string; readonly listener: Listener }[] = [];

  on(type: string, listener: Listener): void {
    this.#listeners.push({ type, listener });
  }

  emit(type: string, event?: unknown): void {
    for (const { listener } of this.#listeners.filter((each) => each.type === type)) (listener as (event: unknown) => void)(event);
  }
}

/** What JsSIP's RTCSession does, as far as the softphone can tell, without any network. */
export class FakeSession implements SipSession {
  readonly id: string;
  readonly emitter = new Emitter();
  connection: RTCPeerConnection | null = null;
  ended = false;
  established = false;
  localHold = false;
  muted = false;
  answeredWith: SipMediaOptions | null = null;
  terminatedWith: SipTerminateOptions | undefined | null = null;
  readonly tones: { tones: string; transportType: string }[] = [];
  readonly offers: ('hold' | 'unhold' | 'renegotiate')[] = [];
  /** What the other side says to the next re-INVITE. */
  nextOffer: 'accept' | 'refuse' | 'silence' | 'not_now' = 'accept';

  constructor(
    readonly direction: 'incoming' | 'outgoing',
    readonly remote_identity: SipSession['remote_identity'],
  ) {
    this.id = `session-${Math.random()}`;
  }

  on<T extends keyof SipSessionEvents>(type: T, listener: SipSessionEvents[T]): void {
    this.emitter.on(type, listener as Listener);
  }

  answer(options: SipMediaOptions): void {
    this.answeredWith = options;
  }

  /** 200 was sent (incoming) or received (outgoing). */
  accept(response?: SipMessage): void {
    this.established = true;
    this.connection = fakeConnection();
    this.emitter.emit('peerconnection', { peerconnection: this.connection });
    this.emitter.emit('accepted', response === undefined ? {} : { response });
  }

  terminate(options?: SipTerminateOptions): void {
    if (this.ended) throw new Error('INVALID_STATE_ERROR');
    this.terminatedWith = options;
    const cause = this.established ? (options?.cause ?? 'Terminated') : this.direction === 'incoming' ? 'Rejected' : 'Canceled';
    this.end('local', cause);
  }

  end(originator: 'local' | 'remote' | 'system', cause: string, message: SipMessage | null = null): void {
    this.ended = true;
    this.emitter.emit(this.established ? 'ended' : 'failed', { originator, cause, message });
  }

  hold(_options: object, done: () => void): boolean {
    return this.#offer('hold', done);
  }

  unhold(_options: object, done: () => void): boolean {
    return this.#offer('unhold', done);
  }

  renegotiate(_options: object, done: () => void): boolean {
    return this.#offer('renegotiate', done);
  }

  mute(): void {
    this.muted = true;
  }

  unmute(): void {
    this.muted = false;
  }

  sendDTMF(tones: string, options: { transportType: 'RFC2833' | 'INFO' }): void {
    this.tones.push({ tones, transportType: options.transportType });
  }

  isEnded(): boolean {
    return this.ended;
  }

  /** As JsSIP does it: a refused re-INVITE makes it hang up by itself. */
  #offer(kind: 'hold' | 'unhold' | 'renegotiate', done: () => void): boolean {
    const behaviour = this.nextOffer;
    this.nextOffer = 'accept';
    if (behaviour === 'not_now') return false;
    this.offers.push(kind);
    this.localHold = kind === 'renegotiate' ? this.localHold : kind === 'hold';
    const phrase = { hold: 'Hold Failed', unhold: 'Unhold Failed', renegotiate: 'Media Renegotiation Failed' }[kind];
    queueMicrotask(() => {
      if (behaviour === 'accept') done();
      if (behaviour === 'refuse') this.terminate({ cause: 'WebRTC Error', status_code: 500, reason_phrase: phrase });
    });
    return true;
  }
}

export class FakeUa implements SipUa {
  readonly emitter = new Emitter();
  readonly calls: { readonly target: string; readonly options: SipMediaOptions; readonly session: FakeSession }[] = [];
  started = false;
  stopped = false;
  registrations = 0;
  /** How often the socket was to be opened at once. */
  tries = 0;
  connected = false;
  readonly transport = { connect: () => void (this.tries += 1), disconnect: () => this.cut() };

  constructor(readonly config: SipUaConfig) {}

  on<T extends keyof SipUaEvents>(type: T, listener: SipUaEvents[T]): void {
    this.emitter.on(type, listener as Listener);
  }

  start(): void {
    this.started = true;
  }

  stop(): void {
    this.stopped = true;
  }

  register(): void {
    this.registrations += 1;
  }

  isConnected(): boolean {
    return this.connected;
  }

  call(target: string, options: SipMediaOptions): SipSession {
    const session = new FakeSession('outgoing', identity(target));
    this.calls.push({ target, options, session });
    return session;
  }

  connect(): void {
    this.connected = true;
    this.emitter.emit('connected');
    this.emitter.emit('registered');
  }

  cut(): void {
    this.connected = false;
    this.emitter.emit('disconnected');
  }

  invite(options: { user?: string; name?: string; headers?: Record<string, string> } = {}): FakeSession {
    const session = new FakeSession('incoming', identity(options.user ?? '13912345678', options.name));
    const request = message(options.headers, { call_id: 'sip-call-1', from_tag: 'asterisk-tag', to_tag: 'browser-tag' });
    this.emitter.emit('newRTCSession', { originator: 'remote', session, request });
    return session;
  }
}

export function message(headers: Record<string, string> = {}, rest: Omit<SipMessage, 'getHeader'> = {}): SipMessage {
  return { ...rest, getHeader: (name) => headers[name] };
}

function identity(user: string, name?: string): SipSession['remote_identity'] {
  return { display_name: name ?? null, uri: { user } };
}

export interface FakeTrack {
  enabled: boolean;
  stopped: boolean;
  readonly kind: 'audio';
  stop(): void;
}

export function fakeStream(): MediaStream & { readonly tracks: FakeTrack[] } {
  const track: FakeTrack = { enabled: true, stopped: false, kind: 'audio', stop: () => (track.stopped = true) };
  const tracks = [track];
  return { tracks, getTracks: () => tracks, getAudioTracks: () => tracks } as unknown as MediaStream & { tracks: FakeTrack[] };
}

/** A microphone that is there, or fails the way browsers do. */
export class FakeMicrophones implements MediaDevicesLike {
  readonly streams: ReturnType<typeof fakeStream>[] = [];
  readonly asked: MediaStreamConstraints[] = [];
  failWith: string | null = null;

  getUserMedia(constraints: MediaStreamConstraints): Promise<MediaStream> {
    this.asked.push(constraints);
    if (this.failWith !== null) return Promise.reject(new DOMException('no', this.failWith));
    const stream = fakeStream();
    this.streams.push(stream);
    return Promise.resolve(stream);
  }

  enumerateDevices(): Promise<MediaDeviceInfo[]> {
    const device = (kind: MediaDeviceKind, deviceId: string): MediaDeviceInfo => ({
      kind,
      deviceId,
      label: deviceId,
      groupId: '',
      toJSON: () => ({}),
    });
    return Promise.resolve([
      device('audioinput', 'headset'),
      device('audiooutput', 'headset'),
      device('audiooutput', 'loudspeaker'),
      device('videoinput', 'camera'),
    ]);
  }
}

function fakeConnection(): RTCPeerConnection {
  const senders: {
    track: unknown;
    dtmf: { canInsertDTMF: boolean; toneBuffer: string };
    replaceTrack: (track: unknown) => Promise<void>;
  }[] = [];
  const sender = {
    track: { kind: 'audio' } as unknown,
    dtmf: { canInsertDTMF: true, toneBuffer: '' },
    replaceTrack: (track: unknown) => {
      sender.track = track;
      return Promise.resolve();
    },
  };
  senders.push(sender);
  return {
    addEventListener: () => {},
    getSenders: () => senders,
    getStats: () =>
      Promise.resolve(
        new Map([
          ['a', { type: 'inbound-rtp', kind: 'audio', audioLevel: 0.25 }],
          ['b', { type: 'media-source', kind: 'audio', audioLevel: 0.5 }],
          ['c', { type: 'inbound-rtp', kind: 'video', audioLevel: 0.9 }],
        ]),
      ),
  } as unknown as RTCPeerConnection;
}
