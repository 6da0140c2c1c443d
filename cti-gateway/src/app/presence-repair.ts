import { saysSo } from '../domain/agent/pause-set';
import type { AgentChannel } from '../ports/agent-channel';
import type { Clock } from '../ports/clock';
import type { Log } from '../ports/log';
import type { AgentDesk } from './agent-desk';
import type { AgentDesks } from './agent-desks';
import { unless, type QueueMembership } from './queue-membership';

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 10_000;

export interface PresenceRepairOptions {
  readonly desks: AgentDesks;
  readonly membership: QueueMembership;
  readonly channel: AgentChannel;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * Makes the queue say what is meant, for as long as it takes: Asterisk may be out of reach, or have forgotten. Every try looks anew at
 * both, so nothing that was meant once is said when it is meant no more.
 */
export class PresenceRepair {
  constructor(private readonly options: PresenceRepairOptions) {}

  settle(desk: AgentDesk): void {
    desk.cancelRepair();
    // One that still waits for its turn will see what is meant by then.
    if (desk.closed || desk.repairWaits) return;
    desk.repairWaits = true;
    desk
      .inTurn(() => this.repair(desk))
      .then(
        () => (desk.failures = 0),
        (err: unknown) => this.failed(desk, err),
      );
  }

  /** Asterisk can be reached again. */
  settleAll(): void {
    for (const desk of this.options.desks.all()) {
      desk.failures = 0;
      this.settle(desk);
    }
  }

  private async repair(desk: AgentDesk): Promise<void> {
    const { membership, channel, desks } = this.options;
    const { heard, meant } = desk;
    desk.repairWaits = false;
    if (desk.closed) return;
    if (meant === null) {
      if (heard.kind === 'member') await this.remove(desk);
    } else if (heard.kind === 'removed') {
      if (channel.connected(desk.extension) === 0) return;
      await membership.join(desk, meant);
    } else if (!saysSo(heard, meant)) {
      // Taken out meanwhile: by whom, and so whether for good, the feed will tell.
      if (!(await unless('not_found', membership.pause(desk, meant)))) return;
    }
    desks.show(desk);
  }

  private async remove(desk: AgentDesk): Promise<void> {
    if (await unless('refused', this.options.membership.leave(desk))) return;
    // Written into the configuration: stays, and must not be kept from the queue's calls by a mark that nobody ends.
    desk.meant = desk.pauses;
    this.settle(desk);
  }

  private failed(desk: AgentDesk, err: unknown): void {
    const { clock, log } = this.options;
    if (desk.closed) return;
    if (desk.failures === 0) log.warn({ extension: desk.extension, err }, 'the queue could not be told yet of an agent');
    const waitMs = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(desk.failures, 10));
    desk.failures += 1;
    desk.cancelRepair();
    desk.cancelRepair = clock.schedule(waitMs, () => this.settle(desk));
  }
}
