import type { PanelClock } from '../transport/clock';
import type { StoredDialog } from './dialog-store';
import { endReasonOf } from './end-reason';
import { hurryGathering } from './ice-gathering';
import { letGo } from './microphone';
import { OfferGuard } from './offer-guard';
import type { PhoneResult, PhoneSession, SoftphoneEvent } from './phone-types';
import { settledWithin } from './settled-within';
import type { SipEndEvent, SipMessage, SipSession } from './sip-ua';

const ANSWER_WITHIN_MS = 10_000;
/** Tones and what is between them: keys of Asterisk's features must follow one another within 700 ms (features.conf). */
const TONE_MS = 160;
const TONE_GAP_MS = 100;
const OK: PhoneResult = { ok: true };
const WRONG_STATE: PhoneResult = { ok: false, reason: 'wrong_state' };

export interface LineIdentity {
  readonly sessionId: string;
  readonly remoteNumber: string | null;
  readonly remoteName: string | null;
  readonly dialId: string | null;
  readonly callId: string | null;
}

export interface LineEvents {
  readonly changed: () => void;
  readonly event: (event: SoftphoneEvent) => void;
  /** The customer's voice, as soon as there is a track. */
  readonly heard: (stream: MediaStream) => void;
  /** The dialog as it is to be kept for a reload; null when it has ended. */
  readonly dialog: (dialog: Omit<StoredDialog, 'aliveAtMs'> | null) => void;
  readonly ended: () => void;
}

type Tags = Pick<StoredDialog, 'sipCallId' | 'localTag' | 'remoteTag'>;

/**
 * One SIP session of the agent's telephone.
 *
 * ```
 *   ringing ── answer() ──► answering ── 200 sent ──► active ◄── 200 received ── resuming
 *      └────────────────────────┴──────── ended ────────┴────────────────────────────┘
 * ```
 */
export class PhoneLine {
  readonly #identity: LineIdentity;
  readonly #events: LineEvents;
  readonly #clock: PanelClock;
  readonly #resumed: StoredDialog | null;
  #session: SipSession | null = null;
  #status: PhoneSession;
  #tags: Tags | null = null;
  #stream: MediaStream | null = null;
  #ended = false;
  #accepted: (result: PhoneResult) => void = () => {};
  #offers: OfferGuard | null = null;

