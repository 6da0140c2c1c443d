import type { AfterCallMark } from '../domain/agent/after-call';
import { extensionOf } from '../domain/agent/endpoint';
import { pauseSetOf, sameFact } from '../domain/agent/pause-set';
import { REMOVED, type MemberFact } from '../domain/agent/presence';
import type { PbxSnapshot } from '../domain/call/pbx-event';
import type { Clock } from '../ports/clock';
import type { AgentDesk } from './agent-desk';
import type { AgentDesks } from './agent-desks';
import type { PresenceRepair } from './presence-repair';

type QueueMember = PbxSnapshot['members'][number];

export interface QueueNewsOptions {
  readonly desks: AgentDesks;
  readonly repair: PresenceRepair;
  readonly clock: Clock;
}

/**
 * What the queue tells of its members: echoes of our own words, what somebody else did (a supervisor at the console, Asterisk's autopause),
 * and what Asterisk remembers. Somebody else's word is newer than ours and is meant from then on; what a restarted Asterisk remembers is
 * older.
 */
export class QueueNews {
  private readonly listeners = new Set<(extension: string) => void>();

  constructor(private readonly options: QueueNewsOptions) {}

  /** Calls back when somebody else has made an agent ready. */
  onMadeReady(listener: (extension: string) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** An event. */
  hear(desk: AgentDesk, fact: MemberFact): void {
    const what = desk.echoes.hear(fact, this.options.clock.nowMs());
    if (what === 'own') desk.heard = fact;
    // The same again: the telephone has changed its state, no more.
    if (what !== 'news' || sameFact(fact, desk.heard)) return;
    if (isReadLate(desk, fact)) return this.remember(desk, fact);
    if (fact.kind === 'member' && !fact.paused) for (const listener of this.listeners) listener(desk.extension);
    this.adopt(desk, fact);
  }

  /**
   * A snapshot of the queue, which has only these members. What it says as before was not changed by anybody in the gap, so what could
   * not be told before still is to be. A restarted Asterisk has forgotten members, or remembers others than there were: what it is told
   * in its last second is not on its disk yet.
   */
  resync(members: readonly QueueMember[], pbxRestarted: boolean): void {
    const missing = new Set(this.options.desks.all());
    for (const { interface: member, name, paused, pausedReason } of members) {
      const extension = extensionOf(member);
      if (extension === null) continue;
      const desk = this.options.desks.of(extension);
      if (desk.meant === null && name !== undefined) desk.memberName = name;
      missing.delete(desk);
      this.find(desk, { kind: 'member', paused, pausedReason }, pbxRestarted && desk.meant !== null);
    }
    for (const desk of missing) this.find(desk, REMOVED, pbxRestarted);
  }

  /** What somebody else did, or what was found, is meant from now on. */
  adopt(desk: AgentDesk, fact: MemberFact, foundMark: AfterCallMark | null = null): void {
    desk.heard = fact;
    if (fact.kind === 'removed') {
      desk.meant = null;
    } else {
      const { reasons, mark } = pauseSetOf(fact);
      // A mark is only ever ours: there is the one we mean, or, when they took it away, none.
      desk.meant = { reasons, mark: mark === null ? null : desk.meant === null ? foundMark : desk.meant.mark };
    }
    this.options.desks.show(desk);
    this.options.repair.settle(desk);
  }

  private find(desk: AgentDesk, fact: MemberFact, older: boolean): void {
    desk.echoes.forget();
    const known = older || isReadLate(desk, fact) || desk.echoes.underWay(fact) || sameFact(fact, desk.heard);
    if (known) this.remember(desk, fact);
    else this.adopt(desk, fact, pauseSetOf(fact).mark);
  }

  /** A member is shown when the queue says what is meant, so that nobody sees the past for a moment. */
  private remember(desk: AgentDesk, fact: MemberFact): void {
    desk.heard = fact;
    if (fact.kind === 'removed') this.options.desks.show(desk);
    this.options.repair.settle(desk);
  }
}

/** An Asterisk that starts lets in before it has read its members: one it had forgotten is there, and as it was. */
function isReadLate({ heard, meant }: AgentDesk, fact: MemberFact): boolean {
  return fact.kind === 'member' && heard.kind === 'removed' && meant !== null;
}
