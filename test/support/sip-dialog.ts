import { eventually } from './eventually';
import { digestFor, readSip, writeSip, type Account, type SipText } from './sip-message';
import type { SipSocket } from './sip-socket';

export interface SipLine {
  readonly socket: SipSocket;
  readonly registrar: { readonly host: string; readonly port: number };
  readonly account: Account;
  /** Unique: Call-ID and tag. */
  readonly id: string;
}

type Headers = readonly (readonly [string, string])[];

/** One call at a telephone (RFC 3261 §12), with what is done to it: answered, held, passed on by REFER (RFC 3515, Replaces: RFC 3891). */
export class SipDialog {
  /** SIP status of each NOTIFY about a REFER, in order. */
  readonly notified: number[] = [];
  ended = false;
  up = false;
  private cseq = 0;
  private remote = '';
  private target = '';
  private route: readonly string[] = [];

  private constructor(
    private readonly line: SipLine,
    readonly placed: boolean,
    readonly callId: string,
    /** The header field of this side, with its tag. */
    private readonly local: string,
    private readonly invited: SipText | null,
  ) {}

  static placed(line: SipLine, number: string): SipDialog {
    const { host, port } = line.registrar;
    const dialog = new SipDialog(line, true, line.id, `<sip:${line.account.user}@${host}>;tag=${line.id}`, null);
    dialog.target = `sip:${number}@${host}:${port}`;
    dialog.remote = `<${dialog.target}>`;
    return dialog;
  }

  static called(line: SipLine, invite: SipText): SipDialog {
    const dialog = new SipDialog(line, false, invite.header('Call-ID'), `${invite.header('To')};tag=${line.id}`, invite);
    dialog.remote = invite.header('From');
    dialog.target = uriIn(invite.header('Contact'));
    dialog.route = invite.all('Record-Route');
    dialog.reply(invite, 180, 'Ringing');
    return dialog;
  }

  /** INVITE, with password; resolves when answered. */
  async invite(): Promise<void> {
    const challenge = await this.ask('INVITE', [SDP_TYPE], sdp(this.line, 'sendrecv'));
    let answer = challenge;
    if (challenge.status === 401) {
      this.acknowledge(challenge);
      const authorization = digestFor(challenge, this.line.account, 'INVITE', this.target);
      answer = await this.ask('INVITE', [SDP_TYPE, ['Authorization', authorization]], sdp(this.line, 'sendrecv'));
    }
    if (answer.status === 200) {
      this.remote = answer.header('To');
      this.target = uriIn(answer.header('Contact'));
      this.up = true;
    }
    this.acknowledge(answer);
    if (answer.status !== 200) {
      this.ended = true;
      throw new Error(`INVITE: ${answer.first}`);
    }
  }

  answer(): void {
    if (this.invited === null) throw new Error('not called');
    this.reply(this.invited, 200, 'OK', [SDP_TYPE], sdp(this.line, 'sendrecv'));
    this.up = true;
  }

  decline(): void {
    if (this.invited !== null) this.reply(this.invited, 603, 'Decline');
  }

  async hold(held: boolean): Promise<void> {
    this.acknowledge(await this.ask('INVITE', [SDP_TYPE], sdp(this.line, held ? 'sendonly' : 'sendrecv')));
  }

  /** Passes the other side on to a number; the answer to the REFER itself. */
  async refer(number: string): Promise<number> {
    const { host, port } = this.line.registrar;
    return (await this.ask('REFER', [['Refer-To', `<sip:${number}@${host}:${port}>`]])).status;
  }

  /** Passes the other side on to the one talked with in `other`. */
  async referTo(other: SipDialog): Promise<number> {
    const tag = (field: string): string => /tag=([^;>\s]+)/.exec(field)?.[1] ?? '';
    const replaces = encodeURIComponent(`${other.callId};to-tag=${tag(other.remote)};from-tag=${tag(other.local)}`);
    return (await this.ask('REFER', [['Refer-To', `<${other.target}?Replaces=${replaces}>`]])).status;
  }

  /** Gives up before it is answered (§9). */
  async cancel(): Promise<void> {
    const branch = `z9hG4bK-${this.line.id}-${this.cseq}-INVITE`;
    await this.line.socket.ask(this.request('CANCEL', this.cseq, [], '', { branch }));
  }

