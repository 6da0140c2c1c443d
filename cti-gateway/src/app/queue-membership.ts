import { memberFact, pauseText, type PauseSet } from '../domain/agent/pause-set';
import { REMOVED, type MemberFact } from '../domain/agent/presence';
import type { Clock } from '../ports/clock';
import { PbxError, type Pbx, type PbxFailure } from '../ports/pbx';
import type { AgentDesk } from './agent-desk';

export type QueueActions = Pick<Pbx, 'addQueueMember' | 'removeQueueMember' | 'pauseQueueMember'>;

export interface QueueMembershipOptions {
  readonly pbx: QueueActions;
  readonly queue: string;
  readonly clock: Clock;
}

/**
 * Brings an agent's place in the queue to what is wished, from whatever it is. Saying it twice does no harm. What Asterisk agreed to is
 * noted at the desk step by step, also where a later step fails. One at a time for each desk.
 */
export class QueueMembership {
  constructor(private readonly options: QueueMembershipOptions) {}

  /** What we believe of the membership may be wrong; Asterisk knows better, and is asked again when it says no. */
  async join(desk: AgentDesk, pauses: PauseSet): Promise<void> {
    const { pbx, queue } = this.options;
    const paused = pauseText(pauses) !== '';
    // Taken for a member who is none any more (somebody else was faster): then as one who is not.
    if (desk.heard.kind === 'member' && (await unless('not_found', this.pause(desk, pauses)))) return;
    const joined: MemberFact = { kind: 'member', paused, pausedReason: null };
    const add = this.say(desk, joined, () => pbx.addQueueMember(queue, desk.extension, desk.memberName, paused));
    const isNew = await unless('duplicate', add);
    // A member newly added unpaused is ready; everything else has to be said.
    if (paused || !isNew) await this.pause(desk, pauses);
  }

  /** `not_found` when the agent is no member (any more). */
  async pause(desk: AgentDesk, pauses: PauseSet): Promise<void> {
    const reason = pauseText(pauses);
    await this.say(desk, memberFact(pauses), () => this.options.pbx.pauseQueueMember(desk.extension, reason !== '', reason));
  }

  async leave(desk: AgentDesk): Promise<void> {
    const { pbx, queue } = this.options;
    const remove = this.say(desk, REMOVED, () => pbx.removeQueueMember(queue, desk.extension));
    if (!(await unless('not_found', remove))) desk.heard = REMOVED;
  }

  private async say(desk: AgentDesk, fact: MemberFact, action: () => Promise<void>): Promise<void> {
    const { clock } = this.options;
    desk.echoes.begin(fact);
    try {
      await action();
    } catch (error) {
      // Its event was there before the answer was lost: it is done.
      if (desk.echoes.end(false, clock.nowMs())) return;
      throw error;
    }
    // Where its event was faster, what came after it is newer.
    if (!desk.echoes.end(true, clock.nowMs())) desk.heard = fact;
  }
}

/** @returns false when Asterisk said that it is so already. */
export async function unless(harmless: PbxFailure, action: Promise<void>): Promise<boolean> {
  try {
    await action;
    return true;
  } catch (error) {
    if (error instanceof PbxError && error.reason === harmless) return false;
    throw error;
  }
}
