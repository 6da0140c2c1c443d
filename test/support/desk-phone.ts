import { randomUUID } from 'node:crypto';
import type { PbxInstance } from '../../cti-gateway/launch/pbx';
import { eventually } from './eventually';
import { digestFor, writeSip, type SipText } from './sip-message';
import { SipDialog } from './sip-dialog';
import { SipSocket } from './sip-socket';

/** Where the agents' simulated desk phones are. */
export const DESK_HOST = '127.0.0.3';

type Pbx = Pick<PbxInstance, 'sip' | 'agents' | 'rx'>;

/**
 * A desk phone with several lines: registers, is called, calls, and does what people do at it. It sends no audio. For one call that is
 * answered or not, SIPp does.
 */
export class DeskPhone {
  readonly calls: SipDialog[] = [];
  private socket!: SipSocket;

  private constructor(
    private readonly pbx: Pbx,
    readonly extension: string,
  ) {}

  /** Registers at an address nobody had before; Asterisk takes it for free to ring. */
  static async plugIn(pbx: Pbx, extension: string, host = DESK_HOST): Promise<DeskPhone> {
    const phone = new DeskPhone(pbx, extension);
    phone.socket = await SipSocket.open(host, pbx.sip, (request) => phone.asked(request));
    await phone.register();
    await eventually(`${extension} is free`, async () => (await pbx.rx(`pjsip show endpoint ${extension}`)).includes('Not in use'));
    return phone;
  }

  get port(): number {
    return this.socket.port;
  }

  /** The call that rings here, the first after `skip` others; it rings on. */
  ringing(skip = 0, timeoutMs = 15_000): Promise<SipDialog> {
    return eventually(`${this.extension} rings`, () => this.calls.filter((call) => !call.placed)[skip], timeoutMs);
  }

  /** Dials; the call, answered. */
  async dial(number: string): Promise<SipDialog> {
    const call = SipDialog.placed(this.line(), number);
    this.calls.push(call);
    await call.invite();
    return call;
  }

  unplug(): void {
    this.socket.close();
  }

  private line() {
    const password = this.pbx.agents.find((agent) => agent.extension === this.extension)?.password ?? '';
    // A REGISTER with a branch that was used before is answered as it was then, and nobody is registered (RFC 3261 §17.2.3).
    const id = `${this.extension}-${randomUUID()}`;
    return { socket: this.socket, registrar: this.pbx.sip, account: { user: this.extension, password }, id };
  }

  private async register(): Promise<void> {
    const { account, registrar, id } = this.line();
    const uri = `sip:${registrar.host}:${registrar.port}`;
    const request = (cseq: number, authorization: readonly (readonly [string, string])[]): string => {
      const name = `<sip:${this.extension}@${registrar.host}>`;
      const contact = `<sip:${this.extension}@${this.socket.host}:${this.port}>`;
      const via = `SIP/2.0/UDP ${this.socket.host}:${this.port};rport;branch=z9hG4bK-${id}-${cseq}`;
      const headers = [
        ['Via', via],
        ['From', `${name};tag=${id}`],
        ['To', name],
        ['Call-ID', id],
        ['CSeq', `${cseq} REGISTER`],
      ] as const;
      return writeSip(`REGISTER ${uri} SIP/2.0`, [
        ...headers,
        ['Contact', contact],
        ['Expires', '600'],
        ['Max-Forwards', '70'],
        ...authorization,
      ]);
    };
    const challenge = await this.socket.ask(request(1, []));
    const reply = await this.socket.ask(request(2, [['Authorization', digestFor(challenge, account, 'REGISTER', uri)]]));
    if (reply.status !== 200) throw new Error(`REGISTER of ${this.extension}: ${reply.first}`);
  }

  private asked(request: SipText): void {
    const known = this.calls.find((call) => call.callId === request.header('Call-ID'));
    if (known !== undefined) return known.asked(request);
    if (request.method === 'INVITE') this.calls.push(SipDialog.called(this.line(), request));
  }
}

/**
 * Gives a desk phone an address nobody had before, as a person plugs in another telephone; SIPp then listens there. A port that was used
 * goes on getting what was meant for the telephone before: Asterisk sends the INVITE to one that has gone for 32 s, and a SIPp that waits
 * there for the next call takes it for that call.
 *
 * @returns the port. Asterisk takes the telephone for free to ring.
 */
export async function registerDeskPhone(pbx: Pbx, extension: string, host = DESK_HOST): Promise<number> {
  const phone = await DeskPhone.plugIn(pbx, extension, host);
  const { port } = phone;
  phone.unplug();
  return port;
}
