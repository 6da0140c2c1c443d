import type { AgentPresenceState, PauseReason } from '../domain/agent/presence';
import type { Clock } from '../ports/clock';
import type { Log } from '../ports/log';
import type { AgentPresence } from './agent-presence';
import type { LiveDesk, PartChange } from './live-desk';

/** After a decline the next free agent is to be rung, not the same one a second later. */
const DECLINE_PAUSE_MS = 10_000;

export interface UnansweredRingingOptions {
  readonly desk: Pick<LiveDesk, 'onPart'>;
  readonly presence: Pick<AgentPresence, 'change' | 'mean' | 'onChange'>;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * What a queue call that rang in vain does to the agent. Nobody answered: the chair is taken for empty, the agent is paused until they
 * say they are ready. Declined by hand: they are there, and are only passed over for {@link DECLINE_PAUSE_MS}. The call itself goes on.
 */
export class UnansweredRinging {
  private readonly ends = new Map<string, () => void>();
  private readonly stops: readonly (() => void)[];

  constructor(private readonly options: UnansweredRingingOptions) {
    this.stops = [
      options.desk.onPart((change) => this.heard(change)),
      // Also one found after a restart of the gateway, whose end nobody else would bring.
      options.presence.onChange((extension, state) => this.watch(extension, state)),
    ];
  }

  close(): void {
    for (const stop of this.stops) stop();
    for (const cancel of this.ends.values()) cancel();
    this.ends.clear();
  }

  private heard({ extension, before, part }: PartChange): void {
    if (before?.state !== 'alerting' || part.state !== 'ended' || part.leg.queue === null) return;
    if (part.outcome === 'no_answer') this.pause(extension, 'ring_no_answer');
    else if (part.outcome === 'declined' || part.outcome === 'busy') this.pause(extension, 'declined');
  }

  private watch(extension: string, state: AgentPresenceState): void {
    const declined = state.state === 'paused' && state.reasons.includes('declined');
    const running = this.ends.get(extension);
    if (declined && running === undefined) {
      const cancel = this.options.clock.schedule(DECLINE_PAUSE_MS, () => {
        this.ends.delete(extension);
        this.options.presence.mean(extension, ({ reasons }) => ({ reasons: reasons.filter((reason) => reason !== 'declined') }));
      });
      this.ends.set(extension, cancel);
    } else if (!declined && running !== undefined) {
      running();
      this.ends.delete(extension);
    }
  }

  /** Now or not at all: minutes later the agent may long have answered another call. */
  private pause(extension: string, reason: PauseReason): void {
    this.options.presence
      .change(extension, (reasons) => [...reasons, reason])
      .catch((err: unknown) => {
        this.options.log.warn({ extension, err }, 'agent could not be paused after ringing in vain');
      });
  }
}