  async bye(): Promise<void> {
    this.ended = true;
    await this.ask('BYE', []);
  }

  /** Until the other side has hung up. */
  async over(timeoutMs = 20_000): Promise<void> {
    await eventually('the call is over', () => this.ended, timeoutMs);
  }

  asked(request: SipText): void {
    switch (request.method) {
      case 'ACK':
        return;
      case 'NOTIFY':
        this.reply(request, 200, 'OK');
        return this.told(readSip(request.body).status);
      case 'CANCEL':
        this.reply(request, 200, 'OK');
        if (this.invited !== null && !this.up) this.reply(this.invited, 487, 'Request Terminated');
        this.ended = true;
        return;
      case 'BYE':
        this.ended = true;
        return this.reply(request, 200, 'OK');
      case 'INVITE':
        return this.reply(request, 200, 'OK', [SDP_TYPE], sdp(this.line, 'sendrecv'));
      default:
        return this.reply(request, 200, 'OK');
    }
  }

  /** Whoever has passed the other side on is told how that goes, and hangs up when it is done. */
  private told(status: number): void {
    this.notified.push(status);
    if (status >= 200 && status < 300 && !this.ended) void this.bye().catch(() => undefined);
  }

  private ask(method: string, headers: Headers, body = ''): Promise<SipText> {
    this.cseq += 1;
    return this.line.socket.ask(this.request(method, this.cseq, headers, body));
  }

  /** ACK of a refusal is of the same transaction, that of a success one of its own. */
  private acknowledge(answer: SipText): void {
    const branch = answer.status === 200 ? undefined : /branch=([^;,\s]+)/.exec(answer.header('Via'))?.[1];
    this.line.socket.send(this.request('ACK', Number(answer.header('CSeq').split(' ')[0]), [], '', { branch, to: answer.header('To') }));
  }

  private request(
    method: string,
    cseq: number,
    headers: Headers,
    body = '',
    own: { branch?: string | undefined; to?: string } = {},
  ): string {
    const { socket, account } = this.line;
    const branch = own.branch ?? `z9hG4bK-${this.line.id}-${cseq}-${method}`;
    return writeSip(
      `${method} ${this.target} SIP/2.0`,
      [
        ['Via', `SIP/2.0/UDP ${socket.host}:${socket.port};rport;branch=${branch}`],
        ...this.route.map((route) => ['Route', route] as const),
        ['From', this.local],
        ['To', own.to ?? this.remote],
        ['Call-ID', this.callId],
        ['CSeq', `${cseq} ${method}`],
        ['Contact', `<sip:${account.user}@${socket.host}:${socket.port}>`],
        ['Max-Forwards', '70'],
        ...headers,
      ],
      body,
    );
  }

  private reply(request: SipText, status: number, words: string, headers: Headers = [], body = ''): void {
    const { socket, account } = this.line;
    const to = request.header('To').includes(';tag=') ? request.header('To') : this.local;
    const copied = [
      ...request.all('Via').map((via) => ['Via', via] as const),
      ...request.all('Record-Route').map((route) => ['Record-Route', route] as const),
    ];
    const own: Headers = [
      ['From', request.header('From')],
      ['To', to],
      ['Call-ID', this.callId],
      ['CSeq', request.header('CSeq')],
    ];
    const contact = ['Contact', `<sip:${account.user}@${socket.host}:${socket.port}>`] as const;
    socket.answer(request, writeSip(`SIP/2.0 ${status} ${words}`, [...copied, ...own, contact, ...headers], body));
  }
}

const SDP_TYPE = ['Content-Type', 'application/sdp'] as const;

/** A-law to a port where nobody listens: it sends no audio and does not want any. */
function sdp({ socket }: SipLine, direction: 'sendrecv' | 'sendonly'): string {
  const lines = ['v=0', `o=desk 1 ${Date.now()} IN IP4 ${socket.host}`, 's=-', `c=IN IP4 ${socket.host}`, 't=0 0', 'm=audio 9 RTP/AVP 8'];
  return [...lines, 'a=rtpmap:8 PCMA/8000', `a=${direction}`, ''].join('\r\n');
}

function uriIn(header: string): string {
  return /<([^>]+)>/.exec(header)?.[1] ?? header.split(';')[0] ?? '';
}
