import {
  PROTOCOL_VERSION,
  type CommandType,
  type ErrorCode,
  type EventData,
  type EventType,
  type Snapshot,
} from '../../../../cti-gateway/protocol';
import type { NetworkSignals, SocketLike } from '../cti-types';

export interface ReceivedCommand {
  readonly type: CommandType;
  readonly id: string;
  readonly data: Record<string, unknown>;
}

/** The browser's end of one connection to the {@link FakeGateway}. */
export class FakeSocket implements SocketLike {
  readyState = 0;
  onopen: ((event: unknown) => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: ((event: { code: number; reason: string }) => void) | null = null;
  onerror: ((event: unknown) => void) | null = null;
  readonly received: ReceivedCommand[] = [];
  closedWith: number | null = null;
  onCommand: (command: ReceivedCommand) => void = () => {};

  constructor(readonly url: string) {}

  send(text: string): void {
    if (this.readyState !== 1) throw new Error('not open');
    const command = JSON.parse(text) as ReceivedCommand;
    this.received.push(command);
    this.onCommand(command);
  }

  close(code?: number): void {
    this.readyState = 3;
    this.closedWith ??= code ?? 1005;
  }

  accept(): void {
    this.readyState = 1;
    this.onopen?.({});
  }

  say(frame: unknown): void {
    this.onmessage?.({ data: typeof frame === 'string' ? frame : JSON.stringify(frame) });
  }

  /** The gateway closes, or the network does (1006). */
  drop(code: number): void {
    this.readyState = 3;
    this.onclose?.({ code, reason: '' });
  }
}

export const snapshot: Snapshot = {
  agent: { userId: 'u1', displayName: '林晓', role: 'agent', extension: '1001' },
  phone: null,
  presence: { state: 'offline' },
  afterCall: { wrapUp: null, next: null },
  device: 'idle',
  health: { ami: 'up', ari: 'up', crm: 'up', journalBacklog: 0, lastGap: null },
  calls: [],
  queues: [],
  parked: [],
  features: { testCall: false, wrapUp: true, lines: [] },
};

/** A gateway with behaviour: it greets, counts, answers, and can be told to misbehave. */
export class FakeGateway {
  readonly sockets: FakeSocket[] = [];
  epoch = 'epoch-1';
  seq = 0;
  /** What the next hello gets. `silence`: nothing at all; `honest`: what was missed where it is known, else a snapshot. */
  greeting: 'snapshot' | 'resume' | 'silence' | 'honest' | ErrorCode = 'snapshot';
  /** The whole truth at this moment. */
  truth: () => Snapshot = () => snapshot;
  /** Frames of this epoch by `seq`, for a resume; with a hole where one was lost on purpose. */
  readonly sent = new Map<number, unknown>();
  /** Commands that are left without a reply. */
  readonly mute = new Set<CommandType>();

  readonly open = (url: string): SocketLike => {
    const socket = new FakeSocket(url);
    socket.onCommand = (command) => this.#answer(socket, command);
    this.sockets.push(socket);
    return socket;
  };

  get socket(): FakeSocket {
    const socket = this.sockets.at(-1);
    if (socket === undefined) throw new Error('No connection was opened');
    return socket;
  }

  event<T extends EventType>(type: T, data: EventData<T>, place: { seq?: number; epoch?: string } = {}): void {
    this.seq = place.seq ?? this.seq + 1;
    this.raw(type, data, place.epoch);
  }

  raw(type: string, data: unknown, epoch = this.epoch): void {
    const frame = { v: PROTOCOL_VERSION, type, seq: this.seq, epoch, at: '2026-11-21T10:00:00.000Z', data };
    this.sent.set(this.seq, frame);
    this.socket.say(frame);
  }

  restart(epoch: string): void {
    this.epoch = epoch;
    this.seq = 0;
    this.sent.clear();
  }

  ok(id: string, data: unknown = {}): void {
    this.socket.say({ v: PROTOCOL_VERSION, id, ok: true, data });
  }

  fail(id: string | null, code: ErrorCode): void {
    this.socket.say({ v: PROTOCOL_VERSION, id, ok: false, error: { code, message: code, retryable: false } });
  }

  commands(type: CommandType): ReceivedCommand[] {
    return this.sockets.flatMap((socket) => socket.received).filter((command) => command.type === type);
  }

  #answer(socket: FakeSocket, command: ReceivedCommand): void {
    if (socket !== this.socket) return;
    if (command.type === 'hello') return this.#greet(command);
    if (this.mute.has(command.type)) return;
    this.ok(command.id, command.data);
    if (command.type === 'session.snapshot') this.event('session.started', this.truth());
  }

  #greet({ id, data }: ReceivedCommand): void {
    switch (this.greeting) {
      case 'silence':
        return;
      case 'snapshot':
        this.ok(id);
        return this.event('session.started', this.truth());
      case 'honest':
        this.ok(id);
        return this.#resumeFrom(data.resume as { epoch: string; seq: number } | undefined);
      case 'resume':
        this.ok(id);
        return this.event('session.resumed', { missed: 0 });
      default:
        return this.fail(id, this.greeting);
    }
  }

  #resumeFrom(from: { epoch: string; seq: number } | undefined): void {
    const missing = Array.from({ length: Math.max(0, this.seq - (from?.seq ?? 0)) }, (_, index) =>
      this.sent.get(index + 1 + (from?.seq ?? 0)),
    );
    const known = from?.epoch === this.epoch && from.seq <= this.seq && missing.every((frame) => frame !== undefined);
    if (!known) return this.event('session.started', this.truth());
    for (const frame of missing) this.socket.say(frame);
    this.event('session.resumed', { missed: missing.length });
  }
}

export class FakeSignals implements NetworkSignals {
  readonly #listeners = new Set<() => void>();

  onWake(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  wake(): void {
    for (const listener of this.#listeners) listener();
  }

  get count(): number {
    return this.#listeners.size;
  }
}
