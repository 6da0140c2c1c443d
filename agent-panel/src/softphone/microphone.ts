import type { MicrophoneFailure, MicrophoneState } from './phone-types';

/** The part of `navigator.mediaDevices` that is used; undefined on a page outside a secure context. */
export interface MediaDevicesLike {
  getUserMedia(constraints: MediaStreamConstraints): Promise<MediaStream>;
  enumerateDevices(): Promise<MediaDeviceInfo[]>;
}

export type MicrophoneResult =
  { readonly ok: true; readonly stream: MediaStream } | { readonly ok: false; readonly reason: MicrophoneFailure };

/** Names of the DOMException, W3C "Media Capture and Streams" §10.3 */
const failures: Readonly<Record<string, MicrophoneFailure>> = {
  NotAllowedError: 'microphone_denied',
  SecurityError: 'microphone_denied',
  NotFoundError: 'microphone_missing',
  OverconstrainedError: 'microphone_missing',
  NotReadableError: 'microphone_busy',
  AbortError: 'microphone_busy',
};

/** The agent's microphone: opened for a call, let go after it; remembers how the last try went. */
export class Microphone {
  readonly #devices: MediaDevicesLike | undefined;
  readonly #changed: (state: MicrophoneState) => void;
  #state: MicrophoneState;

  constructor(devices: MediaDevicesLike | undefined, changed: (state: MicrophoneState) => void) {
    this.#devices = devices;
    this.#changed = changed;
    this.#state = devices === undefined ? 'microphone_insecure' : 'unknown';
  }

  get state(): MicrophoneState {
    return this.#state;
  }

  /** What the browser would say without asking the agent; not every browser tells. */
  async look(): Promise<void> {
    if (this.#devices === undefined || this.#state !== 'unknown') return;
    try {
      const permission = await navigator.permissions.query({ name: 'microphone' });
      const read = (): void => this.#enter(permission.state === 'denied' ? 'microphone_denied' : permission.state);
      permission.onchange = read;
      if (this.#state === 'unknown') read();
    } catch {
      // the name is unknown to this browser: the first call will tell
    }
  }

  /** `deviceId` empty: the browser's choice; one that is gone falls back to that. */
  async open(deviceId: string): Promise<MicrophoneResult> {
    if (this.#devices === undefined) return this.#fail('microphone_insecure');
    try {
      return this.#got(await this.#devices.getUserMedia(constraintsFor(deviceId)));
    } catch (error) {
      const reason = failures[nameOf(error)] ?? 'microphone_failed';
      if (reason === 'microphone_missing' && deviceId !== '') return this.open('');
      return this.#fail(reason);
    }
  }

  #got(stream: MediaStream): MicrophoneResult {
    this.#enter('granted');
    return { ok: true, stream };
  }

  #fail(reason: MicrophoneFailure): MicrophoneResult {
    this.#enter(reason);
    return { ok: false, reason };
  }

  #enter(state: MicrophoneState): void {
    if (this.#state === state) return;
    this.#state = state;
    this.#changed(state);
  }
}

export function letGo(stream: MediaStream | null): void {
  for (const track of stream?.getTracks() ?? []) track.stop();
}

function constraintsFor(deviceId: string): MediaStreamConstraints {
  const device = deviceId === '' ? {} : { deviceId: { exact: deviceId } };
  return { audio: { echoCancellation: true, noiseSuppression: true, autoGainControl: true, ...device }, video: false };
}

function nameOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'name' in error ? String(error.name) : '';
}
