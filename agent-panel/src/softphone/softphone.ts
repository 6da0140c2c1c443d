import type { PhoneAccount } from '../../../cti-gateway/protocol';
import { newClientId } from '../transport/client-id';
import { browserClock, type PanelClock } from '../transport/clock';
import { Listeners } from '../transport/listeners';
import { audioLevelsOf } from './audio-levels';
import { DialogStore, replacesHeader, type DialogStorage, type StoredDialog } from './dialog-store';
import { Microphone, letGo, type MediaDevicesLike } from './microphone';
import { PhoneLine, type LineEvents, type LineIdentity } from './phone-line';
import type {
  AudioLevels,
  DeviceChoice,
  MicrophoneState,
  PhoneCommand,
  PhoneResult,
  Softphone,
  SoftphoneEvent,
  SoftphoneStatus,
} from './phone-types';
import { SipConnection } from './sip-connection';
import { createJsSipUa, type SipMessage, type SipSession, type SipUaFactory } from './sip-ua';
import { BrowserSound, type SoundOutputs } from './sound-outputs';

const NO_SESSION: PhoneResult = { ok: false, reason: 'no_session' };
/** Extension that exists only to be replaced: dialplans/extensions.d, context of the agents. */
const RESUME_EXTENSION = 'resume';
const ALIVE_EVERY_MS = 5_000;
const BUSY_HERE = 486;
const UNAVAILABLE = 480;

export interface SoftphoneOptions {
  /** Where the dialog of the living call is kept for a reload; `localStorage` by default, null to keep nothing. */
  readonly storage?: DialogStorage | null;
  readonly clock?: PanelClock;
  readonly createUa?: SipUaFactory;
  readonly mediaDevices?: MediaDevicesLike | undefined;
  readonly createSound?: (blocked: (blocked: boolean) => void) => SoundOutputs;
}

/**
 * The browser as the agent's telephone: SIP over WebSocket (RFC 7118) and WebRTC audio, by JsSIP. One line: while it is
 * taken, a second call is answered with 486.
 *
 * The page may go at any time without a word (reload, crash): no BYE is sent then, the dialog stays in the storage, and
 * whoever starts next takes the living call over with an INVITE that replaces it (RFC 3891). Asterisk puts the new channel
 * into the old one's bridge; the customer hears a gap of about the page's loading time. Resuming the old dialog with a
 * re-INVITE does not work: Asterisk 22 keeps the DTLS association, and the new page has another certificate.
 */
class JsSipPhone implements Softphone {
  readonly #clock: PanelClock;
  readonly #store: DialogStore;
  readonly #devices: MediaDevicesLike | undefined;
  readonly #microphone: Microphone;
  readonly #sound: SoundOutputs;
  readonly #connection: SipConnection;
  readonly #statusListeners = new Listeners<[SoftphoneStatus]>();
  readonly #eventListeners = new Listeners<[SoftphoneEvent]>();
  #choice: DeviceChoice = { microphoneId: '', speakerId: '', ringerId: '' };
  #line: PhoneLine | null = null;
  #audioBlocked = false;
  #lastStatus: string;
  #cancelAlive: () => void = () => {};
  #closed = false;

