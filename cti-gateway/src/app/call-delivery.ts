import type { CallIntake } from '../../../crm-core/contract/calls';
import type { AgentChannel } from '../ports/agent-channel';
import type { CallJournal } from '../ports/call-journal';
import type { Clock } from '../ports/clock';
import { CrmError, type CrmDirectory } from '../ports/crm-directory';
import type { Log } from '../ports/log';
import type { Telemetry } from '../ports/telemetry';
import type { CrmLink } from './crm-link';
import { RowBackoff } from './row-backoff';
import { UnwrittenRows } from './unwritten-rows';

const BATCH = 20;
const FIRST_RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 60_000;
/** So many errors one after the other are more than bad rows may be: a crm-core that answers like this to all is asked slowly. */
const MAX_FAILURES = 20;
const PAUSE_MS = 5_000;
/** Failures of a row after which it is no passing trouble. */
const FAILURES_TO_SAY = 3;

export interface CallDeliveryOptions {
  readonly journal: CallJournal;
  readonly crm: Pick<CrmDirectory, 'deliverCall'>;
  readonly channel: Pick<AgentChannel, 'send'>;
  readonly link: CrmLink;
  readonly clock: Clock;
  readonly log: Log;
  readonly telemetry: Telemetry;
  /** The row is on disk, or crm-core has it: a crash does not take it any more. */
  readonly onSafe?: (callId: string) => void;
}

interface Waiting {
  readonly row: CallIntake;
  readonly settle: (result: 'accepted' | 'refused', message?: string) => void | Promise<void>;
}

/**
 * Finished calls: on our own disk first, then to crm-core until it has taken them, which their agents are told. Nothing an agent does
 * waits for this.
 *
 *     finished ──append──▶ journal ──PUT──▶ accepted │ refused (kept aside)
 *        └─disk full─▶ memory ──retry──┘      ├──not there──▶ all wait
 *                                             └──an error──▶ this row waits, the others go on
 */
export class CallDelivery {
  private readonly unwritten: UnwrittenRows;
  private readonly adding = new Set<Promise<void>>();
  private readonly backoff: RowBackoff;
  private readonly abort = new AbortController();
  private cancelRetry: () => void = () => undefined;
  private readonly stopWatching: () => void;
  private running: Promise<void> | null = null;
  private again = false;
  private attempt = 0;
  private closed = false;

  constructor(private readonly options: CallDeliveryOptions) {
    this.backoff = new RowBackoff(options.clock);
    this.unwritten = new UnwrittenRows({ ...options, write: (row) => this.begin(row) });
    this.stopWatching = options.link.onState((state) => {
      if (state === 'up') this.wake();
    });
  }

  /** Delivers what an earlier run has left. */
  start(): void {
    this.wake();
  }

  /** Never rejects: what cannot be written is kept and tried again. */
  add(row: CallIntake): Promise<void> {
    this.backoff.forget(row.callId);
    // It takes the place of an earlier one, which must not be written after it.
    this.unwritten.forget(row.callId);
    return this.begin(row);
  }

  private begin(row: CallIntake): Promise<void> {
    const adding = this.write(row).finally(() => this.adding.delete(adding));
    this.adding.add(adding);
    return adding;
  }

  backlog(): number {
    return this.options.journal.backlog() + this.unwritten.size;
  }

