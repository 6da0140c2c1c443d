import type { AfterCall, CallView, DeviceState, Presence, QueueDepth } from '../../../../cti-gateway/protocol';
import type { MicrophoneState, PhoneSession, Registration } from '../../softphone';
import type { ConnectionState } from '../../transport';
import type { IconName } from '../../ui/icons';

/** One word for what the call bar shows. */
export type BarState =
  | 'offline'
  | 'connecting'
  | 'ready'
  | 'paused'
  | 'ringing'
  | 'ringing-out'
  | 'in-call'
  | 'hold'
  | 'consulting'
  | 'conference'
  | 'ended'
  | 'lost'
  | 'other-tab'
  | 'mic-refused';

export type Tint = 'none' | 'amber' | 'green' | 'violet' | 'teal' | 'red';
export type MainAction = 'none' | 'sign-in' | 'ready' | 'answer' | 'bring-here' | 'finish' | 'hand-over' | 'retry-mic' | 'reconnect';
export type EndAction = 'none' | 'decline' | 'cancel' | 'hangup' | 'back';

/** A phrase by its key; parameters that are keys themselves are given as `{ key }`. */
export interface Phrase {
  readonly key: string;
  readonly params?: Readonly<Record<string, string | number>>;
}

export interface BarModel {
  readonly state: BarState;
  readonly tint: Tint;
  readonly disc: {
    readonly tone: '' | 'amber' | 'green' | 'violet' | 'teal' | 'red' | 'hold';
    readonly icon: IconName;
    readonly pulse: boolean;
  };
  /** `agent`: the left zone's shape and words. */
  readonly agent: {
    readonly dot: '' | 'work' | 'paused' | 'off' | 'lost';
    readonly title: Phrase;
    readonly detail: Phrase;
    readonly sinceMs: number | null;
  };
  readonly title: Phrase;
  /** Whom the call is with; named after the title. */
  readonly call: CallView | null;
  readonly detail: readonly Phrase[];
  /** A clock counting from here, or down to `downToMs`; null: none. `frozenAtMs`: it stands. */
  readonly timer: {
    readonly sinceMs: number;
    readonly frozenAtMs: number | null;
    readonly label: string;
    readonly downToMs?: number;
  } | null;
  readonly main: { readonly action: MainAction; readonly label: string; readonly tone: 'green' | 'primary' | 'teal' };
  readonly end: { readonly action: EndAction; readonly label: string };
  readonly mute: { readonly enabled: boolean; readonly on: boolean };
  /** `extends`: in wrap-up the key gives more time instead. */
  readonly hold: { readonly enabled: boolean; readonly on: boolean; readonly extends?: true };
  /** `swap`: while asking, the slot changes between the two. */
  readonly transfer: { readonly enabled: boolean; readonly swap: boolean };
  readonly conference: { readonly enabled: boolean; readonly on: boolean };
  readonly record: { readonly enabled: boolean; readonly on: boolean };
  readonly keypad: { readonly enabled: boolean };
}

export interface BarInput {
  readonly nowMs: number;
  readonly connection: ConnectionState;
  readonly everOpen: boolean;
  readonly lostSinceMs: number | null;
  readonly extension: string | null;
  readonly presence: Presence;
  readonly queues: readonly QueueDepth[];
  readonly device: DeviceState;
  /** Whether the agent's telephone is a browser's. */
  readonly browserPhone: boolean;
  readonly ownsPhone: boolean;
  readonly registration: Registration | null;
  readonly microphone: MicrophoneState;
  readonly session: PhoneSession | null;
  readonly call: CallView | null;
  readonly mayTransfer: boolean;
  readonly mayPauseRecording: boolean;
  readonly dialSinceMs: number | null;
  readonly afterCall: AfterCall;
  /** Whether the gateway gives a wrap-up after calls. */
  readonly wrapUpGiven: boolean;
  /** The call that ended and whose record is not finished. */
  readonly wrapUp: CallView | null;
}
