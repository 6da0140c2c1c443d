import type { PbxEvent } from '../domain/call/pbx-event';

export type LinkName = 'ami' | 'ari';
export type LinkState = 'up' | 'connecting' | 'down';

/** Closed list of reasons the telephone system did not do what it was asked. */
export type PbxFailure = 'unavailable' | 'timeout' | 'phone_unreachable' | 'duplicate' | 'not_found' | 'refused' | 'invalid_value';

export class PbxError extends Error {
  constructor(
    readonly reason: PbxFailure,
    message: string,
  ) {
    super(message);
    this.name = 'PbxError';
  }
}

export interface OriginateRequest {
  /** Becomes the Uniqueid of the agent's channel and the Linkedid of the call: the same id never rings twice. */
  readonly channelId: string;
  /** Agent's extension, e.g. `1001`. */
  readonly extension: string;
  /** Digits to dial once the agent's phone is up; already allowed by the policy. */
  readonly number: string;
  readonly dialId: string;
  /** Shown on the agent's phone. */
  readonly displayNumber: string;
  readonly ringTimeoutSec: number;
  /** `parking-taken-up`: the phone is connected to the customer who waits in the parking place `number` instead. */
  readonly context?: 'click-to-dial' | 'parking-taken-up';
}

/** A target that the policy has allowed; `number` is digits. */
export type PbxTarget =
  | { readonly kind: 'agent'; readonly extension: string }
  | { readonly kind: 'queue'; readonly queue: string }
  | { readonly kind: 'number'; readonly number: string };

/** `swap`: from the one to the other; `conference`: all three. */
export type ConsultStep = 'complete' | 'cancel' | 'swap' | 'conference';

/** The telephone system as the use cases need it. Every action has a deadline and fails with a {@link PbxError}. */
export interface Pbx {
  /** Events in order of arrival; a `resynced` event comes first on every (re)connection. */
  onEvent(listener: (event: PbxEvent) => void): () => void;
  onLink(listener: (link: LinkName, state: LinkState) => void): () => void;
  linkState(link: LinkName): LinkState;

  /**
   * Rings the agent's phone, then sends it into the dialplan (`click-to-dial`), which dials the number. By ARI. After a `timeout` it may
   * still be done, at any time: {@link takeBack} it, unless events have shown the call.
   */
  originate(request: OriginateRequest): Promise<void>;
  /**
   * Makes sure that an originate which timed out rings nobody: hangs its channel up, whenever that comes. Resolves when it is gone, or
   * certain not to come; until then its id is taken. `unavailable` when the gateway ends before.
   */
  takeBack(channelId: string): Promise<void>;
  /** Hangs up one channel; `not_found` when it is gone already. By ARI. */
  hangup(channelId: string): Promise<void>;
  /** Mutes what the channel's telephone sends (AMI Setvar MUTEAUDIO(in)). */
  mute(channelName: string, muted: boolean): Promise<void>;
  /**
   * Puts the customer's channel into a parking place; whoever talked with it is free. The place comes by event (`call.parked`). Nobody
   * takes it up in time: the call goes back to `parkedBy` (an extension), then to the queue. `not_found` when the channel is gone. (AMI Park)
   */
  park(channelName: string, parkedBy: string): Promise<void>;
  /** Plays tones to the far end of the channel's bridge (AMI PlayDTMF). */
  sendDigits(channelName: string, digits: string): Promise<void>;

  /**
   * Passes on whoever the channel talks with; the channel itself ends. Asterisk has agreed when it resolves; whether the target answers is
   * told by events.
   */
  transfer(channelName: string, target: PbxTarget): Promise<void>;
  /** Rings the target for the channel, while who it talked with hears music. Accepted when it resolves, no more. */
  consult(channelName: string, target: PbxTarget): Promise<void>;
  /** The consultation has begun, or will not: keys pressed on that telephone lead to agents again, and nowhere else. */
  consultSettled(channelName: string): Promise<void>;
  /** The next step of a consultation that the channel has begun. */
  consultStep(channelName: string, step: ConsultStep): Promise<void>;
  /** Interrupts the recording that runs on the channel; its file stays one. */
  pauseRecording(channelName: string, paused: boolean): Promise<void>;

  /**
   * Adds the agent's telephone to a queue; `duplicate` when it is there already. With `paused` it joins paused, so that no
   * call slips in before a reason is set.
   */
  addQueueMember(queue: string, extension: string, memberName: string, paused?: boolean): Promise<void>;
  /** `not_found` when it is no member (any more), `refused` for a member written into the configuration. */
  removeQueueMember(queue: string, extension: string): Promise<void>;
  /** Pauses or unpauses in every queue. `reason` is kept by Asterisk and comes back in member events. */
  pauseQueueMember(extension: string, paused: boolean, reason: string): Promise<void>;

  /**
   * Tells the dialplan what to do with a caller ID: `blocked:<ends, s since 1970>:<run>`, `vip:0:<run>` (0: never ends), or null for
   * nothing. Lasts until Asterisk starts anew; counts while that run is believed.
   */
  putCallerMark(dialForm: string, entry: string | null): Promise<void>;
  /** From now on the dialplan believes the entries of that run, until then (seconds since 1970), and no others. */
  believeCallerMarks(run: string, untilSec: number): Promise<void>;

  start(): Promise<void>;
  close(): Promise<void>;
}
