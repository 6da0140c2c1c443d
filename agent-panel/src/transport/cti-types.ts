import type { CommandData, CommandType, ErrorCode, EventData, EventFrame, EventType } from '../../../cti-gateway/protocol';
import type { PanelClock } from './clock';

/** Why the last connection ended, or why none came about. The panel has words for each. */
export type DropReason =
  | 'ticket_unavailable' // crm-core did not give a ticket (down, slow, network)
  | 'ticket_rejected'
  | 'unreachable' // no socket, or it closed without a word
  | 'timeout' // opening or greeting took too long
  | 'silent' // no answer to a heartbeat
  | 'gateway_stopped'
  | 'too_slow' // the gateway cut a reader that fell behind
  | 'protocol'; // a frame one of the two sides could not take

/** Why the client gave up until {@link CtiClient.connect} is called again. */
export type RefusalReason =
  | 'signed_out' // no session at crm-core any more: sign in again
  | 'version' // this page is older or newer than the gateway: reload it
  | 'replaced' // another window of this agent took the session
  | 'too_many' // more windows than the gateway allows
  | 'no_extension'; // this user has no telephone, hence no session

export type ConnectionState =
  | { readonly name: 'idle' }
  | { readonly name: 'connecting'; readonly attempt: number }
  | { readonly name: 'greeting'; readonly attempt: number }
  | { readonly name: 'open'; readonly sinceMs: number; readonly epoch: string }
  | { readonly name: 'waiting'; readonly attempt: number; readonly retryAtMs: number; readonly reason: DropReason }
  | { readonly name: 'refused'; readonly reason: RefusalReason }
  | { readonly name: 'closed' };

/** Where to go and what to say there. Asked for before every connection: tickets are used once. */
export interface Ticket {
  readonly ticket: string;
  /** `ws://host:8081/cti` */
  readonly url: string;
}

/** Thrown by the ticket callback when crm-core says nobody is signed in: no use trying again. */
export class SignedOutError extends Error {
  constructor() {
    super('Nobody is signed in');
    this.name = 'SignedOutError';
  }
}

/** `offline`: there is no open session; the command was not sent. `timeout`, `disconnected`: it may or may not have been carried out. */
export type CommandErrorCode = ErrorCode | 'offline' | 'timeout' | 'disconnected';

export interface CommandError {
  readonly code: CommandErrorCode;
  readonly message: string;
  readonly retryable: boolean;
  readonly field?: string;
}

export type CommandResult = { readonly ok: true; readonly data: unknown } | { readonly ok: false; readonly error: CommandError };

/** Commands of the panel's features; `hello` and `session.ping` are the client's own. */
export type PanelCommand = Exclude<CommandType, 'hello' | 'session.ping'>;

export interface CommandOptions {
  /** Give the same id to try the same thing again: the gateway does it once. A fresh id otherwise. */
  readonly id?: string;
  readonly timeoutMs?: number;
}

/** What the edge threw away; for the diagnosis page. */
export interface CtiCounters {
  readonly framesReceived: number;
  readonly unknownTypes: number;
  readonly malformed: number;
  readonly duplicates: number;
  readonly gaps: number;
  readonly reconnects: number;
  readonly unmatchedReplies: number;
}

export type EventListener<T extends EventType> = (data: EventData<T>, frame: Extract<EventFrame, { type: T }>) => void;

export interface CtiClient {
  readonly state: ConnectionState;
  readonly counters: CtiCounters;
  /** From `idle` or `refused`: connects. From `waiting`: tries now. Otherwise nothing. */
  connect(): void;
  /**
   * Sends a command and waits for its reply. Never throws and never queues: without an open session it answers
   * `offline` at once, so that nothing is dialled minutes later.
   */
  command<T extends PanelCommand>(type: T, data: CommandData<T>, options?: CommandOptions): Promise<CommandResult>;
  on<T extends EventType>(type: T, listener: EventListener<T>): () => void;
  onState(listener: (state: ConnectionState) => void): () => void;
  /** Ends the session for good; pending commands answer `disconnected`. May be called twice. */
  close(): void;
}

/** The part of the browser's WebSocket that is used; tests bring their own. */
export interface SocketLike {
  readonly readyState: number;
  onopen: ((event: unknown) => void) | null;
  onmessage: ((event: { data: unknown }) => void) | null;
  onclose: ((event: { code: number; reason: string }) => void) | null;
  onerror: ((event: unknown) => void) | null;
  send(text: string): void;
  close(code?: number, reason?: string): void;
}

export interface CtiClientOptions {
  readonly getTicket: () => Promise<Ticket>;
  /** Identifier of this window; made up when absent. */
  readonly tab?: string;
  readonly openSocket?: (url: string) => SocketLike;
  /** Whether anybody answers at the gateway's address, asked while it is away; without it a socket is opened with every try. */
  readonly answers?: (url: string) => Promise<boolean>;
  readonly clock?: PanelClock;
  /** 0 ≤ x < 1 */
  readonly random?: () => number;
  /** Where `online` and `visibilitychange` come from; the browser's window and document by default, null for none. */
  readonly signals?: NetworkSignals | null;
  readonly timing?: Partial<CtiTiming>;
}

export interface NetworkSignals {
  /** The network came back, or the page became visible again: a good moment to try. */
  onWake(listener: () => void): () => void;
}

/** All in milliseconds. */
export interface CtiTiming {
  readonly ticketMs: number;
  readonly openMs: number;
  readonly greetingMs: number;
  readonly pingEveryMs: number;
  readonly pingDeadlineMs: number;
  readonly commandMs: number;
  readonly backoffFirstMs: number;
  readonly backoffMaxMs: number;
  /** The longest wait while the gateway just is not there: calls are to be live again soon after it is. */
  readonly backoffAbsentMs: number;
  /** A ticket that no connection took is used again for so long (it is valid for a minute). */
  readonly ticketKeptMs: number;
  /** How long an answer may take after the machine or the page has slept. */
  readonly wakeDeadlineMs: number;
  /** A session that lasted this long starts the backoff anew. */
  readonly stableMs: number;
}
