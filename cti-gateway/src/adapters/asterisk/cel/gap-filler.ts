import { setTimeout as delay } from 'node:timers/promises';
import { endsIn, type PbxEvent } from '../../../domain/call/pbx-event';
import type { CallCheckpoints } from '../../../ports/call-checkpoints';
import type { Log } from '../../../ports/log';
import { CelEvents } from './cel-events';
import type { CelRecord } from './cel-record';

type Resynced = Extract<PbxEvent, { type: 'resynced' }>;

/** Asterisk writes its log a moment after it has said the same on AMI. */
const LAG_MS = 150;
const LAG_TRIES = 3;
/** Agents do not wait longer for their live calls; what is read later is told later. */
const DEADLINE_MS = 1_500;

export interface GapFillerOptions {
  readonly history: { since(fromMs: number): Promise<readonly CelRecord[]> };
  readonly checkpoints: Pick<CallCheckpoints, 'last' | 'hold'>;
  readonly emit: (event: PbxEvent) => void;
  readonly log: Log;
}

/**
 * Tells after a gap what happened in it, from Asterisk's channel event log, before the snapshot says what is now; what comes in
 * meanwhile waits. A gap is a cut of the event feed, or the time from the last checkpoint of an earlier run to our start.
 *
 *     events ──▶ [resynced ─ read log ─▶ recovered events, resynced, what waited] ──▶ events
 */
export class GapFiller {
  private waiting: PbxEvent[] | null = null;
  private first = true;
  private closed = false;

  constructor(private readonly options: GapFillerOptions) {}

  take(event: PbxEvent): void {
    if (this.waiting !== null) this.waiting.push(event);
    else if (event.type !== 'resynced') this.options.emit(event);
    else this.begin(event);
  }

  close(): void {
    this.closed = true;
    this.waiting = null;
  }

  private begin(resynced: Resynced): void {
    this.waiting = [];
    const first = this.first;
    this.first = false;
    const told = first ? this.sinceLastRun(resynced) : resynced;
    const release = this.options.checkpoints.hold();
    const reading = this.recover(resynced, told, first)
      .catch((err: unknown) => {
        this.options.log.error({ err }, 'the channel event log could not be read; what happened in the gap is not known');
        return [];
      })
      .finally(release);
    const late = delay(DEADLINE_MS, null, { ref: false });
    void Promise.race([reading, late]).then((recovered) => {
      this.finish(told, recovered ?? []);
      if (recovered === null) void reading.then((events) => this.tell(events));
    });
  }

  private tell(recovered: readonly PbxEvent[]): void {
    if (this.closed || recovered.length === 0) return;
    this.options.log.info({ events: recovered.length }, 'a gap was filled from the channel event log');
    for (const event of recovered) this.options.emit({ ...event, recovered: true });
  }

  private finish(resynced: Resynced, recovered: readonly PbxEvent[]): void {
    const waited = this.waiting ?? [];
    this.waiting = null;
    if (this.closed) return;
    this.tell(recovered);
    this.options.emit({ ...resynced, endsToCome: [...(resynced.endsToCome ?? []), ...endsIn(waited)] });
    for (const event of waited) this.take(event);
  }

  /** The feed knows nothing of an earlier run's last moment. */
  private sinceLastRun(resynced: Resynced): Resynced {
    const last = this.options.checkpoints.last();
    return last === null || resynced.gapFromMs !== null ? resynced : { ...resynced, gapFromMs: Math.min(last.seenUntilMs, resynced.atMs) };
  }

  private async recover(resynced: Resynced, told: Resynced, first: boolean): Promise<readonly PbxEvent[]> {
    if (!first && resynced.gapFromMs === null) return [];
    const last = this.options.checkpoints.last();
    const fromMs = this.fromOf(resynced, last?.fromMs ?? null);
    if (fromMs === null) return [];
    const live = new Set(resynced.snapshot.channels.map(({ channel }) => channel.linkedId));
    const wanted = (record: CelRecord): boolean =>
      live.has(record.linkedId) || (last !== null && !last.done.has(record.linkedId) && !last.done.has(record.channelId));
    const deadlineMs = Date.now() + DEADLINE_MS;
    for (let attempt = 1; ; attempt += 1) {
      const records = await this.options.history.since(fromMs);
      const chosen = untilSnapshot(whole(records).filter(wanted), resynced);
      if (attempt < LAG_TRIES && Date.now() < deadlineMs && !told.pbxRestarted && isBehind(chosen, resynced)) {
        await delay(LAG_MS);
        continue;
      }
      const events = [...new CelEvents(chosen).events()];
      return first ? events : events.filter((event) => event.atMs > (resynced.gapFromMs ?? 0));
    }
  }

  /** The oldest unfinished call that we knew, or that lives. */
  private fromOf({ snapshot, gapFromMs }: Resynced, checkpointMs: number | null): number | null {
    const born = snapshot.channels.flatMap(({ createdAtMs }) => createdAtMs ?? []);
    const known = [checkpointMs, gapFromMs].flatMap((atMs) => atMs ?? []);
    // The snapshot tells ages in whole seconds.
    const all = [...born.map((atMs) => atMs - 2_000), ...known];
    return all.length === 0 ? null : Math.min(...all);
  }
}

/** Without channels that began before the reading: of them not everything is known. */
function whole(records: readonly CelRecord[]): readonly CelRecord[] {
  const begun = new Set(records.filter((record) => record.type === 'CHAN_START').map((record) => record.channelId));
  return records.filter((record) => begun.has(record.channelId));
}

/**
 * What came after the snapshot comes as events, of channels that lived then and of new ones. Of a channel that was gone in the meantime
 * the end is told here: its events may have gone out before we listened.
 */
function untilSnapshot(records: readonly CelRecord[], { atMs, snapshot }: Resynced): readonly CelRecord[] {
  const later = new Set(records.filter((record) => record.type === 'CHAN_START' && record.atMs > atMs).map((record) => record.channelId));
  const alive = new Set(snapshot.channels.map(({ channel }) => channel.channelId));
  return records.filter((record) => !later.has(record.channelId) && (record.atMs <= atMs || !alive.has(record.channelId)));
}

/** A channel has gone and its end is not written yet. */
function isBehind(records: readonly CelRecord[], { snapshot }: Resynced): boolean {
  const open = new Set<string>();
  for (const { type, channelId } of records) {
    if (type === 'CHAN_START') open.add(channelId);
    else if (type === 'CHAN_END') open.delete(channelId);
  }
  for (const { channel } of snapshot.channels) open.delete(channel.channelId);
  return open.size > 0;
}
