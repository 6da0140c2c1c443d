import { CloseCode, type EventData, type EventType } from '../../../protocol';
import type { Agent } from '../../app/agent';
import type { AgentChannel, Audience } from '../../ports/agent-channel';
import type { AgentSessions, SessionAccount } from '../../ports/agent-sessions';
import type { Clock } from '../../ports/clock';
import type { AgentSocket } from './agent-socket';
import { CommandLedger } from './command-ledger';
import { encodeEvent, withSeq, type EncodedEvent } from './frame-encoder';
import type { SessionLimits } from './limits';
import { SessionStream } from './session-stream';

interface UserSessions {
  readonly streams: Map<string, SessionStream>;
  readonly ledger: CommandLedger;
  lastUsedMs: number;
}

/** Told when the first window of an extension comes and when its last one has gone. */
export interface AttendanceListener {
  arrived(extension: string): void;
  left(extension: string): void;
}

/** All windows of all agents: who gets a frame, who may resume, who is there. */
export class SessionHub implements AgentChannel, AgentSessions {
  private readonly users = new Map<string, UserSessions>();
  private readonly byExtension = new Map<string, Set<SessionStream>>();
  private readonly seen = new Set<string>();
  private attendance: AttendanceListener | null = null;

  constructor(
    readonly epoch: string,
    private readonly clock: Clock,
    private readonly limits: SessionLimits,
  ) {}

  watchAttendance(listener: AttendanceListener): void {
    this.attendance = listener;
  }

  send<T extends EventType>(audience: Audience, type: T, data: EventData<T>): number {
    let event: EncodedEvent | null = null;
    let reached = 0;
    for (const stream of this.streamsFor(audience)) {
      event ??= this.encode(type, data);
      if (stream.send(event)) reached += 1;
    }
    return reached;
  }

  sendTo<T extends EventType>(stream: SessionStream, type: T, data: EventData<T>): void {
    stream.send(this.encode(type, data));
  }

  connected(extension: string): number {
    let count = 0;
    for (const stream of this.streamsFor({ extension })) if (stream.attached) count += 1;
    return count;
  }

  /** The windows of an extension that are connected now, and whether one ever was since the start. */
  windows(extension: string): { readonly tabs: readonly string[]; readonly known: boolean } {
    const tabs = [...this.streamsFor({ extension })].filter((stream) => stream.attached).map((stream) => stream.tab);
    return { tabs, known: this.seen.has(extension) };
  }

  get sessions(): number {
    let count = 0;
    for (const stream of this.streamsFor('everyone')) if (stream.attached) count += 1;
    return count;
  }

  accounts(): readonly SessionAccount[] {
    const accounts = new Map<string, SessionAccount>();
    for (const { attached, agent } of this.streamsFor('everyone')) if (attached) accounts.set(agent.userId, agent);
    return [...accounts.values()];
  }

  end(userId: string): void {
    for (const stream of this.streamsFor({ userId })) stream.current()?.close(CloseCode.ticket, 'account_changed');
  }

  ledgerOf(userId: string): CommandLedger {
    return this.user(userId).ledger;
  }

  /** @returns null when this user has too many windows. A window of the same tab still connected gives way. */
  attach(agent: Agent, tab: string, socket: AgentSocket): SessionStream | null {
    const user = this.user(agent.userId);
    const others = [...user.streams.values()].filter((stream) => stream.tab !== tab && stream.attached);
    if (others.length >= this.limits.maxSessionsPerUser) return null;
    const known = user.streams.get(tab);
    if (known !== undefined) this.giveWay(known);
    // Another extension than last time: what was sent there is not this one's to resume.
    const resumable = known !== undefined && known.agent.extension === agent.extension;
    if (known !== undefined && !resumable) this.forget(user, known);
    const stream = resumable ? known : new SessionStream(tab, this.limits, agent);
    const { extension } = agent;
    const wasThere = extension !== null && this.connected(extension) > 0;
    stream.agent = agent;
    stream.attach(socket);
    user.streams.set(tab, stream);
    if (extension === null) return stream;
    this.index(extension).add(stream);
    this.seen.add(extension);
    if (!wasThere) this.attendance?.arrived(extension);
    return stream;
  }

  detach(stream: SessionStream, socket: AgentSocket): void {
    if (!stream.detach(socket, this.clock.nowMs())) return;
    const { extension } = stream.agent;
    if (extension !== null && this.connected(extension) === 0) this.attendance?.left(extension);
  }

  /** Forgets windows that did not come back. */
  sweep(nowMs: number): void {
    for (const [userId, user] of this.users) {
      for (const stream of user.streams.values()) {
        if (!stream.attached && stream.detachedForMs(nowMs) > this.limits.resumeForMs) this.forget(user, stream);
      }
      if (user.streams.size === 0 && nowMs - user.lastUsedMs > this.limits.rememberCommandsMs) this.users.delete(userId);
    }
  }

  /** Not a numbered frame of the stream: the connection that takes over must not be told that it was replaced. */
  private giveWay(stream: SessionStream): void {
    const older = stream.current();
    if (older === null) return;
    older.send(withSeq(this.encode('session.replaced', {}), stream.seq + 1));
    older.close(CloseCode.replaced, 'replaced');
    this.detach(stream, older);
  }

  private forget(user: UserSessions, stream: SessionStream): void {
    user.streams.delete(stream.tab);
    const { extension } = stream.agent;
    if (extension === null) return;
    const streams = this.byExtension.get(extension);
    streams?.delete(stream);
    if (streams?.size === 0) this.byExtension.delete(extension);
  }

  private encode<T extends EventType>(type: T, data: EventData<T>): EncodedEvent {
    return encodeEvent(type, data, { epoch: this.epoch, at: new Date(this.clock.nowMs()).toISOString() });
  }

  private user(userId: string): UserSessions {
    let user = this.users.get(userId);
    if (user === undefined) {
      const { rememberedCommands, rememberCommandsMs } = this.limits;
      user = { streams: new Map(), ledger: new CommandLedger(rememberedCommands, rememberCommandsMs), lastUsedMs: 0 };
      this.users.set(userId, user);
    }
    user.lastUsedMs = this.clock.nowMs();
    return user;
  }

  private index(extension: string): Set<SessionStream> {
    const streams = this.byExtension.get(extension) ?? new Set<SessionStream>();
    this.byExtension.set(extension, streams);
    return streams;
  }

  private *streamsFor(audience: Audience): Iterable<SessionStream> {
    if (audience === 'everyone') {
      for (const user of this.users.values()) yield* user.streams.values();
    } else if ('userId' in audience) {
      yield* this.users.get(audience.userId)?.streams.values() ?? [];
    } else {
      yield* this.byExtension.get(audience.extension) ?? [];
    }
  }
}
