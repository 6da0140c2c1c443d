import type { Logger } from 'pino';
import { AppError } from '../../app-error';

/** Does one small piece of work, in a short transaction of its own. False: there is nothing to do. */
export type BackgroundStep = () => Promise<boolean>;

export interface BackgroundOptions {
  readonly log: Logger;
  /** Between two pieces, so that people's writes get their turn. */
  readonly pauseMs?: number;
  /** How often it is looked for work that another process, or the one before a restart, has ordered. */
  readonly lookMs?: number;
}

/**
 * Work that nobody waits for: one loop, one piece after another. What there is to do stands in the database, so a restart goes on
 * where it was. A piece that fails is tried again later.
 */
export class BackgroundWork {
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> | undefined;
  private closed = false;
  private again = false;

  constructor(
    private readonly steps: readonly BackgroundStep[],
    private readonly options: BackgroundOptions,
  ) {}

  /** There is work, or there may be: begins at once. */
  kick(): void {
    if (this.closed) return;
    this.again = true;
    if (this.running !== undefined) return;
    clearTimeout(this.timer);
    this.running = this.run().finally(() => {
      this.running = undefined;
      if (!this.closed) this.schedule(this.again ? 0 : (this.options.lookMs ?? 5_000));
    });
  }

  /** Waits for the piece under way; the rest is for the next start. */
  async close(): Promise<void> {
    this.closed = true;
    clearTimeout(this.timer);
    await this.running;
  }

  private schedule(delayMs: number): void {
    this.timer = setTimeout(() => this.kick(), delayMs);
    this.timer.unref();
  }

  private async run(): Promise<void> {
    this.again = false;
    for (const step of this.steps) {
      try {
        while (!this.closed && (await step())) await this.pause();
      } catch (error) {
        if (!(error instanceof AppError && error.code === 'shutting_down')) this.options.log.warn({ err: error }, 'background work failed');
      }
    }
  }

  private pause(): Promise<void> {
    return new Promise((resolve) => setTimeout(resolve, this.options.pauseMs ?? 5));
  }
}
