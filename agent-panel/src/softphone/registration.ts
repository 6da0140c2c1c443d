import type { PanelClock } from '../transport/clock';
import type { Registration, RegistrationFailure } from './phone-types';
import type { SipUa } from './sip-ua';

/** JsSIP tries the socket again by itself, a refused REGISTER it does not. */
const REGISTER_AGAIN_MS = { rejected: 30_000, other: 5_000 };
/**
 * An Asterisk that starts takes sockets before it takes registrations, and lets a REGISTER of that moment fall: JsSIP would wait 32 s for
 * its answer. A new socket instead, after longer each time, for an Asterisk that is only slow.
 */
const UNANSWERED_MS = { first: 4_000, max: 30_000 };
/** One lost socket is a hiccup, the second in a row is worth saying. */
const HICCUPS = 1;

/** Follows what the telephone system says about this telephone. */
export class RegistrationWatch {
  readonly #clock: PanelClock;
  readonly #changed: () => void;
  #state: Registration = { state: 'disconnected' };
  #lostInARow = 0;
  #unanswered = 0;
  #cancelRetry: () => void = () => {};
  #cancelWait: () => void = () => {};

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
    ua.on('connected', () => this.#awaitAnswer(ua));
    ua.on('registered', () => {
      this.#cancelWait();
      this.#unanswered = 0;
      this.#lostInARow = 0;
      this.#enter({ state: 'registered' });
    });
    ua.on('disconnected', () => {
      this.#cancelWait();
      this.#lostInARow += 1;
      this.#enter(this.#lostInARow > HICCUPS ? { state: 'failed', reason: 'unreachable' } : { state: 'connecting' });
    });
    ua.on('registrationFailed', ({ response, cause }) => {
      // the lost socket has said it already
      if (cause === 'Connection Error') return;
      this.#cancelWait();
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
    this.#cancelWait();
    this.#lostInARow = 0;
    this.#enter({ state: 'disconnected' });
  }

  #awaitAnswer(ua: SipUa): void {
    this.#cancelWait();
    const waitMs = Math.min(UNANSWERED_MS.max, UNANSWERED_MS.first * 2 ** this.#unanswered);
    this.#cancelWait = this.#clock.schedule(waitMs, () => {
      this.#unanswered += 1;
      ua.transport?.disconnect();
      ua.transport?.connect();
    });
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
