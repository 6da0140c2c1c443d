import type { Clock } from '../ports/clock';

const FIRST_RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 300_000;

/** Call log rows that could not be handed over: each waits for itself, longer every time, and is never given up. */
export class RowBackoff {
  /** The one that was tried longest ago first. */
  private readonly rows = new Map<string, { readonly failures: number; readonly dueAtMs: number }>();

  constructor(private readonly clock: Clock) {}

  has(callId: string): boolean {
    return this.rows.has(callId);
  }

  /** @returns how often in a row it has failed now. */
  failed(callId: string): number {
    const failures = this.forget(callId) + 1;
    const delayMs = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(failures - 1, 10));
    this.rows.set(callId, { failures, dueAtMs: this.clock.nowMs() + delayMs });
    return failures;
  }

  /** It was handed over, or there is another row of the call. Returns how often it had failed. */
  forget(callId: string): number {
    const failures = this.rows.get(callId)?.failures ?? 0;
    this.rows.delete(callId);
    return failures;
  }

  /** Those whose time has come again. */
  due(): string[] {
    const nowMs = this.clock.nowMs();
    return [...this.rows].flatMap(([callId, { dueAtMs }]) => (dueAtMs <= nowMs ? [callId] : []));
  }

  /** Null: none is waiting. */
  nextDueInMs(): number | null {
    let dueAtMs = Infinity;
    for (const row of this.rows.values()) dueAtMs = Math.min(dueAtMs, row.dueAtMs);
    return dueAtMs === Infinity ? null : Math.max(0, dueAtMs - this.clock.nowMs());
  }
}
