import type { Logger } from 'pino';
import type { Clock } from '../../../ports/clock';
import type { LinkState } from '../../../ports/pbx';
import { wait } from './deadline';

/** Asterisk is there and does not let us in. Trying again soon does not help; a person must act: `advice` says how. */
export class LinkRefusedError extends Error {
  override readonly name = 'LinkRefusedError';

  constructor(
    message: string,
    readonly advice = 'check the name and password',
  ) {
    super(message);
  }
}

/** Waits between attempts, in ms. Each wait is spread by up to half of itself, so that two links do not knock together. */
export interface LinkBackoff {
  readonly firstMs: number;
  readonly maxMs: number;
  /** After a {@link LinkRefusedError}. */
  readonly refusedMs: number;
}

export const DEFAULT_BACKOFF: LinkBackoff = { firstMs: 250, maxMs: 2_000, refusedMs: 30_000 };

export type ReportState = (state: 'up' | 'connecting') => void;

export interface LinkLoopOptions {
  /** For the log: `ami feed`. */
  readonly name: string;
  readonly clock: Clock;
  readonly log: Logger;
  readonly backoff: LinkBackoff;
  readonly random?: () => number;
  /**
   * One connection from its beginning to its end. Reports `up` when it is usable; settles when it is over, by itself or
   * because of `signal`, with everything it opened closed again.
   */
  readonly attempt: (signal: AbortSignal, report: ReportState) => Promise<void>;
  readonly onState: (state: LinkState) => void;
}

/**
 * Keeps one link to Asterisk: a new attempt after every end, with growing waits, until closed.
 *
 * ```
 * down ──start──► connecting ──reported──► up ──ended──► down (wait, attempt, wait …)
 *                     └──────────── failed ────────────────►│
 *                                            up ◄─reported──┘
 * ```
 *
 * `connecting` is the first attempt, and a link that mends itself. After an end it is `down` until it is up: nobody is told of every
 * attempt of a long outage.
 */
export class LinkLoop {
  private current: LinkState = 'down';
  private readonly stop = new AbortController();
  private running: Promise<void> | null = null;
  private failures = 0;
  private refusedMessage: string | null = null;

  constructor(private readonly options: LinkLoopOptions) {}

  get state(): LinkState {
    return this.current;
  }

  start(): void {
    if (this.stop.signal.aborted) throw new Error(`${this.options.name}: closed`);
    this.running ??= this.run();
  }

  /** Ends the attempt under way and makes no further one. May be called at any time, more than once. */
  async close(): Promise<void> {
    this.stop.abort();
    await this.running;
    this.set('down');
  }

  private async run(): Promise<void> {
    this.set('connecting');
    while (!this.stop.signal.aborted) {
      const waitMs = await this.once();
      if (this.stop.signal.aborted) return;
      this.set('down');
      await wait(this.options.clock, waitMs, this.stop.signal);
    }
  }

  /** Makes one attempt; returns how long to wait before the next. */
  private async once(): Promise<number> {
    const { backoff, log, name } = this.options;
    try {
      await this.options.attempt(this.stop.signal, (state) => this.report(state));
      if (!this.stop.signal.aborted) log.warn({ link: name }, 'link ended');
    } catch (error) {
      if (this.stop.signal.aborted) return 0;
      const message = error instanceof Error ? error.message : String(error);
      if (error instanceof LinkRefusedError) return this.refused(error);
      log.warn({ link: name, failures: this.failures, message }, 'link failed');
    }
    this.refusedMessage = null;
    const waitMs = Math.min(backoff.maxMs, backoff.firstMs * 2 ** Math.min(this.failures++, 20));
    return this.spread(waitMs);
  }

  private refused({ message, advice }: LinkRefusedError): number {
    if (this.refusedMessage !== message) this.options.log.error({ link: this.options.name, message }, `link refused: ${advice}`);
    this.refusedMessage = message;
    return this.spread(this.options.backoff.refusedMs);
  }

  private report(state: 'up' | 'connecting'): void {
    if (this.stop.signal.aborted) return;
    if (state === 'up') {
      this.failures = 0;
      this.refusedMessage = null;
      if (this.current !== 'up') this.options.log.info({ link: this.options.name }, 'link up');
    }
    this.set(state);
  }

  private spread(waitMs: number): number {
    return waitMs * (0.75 + 0.5 * (this.options.random ?? Math.random)());
  }

  private set(state: LinkState): void {
    if (this.current === state) return;
    this.current = state;
    this.options.onState(state);
  }
}
