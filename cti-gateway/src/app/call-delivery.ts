import type { CallIntake } from '../../../crm-core/contract/calls';
import type { AgentChannel } from '../ports/agent-channel';
import type { CallJournal } from '../ports/call-journal';
import type { Clock } from '../ports/clock';
import type { CrmDirectory } from '../ports/crm-directory';
import type { Log } from '../ports/log';
import type { Telemetry } from '../ports/telemetry';
import type { CrmLink } from './crm-link';

const BATCH = 20;
const FIRST_RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 60_000;
/** Rows that the disk did not take wait in memory; beyond this many the oldest are lost, and that is said. */
const MAX_UNWRITTEN = 10_000;

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

/**
 * Finished calls: on our own disk first, then to crm-core until it has taken them, which their agents are told. Nothing an agent does
 * waits for this.
 *
 *     finished ──append──▶ journal ──PUT──▶ accepted │ refused (kept aside)
 *        └─disk full─▶ memory ──retry──┘      └──not now──▶ backoff
 */
export class CallDelivery {
  private readonly unwritten = new Map<string, CallIntake>();
  private readonly adding = new Set<Promise<void>>();
  private readonly abort = new AbortController();
  private cancelRetry: () => void = () => undefined;
  private cancelRewrite: (() => void) | null = null;
  private readonly stopWatching: () => void;
  private running: Promise<void> | null = null;
  private again = false;
  private attempt = 0;
  private closed = false;

  constructor(private readonly options: CallDeliveryOptions) {
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
    this.cancelRewrite?.();
    await Promise.all(this.adding);
    // A request on its way is given up: its row is on disk and goes again, and crm-core takes it once.
    this.abort.abort();
    await this.running;
    for (const row of this.unwritten.values()) {
      await this.options.journal
        .append(row)
        .catch((err: unknown) => this.options.log.error({ callId: row.callId, err }, 'call log row lost at shutdown'));
    }
  }

  private async write(row: CallIntake): Promise<void> {
    const { journal, telemetry, log } = this.options;
    try {
      await journal.append(row);
      this.unwritten.delete(row.callId);
      telemetry.journal('written');
      this.options.onSafe?.(row.callId);
      this.wake();
    } catch (err) {
      telemetry.journal('write_failed');
      log.error({ callId: row.callId, err, waiting: this.unwritten.size + 1 }, 'journal could not be written; the row is kept in memory');
      this.keep(row);
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
    const { journal, link, log } = this.options;
    try {
      while (!this.closed && link.usable) {
        const rows = await journal.pending(BATCH);
        for (const row of rows) await this.deliver(row, (result, message) => journal.settle(row.callId, result, message));
        // A full disk must not keep crm-core from a call that is in memory all the while.
        for (const row of [...this.unwritten.values()]) await this.deliver(row, () => this.takenFromMemory(row));
        this.attempt = 0;
        if (rows.length === 0) return;
      }
    } catch (err) {
      log.debug({ err }, 'call log rows wait for crm-core');
    }
    this.retryLater();
  }

  private async deliver(row: CallIntake, settle: (result: 'accepted' | 'refused', message?: string) => unknown): Promise<void> {
    const { crm, link, telemetry, log } = this.options;
    if (this.closed) throw new Error('Closing');
    try {
      const result = await link.watch(() => crm.deliverCall(row, this.abort.signal), this.abort.signal);
      await settle(result.status, result.status === 'refused' ? result.message : undefined);
      telemetry.journal(result.status === 'accepted' ? 'delivered' : 'refused');
      if (result.status === 'accepted') this.tell(row);
      else
        log.error({ callId: row.callId, message: result.message }, 'crm-core refused a call log row; it is kept aside');
    } catch (error) {
      telemetry.journal('delivery_failed');
      throw error;
    }
  }

  private tell({ callId, legs }: CallIntake): void {
    const extensions = new Set(legs.flatMap(({ extension }) => extension ?? []));
    for (const extension of extensions) this.options.channel.send({ extension }, 'call.logged', { callId });
  }

  private takenFromMemory({ callId }: CallIntake): void {
    this.unwritten.delete(callId);
    this.options.onSafe?.(callId);
  }

  private retryLater(): void {
    if (this.closed) return;
    const delayMs = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(this.attempt, 10));
    this.attempt += 1;
    this.cancelRetry();
    this.cancelRetry = this.options.clock.schedule(delayMs, () => this.wake());
  }

  private keep(row: CallIntake): void {
    this.unwritten.set(row.callId, row);
    if (this.unwritten.size > MAX_UNWRITTEN) {
      const oldest = [...this.unwritten.keys()][0];
      if (oldest !== undefined) this.unwritten.delete(oldest);
      this.options.log.error({ callId: oldest }, 'call log row lost: the disk is full and so is memory');
    }
    if (this.closed) return;
    this.cancelRewrite ??= this.options.clock.schedule(FIRST_RETRY_MS * 5, () => {
      this.cancelRewrite = null;
      void this.rewrite();
    });
  }

  private async rewrite(): Promise<void> {
    for (const row of [...this.unwritten.values()]) await this.add(row);
  }
}
