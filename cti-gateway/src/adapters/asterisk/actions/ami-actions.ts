import { PbxError, type LinkState } from '../../../ports/pbx';
import { AmiConnection } from './ami-connection';
import { failureOf, type AmiReply } from './ami-reply';
import type { AmiAccount } from '../link/ami-account';
import { checkedFields, type AmiFields } from '../link/ami-values';
import { heartbeat } from '../link/deadline';
import { linkOf, type ConnectionOptions } from '../link/connection-options';
import type { LinkLoop, ReportState } from '../link/link-loop';

export type AmiActionsOptions = ConnectionOptions<AmiAccount>;

/**
 * The session for actions. Nothing is queued: without a connection an action fails at once, so that nobody is called
 * minutes later.
 */
export class AmiActions {
  private readonly loop: LinkLoop;
  private readonly timeoutMs: number;
  private connection: AmiConnection | null = null;

  constructor(private readonly options: AmiActionsOptions) {
    ({ loop: this.loop, timeoutMs: this.timeoutMs } = linkOf('ami actions', options, (signal, report) => this.attempt(signal, report)));
  }

  get state(): LinkState {
    return this.loop.state;
  }

  start(): void {
    this.loop.start();
  }

  close(): Promise<void> {
    return this.loop.close();
  }

  /**
   * Does one action.
   *
   * @throws PbxError `invalid_value` before anything is sent; `unavailable` without a connection; `timeout`; else by
   *   Asterisk's words: `not_found`, `duplicate`, `refused`.
   */
  async perform(action: string, fields: AmiFields): Promise<AmiReply> {
    checkedFields(fields);
    if (this.connection === null) throw new PbxError('unavailable', `${action}: no connection to Asterisk`);
    const reply = await this.connection.send(action, fields);
    if (!reply.success) throw failureOf(action, reply);
    return reply;
  }

  private async attempt(signal: AbortSignal, report: ReportState): Promise<void> {
    const connection = await AmiConnection.open({
      account: this.options.account,
      clock: this.options.clock,
      timeoutMs: this.timeoutMs,
      signal,
    });
    const stopHeartbeat = heartbeat({
      clock: this.options.clock,
      everyMs: this.options.heartbeatMs ?? 10_000,
      timeoutMs: this.timeoutMs,
      ask: () => connection.send('Ping'),
      onDead: (error) => connection.fail(error),
    });
    this.connection = connection;
    report('up');
    try {
      throw await connection.closed;
    } finally {
      stopHeartbeat();
      this.connection = null;
    }
  }
}
