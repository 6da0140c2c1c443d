import type { DeviceState, Presence } from '../../protocol';
import { pauseSetOf, type PauseSet } from '../domain/agent/pause-set';
import { anew, observeMember, OFFLINE, REMOVED, type AgentPresenceState, type MemberFact } from '../domain/agent/presence';
import { iso } from './call-view';
import { QueueEchoes } from './queue-echoes';

/** All that is known of one agent and the queue. */
export class AgentDesk {
  /** What everybody has been shown. */
  presence: AgentPresenceState = OFFLINE;
  /** What Asterisk's queue last said, or agreed to. */
  heard: MemberFact = REMOVED;
  /**
   * What the queue is to say, by the agent's wish, by the gateway's, or because it was found there; null: that they are no member. Where
   * the two differ, Asterisk could not be told yet, or has forgotten.
   */
  meant: PauseSet | null = null;
  memberName: string;
  device: DeviceState = 'unknown';
  readonly echoes = new QueueEchoes();
  cancelSignOut = (): void => undefined;
  cancelRepair = (): void => undefined;
  repairWaits = false;
  /** Tries of a repair in vain, one after the other. */
  failures = 0;
  closed = false;
  private marked = false;
  private turn: Promise<unknown> = Promise.resolve();

  constructor(readonly extension: string) {
    this.memberName = extension;
  }

  /** What is meant; of a member who is on the way out, what the queue says. */
  get pauses(): PauseSet {
    return this.meant ?? { reasons: pauseSetOf(this.heard).reasons, mark: null };
  }

  /** What is asked of the queue for one agent, from several windows and by the gateway itself, is done one after the other. */
  inTurn(action: () => Promise<void>): Promise<void> {
    const run = this.turn.then(action);
    this.turn = run.catch(() => undefined);
    return run;
  }

  /** Shows what the queue says. @returns whether it is something new. */
  show(nowMs: number): boolean {
    const marked = pauseSetOf(this.heard).mark !== null;
    const before = this.marked && !marked ? anew(this.presence, nowMs) : this.presence;
    const presence = observeMember(before, this.heard, nowMs);
    const changed = presence !== this.presence;
    this.presence = presence;
    this.marked = marked;
    return changed;
  }

  close(): void {
    this.closed = true;
    this.cancelSignOut();
    this.cancelRepair();
  }
}

export function toWire(presence: AgentPresenceState): Presence {
  switch (presence.state) {
    case 'offline':
      return { state: 'offline' };
    case 'ready':
      return { state: 'ready', since: iso(presence.sinceMs) };
    case 'paused':
      return { state: 'paused', since: iso(presence.sinceMs), reasons: [...presence.reasons] };
  }
}
