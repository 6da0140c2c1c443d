import {
  PROTOCOL_VERSION,
  commandSchemas,
  type CommandType,
  type EventFrame,
  type EventType,
  type Reply,
} from '../../../cti-gateway/protocol';
import { backoffMs } from './backoff';
import { newClientId } from './client-id';
import { browserClock, type PanelClock } from './clock';
import { verdictOfClose, verdictOfHelloError, type CloseVerdict } from './close-codes';
import {
  SignedOutError,
  type ConnectionState,
  type CtiClient,
  type CtiClientOptions,
  type CtiCounters,
  type CtiTiming,
  type DropReason,
  type EventListener,
  type SocketLike,
  type Ticket,
} from './cti-types';
import { FrameIntake } from './frame-intake';
import { Heartbeat } from './heartbeat';
import { Listeners } from './listeners';
import { browserSignals } from './network-signals';
import { PendingCommands, failed } from './pending-commands';

const DEFAULT_TIMING: CtiTiming = {
  ticketMs: 10_000,
  openMs: 8_000,
  greetingMs: 8_000,
  pingEveryMs: 15_000,
  pingDeadlineMs: 8_000,
  commandMs: 10_000,
  backoffFirstMs: 500,
  backoffMaxMs: 15_000,
  backoffAbsentMs: 800,
  ticketKeptMs: 30_000,
  wakeDeadlineMs: 1_500,
  stableMs: 10_000,
};

/** Nobody has refused us: trying costs the gateway nothing while it is away. */
const ABSENT: ReadonlySet<DropReason> = new Set<DropReason>(['unreachable', 'gateway_stopped', 'silent', 'timeout', 'ticket_unavailable']);

/** Tries that open a socket without asking by HTTP whether anybody is there: the first ones, and every eighth later. */
const UNASKED_TRIES = 3;
const UNASKED_EVERY = 8;

/**
 * The panel's end of the gateway's WebSocket.
 *
 * ```
 *            connect()          ticket, socket open          session.started | session.resumed
 *   idle ───────────► connecting ──────────────► greeting ──────────────────────► open
 *                      ▲   │ no ticket,             │ refused,                      │ closed,
 *          retry time, │   │ no socket              │ too late                      │ silent
 *          wake-up,    │   ▼                        ▼                               ▼
 *          connect()   └─ waiting ◄─────────────────┴───────────────────────────────┘
 *                             any state ── signed out, version, replaced, … ──► refused ── connect() ──► connecting
 *                             any state ── close() ──► closed
 * ```
 *
 * | state | may be sent | may arrive |
 * |---|---|---|
 * | idle, connecting, waiting, refused | nothing: commands answer `offline` at once | nothing |
 * | greeting | the hello, which is the first frame (ticket, tab, where to resume) | its reply; events sent again by a resume |
 * | open | commands, heartbeats | events, replies |
 * | closed | nothing, for ever | nothing |
 *
 * A hole in `seq`, or an event that could not be read, asks for a snapshot, which arrives as `session.started`.
 */
class GatewayClient implements CtiClient {
  readonly #options: CtiClientOptions;
  readonly #timing: CtiTiming;
  readonly #clock: PanelClock;
  readonly #tab: string;
  readonly #pending: PendingCommands;
  readonly #heartbeat: Heartbeat;
  readonly #stateListeners = new Listeners<[ConnectionState]>();
  readonly #eventListeners = new Map<EventType, Listeners<[EventFrame]>>();
  readonly #intake: FrameIntake;
  readonly #forgetSignals: () => void;
  #state: ConnectionState = { name: 'idle' };
  #reconnects = 0;
  #unmatchedReplies = 0;
  #socket: SocketLike | null = null;
  #helloId: string | null = null;
  /** What the gateway said before it closed; weighs more than the close code. */
  #verdict: CloseVerdict | null = null;
  #snapshotAsked = false;
  /** Fetched, and no gateway has seen it yet. */
  #unusedTicket: { readonly ticket: Ticket; readonly atMs: number } | null = null;
  #attempt = 0;
  /** Rises with every change of connection: answers that come for an older one are ignored. */
  #generation = 0;
  #cancelTimer: () => void = () => {};

