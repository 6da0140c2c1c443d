import type { Clock } from '../ports/clock';

interface Wait {
  readonly callId: string;
  readonly done: () => boolean;
  readonly settle: (done: boolean) => void;
}

/** Waits until the events of a call have made something true. */
export class EventWaits {
  private readonly waits = new Set<Wait>();

  constructor(private readonly clock: Clock) {}

  /** @returns false when it was not so within the time, or at the end. */
  until(callId: string, done: () => boolean, timeoutMs: number): Promise<boolean> {
    if (done()) return Promise.resolve(true);
    return new Promise((resolve) => {
      const cancel = this.clock.schedule(timeoutMs, () => settle(false));
      const settle = (result: boolean): void => {
        cancel();
        this.waits.delete(wait);
        resolve(result);
      };
      const wait = { callId, done, settle };
      this.waits.add(wait);
    });
  }

  /** Something about this call has changed. */
  look(callId: string): void {
    for (const wait of [...this.waits]) if (wait.callId === callId && wait.done()) wait.settle(true);
  }

  close(): void {
    for (const wait of [...this.waits]) wait.settle(false);
  }
}
