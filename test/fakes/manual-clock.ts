import type { Clock } from '../../cti-gateway/src/ports/clock';

/** Time that stands still until a test moves it; timers fire in order of their time. */
export class ManualClock implements Clock {
  private readonly timers = new Set<{ atMs: number; callback: () => void }>();

  constructor(private currentMs = Date.now()) {}

  nowMs(): number {
    return this.currentMs;
  }

  schedule(delayMs: number, callback: () => void): () => void {
    const timer = { atMs: this.currentMs + delayMs, callback };
    this.timers.add(timer);
    return () => this.timers.delete(timer);
  }

  advance(ms: number): void {
    const endMs = this.currentMs + ms;
    for (let next = this.nextBefore(endMs); next !== undefined; next = this.nextBefore(endMs)) {
      this.timers.delete(next);
      this.currentMs = Math.max(this.currentMs, next.atMs);
      next.callback();
    }
    this.currentMs = endMs;
  }

  get pending(): number {
    return this.timers.size;
  }

  private nextBefore(endMs: number): { atMs: number; callback: () => void } | undefined {
    return [...this.timers].filter((timer) => timer.atMs <= endMs).sort((a, b) => a.atMs - b.atMs)[0];
  }
}