  /** Waits until what has ended is on disk; a row that is only in memory gets a last try. */
  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    this.stopWatching();
    this.cancelRetry();
    this.unwritten.close();
    await Promise.all(this.adding);
    // A request on its way is given up: its row is on disk and goes again, and crm-core takes it once.
    this.abort.abort();
    await this.running;
    for (const row of this.unwritten.all()) {
      await this.options.journal
        .append(row)
        .catch((err: unknown) => this.options.log.error({ callId: row.callId, err }, 'call log row lost at shutdown'));
    }
  }

  private async write(row: CallIntake): Promise<void> {
    const { journal, telemetry, log } = this.options;
    try {
      await journal.append(row);
      this.unwritten.forget(row.callId);
      telemetry.journal('written');
      this.options.onSafe?.(row.callId);
      this.wake();
    } catch (err) {
      telemetry.journal('write_failed');
      log.error({ callId: row.callId, err, waiting: this.unwritten.size + 1 }, 'journal could not be written; the row is kept in memory');
      this.unwritten.keep(row);
      this.wake();
    }
  }

  private wake(): void {
    if (this.closed) return;
    this.cancelRetry();
    if (this.running !== null) return void (this.again = true);
    this.running = this.run().finally(() => {
      this.running = null;
      if (this.again && !this.closed) {
        this.again = false;
        this.wake();
      }
    });
  }

  private async run(): Promise<void> {
    const { link, log } = this.options;
    let failures = 0;
    try {
      while (!this.closed && link.usable) {
        const rows = await this.next();
        if (rows.length === 0) return this.wakeIn(this.backoff.nextDueInMs());
        for (const waiting of rows) {
          failures = (await this.deliver(waiting)) ? 0 : failures + 1;
          this.attempt = 0;
          if (failures >= MAX_FAILURES) return this.wakeIn(PAUSE_MS);
        }
      }
    } catch (err) {
      log.debug({ err }, 'call log rows wait for crm-core');
    }
    this.retryLater();
  }

  /** First those that have not failed, oldest first; then, one at a time so that new ones go before, those whose time has come again. */
  private async next(): Promise<readonly Waiting[]> {
    const rows = await this.waiting(BATCH, (callId) => !this.backoff.has(callId));
    if (rows.length > 0) return rows;
    for (const due of this.backoff.due()) {
      const again = await this.waiting(1, (callId) => callId === due);
      if (again.length > 0) return again;
      this.backoff.forget(due);
    }
    return [];
  }

  private async waiting(limit: number, wanted: (callId: string) => boolean): Promise<readonly Waiting[]> {
    const { journal } = this.options;
    const written = await journal.pending(limit, wanted);
    const callIds = new Set(written.map(({ callId }) => callId));
    // A full disk must not keep crm-core from a call that is in memory all the while; what corrects a written row goes after it.
    const unwritten = this.unwritten.all().filter(({ callId }) => wanted(callId) && !callIds.has(callId));
    return [
      ...written.map((row): Waiting => ({ row, settle: (result, message) => journal.settle(row.callId, result, message) })),
      ...unwritten.slice(0, limit).map((row): Waiting => ({ row, settle: (result) => this.settleInMemory(row, result) })),
    ];
  }

  /**
   * @returns false when only this row has to wait.
   * @throws CrmError `unreachable`: all have to.
   */
  private async deliver({ row, settle }: Waiting): Promise<boolean> {
    const { crm, link, telemetry } = this.options;
    if (this.closed) throw new Error('Closing');
    try {
      const result = await link.watch(() => crm.deliverCall(row, this.abort.signal), this.abort.signal);
      await settle(result.status, result.status === 'refused' ? result.message : undefined);
      this.settled(row, result);
      return true;
    } catch (error) {
      telemetry.journal('delivery_failed');
      // Also one that got no answer: should it be the row's fault, the others come first next time.
      if (!this.abort.signal.aborted) this.failed(row, error);
      if (error instanceof CrmError && error.reason === 'unreachable') throw error;
      return false;
    }
  }

  private settled(row: CallIntake, result: Awaited<ReturnType<CrmDirectory['deliverCall']>>): void {
    const { telemetry, log } = this.options;
    const { callId } = row;
    const failures = this.backoff.forget(callId);
    telemetry.journal(result.status === 'accepted' ? 'delivered' : 'refused');
    if (result.status === 'refused')
      return log.error({ callId, message: result.message }, 'crm-core refused a call log row; it is kept aside');
    if (failures >= FAILURES_TO_SAY) log.info({ callId, failures }, 'a call log row that kept failing is delivered');
    this.tell(row);
  }

  private failed({ callId }: CallIntake, err: unknown): void {
    const failures = this.backoff.failed(callId);
    if (failures === FAILURES_TO_SAY)
      this.options.log.error({ callId, err, failures }, 'a call log row keeps failing; it is kept and tried again');
  }

  private tell({ callId, legs }: CallIntake): void {
    const extensions = new Set(legs.flatMap(({ extension }) => extension ?? []));
    for (const extension of extensions) this.options.channel.send({ extension }, 'call.logged', { callId });
  }

  private settleInMemory(row: CallIntake, result: 'accepted' | 'refused'): void {
    if (result === 'refused') throw new Error('crm-core refused it, and the disk has no room to keep it aside');
    if (this.unwritten.has(row)) this.unwritten.forget(row.callId);
    this.options.onSafe?.(row.callId);
  }

  private retryLater(): void {
    const delayMs = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(this.attempt, 10));
    this.attempt += 1;
    this.wakeIn(delayMs);
  }

  private wakeIn(delayMs: number | null): void {
    if (this.closed || delayMs === null) return;
    this.cancelRetry();
    this.cancelRetry = this.options.clock.schedule(delayMs, () => this.wake());
  }
}
