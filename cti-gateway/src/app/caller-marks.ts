import { randomUUID } from 'node:crypto';
import type { ActiveCallerMark, ActiveCallerMarks } from '../../../crm-core/contract/caller-marks';
import type { Clock } from '../ports/clock';
import type { CrmDirectory } from '../ports/crm-directory';
import type { Log } from '../ports/log';
import type { Pbx } from '../ports/pbx';
import type { CrmLink } from './crm-link';

/** After trouble, and with a crm-core that does not wait for news. */
const POLL_MS = 5_000;
/** So long a question for news stays open. */
const MAX_WAIT_MS = 20_000;
/** Asterisk looks its global variables up one after the other: beyond this it would be felt. */
const MAX_ENTRIES = 10_000;

/** What this run of ours has told Asterisk. Entries of another run are there, but do not count. */
interface Told {
  readonly run: string;
  readonly entries: Map<string, string>;
  believedUntilMs: number;
}

export interface CallerMarksOptions {
  readonly pbx: Pick<Pbx, 'putCallerMark' | 'believeCallerMarks' | 'linkState' | 'onLink'>;
  readonly crm: Pick<CrmDirectory, 'callerMarks'>;
  readonly link: CrmLink;
  readonly clock: Clock;
  readonly log: Log;
  /** How long the dialplan believes what it has been told; see below. */
  readonly validSec: number;
}

/**
 * Keeps the dialplan's list of blocked and preferred callers in step with crm-core's, so that no call ever waits for either of us.
 *
 *     crm-core ──news, by version──▶ wanted ──difference──▶ Asterisk's global variables ◀──one look per call── dialplan
 *
 * A question for news is always open at crm-core, so that a change is there when the one who made it looks up. Fails open: the dialplan
 * believes the list for `validSec` only, and that is moved on while crm-core answers.
 */
export class CallerMarks {
  private list: ActiveCallerMarks | null = null;
  /** Null: whatever Asterisk has, it is not known, and all is written anew. */
  private told: Told | null = null;
  private trouble: string | null = null;
  private running: Promise<void> | null = null;
  /** Somebody wants an answer now. */
  private hurry = false;
  private waiting: AbortController | null = null;
  private cancel: () => void = () => undefined;
  private readonly abort = new AbortController();
  private readonly stops: readonly (() => void)[];

  constructor(private readonly options: CallerMarksOptions) {
    this.stops = [
      options.pbx.onLink((link, state) => {
        if (link !== 'ami' || state !== 'up') return;
        this.told = null;
        this.refresh();
      }),
      options.link.onState((state) => {
        if (state === 'up') this.refresh();
      }),
    ];
  }

  start(): void {
    this.refresh();
  }

  /** Looks now: something has changed. */
  refresh(): void {
    this.cancel();
    if (this.abort.signal.aborted) return;
    this.hurry = true;
    this.waiting?.abort();
    this.look();
  }

  private look(): void {
    if (this.abort.signal.aborted || this.running !== null) return;
    this.running = this.run().then((delayMs) => {
      this.running = null;
      if (this.abort.signal.aborted) return;
      if (this.hurry) this.look();
      else this.cancel = this.options.clock.schedule(delayMs, () => this.look());
    });
  }

  async close(): Promise<void> {
    this.abort.abort();
    this.cancel();
    for (const stop of this.stops) stop();
    await this.running;
  }

  /** @returns when to look again. */
  private async run(): Promise<number> {
    const { link, pbx, validSec } = this.options;
    // Half of the time the dialplan believes us must be left for the next answer.
    const waitMs = this.hurry || this.list === null ? 0 : Math.min(MAX_WAIT_MS, validSec * 250);
    this.hurry = false;
    try {
      const answer = link.state === 'up' ? await this.ask(waitMs) : 'nobody_to_ask';
      const current = answer !== 'nobody_to_ask' && answer !== 'interrupted';
      if (this.list !== null && pbx.linkState('ami') === 'up') await this.write(this.list, current);
      this.report(null);
      return answer === 'waited' || answer === 'news' ? 0 : POLL_MS;
    } catch (error) {
      if (!this.abort.signal.aborted) this.report(error instanceof Error ? error.message : String(error));
      return POLL_MS;
    }
  }

