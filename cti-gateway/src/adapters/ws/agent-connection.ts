import type { RawData, WebSocket } from 'ws';
import { z } from 'zod';
import {
  CloseCode,
  CommandEnvelope,
  COMMAND_TYPES,
  commandSchemas,
  PROTOCOL_VERSION,
  type CommandType,
  type ErrorCode,
  type Snapshot,
} from '../../../protocol';
import type { Agent } from '../../app/agent';
import type { CommandHandlers } from '../../app/command-handlers';
import type { Clock } from '../../ports/clock';
import type { Log } from '../../ports/log';
import type { Telemetry } from '../../ports/telemetry';
import { AgentSocket } from './agent-socket';
import { runCommand, type CheckedCommand } from './command-runner';
import { encodeError, encodeOk, type ReplyError } from './frame-encoder';
import type { SessionLimits } from './limits';
import type { SessionHub } from './session-hub';
import type { SessionStream } from './session-stream';
import type { TicketVerifier } from './ticket-verifier';

export interface ConnectionContext {
  readonly hub: SessionHub;
  readonly tickets: TicketVerifier;
  readonly commands: CommandHandlers;
  readonly snapshotFor: (agent: Agent) => Snapshot;
  readonly limits: SessionLimits;
  readonly clock: Clock;
  readonly log: Log;
  readonly telemetry: Telemetry;
}

type State =
  | { readonly name: 'awaiting_hello'; readonly cancelTimeout: () => void }
  | { readonly name: 'live'; readonly stream: SessionStream }
  | { readonly name: 'closed' };

/** Enough of a frame to answer it, even when the rest is not ours. */
const Addressed = z.object({ v: z.unknown(), id: CommandEnvelope.shape.id, type: z.string().max(64), data: z.unknown() });

/**
 * One connection from its opening to its end.
 *
 *     awaiting_hello ──hello with a good ticket──▶ live ──▶ closed
 *          └── anything else, or nothing for 5 s ──────────────┘
 */
export class AgentConnection {
  private state: State;
  private outstanding = 0;
  readonly socket: AgentSocket;

  constructor(
    ws: WebSocket,
    private readonly context: ConnectionContext,
  ) {
    const { clock, limits, telemetry } = context;
    this.socket = new AgentSocket(ws, clock, limits, (reason) => telemetry.sessionClosed(reason));
    const cancelTimeout = clock.schedule(limits.helloTimeoutMs, () => this.end(CloseCode.helloTimeout, 'hello_timeout'));
    this.state = { name: 'awaiting_hello', cancelTimeout };
    ws.on('message', (data, isBinary) => this.received(data, isBinary));
    ws.on('close', () => this.closed());
    // A frame beyond the hard limit, broken UTF-8, a reset: `close` follows.
    ws.on('error', (err) => context.log.debug({ err }, 'websocket error'));
  }

  /** Closes and stops listening; may be called twice. */
  end(code: number, reason: string): void {
    this.leaveHello();
    this.socket.close(code, reason);
  }

  private closed(): void {
    this.leaveHello();
    this.socket.closed();
    if (this.state.name === 'live') {
      this.context.hub.detach(this.state.stream, this.socket);
      const { userId, extension } = this.state.stream.agent;
      this.context.log.info({ userId, extension, tab: this.state.stream.tab }, 'session closed');
    }
    this.state = { name: 'closed' };
  }

  private received(data: RawData, isBinary: boolean): void {
    if (!this.socket.open) return;
    this.socket.heard();
    const bytes = Buffer.isBuffer(data) ? data : Buffer.alloc(0);
    if (bytes.length > this.context.limits.maxFrameBytes) {
      return this.fatal('protocol.too_large', CloseCode.tooLarge, `At most ${this.context.limits.maxFrameBytes} bytes`);
    }
    const frame = isBinary ? null : parse(bytes);
    if (frame === null) return this.fatal('protocol.malformed', CloseCode.malformed, 'Not a command frame');
    if (frame.v !== PROTOCOL_VERSION)
      return this.fatal('protocol.version', CloseCode.version, `This gateway speaks version ${PROTOCOL_VERSION}`, frame.id);
    if (!this.socket.takeToken()) return this.refuse(frame.id, { code: 'protocol.too_many', message: 'Too many frames', retryable: true });
    if (this.state.name === 'awaiting_hello') return this.greet(frame);
    if (this.state.name === 'live') this.command(this.state.stream, frame);
  }

