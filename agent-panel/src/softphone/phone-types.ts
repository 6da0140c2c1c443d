import type { PhoneAccount } from '../../../cti-gateway/protocol';

/** What an agent can do with the telephone, from the window that owns it or from another one. */
export type PhoneCommand =
  | { readonly type: 'answer' }
  | { readonly type: 'reject' }
  | { readonly type: 'hangup' }
  | { readonly type: 'hold'; readonly held: boolean }
  | { readonly type: 'mute'; readonly muted: boolean }
  /** RFC 4733 events 0–15 */
  | { readonly type: 'digits'; readonly digits: string };

export type PhoneFailure =
  | MicrophoneFailure
  | 'no_session' // nothing rings, nobody is talking
  | 'wrong_state' // e.g. hold before answering
  | 'rejected' // the telephone system said no (a re-INVITE refused)
  | 'timeout'
  | 'not_connected' // no line to the telephone system
  | 'no_leader' // the window that owns the telephone does not answer
  | 'closed';

export type PhoneResult = { readonly ok: true } | { readonly ok: false; readonly reason: PhoneFailure };

/** Why there is no microphone (from `getUserMedia`'s DOMException names). */
export type MicrophoneFailure =
  | 'microphone_denied' // the agent or a policy refused
  | 'microphone_missing' // none plugged in, or the chosen one is gone
  | 'microphone_busy' // another program holds it
  | 'microphone_insecure' // the page is not on https or loopback
  | 'microphone_failed';

export type MicrophoneState = 'unknown' | 'prompt' | 'granted' | MicrophoneFailure;

export type RegistrationFailure =
  | 'unreachable' // no socket to the gateway's /sip
  | 'rejected' // wrong extension or password
  | 'timeout'
  | 'unavailable'; // the telephone system answered with an error of its own

export type Registration =
  | { readonly state: 'disconnected' }
  | { readonly state: 'connecting' }
  | { readonly state: 'registered' }
  | { readonly state: 'failed'; readonly reason: RegistrationFailure };

/** Why the browser's part of a call ended; the call's own outcome comes from the gateway. */
export type PhoneEndReason =
  'remote' | 'local' | 'cancelled' | 'answered_elsewhere' | 'rejected' | 'no_answer' | 'media_lost' | 'microphone' | 'failed';

interface SessionBase {
  readonly sessionId: string;
  /** As the telephone system told: hostile text. Null when withheld. */
  readonly remoteNumber: string | null;
  readonly remoteName: string | null;
  /** `X-Hotline-Dial`: the click that began it; such a session is answered by the browser itself. */
  readonly dialId: string | null;
  /** `X-Hotline-Call`: the gateway's call id, where the telephone system tells it; else the two are matched by state. */
  readonly callId: string | null;
}

/** The browser's telephone line: at most one at a time. */
export type PhoneSession =
  | (SessionBase & { readonly state: 'ringing'; readonly ringingSinceMs: number })
  | (SessionBase & { readonly state: 'answering' })
  | (SessionBase & { readonly state: 'active'; readonly activeSinceMs: number; readonly muted: boolean; readonly held: boolean })
  /** After a reload: taking the living call over (INVITE with Replaces). */
  | (SessionBase & { readonly state: 'resuming' });

/** Plain data: goes through BroadcastChannel to the windows that follow. */
export interface SoftphoneStatus {
  readonly registration: Registration;
  readonly session: PhoneSession | null;
  readonly microphone: MicrophoneState;
  /** The browser refused to play sound until the agent clicks somewhere (autoplay policy). */
  readonly audioBlocked: boolean;
}

export type SoftphoneEvent =
  | { readonly type: 'ringing'; readonly session: PhoneSession }
  | { readonly type: 'answered'; readonly session: PhoneSession }
  /** The call that was up before the reload has its sound back. */
  | { readonly type: 'resumed'; readonly session: PhoneSession }
  /** It could not be taken over: it had ended meanwhile. */
  | { readonly type: 'resumeFailed'; readonly sessionId: string; readonly cause: string }
  | { readonly type: 'held'; readonly session: PhoneSession }
  | { readonly type: 'unheld'; readonly session: PhoneSession }
  | { readonly type: 'muted'; readonly session: PhoneSession }
  | { readonly type: 'unmuted'; readonly session: PhoneSession }
  /** `cause`: JsSIP's word, for the log. */
  | {
      readonly type: 'ended';
      readonly sessionId: string;
      readonly reason: PhoneEndReason;
      readonly cause: string;
      readonly sipStatus: number | null;
    };

/** Loudness 0–1 as `getStats` tells (`audioLevel`); null where there is no such stream yet. */
export interface AudioLevels {
  readonly inbound: number | null;
  readonly outbound: number | null;
}

export interface AudioDevice {
  readonly deviceId: string;
  readonly label: string;
}

/** Empty string: the browser's default. */
export interface DeviceChoice {
  readonly microphoneId: string;
  readonly speakerId: string;
  /** The ring tone may come from the loudspeaker while the talk is in the headset. */
  readonly ringerId: string;
}

export interface Softphone {
  readonly status: SoftphoneStatus;
  onStatus(listener: (status: SoftphoneStatus) => void): () => void;
  onEvent(listener: (event: SoftphoneEvent) => void): () => void;
  /** Registers; again with another account: registers that one, with the same: opens a lost socket at once. `origin`: `ws://host:8081` of the gateway. */
  start(account: PhoneAccount, origin: string): void;
  /** Unregisters and hangs up what is up; may be started again. */
  stop(): Promise<void>;
  perform(command: PhoneCommand): Promise<PhoneResult>;
  answer(): Promise<PhoneResult>;
  reject(): Promise<PhoneResult>;
  hangup(): Promise<PhoneResult>;
  setHeld(held: boolean): Promise<PhoneResult>;
  setMuted(muted: boolean): Promise<PhoneResult>;
  sendDigits(digits: string): Promise<PhoneResult>;
  /** Asks for the microphone (shows the browser's question); the device is let go at once. */
  requestMicrophone(): Promise<MicrophoneState>;
  levels(): Promise<AudioLevels>;
  listDevices(): Promise<{ readonly microphones: readonly AudioDevice[]; readonly speakers: readonly AudioDevice[] }>;
  chooseDevices(choice: Partial<DeviceChoice>): Promise<void>;
  /** Call from a click: unlocks sound where the browser had blocked it. */
  unlockAudio(): Promise<void>;
  /** Lets everything go; says BYE. Do not call on `pagehide`: a reload must keep the call. May be called twice. */
  close(): Promise<void>;
}