  /** `news` another list; `waited` the same for as long as we asked; `unchanged` the same, answered at once; `interrupted` by {@link refresh}. */
  private async ask(waitMs: number): Promise<'news' | 'waited' | 'unchanged' | 'interrupted'> {
    const { crm, link, clock } = this.options;
    const waiting = new AbortController();
    this.waiting = waiting;
    const signal = AbortSignal.any([waiting.signal, this.abort.signal]);
    const askedAtMs = clock.nowMs();
    try {
      const answer = await link.watch(() => crm.callerMarks(this.list?.version ?? null, { waitMs, signal }), signal);
      if (answer !== 'unchanged') this.list = answer;
      if (answer !== 'unchanged') return 'news';
      return clock.nowMs() - askedAtMs >= waitMs / 2 ? 'waited' : 'unchanged';
    } catch (error) {
      if (waiting.signal.aborted) return 'interrupted';
      throw error;
    } finally {
      this.waiting = null;
    }
  }

  /** The run is believed when all of it is there, and longer only while the list is crm-core's of this moment. */
  private async write(list: ActiveCallerMarks, current: boolean): Promise<void> {
    const { pbx, clock, validSec, log } = this.options;
    const told = (this.told ??= { run: randomRun(), entries: new Map(), believedUntilMs: 0 });
    const wanted = this.wanted(list, told.run);
    const changes: [string, string | null][] = [...wanted].filter(([form, entry]) => told.entries.get(form) !== entry);
    for (const form of told.entries.keys()) if (!wanted.has(form)) changes.push([form, null]);
    for (const [form, entry] of changes) {
      if (this.abort.signal.aborted) return;
      await this.change(told, form, entry);
    }
    if (changes.length > 0) log.info({ entries: wanted.size, changed: changes.length }, 'marked callers told to the dialplan');
    if (!current || told.believedUntilMs - clock.nowMs() > validSec * 500) return;
    const untilMs = clock.nowMs() + validSec * 1000;
    await pbx.believeCallerMarks(told.run, untilMs / 1000);
    told.believedUntilMs = untilMs;
  }

  private wanted({ items }: ActiveCallerMarks, run: string): Map<string, string> {
    const all = items.flatMap((item) => item.dialForms.map((form) => [form, `${entryOf(item)}:${run}`] as const));
    if (all.length > MAX_ENTRIES)
      this.options.log.error({ entries: all.length, most: MAX_ENTRIES }, 'too many marked callers; the last ones do not count');
    return new Map(all.slice(0, MAX_ENTRIES));
  }

  /** An action that failed may have been done. */
  private async change(told: Told, form: string, entry: string | null): Promise<void> {
    try {
      await this.options.pbx.putCallerMark(form, entry);
    } catch (error) {
      if (this.told === told) this.told = null;
      throw error;
    }
    if (entry === null) told.entries.delete(form);
    else told.entries.set(form, entry);
  }

  /** Said once, not every few seconds. */
  private report(trouble: string | null): void {
    if (trouble === this.trouble) return;
    this.trouble = trouble;
    if (trouble === null) this.options.log.info({}, 'marked callers are up to date again');
    else this.options.log.warn({ why: trouble }, 'marked callers cannot be kept up to date; calls go on');
  }
}

function randomRun(): string {
  return randomUUID().replaceAll('-', '').slice(0, 12);
}

function entryOf({ mark, until }: ActiveCallerMark): string {
  return `${mark}:${until === null ? 0 : Math.floor(Date.parse(until) / 1000)}`;
}
