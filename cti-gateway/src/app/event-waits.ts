import type { Clock } from '../ports/clock';

interface Wait {
  readonly callId: string;
  readonly done: () => boolean;
  readonly settle: () => void;
}

/** Waits until the events of a call have made something true. */
export class EventWaits {
  private readonly waits = new Set<Wait>();

  constructor(private readonly clock: Clock) {}

  /** Resolves when it is so, when the time is over, or at the end: whoever waits looks. */
  until(callId: string, done: () => boolean, timeoutMs: number): Promise<void> {
    if (done()) return Promise.resolve();
    return new Promise((resolve) => {
      const cancel = this.clock.schedule(timeoutMs, () => settle());
      const settle = (): void => {
        cancel();
        this.waits.delete(wait);
        resolve();
      };
      const wait = { callId, done, settle };
      this.waits.add(wait);
    });
  }

  /** Something about this call has changed. */
  look(callId: string): void {
    for (const wait of [...this.waits]) if (wait.callId === callId && wait.done()) wait.settle();
  }

  close(): void {
    for (const wait of [...this.waits]) wait.settle();
  }
}