  constructor(options: SoftphoneOptions) {
    this.#clock = options.clock ?? browserClock;
    this.#store = new DialogStore(options.storage === undefined ? browserStorage() : options.storage, this.#clock);
    this.#devices = 'mediaDevices' in options ? options.mediaDevices : globalThis.navigator?.mediaDevices;
    this.#microphone = new Microphone(this.#devices, () => this.#tell());
    this.#connection = new SipConnection(this.#clock, options.createUa ?? createJsSipUa, {
      changed: () => this.#tell(),
      connected: () => this.#connected(),
      incoming: (session, request) => this.#ring(session, request),
    });
    const blocked = (value: boolean): void => {
      this.#audioBlocked = value;
      this.#tell();
    };
    this.#sound = options.createSound?.(blocked) ?? new BrowserSound(blocked);
    this.#lastStatus = JSON.stringify(this.status);
    void this.#microphone.look();
  }

  get status(): SoftphoneStatus {
    return {
      registration: this.#connection.registration,
      session: this.#line?.status ?? null,
      microphone: this.#microphone.state,
      audioBlocked: this.#audioBlocked,
    };
  }

  onStatus(listener: (status: SoftphoneStatus) => void): () => void {
    return this.#statusListeners.add(listener);
  }

  onEvent(listener: (event: SoftphoneEvent) => void): () => void {
    return this.#eventListeners.add(listener);
  }

  start(account: PhoneAccount, origin: string): void {
    if (this.#closed) return;
    if (this.#connection.serves(account, origin)) return this.#connection.tryNow();
    this.#hangUpAndForget();
    void this.#connection.start(account, origin);
  }

  stop(): Promise<void> {
    this.#hangUpAndForget();
    return Promise.resolve();
  }

  perform(command: PhoneCommand): Promise<PhoneResult> {
    switch (command.type) {
      case 'answer':
        return this.answer();
      case 'reject':
        return this.reject();
      case 'hangup':
        return this.hangup();
      case 'hold':
        return this.setHeld(command.held);
      case 'mute':
        return this.setMuted(command.muted);
      case 'digits':
        return this.sendDigits(command.digits);
    }
  }

  async answer(): Promise<PhoneResult> {
    const line = this.#line;
    if (line === null) return this.#takeOver();
    if (line.status.state !== 'ringing') return { ok: false, reason: 'wrong_state' };
    line.answering();
    const opened = await this.#microphone.open(this.#choice.microphoneId);
    if (!opened.ok) {
      line.stillRinging();
      return opened;
    }
    return line.accept(opened.stream, this.#pcConfig());
  }

  async reject(): Promise<PhoneResult> {
    const state = this.#line?.status.state;
    if (state === undefined) return NO_SESSION;
    if (state !== 'ringing' && state !== 'answering') return { ok: false, reason: 'wrong_state' };
    return this.hangup();
  }

  hangup(): Promise<PhoneResult> {
    return Promise.resolve(this.#line?.terminate(BUSY_HERE) ?? NO_SESSION);
  }

  setHeld(held: boolean): Promise<PhoneResult> {
    return this.#line?.setHeld(held) ?? Promise.resolve(NO_SESSION);
  }

  setMuted(muted: boolean): Promise<PhoneResult> {
    return Promise.resolve(this.#line?.setMuted(muted) ?? NO_SESSION);
  }

  sendDigits(digits: string): Promise<PhoneResult> {
    return Promise.resolve(this.#line?.sendDigits(digits) ?? NO_SESSION);
  }

  async requestMicrophone(): Promise<MicrophoneState> {
    const opened = await this.#microphone.open(this.#choice.microphoneId);
    if (opened.ok) letGo(opened.stream);
    return this.#microphone.state;
  }

  levels(): Promise<AudioLevels> {
    return audioLevelsOf(this.#line?.connection);
  }

  listDevices: Softphone['listDevices'] = async () => {
    const all = (await this.#devices?.enumerateDevices()) ?? [];
    const ofKind = (kind: MediaDeviceKind) =>
      all.filter((device) => device.kind === kind).map(({ deviceId, label }) => ({ deviceId, label }));
    return { microphones: ofKind('audioinput'), speakers: ofKind('audiooutput') };
  };

  async chooseDevices(choice: Partial<DeviceChoice>): Promise<void> {
    const before = this.#choice;
    this.#choice = { ...before, ...choice };
    await this.#sound.choose(this.#choice);
    const line = this.#line;
    if (before.microphoneId === this.#choice.microphoneId || line === null || line.connection === null) return;
    const opened = await this.#microphone.open(this.#choice.microphoneId);
    if (opened.ok) await line.changeMicrophone(opened.stream);
  }

  unlockAudio(): Promise<void> {
    return this.#sound.unlock();
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#hangUpAndForget();
    this.#closed = true;
    this.#sound.close();
    this.#statusListeners.clear();
    this.#eventListeners.clear();
  }

  #connected(): void {
    // after a cut the other side still writes to the old socket
    if (this.#line !== null) return this.#line.refresh();
    const dialog = this.#kept();
    // what only rang waits for the agent, except for their own click
    if (dialog !== null && (dialog.stage === 'active' || dialog.dialId !== null)) void this.#takeOver();
  }

  #kept(): StoredDialog | null {
    const { account } = this.#connection;
    return account === null ? null : this.#store.load(account.extension);
  }

  #ring(session: SipSession, request: SipMessage): void {
    if (this.#line !== null) return session.terminate({ status_code: BUSY_HERE });
    const line = this.#newLine(identityOf(session, request));
    line.attach(session, request, this.#iceServers());
    if (line.status.dialId !== null) return void this.#answerOwnDial(line);
    this.#sound.ring(true);
    this.#tell();
    this.#eventListeners.emit({ type: 'ringing', session: line.status });
  }

  /** The agent has clicked a number: no need to ask whether they want to talk. */
  async #answerOwnDial(line: PhoneLine): Promise<void> {
    this.#eventListeners.emit({ type: 'ringing', session: line.status });
    const result = await this.answer();
    if (!result.ok) line.terminate(UNAVAILABLE);
  }

  /** The dialog that another page (or this one, before a reload) has left alive. */
  async #takeOver(): Promise<PhoneResult> {
    const { ua } = this.#connection;
    const dialog = this.#kept();
    if (dialog === null || ua === null) return NO_SESSION;
    const { remoteNumber, remoteName, dialId, callId } = dialog;
    const line = this.#newLine({ sessionId: newClientId(), remoteNumber, remoteName, dialId, callId }, dialog);
    this.#tell();
    const opened = await this.#microphone.open(this.#choice.microphoneId);
    if (!opened.ok) line.fail('User Denied Media Access');
    else if (ua !== this.#connection.ua) line.fail('Canceled');
    if (!opened.ok) return opened;
    if (line.ended) {
      letGo(opened.stream);
      return NO_SESSION;
    }
    line.adopt(opened.stream);
    const extraHeaders = [replacesHeader(dialog), 'Require: replaces'];
    const session = ua.call(RESUME_EXTENSION, { mediaStream: opened.stream, pcConfig: this.#pcConfig(), extraHeaders });
    line.attach(session, null, this.#iceServers());
    return line.taken();
  }

  #newLine(identity: LineIdentity, resumed?: StoredDialog): PhoneLine {
    const extension = this.#connection.account?.extension ?? '';
    const events: LineEvents = {
      changed: () => this.#lineChanged(),
      event: (event) => this.#eventListeners.emit(event),
      heard: (stream) => this.#sound.listenTo(stream),
      dialog: (dialog) => (dialog === null ? this.#store.clear(extension) : this.#store.save(extension, dialog)),
      ended: () => this.#lineEnded(line),
    };
    const line = new PhoneLine({ identity, clock: this.#clock, events, ...(resumed !== undefined && { resumed }) });
    this.#line = line;
    this.#keepAlive();
    return line;
  }

  #lineChanged(): void {
    this.#sound.ring(this.#line?.status.state === 'ringing');
    this.#tell();
  }

  #lineEnded(line: PhoneLine): void {
    if (this.#line !== line) return;
    this.#line = null;
    this.#cancelAlive();
    this.#sound.ring(false);
    this.#sound.listenTo(null);
    this.#tell();
  }

  #keepAlive(): void {
    this.#cancelAlive();
    this.#cancelAlive = this.#clock.schedule(ALIVE_EVERY_MS, () => {
      this.#line?.keepAlive();
      this.#keepAlive();
    });
  }

  /** What another window keeps for its own living call is not touched. */
  #hangUpAndForget(): void {
    this.#line?.terminate(UNAVAILABLE);
    this.#connection.stop();
  }

  #iceServers(): PhoneAccount['iceServers'] {
    return this.#connection.account?.iceServers ?? [];
  }

  #pcConfig(): RTCConfiguration {
    return {
      iceServers: this.#iceServers().map(({ urls, username, credential }) => ({
        urls,
        ...(username !== undefined && { username }),
        ...(credential !== undefined && { credential }),
      })),
    };
  }

  #tell(): void {
    const { status } = this;
    const text = JSON.stringify(status);
    if (this.#closed || text === this.#lastStatus) return;
    this.#lastStatus = text;
    this.#statusListeners.emit(status);
  }
}

function identityOf(session: SipSession, request: SipMessage): LineIdentity {
  const { uri, display_name: name } = session.remote_identity;
  const withheld = uri.user === null || uri.user === '' || uri.user.toLowerCase() === 'anonymous';
  return {
    sessionId: newClientId(),
    remoteNumber: withheld ? null : uri.user,
    // JsSIP leaves it out when the caller sent none
    remoteName: name || null,
    dialId: request.getHeader('X-Hotline-Dial') ?? null,
    callId: request.getHeader('X-Hotline-Call') ?? null,
  };
}

function browserStorage(): DialogStorage | null {
  try {
    return globalThis.localStorage ?? null;
  } catch {
    return null; // storage forbidden by the browser's settings
  }
}

/** A telephone that is not connected yet; `start()` registers it. */
export function createSoftphone(options: SoftphoneOptions = {}): Softphone {
  return new JsSipPhone(options);
}
