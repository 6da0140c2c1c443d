import type { PanelClock } from '../transport/clock';
import type { PhoneResult } from './phone-types';
import { settledWithin } from './settled-within';
import type { SipSession } from './sip-ua';

const OFFER_WITHIN_MS = 8_000;
const WRONG_STATE: PhoneResult = { ok: false, reason: 'wrong_state' };

/** JsSIP's words when it hangs up because a re-INVITE was refused (RTCSession.js: `hold`, `unhold`, `renegotiate`). */
const REFUSED = /^(Hold|Unhold|Media Renegotiation) Failed$/;

/**
 * Re-INVITEs of one session, one at a time, none of which may cost the call: JsSIP hangs up when one is refused, and a customer
 * must not be lost because holding did not work. That one terminate() is swallowed; everything else goes through.
 */
export class OfferGuard {
  readonly #session: SipSession;
  readonly #clock: PanelClock;
  #refused: (() => void) | null = null;

  constructor(session: SipSession, clock: PanelClock) {
    this.#session = session;
    this.#clock = clock;
    const terminate = session.terminate.bind(session);
    session.terminate = (options) => {
      const phrase = options?.reason_phrase ?? '';
      if (REFUSED.test(phrase)) this.#putBack(phrase);
      else terminate(options);
    };
  }

  setHeld(held: boolean): Promise<PhoneResult> {
    if (this.#refused !== null) return Promise.resolve(WRONG_STATE);
    return settledWithin(this.#clock, OFFER_WITHIN_MS, (settle) => {
      this.#refused = () => settle({ ok: false, reason: 'rejected' });
      const done = (): void => settle({ ok: true });
      const sent = held ? this.#session.hold({}, done) : this.#session.unhold({}, done);
      if (!sent) settle(WRONG_STATE);
    }).finally(() => (this.#refused = null));
  }

  /** Tells the other side where this telephone is now. */
  refresh(): void {
    this.#session.renegotiate({}, () => {});
  }

  /** The session has ended: nobody will answer any more. */
  close(): void {
    this.#refused?.();
  }

  /** JsSIP has noted the new direction already. */
  #putBack(phrase: string): void {
    this.#refused?.();
    if (phrase === 'Hold Failed') this.#session.unhold({}, () => {});
    if (phrase === 'Unhold Failed') this.#session.hold({}, () => {});
  }
}
