import net from 'node:net';
import type { Clock } from '../../../ports/clock';
import { PbxError } from '../../../ports/pbx';
import { withDeadline } from '../link/deadline';
import { AmiReader, type AmiMessage, type DroppedMessage } from '../ami-reader';
import { checkedFields, type AmiFields } from '../link/ami-values';
import { loginError, type AmiAccount } from '../link/ami-account';

export interface AmiSessionOptions extends AmiAccount {
  readonly clock: Clock;
  readonly wantedEvents: ReadonlySet<string>;
  /** Every wanted event that is not a row of a list asked for. Called while reading: must be quick, must not throw. */
  readonly onEvent: (message: AmiMessage) => void;
  readonly onDropped: (dropped: DroppedMessage) => void;
  /** For connecting, for the answer to the login, and for every action. */
  readonly timeoutMs: number;
  /** Ends the session, in whatever state it is. */
  readonly signal?: AbortSignal;
}

interface PendingReply {
  readonly rows: AmiMessage[];
  /** Event that ends the list; null when the response is all. */
  readonly complete: string | null;
  readonly resolve: (rows: readonly AmiMessage[]) => void;
  readonly reject: (error: Error) => void;
}

let sessions = 0;

/**
 * One connection to the manager interface with events on, over our own reader; made for the feed, which only asks and
 * listens. It is read all the time: a session that does not read is cut off by Asterisk without a word.
 */
export class AmiSession {
  private readonly socket: net.Socket;
  private readonly reader: AmiReader;
  private readonly pending = new Map<string, PendingReply>();
  private readonly prefix = `feed-${++sessions}-`;
  private actions = 0;
  private over: Error | null = null;
  private markClosed!: (why: Error) => void;
  /** Settles when the connection is over, with the reason. */
  readonly closed = new Promise<Error>((resolve) => {
    this.markClosed = resolve;
  });

  private constructor(private readonly options: AmiSessionOptions) {
    this.reader = new AmiReader({
      onMessage: (message) => this.take(message),
      onDropped: options.onDropped,
      wantedEvents: options.wantedEvents,
    });
    this.socket = net.connect({ host: options.host, port: options.port, noDelay: true, keepAlive: true });
    this.socket.on('data', (chunk) => this.read(chunk));
    this.socket.on('error', (error) => this.end(error));
    this.socket.on('close', () => this.end(new Error('connection closed by Asterisk')));
    options.signal?.addEventListener('abort', this.close);
    if (options.signal?.aborted) this.close();
  }

  /**
   * Connects and logs in, with events on.
   *
   * @throws LinkRefusedError when Asterisk knows the name or password not. A refusal while it shuts down or boots is an
   *   ordinary error, worth another attempt.
   */
  static async open(options: AmiSessionOptions): Promise<AmiSession> {
    const session = new AmiSession(options);
    try {
      await session.connected();
      const reply = await session.send('Login', { Username: options.username, Secret: options.secret, Events: 'on' });
      if (reply.name !== 'Success') throw loginError(reply.get('Message') ?? reply.name);
      return session;
    } catch (error) {
      session.close();
      throw error;
    }
  }

  /** Sends one action and resolves with its response, whatever it says. */
  async send(action: string, fields: AmiFields = {}): Promise<AmiMessage> {
    const [response] = await this.ask(action, fields, null);
    if (response === undefined) throw new PbxError('unavailable', `${action}: no response`);
    return response;
  }

  /** Sends an action that answers with a list; resolves with its rows. Rejects with `refused` when Asterisk does not answer with a list. */
  async list(action: string, completeEvent: string): Promise<readonly AmiMessage[]> {
    const [response, ...rows] = await this.ask(action, {}, completeEvent);
    if (response?.name !== 'Success') throw new PbxError('refused', `${action}: ${response?.get('Message') ?? 'no response'}`);
    return rows;
  }

  readonly close = (): void => this.end(new Error('closed'));

  /** Ends the session with a reason, as if the connection had failed. */
  fail(why: Error): void {
    this.end(why);
  }

  private connected(): Promise<void> {
    const { clock, timeoutMs, host, port } = this.options;
    const connected = new Promise<void>((resolve, reject) => {
      this.socket.once('connect', resolve);
      void this.closed.then(reject);
    });
    return withDeadline(clock, timeoutMs, connected, () => new Error(`no connection to ${host}:${port} within ${timeoutMs} ms`));
  }

  private ask(action: string, fields: AmiFields, complete: string | null): Promise<readonly AmiMessage[]> {
    if (this.over !== null) return Promise.reject(this.over);
    const actionId = `${this.prefix}${++this.actions}`;
    const lines = Object.entries(checkedFields({ Action: action, ActionID: actionId, ...fields }));
    const answer = new Promise<readonly AmiMessage[]>((resolve, reject) => {
      this.pending.set(actionId, { rows: [], complete, resolve, reject });
    });
    this.socket.write(lines.map(([header, value]) => `${header}: ${value}\r\n`).join('') + '\r\n');
    const { clock, timeoutMs } = this.options;
    return withDeadline(clock, timeoutMs, answer, () => new PbxError('timeout', `${action}: no answer within ${timeoutMs} ms`)).finally(
      () => this.pending.delete(actionId),
    );
  }

  private read(chunk: Buffer): void {
    if (this.over !== null) return;
    try {
      this.reader.push(chunk);
    } catch (error) {
      this.end(error instanceof Error ? error : new Error(String(error)));
    }
  }

  private take(message: AmiMessage): void {
    if (this.over !== null) return;
    if (message.kind === 'response') return this.takeResponse(message);
    if (message.kind !== 'event') return;
    // Only while something is asked for can an event be an answer; all others cost no look at their headers.
    const pending = this.pending.size > 0 ? this.pending.get(message.get('ActionID') ?? '') : undefined;
    if (pending?.complete == null) return this.options.onEvent(message);
    if (message.name === pending.complete) pending.resolve(pending.rows);
    else pending.rows.push(message);
  }

  private takeResponse(message: AmiMessage): void {
    const pending = this.pending.get(message.get('ActionID') ?? '');
    if (pending === undefined) return;
    pending.rows.push(message);
    if (pending.complete === null || message.name !== 'Success') pending.resolve(pending.rows);
  }

  private end(why: Error): void {
    if (this.over !== null) return;
    this.over = why;
    this.options.signal?.removeEventListener('abort', this.close);
    this.socket.destroy();
    this.reader.end();
    for (const reply of this.pending.values()) reply.reject(new PbxError('unavailable', why.message));
    this.pending.clear();
    this.markClosed(why);
  }
}
