import { endsIn, type PbxEvent } from '../../../domain/call/pbx-event';
import type { DatedSnapshot } from './ami-snapshot';

export interface FeedGateOptions {
  readonly emit: (event: PbxEvent) => void;
  /** How many events are kept during a gap. */
  readonly maxHeld: number;
}

/**
 * Keeps the order that the call model relies on: after a gap, first the snapshot, then what happened since.
 *
 * ```
 * closed (lost) ──begin──► holding ──release──► open ──begin──► holding
 *      ▲                      │                   │
 *      └────────lose──────────┴───────────────────┘
 * ```
 *
 * Held events may be older than the snapshot and repeat what it says; whoever reads them must not mind. They are not
 * thrown away: who hung up, and why, is in no snapshot. Of channels that ended meanwhile `resynced` says that their end follows.
 */
export class FeedGate {
  private state: 'closed' | 'holding' | 'open' = 'closed';
  private held: PbxEvent[] = [];
  private startupKey: string | null = null;
  private wholeUntilMs: number | null = null;

  constructor(private readonly options: FeedGateOptions) {}

  get isOpen(): boolean {
    return this.state === 'open';
  }

  /** From now on events are held. Those held already stay. */
  begin(): void {
    this.state = 'holding';
  }

  /** Takes one event; false when it could not be kept, so that only a new connection helps. */
  accept(event: PbxEvent): boolean {
    if (this.state === 'open') {
      this.seen(event.atMs);
      this.options.emit(event);
      return true;
    }
    if (this.state === 'closed' || this.held.length >= this.options.maxHeld) return false;
    this.held.push(event);
    return true;
  }

  /** Asterisk answered at this time (its own clock), and nothing is missing until then. */
  seen(atMs: number): void {
    if (this.state === 'open') this.wholeUntilMs = Math.max(this.wholeUntilMs ?? 0, atMs);
  }

  /** The snapshot is there: emits `resynced`, then everything held. */
  release({ atMs, snapshot }: DatedSnapshot): void {
    const gapFromMs = this.wholeUntilMs;
    const pbxRestarted = this.startupKey !== null && this.startupKey !== snapshot.startupKey;
    this.startupKey = snapshot.startupKey;
    const held = this.held;
    this.held = [];
    this.state = 'open';
    this.seen(atMs);
    this.options.emit({ type: 'resynced', atMs, gapFromMs, pbxRestarted, snapshot, endsToCome: endsIn(held) });
    for (const event of held) this.accept(event);
  }

  /** The connection is over. What was held is not emitted: it belongs to the gap that the next snapshot closes. */
  lose(): void {
    this.state = 'closed';
    this.held = [];
  }
}
