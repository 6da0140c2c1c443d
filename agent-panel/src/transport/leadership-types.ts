import type { PhoneCommand, PhoneResult } from '../softphone/phone-types';
import type { PanelClock } from './clock';

/**
 * - `electing`: not known yet (some milliseconds);
 * - `leader`: this window owns the telephone;
 * - `yielding`: it agreed to hand over and has stopped its telephone; becomes `follower`, or `leader` again when the asker vanished;
 * - `follower`: another window owns it;
 * - `closed`.
 */
export type TabRole = 'electing' | 'leader' | 'yielding' | 'follower' | 'closed';

export type HandoverResult = { readonly ok: true } | { readonly ok: false; readonly reason: 'in_call' | 'no_answer' | 'closed' };

/** What the leading window's telephone must be able to do for the others. */
export interface LeaderPhone<S> {
  perform(command: PhoneCommand): Promise<PhoneResult>;
  /** Shown by the followers; plain data, copied by structured clone. */
  status(): S;
  /** False while there is a live call: media cannot move to another window without a gap. */
  mayRelease(): boolean;
  /** Lets go of the registration; the next leader registers at once. */
  release(): Promise<void>;
}

export interface Leadership<S> {
  readonly tab: string;
  readonly role: TabRole;
  /** The leader's last published status; null until heard of. On the leader: its own. */
  readonly leaderStatus: S | null;
  onRole(listener: (role: TabRole) => void): () => void;
  onLeaderStatus(listener: (status: S | null) => void): () => void;
  /** Leader: tells the followers. Elsewhere: nothing. */
  publish(status: S): void;
  /** Carries a phone command out, here or in the leading window. Never throws; `no_leader` after a deadline. */
  perform(command: PhoneCommand): Promise<PhoneResult>;
  /**
   * Moves the telephone into this window, with the leader's consent: refused with `in_call` while it has a live call.
   * `force` takes it from a leader that does not answer (a frozen window), never from one that refuses.
   */
  bringHere(options?: { readonly force?: boolean }): Promise<HandoverResult>;
  close(): void;
}

/** At most one of them; see the Web Locks API. */
export interface LockRequest {
  readonly ifAvailable?: boolean;
  readonly steal?: boolean;
  readonly signal?: AbortSignal;
}

/** The part of `navigator.locks` that is used. */
export interface LocksLike {
  request(name: string, options: LockRequest, callback: (lock: unknown) => Promise<void>): Promise<unknown>;
}

/** The part of BroadcastChannel that is used. */
export interface ChannelLike {
  onmessage: ((event: { data: unknown }) => void) | null;
  postMessage(message: unknown): void;
  close(): void;
}

export interface LeadershipOptions<S> {
  /** One telephone per user and origin. */
  readonly userId: string;
  readonly phone: LeaderPhone<S>;
  readonly tab?: string;
  /** `navigator.locks` by default; null where there are none (an insecure page): then every window leads itself. */
  readonly locks?: LocksLike | null;
  readonly openChannel?: (name: string) => ChannelLike;
  readonly clock?: PanelClock;
  readonly timing?: Partial<{ readonly replyMs: number; readonly askMs: number; readonly yieldMs: number }>;
}