  constructor(options: CtiClientOptions) {
    this.#options = options;
    this.#timing = { ...DEFAULT_TIMING, ...options.timing };
    this.#clock = options.clock ?? browserClock;
    this.#tab = options.tab ?? newClientId();
    this.#pending = new PendingCommands(this.#clock);
    this.#intake = new FrameIntake({
      reply: (reply) => this.#receiveReply(reply),
      event: (frame) => this.#receiveEvent(frame),
      gap: () => this.#askForSnapshot(),
      unreadableSnapshot: () => this.#end({ next: 'retry', reason: 'protocol' }),
    });
    this.#heartbeat = new Heartbeat(this.#clock, {
      everyMs: this.#timing.pingEveryMs,
      deadlineMs: this.#timing.pingDeadlineMs,
      ping: () => this.#ping(),
      silent: () => this.#end({ next: 'retry', reason: 'silent' }),
    });
    const signals = options.signals === undefined ? browserSignals() : options.signals;
    this.#forgetSignals = signals?.onWake(() => this.#wake()) ?? (() => {});
  }

  get state(): ConnectionState {
    return this.#state;
  }

  get counters(): CtiCounters {
    return { ...this.#intake.counters, reconnects: this.#reconnects, unmatchedReplies: this.#unmatchedReplies };
  }

  connect(): void {
    const { name } = this.#state;
    if (name === 'idle' || name === 'refused') this.#attempt = 0;
    if (name === 'idle' || name === 'refused' || name === 'waiting') void this.#begin();
  }

  command: CtiClient['command'] = async (type, data, options = {}) => {
    const id = options.id ?? newClientId();
    const running = this.#pending.get(id);
    if (running !== undefined) return running;
    if (this.#state.name !== 'open') return failed('offline', 'No connection to the gateway', true);
    if (!commandSchemas[type].safeParse(data).success) return failed('protocol.malformed', `Not a valid ${type}`, false);
    const reply = this.#pending.add(id, options.timeoutMs ?? this.#timing.commandMs);
    if (!this.#transmit(type, id, data)) this.#pending.settle(id, failed('offline', 'The connection is closing', true));
    return reply;
  };

  on<T extends EventType>(type: T, listener: EventListener<T>): () => void {
    const listeners = this.#eventListeners.get(type) ?? new Listeners<[EventFrame]>();
    this.#eventListeners.set(type, listeners);
    return listeners.add((frame) => {
      const typed = frame as Extract<EventFrame, { type: T }>;
      listener(typed.data as Parameters<EventListener<T>>[0], typed);
    });
  }

  onState(listener: (state: ConnectionState) => void): () => void {
    return this.#stateListeners.add(listener);
  }

  close(): void {
    if (this.#state.name === 'closed') return;
    this.#forgetSignals();
    this.#drop(1000);
    this.#enter({ name: 'closed' });
    this.#stateListeners.clear();
    this.#eventListeners.clear();
  }

  async #begin(): Promise<void> {
    const generation = this.#nextGeneration();
    this.#attempt += 1;
    this.#enter({ name: 'connecting', attempt: this.#attempt });
    this.#deadline(this.#timing.ticketMs, 'ticket_unavailable');
    try {
      const ticket = await this.#ticket();
      const answers = await this.#answers(ticket.url);
      if (generation !== this.#generation) return;
      if (answers) this.#open(ticket.url, ticket.ticket);
      else this.#end({ next: 'retry', reason: 'unreachable' });
    } catch (error) {
      if (generation !== this.#generation) return;
      this.#end(error instanceof SignedOutError ? { next: 'stop', reason: 'signed_out' } : { next: 'retry', reason: 'ticket_unavailable' });
    }
  }

  /** While the gateway is away crm-core is not asked for another with every try. */
  async #ticket(): Promise<Ticket> {
    const kept = this.#unusedTicket;
    const atMs = this.#clock.nowMs();
    if (kept !== null && atMs - kept.atMs < this.#timing.ticketKeptMs) return kept.ticket;
    const ticket = await this.#options.getTicket();
    this.#unusedTicket = { ticket, atMs };
    return ticket;
  }

  /** Asked first when the first tries were in vain; now and then a socket is tried all the same, in case only the question fails. */
  async #answers(url: string): Promise<boolean> {
    const { answers } = this.#options;
    if (answers === undefined || this.#attempt <= UNASKED_TRIES || this.#attempt % UNASKED_EVERY === 0) return true;
    return answers(url);
  }

  #open(url: string, ticket: string): void {
    this.#verdict = null;
    this.#deadline(this.#timing.openMs, 'timeout');
    const openSocket = this.#options.openSocket ?? browserSocket;
    let socket: SocketLike;
    try {
      socket = openSocket(url);
    } catch {
      this.#end({ next: 'retry', reason: 'unreachable' });
      return;
    }
    this.#socket = socket;
    socket.onopen = () => this.#greet(ticket);
    socket.onmessage = (event) => this.#receive(event.data);
    socket.onclose = (event) => this.#end(this.#verdict ?? verdictOfClose(event.code));
  }

  #greet(ticket: string): void {
    this.#unusedTicket = null;
    this.#enter({ name: 'greeting', attempt: this.#attempt });
    this.#deadline(this.#timing.greetingMs, 'timeout');
    this.#helloId = newClientId();
    const { position } = this.#intake;
    const resume = position === null ? {} : { resume: position };
    this.#transmit('hello', this.#helloId, { protocol: PROTOCOL_VERSION, ticket, tab: this.#tab, ...resume });
  }

  #receive(text: unknown): void {
    this.#heartbeat.heard();
    this.#intake.take(text);
  }

  #receiveReply(reply: Reply): void {
    const toHello = this.#state.name === 'greeting' && (reply.id === this.#helloId || reply.id === null);
    if (!reply.ok && toHello) {
      this.#verdict = verdictOfHelloError(reply.error.code);
      return this.#end(this.#verdict);
    }
    if (!this.#pending.settleReply(reply) && reply.id !== this.#helloId) this.#unmatchedReplies += 1;
  }

  #receiveEvent(frame: EventFrame): void {
    if (frame.type === 'session.replaced') this.#verdict = { next: 'stop', reason: 'replaced' };
    if (frame.type === 'session.started') this.#snapshotAsked = false;
    if (frame.type === 'session.started' || frame.type === 'session.resumed') this.#settled(frame.epoch);
    this.#eventListeners.get(frame.type)?.emit(frame);
  }

  /** Never twice at once; when none comes, a new connection without a resume brings one. */
  #askForSnapshot(): void {
    if (this.#snapshotAsked) return;
    this.#snapshotAsked = true;
    // while greeting, a hole in what a resume sends again: asked for as soon as the session is open
    if (this.#state.name === 'open') this.#requestSnapshot();
  }

  #requestSnapshot(): void {
    const generation = this.#generation;
    void this.command('session.snapshot', {}).then((result) => {
      if (result.ok || generation !== this.#generation) return;
      this.#end({ next: 'retry', reason: 'protocol' });
    });
  }

  #settled(epoch: string): void {
    if (this.#state.name === 'open') return;
    this.#cancelTimer();
    if (this.#attempt > 1) this.#reconnects += 1;
    this.#enter({ name: 'open', sinceMs: this.#clock.nowMs(), epoch });
    this.#heartbeat.start();
    if (this.#snapshotAsked) this.#requestSnapshot();
  }

  #end(verdict: CloseVerdict): void {
    const lastedMs = this.#state.name === 'open' ? this.#clock.nowMs() - this.#state.sinceMs : 0;
    this.#drop(verdict.reason === 'silent' ? 4006 : 1000);
    // an unreadable snapshot would come again with every resume
    if (verdict.reason === 'protocol') this.#intake.forget();
    if (verdict.next === 'stop') return this.#enter({ name: 'refused', reason: verdict.reason });
    if (lastedMs >= this.#timing.stableMs) this.#attempt = 0;
    this.#wait(verdict.reason);
  }

  #wait(reason: DropReason): void {
    const { backoffFirstMs: firstMs, backoffMaxMs, backoffAbsentMs } = this.#timing;
    const limits = { firstMs, maxMs: ABSENT.has(reason) ? backoffAbsentMs : backoffMaxMs };
    const delayMs = backoffMs(Math.max(1, this.#attempt), limits, this.#options.random ?? Math.random);
    this.#cancelTimer = this.#clock.schedule(delayMs, () => void this.#begin());
    this.#enter({ name: 'waiting', attempt: this.#attempt, retryAtMs: this.#clock.nowMs() + delayMs, reason });
  }

  /** Leaves the connection, if any, without a word about what comes next. */
  #drop(code: number): void {
    this.#nextGeneration();
    this.#cancelTimer();
    this.#heartbeat.stop();
    this.#snapshotAsked = false;
    const socket = this.#socket;
    this.#socket = null;
    if (socket !== null) {
      socket.onopen = socket.onmessage = socket.onclose = socket.onerror = null;
      socket.close(code);
    }
    this.#pending.failAll(failed('disconnected', 'The connection ended before the reply', true));
  }

  #ping(): void {
    const id = newClientId();
    void this.#pending.add(id, this.#timing.pingDeadlineMs);
    this.#transmit('session.ping', id, {});
  }

  #wake(): void {
    if (this.#state.name === 'waiting') void this.#begin();
    // the network may have changed under an open socket, or the machine may have slept
    else if (this.#state.name === 'open') this.#heartbeat.probe(this.#timing.wakeDeadlineMs);
  }

  #transmit(type: CommandType, id: string, data: unknown): boolean {
    try {
      if (this.#socket === null) return false;
      this.#socket.send(JSON.stringify({ v: PROTOCOL_VERSION, type, id, data }));
      return true;
    } catch {
      return false;
    }
  }

  #deadline(delayMs: number, reason: DropReason): void {
    this.#cancelTimer();
    this.#cancelTimer = this.#clock.schedule(delayMs, () => this.#end({ next: 'retry', reason }));
  }

  #nextGeneration(): number {
    this.#cancelTimer();
    this.#generation += 1;
    return this.#generation;
  }

  #enter(state: ConnectionState): void {
    this.#state = state;
    this.#stateListeners.emit(state);
  }
}

/** Handlers are assigned below; the browser's own types know more about their events than is used here. */
const browserSocket = (url: string): SocketLike => new WebSocket(url) as unknown as SocketLike;

/** The gateway's WebSocket as the panel uses it; does nothing before `connect()`. */
export function createCtiClient(options: CtiClientOptions): CtiClient {
  return new GatewayClient(options);
}
