import { removeDemoState } from './demo-state';
import { messageOf, type Say } from './launch-error';

/** Ends what was started, in reverse order, once: by a signal, by a failed start, or by a second signal without patience. */
export class Shutdown {
  private readonly steps: { readonly name: string; readonly stop: () => Promise<void> }[] = [];
  private readonly watches: (() => void)[] = [];
  private ending: Promise<void> | null = null;

  constructor(
    private readonly runDir: string,
    private readonly release: () => void,
    private readonly say: Say,
  ) {}

  add(name: string, stop: () => Promise<void>): void {
    this.steps.push({ name, stop });
  }

  watch(close: () => void): void {
    this.watches.push(close);
  }

  onSignals(): void {
    // A closed terminal takes away stdout as well.
    for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
    for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(name, () => {
        if (this.ending === null) this.say('\nEnding …');
        void this.end().then(() => process.exit(0));
      });
    }
  }

  end(): Promise<void> {
    this.ending ??= this.run();
    return this.ending;
  }

  private async run(): Promise<void> {
    for (const close of this.watches) close();
    for (const { name, stop } of [...this.steps].reverse()) await stop().catch((error: unknown) => this.say(`${name} could not be ended: ${messageOf(error)}`));
    removeDemoState(this.runDir);
    this.release();
  }
}
