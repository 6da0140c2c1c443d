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
  private readonly pending = new Map<string, (error: Error) => void>();
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
      await connection.within('connect', connection.connected());
      await connection.within('login', connection.loggedIn());
      // The package writes `Event: off` into its login, where Asterisk reads `Events`.
      await connection.send('Events', { EventMask: 'off' });
      return connection;
    } catch (error) {
      connection.close();
      throw error;
    }
  }

  /** How many actions wait for their answer. */
  get outstanding(): number {
    return this.pending.size;
  }

  /**
   * Sends one action and resolves with Asterisk's answer, whatever it says.
   *
   * @throws PbxError `invalid_value` (nothing was sent), `timeout` (it may have been done), `unavailable` (likewise).
   */
  async send(action: string, fields: AmiFields = {}): Promise<AmiReply> {
    const actionId = `${this.prefix}${++this.actions}`;
    const checked = checkedFields({ action, ...fields, actionid: actionId });
    if (this.over !== null) throw new PbxError('unavailable', this.over.message);
    const answer = new Promise<AmiReply>((resolve, reject) => {
      this.pending.set(actionId, reject);
      this.manager.action(checked, (refused, item) => resolve(replyOf(item ?? refused ?? {})));
    });
    try {
      return await this.within(action, answer);
    } finally {
      this.pending.delete(actionId);
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
    for (const reject of this.pending.values()) reject(new PbxError('unavailable', why.message));
    this.pending.clear();
    this.markClosed(why);
  }

  private connected(): Promise<void> {
    const { host, port } = this.options.account;
    return new Promise((resolve) => {
      this.manager.connect({ host, port, signal: this.abort.signal }, undefined, resolve);
    });
  }

  private loggedIn(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.manager.login((refused) => (refused === undefined ? resolve() : reject(loginError(replyOf(refused).message))));
    });
  }

  private within<T>(what: string, promise: Promise<T>): Promise<T> {
    const { clock, timeoutMs } = this.options;
    const late = (): Error => new PbxError('timeout', `${what}: no answer within ${timeoutMs} ms`);
    const ended = this.closed.then((why) => Promise.reject(new PbxError('unavailable', why.message)));
    return withDeadline(clock, timeoutMs, Promise.race([promise, ended]), late);
  }
}
