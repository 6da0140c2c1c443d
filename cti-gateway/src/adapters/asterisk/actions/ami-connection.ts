import createManager, { type Manager } from 'asterisk-manager';
import type { Clock } from '../../../ports/clock';
import { PbxError } from '../../../ports/pbx';
import { replyOf, type AmiReply } from './ami-reply';
import { loginError, type AmiAccount } from '../link/ami-account';
import { checkedFields, type AmiFields } from '../link/ami-values';
import { withDeadline } from '../link/deadline';

export interface AmiConnectionOptions {
  readonly account: AmiAccount;
  readonly clock: Clock;
  readonly timeoutMs: number;
  /** Ends the connection, in whatever state it is. */
  readonly signal: AbortSignal;
}

let connections = 0;

/**
 * One connection for actions through `asterisk-manager`, from connect to close, with its own instance of the package: its
 * parser keeps half a message over a reconnect, and its reconnect cannot be stopped. What the package leaves out is here:
 * the answer to the login, deadlines, a table of what is under way, the event mask, a socket that really closes.
 */
export class AmiConnection {
  private readonly manager: Manager;
  private readonly abort = new AbortController();
  /** Everything that waits for an answer, to fail with the connection. Each takes itself out: a connection may live for months. */
  private readonly waiting = new Set<(error: Error) => void>();
  private readonly prefix = `action-${++connections}-`;
  private actions = 0;
  private over: Error | null = null;
  private markClosed!: (why: Error) => void;
  readonly closed = new Promise<Error>((resolve) => {
    this.markClosed = resolve;
  });

  private constructor(private readonly options: AmiConnectionOptions) {
    const { host, username, secret } = options.account;
    this.manager = createManager(null, host, username, secret, false);
    this.manager.on('error', (error) => this.fail(error instanceof Error ? error : new Error('connection failed')));
    this.manager.on('close', () => this.fail(new Error('connection closed by Asterisk')));
    options.signal.addEventListener('abort', this.close);
    if (options.signal.aborted) this.close();
  }

  /**
   * Connects, logs in, and switches events off.
   *
   * @throws LinkRefusedError for a wrong name or password; any other error is worth another attempt.
   */
  static async open(options: AmiConnectionOptions): Promise<AmiConnection> {
    const connection = new AmiConnection(options);
    try {
      await connection.within<void>('connect', (connected) => connection.connect(connected));
      await connection.within<void>('login', (loggedIn, refused) => connection.login(loggedIn, refused));
      // The package writes `Event: off` into its login, where Asterisk reads `Events`.
      await connection.send('Events', { EventMask: 'off' });
      return connection;
    } catch (error) {
      connection.close();
      throw error;
    }
  }

  /**
   * Sends one action and resolves with Asterisk's answer, whatever it says.
   *
   * @throws PbxError `invalid_value` (nothing was sent), `timeout` (it may have been done), `unavailable` (likewise).
   */
  async send(action: string, fields: AmiFields = {}): Promise<AmiReply> {
    const actionId = `${this.prefix}${++this.actions}`;
    const checked = checkedFields({ action, ...fields, actionid: actionId });
    try {
      return await this.within<AmiReply>(action, (resolve) => {
        this.manager.action(checked, (refused, item) => resolve(replyOf(item ?? refused ?? {})));
      });
    } finally {
      this.manager.removeAllListeners(actionId);
    }
  }

  readonly close = (): void => this.fail(new Error('closed'));

  /** Ends the connection with a reason; everything under way fails with it. */
  fail(why: Error): void {
    if (this.over !== null) return;
    this.over = why;
    this.options.signal.removeEventListener('abort', this.close);
    // `disconnect` of the package does nothing to a socket that is not open yet; the signal ends it in any state.
    this.abort.abort();
    for (const reject of this.waiting) reject(new PbxError('unavailable', why.message));
    this.waiting.clear();
    this.markClosed(why);
  }

  private connect(done: () => void): void {
    const { host, port } = this.options.account;
    this.manager.connect({ host, port, signal: this.abort.signal }, undefined, done);
  }

  private login(done: () => void, failed: (error: Error) => void): void {
    this.manager.login((refused) => (refused === undefined ? done() : failed(loginError(replyOf(refused).message))));
  }

  /** What `ask` asks for, unless the deadline passes or the connection ends before. */
  private async within<T>(what: string, ask: (resolve: (value: T) => void, reject: (error: Error) => void) => void): Promise<T> {
    if (this.over !== null) throw new PbxError('unavailable', this.over.message);
    const { clock, timeoutMs } = this.options;
    let stop = (_why: Error): void => undefined;
    const answer = new Promise<T>((resolve, reject) => {
      stop = reject;
      this.waiting.add(reject);
      ask(resolve, reject);
    });
    try {
      return await withDeadline(clock, timeoutMs, answer, () => new PbxError('timeout', `${what}: no answer within ${timeoutMs} ms`));
    } finally {
      this.waiting.delete(stop);
    }
  }
}
