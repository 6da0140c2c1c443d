/**
 * The part of JsSIP 3.13 that is used, as interfaces, so that tests bring a telephone of their own. Member names are JsSIP's.
 * Dialog identity is read from messages (`call_id`, tags), which JsSIP has but its typings leave out.
 */
export interface SipMessage {
  readonly call_id?: string;
  readonly from_tag?: string | null;
  readonly to_tag?: string | null;
  readonly status_code?: number;
  getHeader(name: string): string | undefined;
}

export interface SipIdentity {
  readonly display_name: string | null;
  readonly uri: { readonly user: string | null };
}

export interface SipEndEvent {
  readonly originator: 'local' | 'remote' | 'system';
  readonly cause: string;
  readonly message?: SipMessage | null;
}

export interface IceCandidateEvent {
  readonly candidate: { readonly candidate: string };
  /** Go on with the candidates found so far. */
  readonly ready: () => void;
}

export interface SipSessionEvents {
  peerconnection: (event: { peerconnection: RTCPeerConnection }) => void;
  icecandidate: (event: IceCandidateEvent) => void;
  accepted: (event: { response?: SipMessage }) => void;
  confirmed: () => void;
  ended: (event: SipEndEvent) => void;
  failed: (event: SipEndEvent) => void;
}

export interface SipTerminateOptions {
  readonly status_code?: number;
  readonly reason_phrase?: string;
  readonly cause?: string;
}

export interface SipMediaOptions {
  readonly mediaStream: MediaStream;
  readonly pcConfig: RTCConfiguration;
  readonly extraHeaders?: string[];
}

export interface SipSession {
  readonly id: string;
  readonly connection: RTCPeerConnection | null | undefined;
  readonly remote_identity: SipIdentity;
  on<T extends keyof SipSessionEvents>(type: T, listener: SipSessionEvents[T]): unknown;
  answer(options: SipMediaOptions): void;
  terminate(options?: SipTerminateOptions): void;
  hold(options: object, done: () => void): boolean;
  unhold(options: object, done: () => void): boolean;
  renegotiate(options: object, done: () => void): boolean;
  mute(options: { audio: boolean }): void;
  unmute(options: { audio: boolean }): void;
  sendDTMF(tones: string, options: { transportType: 'RFC2833' | 'INFO'; duration?: number; interToneGap?: number }): void;
  isEnded(): boolean;
}

export interface SipUaEvents {
  connecting: () => void;
  connected: () => void;
  disconnected: () => void;
  registered: () => void;
  unregistered: () => void;
  registrationFailed: (event: { response?: SipMessage | null; cause?: string }) => void;
  newRTCSession: (event: { originator: 'local' | 'remote'; session: SipSession; request: SipMessage }) => void;
}

export interface SipUa {
  /** Its socket; JsSIP tries again by itself, some seconds later. */
  readonly transport: { connect(): void; disconnect(): void } | null;
  on<T extends keyof SipUaEvents>(type: T, listener: SipUaEvents[T]): unknown;
  start(): void;
  stop(): void;
  register(): void;
  isConnected(): boolean;
  call(target: string, options: SipMediaOptions): SipSession;
}

export interface SipUaConfig {
  readonly socketUrl: string;
  readonly uri: string;
  readonly authorizationUser: string;
  readonly password: string;
}

export type SipUaFactory = (config: SipUaConfig) => Promise<SipUa>;

/** JsSIP is loaded with the first registration: a chunk of its own. */
export const createJsSipUa: SipUaFactory = async (config) => {
  const loaded: unknown = await import('jssip');
  const jssip = namespaceOf(loaded);
  const ua = new jssip.UA({
    sockets: [new jssip.WebSocketInterface(config.socketUrl)],
    uri: config.uri,
    authorization_user: config.authorizationUser,
    password: config.password,
    // refreshing UPDATEs would only add ways to lose a call: Asterisk watches the media itself
    session_timers: false,
    // the queue decides how long a telephone rings
    no_answer_timeout: 300,
    register_expires: 300,
    connection_recovery_min_interval: 1,
    connection_recovery_max_interval: 5,
  });
  return ua as unknown as SipUa;
};

/** A CommonJS package: its names are on `default` or on the module, as the bundler likes. */
function namespaceOf(loaded: unknown): typeof import('jssip') {
  const module = loaded as typeof import('jssip') & { default?: typeof import('jssip') };
  return module.default ?? module;
}
