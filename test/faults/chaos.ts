import { setTimeout as delay } from 'node:timers/promises';
import type { PbxInstance } from '../../cti-gateway/launch/pbx';
import type { Services } from '../../cti-gateway/launch/services';
import type { TcpProxy } from '../support/tcp-proxy';
import type { Random } from './random';

export const VICTIMS = ['gateway', 'crm-core', 'asterisk', 'AMI link', 'ARI link'] as const;
export type Victim = (typeof VICTIMS)[number];

export interface Kill {
  readonly victim: Victim;
  readonly atMs: number;
  /** When its process was started again, or its wire mended. */
  startedAtMs: number | null;
  /** When it served again. */
  backAtMs: number | null;
}

export interface Targets {
  readonly services: Services;
  readonly pbx: PbxInstance;
  readonly wires: { readonly ami: TcpProxy; readonly ari: TcpProxy };
}

export interface ChaosOptions {
  /** Between the end of one and the next. */
  readonly everyMs: readonly [number, number];
  /** How long a process stays away. */
  readonly downMs: readonly [number, number];
  /** These, one after another, and then no more; absent: by chance, until stopped. */
  readonly victims?: readonly Victim[];
  readonly onBack: (kill: Kill) => Promise<void>;
}

/** Processes as they fall in life: the gateway most often, since it is what is tried. */
const BY_CHANCE: Readonly<Record<Victim, number>> = { gateway: 10, 'crm-core': 4, asterisk: 4, 'AMI link': 4, 'ARI link': 2 };
/** A wire is cut for a moment, now and then for a minute. */
const CUT_MS: Readonly<Record<'moment' | 'minute', readonly [number, number]>> = { moment: [500, 4_000], minute: [60_000, 60_000] };

/** Kills a process (SIGKILL) or cuts a wire at random moments, and brings it back after a random time. */
export class Chaos {
  readonly kills: Kill[] = [];
  private closed = false;
  private running: Promise<void> = Promise.resolve();
  private readonly abort = new AbortController();
  private readonly left: Victim[] | null;

  constructor(
    private readonly random: Random,
    private readonly targets: Targets,
    private readonly options: ChaosOptions,
  ) {
    this.left = options.victims === undefined ? null : [...options.victims];
  }

  start(): void {
    this.running = this.run();
  }

  /** Ends after the one that is down is back, and after all that were asked for. */
  async stop(): Promise<void> {
    this.closed = true;
    if (this.left === null) this.abort.abort();
    await this.running;
  }

  private async run(): Promise<void> {
    for (;;) {
      await delay(this.random.between(...this.options.everyMs), undefined, { signal: this.abort.signal }).catch(() => undefined);
      if (this.left === null && this.closed) return;
      const victim = this.left === null ? this.random.pick(BY_CHANCE) : this.left.shift();
      if (victim === undefined) return;
      await this.strike(victim);
    }
  }

  private async strike(victim: Victim): Promise<void> {
    const kill: Kill = { victim, atMs: Date.now(), startedAtMs: null, backAtMs: null };
    this.kills.push(kill);
    if (victim === 'AMI link' || victim === 'ARI link') await this.cut(kill, victim === 'AMI link' ? 'ami' : 'ari');
    else await this.killed(kill, victim);
    kill.backAtMs = Date.now();
    await this.options.onBack(kill);
  }

  private async killed(kill: Kill, victim: 'gateway' | 'crm-core' | 'asterisk'): Promise<void> {
    const { services, pbx } = this.targets;
    const service = victim === 'gateway' ? services.gateway : services.crm;
    const downMs = this.random.between(...this.options.downMs);
    if (victim === 'asterisk') await pbx.kill();
    else await service.kill();
    await delay(downMs);
    kill.startedAtMs = Date.now();
    if (victim === 'asterisk') await pbx.restart();
    else await service.start();
  }

  private async cut(kill: Kill, name: 'ami' | 'ari'): Promise<void> {
    const how = this.left === null ? this.random.pick({ moment: 5, minute: 1 }) : 'moment';
    const cutMs = this.random.between(...CUT_MS[how]);
    this.targets.wires[name].cut();
    await delay(cutMs);
    kill.startedAtMs = Date.now();
    this.targets.wires[name].mend();
  }
}
