import type { PanelClock } from '../transport/clock';
import type { Registration, RegistrationFailure } from './phone-types';
import type { SipUa } from './sip-ua';

/** JsSIP tries the socket again by itself, a refused REGISTER it does not. */
const REGISTER_AGAIN_MS = { rejected: 30_000, other: 5_000 };
/** One lost socket is a hiccup, the second in a row is worth saying. */
const HICCUPS = 1;

/** Follows what the telephone system says about this telephone. */
export class RegistrationWatch {
  readonly #clock: PanelClock;
  readonly #changed: () => void;
  #state: Registration = { state: 'disconnected' };
  #lostInARow = 0;
  #cancelRetry: () => void = () => {};

  constructor(clock: PanelClock, changed: () => void) {
    this.#clock = clock;
    this.#changed = changed;
  }

  get state(): Registration {
    return this.#state;
  }

  connecting(): void {
    this.#enter({ state: 'connecting' });
  }

  watch(ua: SipUa): void {
    ua.on('registered', () => {
      this.#lostInARow = 0;
      this.#enter({ state: 'registered' });
    });
    ua.on('disconnected', () => {
      this.#lostInARow += 1;
      this.#enter(this.#lostInARow > HICCUPS ? { state: 'failed', reason: 'unreachable' } : { state: 'connecting' });
    });
    ua.on('registrationFailed', ({ response, cause }) => {
      // the lost socket has said it already
      if (cause === 'Connection Error') return;
      const reason = reasonOf(response?.status_code ?? null, cause);
      this.#enter({ state: 'failed', reason });
      this.#cancelRetry();
      this.#cancelRetry = this.#clock.schedule(reason === 'rejected' ? REGISTER_AGAIN_MS.rejected : REGISTER_AGAIN_MS.other, () => {
        if (ua.isConnected()) ua.register();
      });
    });
  }

  stop(): void {
    this.#cancelRetry();
    this.#lostInARow = 0;
    this.#enter({ state: 'disconnected' });
  }

  #enter(next: Registration): void {
    this.#state = next;
    this.#changed();
  }
}

function reasonOf(status: number | null, cause: string | undefined): RegistrationFailure {
  if (status === 401 || status === 403 || status === 404 || cause === 'Authentication Error') return 'rejected';
  return cause === 'Request Timeout' ? 'timeout' : 'unavailable';
}
