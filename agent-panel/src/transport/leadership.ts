import type { PhoneCommand, PhoneResult } from '../softphone/phone-types';
import { newClientId } from './client-id';
import { browserClock, type PanelClock } from './clock';
import type { ChannelLike, HandoverResult, Leadership, LeadershipOptions, LocksLike, TabRole } from './leadership-types';
import { Listeners } from './listeners';
import { PhoneLock } from './phone-lock';
import { TAB_PROTOCOL, TabMessage } from './tab-messages';

const DEFAULT_TIMING = { replyMs: 6_000, askMs: 1_500, yieldMs: 3_000 };

/**
 * One window owns the telephone, the others follow.
 *
 * ```
 *   electing ── lock free ──► leader ── asked, no call ──► yielding ── taken ──► follower
 *      │                        ▲  ▲                          │                   │   │
 *      │                        │  └── nobody took it ────────┘                   │   │
 *      └── lock held ──► follower ── the leader is gone, or bringHere() ──────────┘   │
 *                               └──────────────── and so on ◄────────────────────────┘
 * ```
 *
 * The lock decides, messages only inform: two leaders cannot be, whatever gets lost on the channel.
 * With a live call the telephone stays where its sound is, and the followers' commands are passed on to it.
 */
class TabLeadership<S> implements Leadership<S> {
  readonly tab: string;
  readonly #options: LeadershipOptions<S>;
  readonly #clock: PanelClock;
  readonly #timing: typeof DEFAULT_TIMING;
  readonly #lock: PhoneLock | null;
  readonly #channel: ChannelLike | null;
  readonly #roleListeners = new Listeners<[TabRole]>();
  readonly #statusListeners = new Listeners<[S | null]>();
  readonly #replies = new Map<string, (message: TabMessage | null) => void>();
  #role: TabRole = 'electing';
  #leaderStatus: S | null = null;
  #cancelYield: () => void = () => {};

