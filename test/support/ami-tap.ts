import net from 'node:net';
import { eventually } from './eventually';

/** Headers of one AMI message; a header that comes more than once has its values joined by a line feed. */
export type AmiHeaders = Readonly<Record<string, string>>;

interface AmiAddress {
  readonly host: string;
  readonly port: number;
}

interface AmiAccount {
  readonly user: string;
  readonly secret: string;
}

/** A bare AMI session for tests of Asterisk itself: keeps every event, sends actions, knows nothing else. */
export class AmiTap {
  private readonly replies = new Map<string, AmiHeaders>();
  private rest = '';
  private lastId = 0;

  /** The session that hears events, where the account of the actions may not. */
  private listener: AmiTap | null = null;

  private constructor(private readonly socket: net.Socket, readonly events: AmiHeaders[] = []) {
    socket.setEncoding('utf8').on('data', (chunk: string) => this.read(chunk));
    socket.on('error', () => undefined);
  }

  /** With the account of the feed beside that of the actions, its session is the one that hears. */
  static async connect(address: AmiAddress, account: AmiAccount & { readonly feed?: AmiAccount }): Promise<AmiTap> {
    const tap = new AmiTap(net.connect(address.port, address.host));
    await tap.login(account);
    if (account.feed === undefined) return tap;
    tap.listener = new AmiTap(net.connect(address.port, address.host), tap.events);
    await tap.listener.login(account.feed);
    return tap;
  }

  private async login({ user, secret }: AmiAccount): Promise<void> {
    const reply = await this.action('Login', { Username: user, Secret: secret });
    if (reply.Response !== 'Success') throw new Error(`AMI: ${reply.Message}`);
  }

  async action(name: string, headers: Readonly<Record<string, string>> = {}): Promise<AmiHeaders> {
    const id = `tap-${(this.lastId += 1)}`;
    const lines = Object.entries({ Action: name, ActionID: id, ...headers }).map(([key, value]) => `${key}: ${value}\r\n`);
    this.socket.write(`${lines.join('')}\r\n`);
    return eventually(`a reply to ${name}`, () => this.replies.get(id));
  }

  /** The first event that fits, now or later. */
  event(name: string, fits: (headers: AmiHeaders) => boolean = () => true, timeoutMs?: number): Promise<AmiHeaders> {
    return eventually(`event ${name}`, () => this.events.find((headers) => headers.Event === name && fits(headers)), timeoutMs);
  }

  close(): void {
    this.listener?.close();
    this.socket.destroy();
  }

  private read(chunk: string): void {
    const messages = (this.rest + chunk).split('\r\n\r\n');
    this.rest = messages.pop() ?? '';
    for (const text of messages) {
      const headers = parse(text);
      if (headers.Event !== undefined) this.events.push(headers);
      else if (headers.ActionID !== undefined) this.replies.set(headers.ActionID, headers);
    }
  }
}

function parse(text: string): AmiHeaders {
  const headers: Record<string, string> = {};
  for (const line of text.split('\r\n')) {
    const at = line.indexOf(':');
    if (at < 1) continue;
    const key = line.slice(0, at);
    const value = line.slice(at + 1).trim();
    headers[key] = key in headers ? `${headers[key]}\n${value}` : value;
  }
  return headers;
}

/** A variable of the dialplan that an event carries. */
export function channelVariable(event: AmiHeaders, name: string): string | undefined {
  return (event.ChanVariable ?? '')
    .split('\n')
    .find((entry) => entry.startsWith(`${name}=`))
    ?.slice(name.length + 1);
}
