import { removeDemoState } from './demo-state';
import { messageOf, type Say } from './launch-error';
import { endTrackedChildren } from './processes';

/** Ends what was started, in reverse order, once: by a signal or by a failed start. */
export class Shutdown {
  private readonly steps: { readonly name: string; readonly stop: () => Promise<void> }[] = [];
  private readonly watches: (() => void)[] = [];
  private ending: Promise<void> | null = null;
  private signalled = false;

  constructor(
    private readonly runDir: string,
    private readonly release: () => void,
    private readonly say: Say,
  ) {}

  /** What came up while everything was being ended is ended with the rest of our processes. */
  add(name: string, stop: () => Promise<void>): void {
    this.steps.push({ name, stop });
  }

  watch(close: () => void): void {
    if (this.ending !== null) close();
    else this.watches.push(close);
  }

  get isEnding(): boolean {
    return this.ending !== null;
  }

  onSignals(): void {
    // A closed terminal takes away stdout as well.
    for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
    for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(name, () => {
        if (this.ending === null) this.say('\nEnding …');
        this.signalled = true;
        void this.end().then(() => process.exit(0));
      });
    }
  }

  /** npm that was killed takes nobody along; a start without npm may outlive the shell it was started by. */
  onParentGone(): void {
    if (process.env.npm_lifecycle_event === undefined) return;
    const parent = process.ppid;
    const timer = setInterval(() => {
      if (process.ppid === parent) return;
      clearInterval(timer);
      process.kill(process.pid, 'SIGTERM');
    }, 1_000);
    timer.unref();
  }

  /** A start that failed: ends what is up and passes the error on, unless it failed because a person ended it. */
  async fail(error: unknown): Promise<never> {
    await this.end();
    if (this.signalled) process.exit(0);
    throw error;
  }

  end(): Promise<void> {
    this.ending ??= this.run();
    return this.ending;
  }

  private async run(): Promise<void> {
    for (const close of this.watches) close();
    for (const { name, stop } of [...this.steps].reverse()) await stop().catch((error: unknown) => this.say(`${name} could not be ended: ${messageOf(error)}`));
    await endTrackedChildren(3000);
    removeDemoState(this.runDir);
    this.release();
  }
}