  constructor(options: { identity: LineIdentity; clock: PanelClock; events: LineEvents; resumed?: StoredDialog }) {
    this.#identity = options.identity;
    this.#events = options.events;
    this.#clock = options.clock;
    this.#resumed = options.resumed ?? null;
    this.#status =
      this.#resumed === null
        ? { ...options.identity, state: 'ringing', ringingSinceMs: this.#clock.nowMs() }
        : { ...options.identity, state: 'resuming' };
  }

  get status(): PhoneSession {
    return this.#status;
  }

  get ended(): boolean {
    return this.#ended;
  }

  get connection(): RTCPeerConnection | null {
    return this.#session?.connection ?? null;
  }

  /** `request`: the INVITE that came in; null for the one that resumes, whose answer brings the tags. */
  attach(session: SipSession, request: SipMessage | null, iceServers: readonly unknown[]): void {
    this.#session = session;
    if (request !== null) this.#tags = tagsOf(request, 'incoming');
    this.#offers = new OfferGuard(session, this.#clock);
    hurryGathering(session, iceServers, this.#clock);
    session.on('peerconnection', ({ peerconnection }) => this.#hear(peerconnection));
    if (session.connection) this.#hear(session.connection);
    this.#keep();
    session.on('accepted', ({ response }) => {
      if (response !== undefined && request === null) this.#tags = tagsOf(response, 'outgoing');
      this.#becomeActive();
    });
    session.on('ended', (event) => this.#end(event));
    session.on('failed', (event) => this.#end(event));
  }

  /** The line owns the stream from here on and lets it go at the end. */
  adopt(stream: MediaStream): void {
    this.#stream = stream;
    if (this.#resumed?.muted === true || this.#resumed?.held === true) enable(stream, false);
  }

  /** The INVITE that resumes is on its way: how it ends. */
  taken(): Promise<PhoneResult> {
    return settledWithin(this.#clock, ANSWER_WITHIN_MS, (settle) => (this.#accepted = settle));
  }

  answering(): void {
    this.#enter({ ...this.#identity, state: 'answering' });
  }

  /** Back to ringing: there was no microphone. */
  stillRinging(): void {
    if (!this.#ended) this.#enter({ ...this.#identity, state: 'ringing', ringingSinceMs: this.#clock.nowMs() });
  }

  accept(stream: MediaStream, pcConfig: RTCConfiguration): Promise<PhoneResult> {
    const session = this.#session;
    if (session === null || this.#ended) {
      letGo(stream);
      return Promise.resolve({ ok: false, reason: 'no_session' });
    }
    this.adopt(stream);
    return settledWithin(this.#clock, ANSWER_WITHIN_MS, (settle) => {
      this.#accepted = settle;
      session.answer({ mediaStream: stream, pcConfig });
    });
  }

  terminate(sipStatus: number): PhoneResult {
    if (this.#ended) return { ok: false, reason: 'no_session' };
    const session = this.#session;
    if (session === null) this.fail('Canceled');
    else if (!session.isEnded()) session.terminate(this.#status.state === 'active' ? {} : { status_code: sipStatus });
    return OK;
  }

  /** Ends a line whose session never came about. */
  fail(cause: string): void {
    this.#end({ originator: 'local', cause });
  }

  async setHeld(held: boolean): Promise<PhoneResult> {
    const { status } = this;
    if (status.state !== 'active') return WRONG_STATE;
    if (status.held === held) return OK;
    const result = (await this.#offers?.setHeld(held)) ?? WRONG_STATE;
    if (!result.ok || this.#status.state !== 'active') return result;
    this.#enter({ ...this.#status, held });
    this.#keep();
    this.#events.event({ type: held ? 'held' : 'unheld', session: this.#status });
    return OK;
  }

  setMuted(muted: boolean): PhoneResult {
    if (this.#status.state !== 'active') return WRONG_STATE;
    if (this.#status.muted === muted) return OK;
    if (muted) this.#session?.mute({ audio: true });
    else this.#session?.unmute({ audio: true });
    this.#enter({ ...this.#status, muted });
    this.#keep();
    this.#events.event({ type: muted ? 'muted' : 'unmuted', session: this.#status });
    return OK;
  }

  /** Telephone events in the media (RFC 4733) where they were negotiated, else by INFO. */
  sendDigits(digits: string): PhoneResult {
    if (this.#status.state !== 'active' || this.#session === null) return WRONG_STATE;
    const dtmf = this.connection?.getSenders().find((each) => each.dtmf?.canInsertDTMF === true)?.dtmf;
    const options = { duration: TONE_MS, interToneGap: TONE_GAP_MS };
    // The browser forgets tones that have not begun when more come: those of keys pressed quickly.
    if (dtmf) this.#session.sendDTMF(dtmf.toneBuffer + digits, { ...options, transportType: 'RFC2833' });
    else this.#session.sendDTMF(digits, { ...options, transportType: 'INFO' });
    return OK;
  }

  /** Tells the other side where this telephone is now: its socket is a new one. */
  refresh(): void {
    if (this.#status.state === 'active') this.#offers?.refresh();
  }

  async changeMicrophone(stream: MediaStream): Promise<void> {
    const [track] = stream.getAudioTracks();
    const sender = this.connection?.getSenders().find((each) => each.track?.kind === 'audio');
    if (track === undefined || sender === undefined) return letGo(stream);
    const silent = this.#status.state === 'active' && (this.#status.muted || this.#status.held);
    enable(stream, !silent);
    await sender.replaceTrack(track);
    letGo(this.#stream);
    this.#stream = stream;
  }

  /** The page is alive: the kept dialog is worth taking over for a while. */
  keepAlive(): void {
    this.#keep();
  }

  #becomeActive(): void {
    if (this.#ended || this.#status.state === 'active') return;
    // a ringing call that was answered after a reload begins now, like any other
    const from = this.#resumed?.stage === 'active' ? this.#resumed : null;
    this.#enter({
      ...this.#identity,
      state: 'active',
      activeSinceMs: from?.activeSinceMs ?? this.#clock.nowMs(),
      muted: false,
      held: false,
    });
    this.#keep();
    this.#accepted(OK);
    this.#events.event({ type: from === null ? 'answered' : 'resumed', session: this.#status });
    if (from !== null) void this.#restore(from);
  }

  /** As it was before the reload. Silent until then: `adopt` has switched the microphone off. */
  async #restore(from: StoredDialog): Promise<void> {
    if (from.muted) this.setMuted(true);
    if (from.held) {
      const result = await this.setHeld(true);
      if (!result.ok && !from.muted && this.#stream !== null) enable(this.#stream, true);
    }
  }

  #hear(connection: RTCPeerConnection): void {
    connection.addEventListener('track', (event) => {
      this.#events.heard(event.streams[0] ?? new MediaStream([event.track]));
    });
  }

  /** While it rings or talks; a takeover that is under way leaves the older dialog to be tried again. */
  #keep(): void {
    if (this.#tags === null || this.#status.state === 'resuming') return;
    const { remoteNumber, remoteName, dialId, callId } = this.#identity;
    const talk = this.#status.state === 'active' ? this.#status : { activeSinceMs: this.#clock.nowMs(), muted: false, held: false };
    const { activeSinceMs, muted, held } = talk;
    const stage = this.#status.state === 'active' ? 'active' : 'ringing';
    this.#events.dialog({ ...this.#tags, stage, remoteNumber, remoteName, dialId, callId, activeSinceMs, muted, held });
  }

  #end(event: SipEndEvent): void {
    if (this.#ended) return;
    this.#ended = true;
    const wasResuming = this.#status.state === 'resuming';
    letGo(this.#stream);
    this.#offers?.close();
    this.#accepted({ ok: false, reason: 'no_session' });
    // without a microphone nothing was sent: what is kept may be tried again
    if (this.#session !== null) this.#events.dialog(null);
    const { sessionId } = this.#identity;
    this.#events.ended();
    if (wasResuming) this.#events.event({ type: 'resumeFailed', sessionId, cause: event.cause });
    else
      this.#events.event({
        type: 'ended',
        sessionId,
        reason: endReasonOf(event),
        cause: event.cause,
        sipStatus: event.message?.status_code ?? null,
      });
  }

  #enter(status: PhoneSession): void {
    this.#status = status;
    this.#events.changed();
  }
}

/** Which tag is ours depends on who sent the INVITE. */
function tagsOf(message: SipMessage, direction: 'incoming' | 'outgoing'): Tags | null {
  const { call_id: sipCallId, from_tag: fromTag, to_tag: toTag } = message;
  if (!sipCallId || !fromTag || !toTag) return null;
  return direction === 'incoming' ? { sipCallId, localTag: toTag, remoteTag: fromTag } : { sipCallId, localTag: fromTag, remoteTag: toTag };
}

function enable(stream: MediaStream, enabled: boolean): void {
  for (const track of stream.getAudioTracks()) track.enabled = enabled;
}
