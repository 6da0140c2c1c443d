import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { readSip, type SipText } from './sip-message';

/** Messages are sent again after this long without an answer (timer E of RFC 3261, without its growth: the way is short). */
const AGAIN_MS = 500;

/** SIP over UDP at a port nobody had before: asks again until answered, and gives the same answer to a question asked again. */
export class SipSocket {
  /** The system gives a port again that was free for a moment; Asterisk may still write to whoever had it. */
  private static readonly used = new Set<string>();
  private readonly waiting = new Map<string, (answer: SipText) => void>();
  private readonly answered = new Map<string, string>();

  private constructor(
    private readonly socket: Socket,
    readonly host: string,
    private readonly peer: { readonly host: string; readonly port: number },
    private readonly onRequest: (request: SipText) => void,
  ) {
    socket.on('message', (message: Buffer) => this.read(message.toString()));
    socket.on('error', () => undefined);
  }

  static async open(host: string, peer: { host: string; port: number }, onRequest: (request: SipText) => void): Promise<SipSocket> {
    for (;;) {
      const socket = createSocket('udp4').bind(0, host);
      await once(socket, 'listening');
      const address = `${host}:${socket.address().port}`;
      if (!SipSocket.used.has(address)) {
        SipSocket.used.add(address);
        return new SipSocket(socket, host, peer, onRequest);
      }
      socket.close();
    }
  }

  get port(): number {
    return this.socket.address().port;
  }

  /** The final answer to a request. */
  ask(request: string, timeoutMs = 20_000): Promise<SipText> {
    const sent = readSip(request);
    const key = transactionOf(sent);
    return new Promise((resolve, reject) => {
      const done = (): void => {
        clearInterval(again);
        clearTimeout(late);
        this.waiting.delete(key);
      };
      const again = setInterval(() => this.send(request), AGAIN_MS);
      const late = setTimeout(() => {
        done();
        reject(new Error(`No answer to ${sent.first}`));
      }, timeoutMs);
      this.waiting.set(key, (answer) => {
        // A provisional answer: it was heard, the final one may take its time.
        if (answer.status < 200) return clearInterval(again);
        done();
        resolve(answer);
      });
      this.send(request);
    });
  }

  answer(request: SipText, text: string): void {
    this.answered.set(transactionOf(request), text);
    this.send(text);
  }

  send(text: string): void {
    this.socket.send(text, this.peer.port, this.peer.host);
  }

  close(): void {
    this.socket.close();
  }

  private read(text: string): void {
    const message = readSip(text);
    const key = transactionOf(message);
    if (message.status > 0) return this.waiting.get(key)?.(message);
    const before = this.answered.get(key);
    if (before === undefined || message.method === 'ACK') this.onRequest(message);
    else this.send(before);
  }
}

/** Branch and method: what one request and its answers have in common. */
function transactionOf(message: SipText): string {
  const branch = /branch=([^;,\s]+)/.exec(message.header('Via'))?.[1] ?? '';
  return `${branch} ${message.header('CSeq').split(' ')[1] ?? ''}`;
}