  private greet(frame: z.infer<typeof Addressed>): void {
    const hello = frame.type === 'hello' ? commandSchemas.hello.safeParse(frame.data) : null;
    if (hello === null) return this.fatal('protocol.hello_expected', CloseCode.malformed, 'The first frame is hello', frame.id);
    if (!hello.success) return this.fatal('protocol.malformed', CloseCode.malformed, where(hello.error), frame.id);
    if (hello.data.protocol !== PROTOCOL_VERSION) {
      return this.fatal('protocol.version', CloseCode.version, `This gateway speaks version ${PROTOCOL_VERSION}`, frame.id);
    }
    const { hub, tickets, log } = this.context;
    const verdict = tickets.redeem(hello.data.ticket);
    if (!verdict.ok) return this.fatal(verdict.code, CloseCode.ticket, 'Ask for a new ticket', frame.id);
    const stream = hub.attach(verdict.agent, hello.data.tab, this.socket);
    if (stream === null)
      return this.fatal('session.too_many', CloseCode.tooMany, `At most ${this.context.limits.maxSessionsPerUser} windows`, frame.id);
    this.leaveHello();
    this.state = { name: 'live', stream };
    this.start(stream, frame.id, hello.data.resume);
    const { userId, extension, role } = verdict.agent;
    log.info({ userId, extension, role, tab: stream.tab }, 'session started');
  }

  /** What was missed, when it is still there; else everything. The reply comes first, then frames in order of `seq`. */
  private start(stream: SessionStream, id: string, resume: { epoch: string; seq: number } | undefined): void {
    const { hub, snapshotFor } = this.context;
    const missed = resume !== undefined && resume.epoch === hub.epoch ? stream.missedSince(resume.seq) : null;
    this.socket.send(encodeOk(id, { epoch: hub.epoch, resumed: missed !== null }));
    if (missed === null) return hub.sendTo(stream, 'session.started', snapshotFor(stream.agent));
    stream.resend(missed);
    hub.sendTo(stream, 'session.resumed', { missed: missed.length });
  }

  private command(stream: SessionStream, frame: z.infer<typeof Addressed>): void {
    const { hub, snapshotFor, clock } = this.context;
    if (!isCommand(frame.type))
      return this.refuse(frame.id, { code: 'protocol.unknown_type', message: 'Unknown command', retryable: false });
    if (frame.type === 'hello') return this.refuse(frame.id, { code: 'protocol.malformed', message: 'Already greeted', retryable: false });
    const data = commandSchemas[frame.type].safeParse(frame.data ?? {});
    if (!data.success) {
      const field = data.error.issues[0]?.path.join('.');
      return this.refuse(frame.id, {
        code: 'protocol.malformed',
        message: where(data.error),
        retryable: false,
        ...(field !== undefined && field !== '' && { field }),
      });
    }
    if (frame.type === 'session.ping') return void this.socket.send(encodeOk(frame.id, { at: new Date(clock.nowMs()).toISOString() }));
    if (frame.type === 'session.snapshot') {
      this.socket.send(encodeOk(frame.id, undefined));
      return hub.sendTo(stream, 'session.started', snapshotFor(stream.agent));
    }
    void this.carryOut(stream, { id: frame.id, type: frame.type, data: data.data });
  }

  private async carryOut(stream: SessionStream, command: CheckedCommand): Promise<void> {
    const { hub, clock, limits } = this.context;
    if (this.outstanding >= limits.maxOutstanding) {
      return this.refuse(command.id, { code: 'protocol.too_many', message: 'Too many commands at once', retryable: true });
    }
    this.outstanding += 1;
    try {
      const reply = hub.ledgerOf(stream.agent.userId).once(command, clock.nowMs(), () => runCommand(this.context, stream.agent, command));
      if (reply === null)
        return this.refuse(command.id, {
          code: 'protocol.malformed',
          message: 'This id was another command',
          retryable: false,
          field: 'id',
        });
      this.reply(await reply);
    } finally {
      this.outstanding -= 1;
    }
  }

  private reply(frame: Buffer): void {
    if (!this.socket.send(frame)) this.socket.close(CloseCode.slowConsumer, 'slow_consumer');
  }

  private refuse(id: string, error: ReplyError): void {
    this.context.telemetry.commandDone('refused', error.code);
    this.reply(encodeError(id, error));
  }

  private fatal(code: ErrorCode, closeCode: number, message: string, id: string | null = null): void {
    this.reply(encodeError(id, { code, message, retryable: code === 'session.too_many' }));
    this.context.log.info({ code }, 'session refused');
    this.end(closeCode, code);
  }

  private leaveHello(): void {
    if (this.state.name === 'awaiting_hello') this.state.cancelTimeout();
  }
}

function parse(bytes: Buffer): z.infer<typeof Addressed> | null {
  try {
    const result = Addressed.safeParse(JSON.parse(bytes.toString('utf8')));
    return result.success ? result.data : null;
  } catch {
    return null;
  }
}

function isCommand(type: string): type is CommandType {
  return (COMMAND_TYPES as readonly string[]).includes(type);
}

function where(error: z.ZodError): string {
  return error.issues.map((issue) => `${issue.path.join('.') || 'data'}: ${issue.code}`).join('; ');
}
