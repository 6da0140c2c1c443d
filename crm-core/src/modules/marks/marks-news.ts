/** Wakes those who wait for a change of the list of marks. */
export class MarksNews {
  private current = 0;
  private closed = false;
  private readonly waiting = new Set<() => void>();

  /** Rises with every change. */
  get revision(): number {
    return this.current;
  }

  /** The list is another one now. */
  changed(): void {
    this.current += 1;
    for (const wake of this.waiting) wake();
  }

  /** Resolves at the first change after `revision`, after that time, or when nobody waits any more (`signal`, closing). */
  since(revision: number, waitMs: number, signal: AbortSignal): Promise<void> {
    if (this.closed || signal.aborted || this.current !== revision) return Promise.resolve();
    return new Promise((resolve) => {
      const wake = (): void => {
        clearTimeout(timer);
        this.waiting.delete(wake);
        signal.removeEventListener('abort', wake);
        resolve();
      };
      const timer = setTimeout(wake, waitMs);
      this.waiting.add(wake);
      signal.addEventListener('abort', wake);
    });
  }

  close(): void {
    this.closed = true;
    for (const wake of this.waiting) wake();
  }
}
