import { setTimeout as delay } from 'node:timers/promises';
import type { PbxInstance } from '../../cti-gateway/launch/pbx';
import type { Services } from '../../cti-gateway/launch/services';
import type { Random } from './random';

export type Victim = 'gateway' | 'crm-core' | 'asterisk';

export interface Kill {
  readonly victim: Victim;
  readonly atMs: number;
  /** When its process was started again. */
  startedAtMs: number | null;
  /** When it served again. */
  backAtMs: number | null;
}

/** Kills a process (SIGKILL) at random moments and starts it again after a random time. */
export class Chaos {
  readonly kills: Kill[] = [];
  private closed = false;
  private running: Promise<void> = Promise.resolve();
  private readonly abort = new AbortController();

  constructor(
    private readonly random: Random,
    private readonly targets: { readonly services: Services; readonly pbx: PbxInstance },
    private readonly options: { readonly everyMs: readonly [number, number]; readonly onBack: (kill: Kill) => Promise<void> },
  ) {}

  start(): void {
    this.running = this.run();
  }

  /** Ends after the one that is down is back. */
  async stop(): Promise<void> {
    this.closed = true;
    this.abort.abort();
    await this.running;
  }

  private async run(): Promise<void> {
    for (;;) {
      await delay(this.random.between(...this.options.everyMs), undefined, { signal: this.abort.signal }).catch(() => undefined);
      if (this.closed) return;
      await this.strike(this.random.pick<Victim>({ gateway: 5, 'crm-core': 2, asterisk: 2 }));
    }
  }

  private async strike(victim: Victim): Promise<void> {
    const { services, pbx } = this.targets;
    const downMs = this.random.between(0, 4_000);
    const kill: Kill = { victim, atMs: Date.now(), startedAtMs: null, backAtMs: null };
    this.kills.push(kill);
    const target = victim === 'gateway' ? services.gateway : services.crm;
    if (victim === 'asterisk') await pbx.kill();
    else await target.kill();
    await delay(downMs);
    kill.startedAtMs = Date.now();
    if (victim === 'asterisk') await pbx.restart();
    else await target.start();
    kill.backAtMs = Date.now();
    await this.options.onBack(kill);
  }
}
