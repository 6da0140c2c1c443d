import { CheckpointKeeper } from '../../cti-gateway/src/app/checkpoint-keeper';
import { GapFiller } from '../../cti-gateway/src/adapters/asterisk/cel/gap-filler';
import type { CallLogRow } from '../../crm-core/contract/calls';
import type { PbxEvent } from '../../cti-gateway/src/domain/call/pbx-event';
import type { CallCheckpoint, CallCheckpoints } from '../../cti-gateway/src/ports/call-checkpoints';
import { silentLog } from '../../cti-gateway/src/ports/log';
import { ManualClock } from '../fakes/manual-clock';
import type { Generated } from './generated-calls';
import { snapshotAt } from './generated-pbx';
import { WatchedBook } from './invariants';

/** What outlives the process. */
export class Disk implements CallCheckpoints {
  private checkpoint: CallCheckpoint | null = null;
  private holders = 0;

  last(): CallCheckpoint | null {
    return this.checkpoint;
  }

  save(checkpoint: CallCheckpoint): void {
    if (this.holders === 0) this.checkpoint = checkpoint;
  }

  hold(): () => void {
    this.holders += 1;
    return () => void (this.holders -= 1);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

/** One run of the gateway, as far as calls go: the gap filler, the call model watched, the checkpoint. A row is safe as soon as it is made. */
export class GatewayLife {
  private readonly watched = new WatchedBook({ lossy: true });
  private readonly clock: ManualClock;
  private readonly gaps: GapFiller;
  private readonly keeper: CheckpointKeeper;
  private resynced: () => void = () => undefined;
  private up = false;
  private atMs: number;
  private wholeUntilMs: number | null = null;

  constructor(
    private readonly made: Generated,
    disk: Disk,
    bornAtMs: number,
  ) {
    this.clock = new ManualClock(bornAtMs);
    this.atMs = bornAtMs;
    const history = {
      since: (fromMs: number) => Promise.resolve(made.cel.filter((record) => record.atMs >= fromMs - 5_000 && record.atMs <= this.atMs)),
    };
    this.gaps = new GapFiller({ history, checkpoints: disk, emit: (event) => this.take(event), log: silentLog });
    const pbx = { linkState: () => (this.up ? ('up' as const) : ('down' as const)) };
    this.keeper = new CheckpointKeeper({ checkpoints: disk, pbx, live: () => this.watched.book.live(), clock: this.clock });
  }

  get rows(): readonly CallLogRow[] {
    return this.watched.rows;
  }

  get live(): number {
    return this.watched.book.live().length;
  }

  /** The feed is (again) there, with a snapshot of that moment; resolves when the gap is filled. */
  async connect(atMs: number, { restarted = false } = {}): Promise<void> {
    this.passUntil(atMs);
    this.up = true;
    const { events, applications } = this.made;
    const alive = snapshotAt(events, applications, atMs);
    const snapshot = restarted ? { ...alive, channels: [], queues: [], startupKey: 'later' } : alive;
    const done = new Promise<void>((resolve) => (this.resynced = resolve));
    this.gaps.take({ type: 'resynced', atMs, gapFromMs: this.wholeUntilMs, pbxRestarted: restarted, snapshot });
    await done;
  }

  hear(events: readonly PbxEvent[]): void {
    for (const event of events) {
      this.passUntil(event.atMs);
      this.wholeUntilMs = Math.max(this.wholeUntilMs ?? 0, event.atMs);
      this.gaps.take(event);
    }
  }

  cut(atMs: number): void {
    this.passUntil(atMs);
    this.up = false;
  }

  private take(event: PbxEvent): void {
    const before = this.rows.length;
    const calls = this.watched.apply(event);
    for (const call of calls) this.keeper.callEnded(call);
    for (const row of this.rows.slice(before)) this.keeper.rowIsSafe(row.callId);
    if (event.type !== 'resynced') return;
    this.keeper.apply(event);
    this.resynced();
  }

  /** Timers of the seconds in between fire. */
  private passUntil(atMs: number): void {
    this.atMs = Math.max(this.atMs, atMs);
    this.clock.advance(this.atMs - this.clock.nowMs());
  }
}
