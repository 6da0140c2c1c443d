import type { CallIntake } from '../../../crm-core/contract/calls';
import type { Clock } from '../ports/clock';
import type { Log } from '../ports/log';

const REWRITE_EVERY_MS = 5_000;
/** Beyond this many the oldest are lost, and that is said. */
const MOST = 10_000;

export interface UnwrittenRowsOptions {
  readonly clock: Clock;
  readonly log: Log;
  /** Tries the disk again. */
  readonly write: (row: CallIntake) => Promise<void>;
}

/** Rows that the disk did not take: kept in memory, one for each call, and tried again every {@link REWRITE_EVERY_MS}. */
export class UnwrittenRows {
  private readonly rows = new Map<string, CallIntake>();
  private cancelRewrite: (() => void) | null = null;
  private closed = false;

  constructor(private readonly options: UnwrittenRowsOptions) {}

  get size(): number {
    return this.rows.size;
  }

  all(): readonly CallIntake[] {
    return [...this.rows.values()];
  }

  has(row: CallIntake): boolean {
    return this.rows.get(row.callId) === row;
  }

  keep(row: CallIntake): void {
    this.rows.set(row.callId, row);
    if (this.rows.size > MOST) this.loseOldest();
    if (!this.closed) this.cancelRewrite ??= this.options.clock.schedule(REWRITE_EVERY_MS, () => void this.rewrite());
  }

  forget(callId: string): void {
    this.rows.delete(callId);
  }

  close(): void {
    this.closed = true;
    this.cancelRewrite?.();
  }

  private async rewrite(): Promise<void> {
    this.cancelRewrite = null;
    // One that was replaced or settled meanwhile must not be written over what came after it.
    for (const row of this.all()) if (this.has(row)) await this.options.write(row);
  }

  private loseOldest(): void {
    const oldest = this.all()[0];
    if (oldest === undefined) return;
    this.rows.delete(oldest.callId);
    this.options.log.error({ callId: oldest.callId }, 'call log row lost: the disk is full and so is memory');
  }
}
