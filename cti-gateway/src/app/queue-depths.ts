import type { QueueDepth } from '../../protocol';
import type { PbxEvent } from '../domain/call/pbx-event';
import type { AgentChannel } from '../ports/agent-channel';
import type { Clock } from '../ports/clock';

/** A busy queue changes many times a second; nobody can read that. */
const TELL_EVERY_MS = 500;

/** How many wait in each queue, as Asterisk counts. */
export class QueueDepths {
  private readonly waiting = new Map<string, number>();
  private cancel: (() => void) | null = null;

  constructor(
    private readonly channel: AgentChannel,
    private readonly clock: Clock,
    queues: readonly string[],
  ) {
    for (const queue of queues) this.waiting.set(queue, 0);
  }

  current(): QueueDepth[] {
    return [...this.waiting].map(([queue, waiting]) => ({ queue, waiting }));
  }

  apply(event: PbxEvent): void {
    if (event.type === 'queue.joined' || event.type === 'queue.left') this.set(event.queue, event.waiting);
    if (event.type !== 'resynced') return;
    const now = new Map(event.snapshot.queues.map(({ queue, waiting }) => [queue, waiting]));
    for (const queue of new Set([...this.waiting.keys(), ...now.keys()])) this.set(queue, now.get(queue) ?? 0);
  }

  close(): void {
    this.cancel?.();
    this.cancel = null;
  }

  private set(queue: string, waiting: number): void {
    if (this.waiting.get(queue) === waiting) return;
    this.waiting.set(queue, waiting);
    this.cancel ??= this.clock.schedule(TELL_EVERY_MS, () => {
      this.cancel = null;
      this.channel.send('everyone', 'queues.changed', { queues: this.current() });
    });
  }
}
