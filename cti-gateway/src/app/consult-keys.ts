import type { Clock } from '../ports/clock';
import type { AgentWithPhone } from './agent';
import { isGone, type CallControl } from './call-control';
import { CommandError } from './command-error';
import { EventWaits } from './event-waits';

/** Every step is keys to Asterisk, and on a busy machine keys can be lost: what has not happened within this time is typed once more. */
const DONE_WITHIN_MS = 2_500;
const ATTEMPTS = 2;

/** What is typed as keys on an agent's channel, until events say that it was done. */
export class ConsultKeys {
  private readonly waits: EventWaits;

  constructor(
    private readonly control: Pick<CallControl, 'talking' | 'channelOf'>,
    clock: Clock,
  ) {
    this.waits = new EventWaits(clock);
  }

  /**
   * A panel that has just been loaded again goes on in another channel, which may not have been told yet.
   *
   * @throws CommandError `transfer.not_taken` when it was not done.
   */
  async insist(agent: AgentWithPhone, callId: string, type: (channelName: string) => Promise<void>, done: () => boolean): Promise<void> {
    for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
      const channelName = this.control.talking(agent, callId).part.leg.channelName;
      await type(channelName).catch((error: unknown) => {
        if (attempt === ATTEMPTS || !isGone(error)) throw error;
      });
      await this.waits.until(callId, () => done() || this.hasMoved(agent, callId, channelName), DONE_WITHIN_MS);
      if (done()) return;
    }
    throw new CommandError('transfer.not_taken', 'Asterisk did not do it', { retryable: true });
  }

  /** Keys for the channel before are lost. */
  private hasMoved({ extension }: AgentWithPhone, callId: string, channelName: string): boolean {
    const now = this.control.channelOf(extension, callId);
    return now !== null && now !== channelName;
  }

  /** Something about this call has changed. */
  look(callId: string): void {
    this.waits.look(callId);
  }

  close(): void {
    this.waits.close();
  }
}
