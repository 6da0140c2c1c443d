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
import { RegistrationWatch } from './registration';
import { createJsSipUa, type SipMessage, type SipSession, type SipUa, type SipUaFactory } from './sip-ua';
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
  readonly #createUa: SipUaFactory;
  readonly #devices: MediaDevicesLike | undefined;
  readonly #microphone: Microphone;
  readonly #sound: SoundOutputs;
  readonly #registration: RegistrationWatch;
  readonly #statusListeners = new Listeners<[SoftphoneStatus]>();
  readonly #eventListeners = new Listeners<[SoftphoneEvent]>();
  #choice: DeviceChoice = { microphoneId: '', speakerId: '', ringerId: '' };
  #account: PhoneAccount | null = null;
  #accountKey = '';
  #ua: SipUa | null = null;
  #line: PhoneLine | null = null;
  #audioBlocked = false;
  #lastStatus: string;
  #cancelAlive: () => void = () => {};
  #closed = false;

  constructor(options: SoftphoneOptions) {
    this.#clock = options.clock ?? browserClock;
    this.#store = new DialogStore(options.storage === undefined ? browserStorage() : options.storage, this.#clock);
    this.#createUa = options.createUa ?? createJsSipUa;
    this.#devices = 'mediaDevices' in options ? options.mediaDevices : globalThis.navigator?.mediaDevices;
    this.#microphone = new Microphone(this.#devices, () => this.#tell());
    this.#registration = new RegistrationWatch(this.#clock, () => this.#tell());
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
      registration: this.#registration.state,
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
    const key = JSON.stringify([account, origin]);
    if (this.#closed || key === this.#accountKey) return;
    this.#hangUpAndForget();
    this.#account = account;
    this.#accountKey = key;
    void this.#connect(account, origin);
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
    if (line === null || this.#account === null) return NO_SESSION;
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

  async #connect(account: PhoneAccount, origin: string): Promise<void> {
    const key = this.#accountKey;
    this.#registration.connecting();
    const ua = await this.#createUa({
      socketUrl: new URL(account.webSocketPath, origin).href,
      uri: account.sipUri,
      authorizationUser: account.authorizationUser,
      password: account.password,
    });
    if (key !== this.#accountKey) return;
    this.#ua = ua;
    this.#registration.watch(ua);
    ua.on('newRTCSession', ({ originator, session, request }) => {
      if (originator === 'remote' && ua === this.#ua) this.#ring(session, request);
    });
    ua.on('connected', () => ua === this.#ua && this.#connected());
    ua.start();
  }

  #connected(): void {
    // after a cut the other side still writes to the old socket
    if (this.#line !== null) return this.#line.refresh();
    const dialog = this.#account === null ? null : this.#store.load(this.#account.extension);
    if (dialog !== null) void this.#resume(dialog);
  }

  #ring(session: SipSession, request: SipMessage): void {
    if (this.#line !== null) return session.terminate({ status_code: BUSY_HERE });
    const line = this.#newLine(identityOf(session, request));
    line.attach(session, request, this.#account?.iceServers ?? []);
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

  async #resume(dialog: StoredDialog): Promise<void> {
    const ua = this.#ua;
    const { remoteNumber, remoteName, dialId, callId } = dialog;
    const line = this.#newLine({ sessionId: newClientId(), remoteNumber, remoteName, dialId, callId }, dialog);
    this.#tell();
    const opened = await this.#microphone.open(this.#choice.microphoneId);
    if (line.ended) return opened.ok ? letGo(opened.stream) : undefined;
    if (!opened.ok || ua === null || ua !== this.#ua) return line.fail(opened.ok ? 'Canceled' : 'User Denied Media Access');
    line.adopt(opened.stream);
    const extraHeaders = [replacesHeader(dialog), 'Require: replaces'];
    const session = ua.call(RESUME_EXTENSION, { mediaStream: opened.stream, pcConfig: this.#pcConfig(), extraHeaders });
    line.attach(session, null, this.#account?.iceServers ?? []);
  }

  #newLine(identity: LineIdentity, resumed?: StoredDialog): PhoneLine {
    const extension = this.#account?.extension ?? '';
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
    this.#accountKey = '';
    this.#account = null;
    const ua = this.#ua;
    this.#ua = null;
    ua?.stop();
    this.#registration.stop();
  }

  #pcConfig(): RTCConfiguration {
    const servers = this.#account?.iceServers ?? [];
    return {
      iceServers: servers.map(({ urls, username, credential }) => ({
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
    remoteName: name === '' ? null : name,
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
