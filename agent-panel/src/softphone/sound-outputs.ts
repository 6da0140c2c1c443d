/** Where a call is heard and where the telephone rings. Blocked sound (autoplay policy) is a state, not an error. */
export interface SoundOutputs {
  /** Lets the customer be heard; null: silence. */
  listenTo(stream: MediaStream | null): void;
  ring(on: boolean): void;
  choose(choice: { readonly speakerId: string; readonly ringerId: string }): Promise<void>;
  /** Inside a click: plays what the browser had blocked. */
  unlock(): Promise<void>;
  close(): void;
}

/** Two soft tones twice, then a pause, in seconds; amplitude low enough for a headset. */
const RING = {
  lengthSec: 3,
  bursts: [
    [0, 0.4],
    [0.6, 1],
  ] as const,
  tonesHz: [440, 554],
  amplitude: 0.12,
};

const UNBLOCKED_WITHIN_MS = 500;

type SinkElement = HTMLAudioElement & { setSinkId?: (id: string) => Promise<void> };
type SinkContext = AudioContext & { setSinkId?: (id: string) => Promise<void> };

export class BrowserSound implements SoundOutputs {
  readonly #blocked: (blocked: boolean) => void;
  readonly #talk: SinkElement;
  #context: SinkContext | null = null;
  #ringing: AudioBufferSourceNode | null = null;
  #wanted = false;
  #ringerId = '';

  constructor(blocked: (blocked: boolean) => void) {
    this.#blocked = blocked;
    this.#talk = document.createElement('audio');
    this.#talk.autoplay = true;
  }

  listenTo(stream: MediaStream | null): void {
    this.#talk.srcObject = stream;
    if (stream !== null) void this.#play();
  }

  ring(on: boolean): void {
    this.#wanted = on;
    if (on) void this.#startRinging();
    else this.#stopRinging();
  }

  async choose(choice: { readonly speakerId: string; readonly ringerId: string }): Promise<void> {
    this.#ringerId = choice.ringerId;
    await ignoringFailure(this.#talk.setSinkId?.(choice.speakerId));
    await ignoringFailure(this.#context?.setSinkId?.(choice.ringerId));
  }

  async unlock(): Promise<void> {
    await ignoringFailure(this.#contextFor().resume());
    if (this.#wanted && this.#ringing === null) await this.#startRinging();
    if (this.#talk.srcObject !== null) await this.#play();
    else this.#blocked(false);
  }

  close(): void {
    this.ring(false);
    this.#talk.srcObject = null;
    void this.#context?.close();
    this.#context = null;
  }

  async #play(): Promise<void> {
    try {
      await this.#talk.play();
      this.#blocked(false);
    } catch (error) {
      // a new stream interrupts the old one's play() with AbortError, which means nothing
      if (error instanceof DOMException && error.name === 'NotAllowedError') this.#blocked(true);
    }
  }

  async #startRinging(): Promise<void> {
    const context = this.#contextFor();
    // never settles while the browser waits for a click, so it is not awaited before the tone is set up
    const resumed = context.state === 'running' ? Promise.resolve() : context.resume();
    if (this.#ringing === null) {
      const source = context.createBufferSource();
      source.buffer = ringTone(context);
      source.loop = true;
      source.connect(context.destination);
      source.start();
      this.#ringing = source;
    }
    // a new context starts a moment after it was made; one that has not by then waits for a click
    setTimeout(() => this.#wanted && context.state === 'suspended' && this.#blocked(true), UNBLOCKED_WITHIN_MS);
    await ignoringFailure(resumed);
    if (context.state === 'running') this.#blocked(false);
  }

  #stopRinging(): void {
    this.#ringing?.stop();
    this.#ringing?.disconnect();
    this.#ringing = null;
  }

  #contextFor(): SinkContext {
    if (this.#context === null) {
      this.#context = new AudioContext();
      if (this.#ringerId !== '') void ignoringFailure((this.#context as SinkContext).setSinkId?.(this.#ringerId));
    }
    return this.#context;
  }
}

function ringTone(context: AudioContext): AudioBuffer {
  const buffer = context.createBuffer(1, Math.round(RING.lengthSec * context.sampleRate), context.sampleRate);
  const samples = buffer.getChannelData(0);
  for (const [fromSec, toSec] of RING.bursts) {
    for (let i = Math.round(fromSec * context.sampleRate); i < toSec * context.sampleRate; i++) {
      const t = i / context.sampleRate;
      // 20 ms in and out, so that it does not click
      const edge = Math.min(1, (t - fromSec) / 0.02, (toSec - t) / 0.02);
      samples[i] = RING.amplitude * edge * RING.tonesHz.reduce((sum, hz) => sum + Math.sin(2 * Math.PI * hz * t), 0);
    }
  }
  return buffer;
}

/** A device that was unplugged, or a browser that cannot choose: the default plays. */
async function ignoringFailure(action: Promise<unknown> | undefined): Promise<void> {
  try {
    await action;
  } catch {
    // the default output goes on
  }
}
