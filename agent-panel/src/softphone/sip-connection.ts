import type { PhoneAccount } from '../../../cti-gateway/protocol';
import type { PanelClock } from '../transport/clock';
import type { Registration } from './phone-types';
import { RegistrationWatch } from './registration';
import type { SipMessage, SipSession, SipUa, SipUaFactory } from './sip-ua';

export interface SipConnectionEvents {
  readonly changed: () => void;
  /** The socket is open, for the first time or again. */
  readonly connected: () => void;
  readonly incoming: (session: SipSession, request: SipMessage) => void;
}

/** One account's user agent: made, registered, exchanged for another account's, let go. */
export class SipConnection {
  readonly #createUa: SipUaFactory;
  readonly #events: SipConnectionEvents;
  readonly #registration: RegistrationWatch;
  #account: PhoneAccount | null = null;
  /** Account and address in use; tells a user agent that is ready too late that it is not wanted any more. */
  #key = '';
  #ua: SipUa | null = null;

  constructor(clock: PanelClock, createUa: SipUaFactory, events: SipConnectionEvents) {
    this.#createUa = createUa;
    this.#events = events;
    this.#registration = new RegistrationWatch(clock, events.changed);
  }

  get account(): PhoneAccount | null {
    return this.#account;
  }

  get ua(): SipUa | null {
    return this.#ua;
  }

  get registration(): Registration {
    return this.#registration.state;
  }

  serves(account: PhoneAccount, origin: string): boolean {
    return this.#key === keyOf(account, origin);
  }

  async start(account: PhoneAccount, origin: string): Promise<void> {
    this.stop();
    const key = (this.#key = keyOf(account, origin));
    this.#account = account;
    this.#registration.connecting();
    const ua = await this.#createUa({
      socketUrl: new URL(account.webSocketPath, origin).href,
      uri: account.sipUri,
      authorizationUser: account.authorizationUser,
      password: account.password,
    });
    if (key !== this.#key) return;
    this.#ua = ua;
    this.#registration.watch(ua);
    ua.on('newRTCSession', ({ originator, session, request }) => {
      if (originator === 'remote' && ua === this.#ua) this.#events.incoming(session, request);
    });
    ua.on('connected', () => ua === this.#ua && this.#events.connected());
    ua.start();
  }

  /** The way to the telephone system is there again: tries it now. Nothing while the socket is open, or being opened. */
  tryNow(): void {
    if (this.#ua?.isConnected() === false) this.#ua.transport?.connect();
  }

  /** Unregisters and hangs up. */
  stop(): void {
    this.#key = '';
    this.#account = null;
    const ua = this.#ua;
    this.#ua = null;
    ua?.stop();
    this.#registration.stop();
  }
}

const keyOf = (account: PhoneAccount, origin: string): string => JSON.stringify([account, origin]);
