import ari, { type Client } from 'ari-client';
import type { Logger } from 'pino';
import type { Clock } from '../../../ports/clock';
import { heartbeat, withDeadline } from '../link/deadline';
import { guardFrames, guardSwagger, retire, type AriFrameStats } from './ari-guards';
import { probeAri, type AriAccount } from './ari-probe';
import { LinkRefusedError, type ReportState } from '../link/link-loop';

export interface AriSessionOptions {
  readonly account: AriAccount;
  /** Stasis application. Being registered for it is what keeps the events socket; calls do not enter it. */
  readonly app: string;
  readonly clock: Clock;
  readonly log: Logger;
  readonly timeoutMs: number;
  readonly heartbeatMs: number;
  readonly stats: AriFrameStats;
  readonly report: ReportState;
  /** Every event the server's description knows. */
  readonly onEvent: (type: string) => void;
}

/**
 * One `ari-client`, from its making until it gives up. It reconnects its events socket by itself for about 40 s
 * (`connecting`); after that only a new client helps, and this session is over. REST works all the while.
 */
export class AriSession {
  private over = false;
  private stopHeartbeat: () => void = () => undefined;
  private markClosed!: (why: Error) => void;
  readonly closed = new Promise<Error>((resolve) => {
    this.markClosed = resolve;
  });

  private constructor(
    readonly client: Client,
    private readonly options: AriSessionOptions,
  ) {
    client.on('WebSocketConnected', () => this.connected());
    client.on('WebSocketReconnecting', () => this.reconnecting());
    client.on('WebSocketMaxRetries', () => this.fail(new Error('events socket: gave up reconnecting')));
    client.on('ApplicationReplaced', () => this.fail(replaced(options.app)));
    client.on('*', (event: { type: string }) => options.onEvent(event.type));
  }

  static async open(options: AriSessionOptions, signal: AbortSignal): Promise<AriSession> {
    const { account, app, clock, timeoutMs } = options;
    const within = <T>(what: string, promise: PromiseLike<T>): Promise<T> =>
      withDeadline(clock, timeoutMs, abortable(promise, signal), () => new Error(`${what}: no answer within ${timeoutMs} ms`));
    const probe = new AbortController();
    try {
      await within('ARI', probeAri(account, probe.signal));
    } finally {
      probe.abort();
    }
    guardSwagger();
    const client = await within('ARI description', ari.connect(account.url, account.username, account.password));
    const session = new AriSession(client, options);
    try {
      await within('events socket', client.start(app));
      return session;
    } catch (error) {
      session.close();
      throw error;
    }
  }

  close(): void {
    this.fail(new Error('closed'));
  }

  private fail(why: Error): void {
    if (this.over) return;
    this.over = true;
    this.stopHeartbeat();
    retire(this.client);
    this.markClosed(why);
  }

  /** A new socket, before its first frame. */
  private connected(): void {
    const { client, options } = this;
    guardFrames(client, options.stats, (error) => options.log.error({ link: 'ari', err: error }, 'event listener failed'));
    this.stopHeartbeat();
    this.stopHeartbeat = heartbeat({
      clock: options.clock,
      everyMs: options.heartbeatMs,
      timeoutMs: options.timeoutMs,
      ask: () => this.pong(),
      // The client sees the socket close and reconnects.
      onDead: () => client._ws?.terminate(),
    });
    options.report('up');
  }

  private reconnecting(): void {
    this.stopHeartbeat();
    this.options.report('connecting');
  }

  private pong(): Promise<void> {
    const { client } = this;
    client.removeAllListeners('pong');
    return new Promise((resolve) => {
      client.once('pong', () => resolve());
      client.ping();
    });
  }
}

function replaced(app: string): LinkRefusedError {
  return new LinkRefusedError(`another program has taken the application ${app}`, 'end the other gateway on this Asterisk');
}

function abortable<T>(promise: PromiseLike<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const aborted = (): void => reject(new Error('closed'));
    if (signal.aborted) aborted();
    signal.addEventListener('abort', aborted, { once: true });
    promise.then(
      (value) => {
        signal.removeEventListener('abort', aborted);
        resolve(value);
      },
      (error: unknown) => {
        signal.removeEventListener('abort', aborted);
        reject(error instanceof Error ? error : new Error(String(error)));
      },
    );
  });
}
