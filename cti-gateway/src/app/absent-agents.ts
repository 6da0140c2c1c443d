import type { AgentChannel } from '../ports/agent-channel';
import type { Clock } from '../ports/clock';
import type { Log } from '../ports/log';
import type { AgentDesk } from './agent-desk';
import { unless } from './queue-membership';

export interface AbsentAgentsOptions {
  readonly channel: AgentChannel;
  readonly clock: Clock;
  readonly log: Log;
  readonly signOutAfterMs: number;
  readonly takeOut: (desk: AgentDesk) => Promise<void>;
}

/** An agent without any window for `signOutAfterMs` is taken out of the queue, so that no caller waits for an empty chair. */
export class AbsentAgents {
  constructor(private readonly options: AbsentAgentsOptions) {}

  /** The agent's first window is there. */
  arrived(desk: AgentDesk): void {
    desk.cancelSignOut();
  }

  /** The agent's last window has gone. */
  left(desk: AgentDesk): void {
    desk.cancelSignOut();
    if (desk.closed) return;
    desk.cancelSignOut = this.options.clock.schedule(this.options.signOutAfterMs, () => this.signOut(desk));
  }

  private signOut(desk: AgentDesk): void {
    desk
      .inTurn(() => this.takeOut(desk))
      .catch(() => {
        if (!this.isBack(desk)) this.left(desk);
      });
  }

  private async takeOut(desk: AgentDesk): Promise<void> {
    const { takeOut, log } = this.options;
    if (this.isBack(desk)) return;
    // Asterisk has forgotten them already, and is not to be reminded any more.
    if (desk.heard.kind === 'removed') return void (desk.meant = null);
    // Who is written into the configuration is nobody's to remove.
    if (await unless('refused', takeOut(desk))) log.info({ extension: desk.extension }, 'agent signed out: no window left');
  }

  private isBack({ extension }: AgentDesk): boolean {
    return this.options.channel.connected(extension) > 0;
  }
}