  constructor(options: LeadershipOptions<S>) {
    this.#options = options;
    this.#clock = options.clock ?? browserClock;
    this.#timing = { ...DEFAULT_TIMING, ...options.timing };
    this.tab = options.tab ?? newClientId();
    const locks = options.locks === undefined ? browserLocks() : options.locks;
    const events = { acquired: () => this.#lead(), lost: () => this.#follow() };
    this.#lock = locks === null ? null : new PhoneLock(locks, `hotline-phone:${options.userId}`, events);
    this.#channel = this.#lock === null ? null : this.#openChannel();
    if (this.#lock === null) this.#lead();
    else this.#lock.start();
  }

  get role(): TabRole {
    return this.#role;
  }

  get leaderStatus(): S | null {
    return this.#leaderStatus;
  }

  onRole(listener: (role: TabRole) => void): () => void {
    return this.#roleListeners.add(listener);
  }

  onLeaderStatus(listener: (status: S | null) => void): () => void {
    return this.#statusListeners.add(listener);
  }

  publish(status: S): void {
    if (this.#role !== 'leader' && this.#role !== 'yielding') return;
    this.#learn(status);
    this.#post({ kind: 'status', from: this.tab, status });
  }

  async perform(command: PhoneCommand): Promise<PhoneResult> {
    if (this.#role === 'closed') return { ok: false, reason: 'closed' };
    if (this.#role === 'leader') return this.#options.phone.perform(command);
    const id = newClientId();
    const reply = await this.#ask({ kind: 'perform', from: this.tab, id, command }, this.#timing.replyMs);
    return reply?.kind === 'result' ? reply.result : { ok: false, reason: 'no_leader' };
  }

  async bringHere(options: { readonly force?: boolean } = {}): Promise<HandoverResult> {
    if (this.#role === 'closed') return { ok: false, reason: 'closed' };
    if (this.#role === 'leader') return { ok: true };
    const reply = await this.#ask({ kind: 'ask', from: this.tab, id: newClientId() }, this.#timing.askMs);
    if (reply?.kind === 'consent' && !reply.granted) return { ok: false, reason: 'in_call' };
    // the lock may have come by itself meanwhile
    if (this.#is('leader')) return { ok: true };
    if (reply === null && options.force !== true) return { ok: false, reason: 'no_answer' };
    return this.#take();
  }

  close(): void {
    if (this.#role === 'closed') return;
    this.#cancelYield();
    this.#enter('closed');
    for (const settle of [...this.#replies.values()]) settle(null);
    this.#lock?.close();
    this.#channel?.close();
    this.#roleListeners.clear();
    this.#statusListeners.clear();
  }

  #take(): Promise<HandoverResult> {
    return new Promise((resolve) => {
      const done = (result: HandoverResult): void => {
        forget();
        cancel();
        resolve(result);
      };
      const forget = this.onRole((role) => role === 'leader' && done({ ok: true }));
      const cancel = this.#clock.schedule(this.#timing.askMs, () => done({ ok: false, reason: 'no_answer' }));
      this.#lock?.steal();
    });
  }

  #lead(): void {
    if (this.#role === 'closed') return;
    this.#cancelYield();
    this.#enter('leader');
    this.publish(this.#options.phone.status());
  }

  #follow(): void {
    if (this.#role === 'closed') return;
    const wasLeader = this.#role === 'leader' || this.#role === 'yielding';
    this.#cancelYield();
    this.#learn(null);
    this.#enter('follower');
    // taken without being asked: let go of the registration all the same
    if (wasLeader) void this.#options.phone.release();
    this.#post({ kind: 'hello', from: this.tab });
  }

  #openChannel(): ChannelLike {
    const name = `hotline-phone:${TAB_PROTOCOL}:${this.#options.userId}`;
    const channel = this.#options.openChannel?.(name) ?? (new BroadcastChannel(name) as unknown as ChannelLike);
    channel.onmessage = (event) => {
      const message = TabMessage.safeParse(event.data);
      if (message.success) this.#receive(message.data);
    };
    return channel;
  }

  #receive(message: TabMessage): void {
    if (message.kind === 'result' || message.kind === 'consent') {
      if (message.to === this.tab) this.#replies.get(message.id)?.(message);
      return;
    }
    if (message.kind === 'status') return this.#role === 'follower' ? this.#learn(message.status as S) : undefined;
    if (this.#role !== 'leader') return;
    if (message.kind === 'hello') return this.publish(this.#options.phone.status());
    if (message.kind === 'ask') void this.#yield(message.from, message.id);
    else void this.#performFor(message.from, message.id, message.command);
  }

  async #performFor(to: string, id: string, command: PhoneCommand): Promise<void> {
    const result = await this.#options.phone.perform(command);
    this.#post({ kind: 'result', to, id, result });
  }

  async #yield(to: string, id: string): Promise<void> {
    const granted = this.#options.phone.mayRelease();
    if (granted) {
      this.#enter('yielding');
      await this.#options.phone.release();
      if (!this.#is('yielding')) return;
      this.#cancelYield = this.#clock.schedule(this.#timing.yieldMs, () => this.#lead());
    }
    this.#post({ kind: 'consent', to, id, granted });
  }

  #ask(message: Extract<TabMessage, { kind: 'ask' | 'perform' }>, deadlineMs: number): Promise<TabMessage | null> {
    return new Promise((resolve) => {
      const cancel = this.#clock.schedule(deadlineMs, () => settle(null));
      const settle = (reply: TabMessage | null): void => {
        cancel();
        this.#replies.delete(message.id);
        resolve(reply);
      };
      this.#replies.set(message.id, settle);
      this.#post(message);
    });
  }

  #post(message: TabMessage): void {
    if (this.#role !== 'closed') this.#channel?.postMessage(message);
  }

  #learn(status: S | null): void {
    this.#leaderStatus = status;
    this.#statusListeners.emit(status);
  }

  /** Asked through a method: the role may have changed while waiting, which narrowing does not see. */
  #is(role: TabRole): boolean {
    return this.#role === role;
  }

  #enter(role: TabRole): void {
    if (this.#role === role) return;
    this.#role = role;
    this.#roleListeners.emit(role);
  }
}

function browserLocks(): LocksLike | null {
  if (typeof navigator === 'undefined' || !('locks' in navigator)) return null;
  return { request: (name, options, callback) => navigator.locks.request(name, { ...options }, callback) };
}

/** Decides which window of this agent owns the telephone, from now until `close()`. */
export function createLeadership<S>(options: LeadershipOptions<S>): Leadership<S> {
  return new TabLeadership(options);
}
