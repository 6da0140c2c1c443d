import type { Call } from '../domain/call/call';
import type { PbxEvent } from '../domain/call/pbx-event';
import type { CallCheckpoints } from '../ports/call-checkpoints';
import type { Clock } from '../ports/clock';
import type { Pbx } from '../ports/pbx';

const EVERY_MS = 1_000;
/** An event is on its way for a while: a call may have begun that we have not heard of. */
const MARGIN_MS = 5_000;

export interface CheckpointKeeperOptions {
  readonly checkpoints: CallCheckpoints;
  readonly pbx: Pick<Pbx, 'linkState'>;
  readonly live: () => readonly Call[];
  readonly clock: Clock;
}

interface Ended {
  readonly ids: readonly string[];
  readonly startedAtMs: number;
  readonly endedAtMs: number;
  safe: boolean;
}

/**
 * Remembers from where the channel event log must be read after a crash: the beginning of the oldest call that lives or whose row is
 * not safe yet, and the calls since then whose rows are. Stands still while events are missed.
 */
export class CheckpointKeeper {
  private readonly ended = new Map<string, Ended>();
  private inherited: ReadonlySet<string>;
  private inheritedFromMs: number;
  private whole = false;
  private cancel: () => void = () => undefined;

  constructor(private readonly options: CheckpointKeeperOptions) {
    const last = options.checkpoints.last();
    this.inherited = last?.done ?? new Set();
    this.inheritedFromMs = options.clock.nowMs();
    this.tick();
  }

  apply(event: PbxEvent): void {
    if (event.type !== 'resynced') return;
    this.whole = true;
    this.save();
  }

  callEnded(call: Call): void {
    const ended = { ids: [...new Set([call.callId, ...call.linkedIds])], startedAtMs: call.enteredAtMs, endedAtMs: call.endedAtMs ?? 0 };
    this.ended.set(call.callId, { ...ended, safe: false });
  }

  /** The row of this call is on disk, or with crm-core. */
  rowIsSafe(callId: string): void {
    const ended = this.ended.get(callId);
    if (ended === undefined || ended.safe) return;
    ended.safe = true;
    this.save();
  }

  close(): void {
    this.cancel();
    this.save();
  }

  private tick(): void {
    this.save();
    this.cancel = this.options.clock.schedule(EVERY_MS, () => this.tick());
  }

  private save(): void {
    const { checkpoints, live, clock, pbx } = this.options;
    if (!this.whole) return;
    const last = checkpoints.last();
    const up = pbx.linkState('ami') === 'up' || last === null;
    const nowMs = clock.nowMs();
    const unsafe = [...this.ended.values()].filter((ended) => !ended.safe).map((ended) => ended.startedAtMs);
    const seenUntilMs = up ? nowMs : last.seenUntilMs;
    const fromMs = Math.min(seenUntilMs, ...unsafe, ...live().map((call) => call.enteredAtMs)) - MARGIN_MS;
    for (const [callId, ended] of this.ended) if (ended.safe && ended.endedAtMs < fromMs - MARGIN_MS) this.ended.delete(callId);
    if (fromMs > this.inheritedFromMs + MARGIN_MS) this.inherited = new Set();
    const done = [...this.inherited, ...[...this.ended.values()].filter((ended) => ended.safe).flatMap((ended) => ended.ids)];
    checkpoints.save({ fromMs, seenUntilMs, done: new Set(done) });
  }
}
