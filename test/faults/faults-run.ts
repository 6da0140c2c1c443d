import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { CallLogPage, type CallLogEntry } from '../../crm-core/contract';
import { ensureAsterisk } from '../../cti-gateway/launch/asterisk/distribution';
import { freeSipPort } from '../../cti-gateway/launch/asterisk/ports';
import { udpBound } from '../support/udp-bound';
import { startPbx, type PbxInstance } from '../../cti-gateway/launch/pbx';
import { startServices, type Services } from '../../cti-gateway/launch/services';
import { CelFile } from '../../cti-gateway/src/adapters/asterisk/cel/cel-file';
import { silentLog } from '../../cti-gateway/src/ports/log';
import { AmiTap } from '../support/ami-tap';
import { eventually } from '../support/eventually';
import { RestClient } from '../support/rest-client';
import { TcpProxy } from '../support/tcp-proxy';
import { loggedCalls, settle, type Account, type LoggedCall } from './account';
import { AgentsPanel } from './agents-panel';
import { Chaos, type Kill, type Victim } from './chaos';
import { LiveAgain, type ShownAgain } from './live-again';
import { Phones } from './phones';
import { Random } from './random';

const TRUNK = '127.0.0.2';
const DESK = '127.0.0.3';
/** Agents with a panel (users of the demo), and telephones that are in the queue all the time. */
const PANELS = ['1001', '1002', '1003'] as const;
const OTHERS = ['1011', '1012', '1013', '1014'] as const;
const PASSWORD = 'demo-password-1';
/** How long callers stay, in groups: from too short for an answer to patient. */
const PATIENCE_MS = { short: 700, middle: 3_000, long: 6_000 } as const;

export interface FaultsOptions {
  readonly seed: number;
  readonly calls: number;
  /** Time between two kills, and for how long. */
  readonly killEveryMs?: readonly [number, number];
  readonly downMs?: readonly [number, number];
  /** Exactly these, once each; absent: by chance, as long as calls are placed. */
  readonly victims?: readonly Victim[];
  readonly callsPerSec?: number;
  readonly say: (line: string) => void;
}

export interface FaultsReport extends Account {
  readonly kills: readonly Kill[];
  /** Calls and clicks that were tried; those that an Asterisk which was down did not take are not placed. */
  readonly tried: number;
  readonly shownAgain: readonly ShownAgain[];
  readonly dir: string;
}

/** Many real calls while processes are killed; ends with what became of each. */
export async function runFaults(options: FaultsOptions): Promise<FaultsReport> {
  const run = new FaultsRun(options);
  try {
    await run.start();
    await run.callAndKill();
    return await run.report();
  } finally {
    await run.close();
  }
}

class FaultsRun {
  private readonly dir = fs.mkdtempSync(path.join(os.tmpdir(), 'hotline-faults-'));
  private readonly random: Random;
  private readonly panels: AgentsPanel[] = [];
  private readonly desks: Phones[] = [];
  private readonly callers: Phones[] = [];
  private liveAgain: LiveAgain | null = null;
  private readonly accepted = new Set<string>();
  private binary = '';
  private customers: Phones | null = null;
  private chaos: Chaos | null = null;
  private over = false;
  private keepingReady: Promise<void> = Promise.resolve();
  pbx!: PbxInstance;
  services!: Services;
  wires!: { ami: TcpProxy; ari: TcpProxy };

  constructor(private readonly options: FaultsOptions) {
    this.random = new Random(options.seed);
  }

  async start(): Promise<void> {
    const distribution = await ensureAsterisk();
    this.binary = distribution.sipp ?? (await ensureAsterisk({ privateOnly: true })).sipp ?? 'sipp';
    const trunkPort = await freeSipPort(TRUNK);
    const ports = new Map<string, number>();
    for (const extension of [...PANELS, ...OTHERS]) ports.set(extension, await freeSipPort(DESK));
    this.pbx = await startPbx({
      dir: path.join(this.dir, 'pbx'),
      distribution,
      trunk: { host: TRUNK, port: trunkPort },
      agents: [...ports].map(([extension, port]) => ({ extension, phone: 'desk' as const, contact: `sip:${extension}@${DESK}:${port}` })),
      queue: { ringSeconds: 2 },
      outboundRingSeconds: 3,
    });
    for (const [extension, port] of ports) this.desks.push(await this.listening('desk-phone', `desk-${extension}`, DESK, port));
    this.customers = await this.listening('customer-phone', 'customers', TRUNK, trunkPort);
    this.wires = { ami: await TcpProxy.start(this.pbx.ami), ari: await TcpProxy.start(this.pbx.http) };
    this.services = await startServices({
      pbx: this.pbx,
      dataDir: path.join(this.dir, 'data'),
      env: {
        HOTLINE_DEMO: '1',
        HOTLINE_DEMO_PASSWORD: PASSWORD,
        HOTLINE_AREA_CODE: '20',
        HOTLINE_DIAL_PER_MINUTE: '600',
        HOTLINE_SIGNOUT_AFTER_MS: '3600000',
        HOTLINE_WRAPUP_SECONDS: '0',
        ASTERISK_AMI_PORT: String(this.wires.ami.port),
        ASTERISK_ARI_URL: `http://127.0.0.1:${this.wires.ari.port}`,
      },
    });
    const ami = await AmiTap.connect(this.pbx.ami, this.pbx.ami);
    for (const extension of OTHERS) await ami.action('QueueAdd', { Queue: 'hotline', Interface: `PJSIP/${extension}` });
    ami.close();
    for (const extension of PANELS) {
      const panel = new AgentsPanel({ extension, password: PASSWORD, panelUrl: this.services.panelUrl, ctiPort: this.services.ports.cti });
      await eventually(`the panel of ${extension}`, async () => (await panel.start(), true));
      this.panels.push(panel);
    }
  }

  /** Who rang in vain is paused; the agents of this test are back at their desks within a second. */
  private async keepAgentsReady(): Promise<void> {
    while (!this.over) {
      const members = await this.pbx.rx('queue show hotline').catch(() => '');
      for (const [, member] of members.matchAll(/(PJSIP\/\d+)[^\n]*\(paused/g))
        await this.pbx.rx(`queue unpause member ${member} queue hotline`).catch(() => '');
      await delay(1_000);
    }
  }

  async callAndKill(): Promise<void> {
    this.keepingReady = this.keepAgentsReady();
    const { calls, callsPerSec = 1, killEveryMs = [7_000, 14_000] as const, downMs = [0, 4_000] as const, victims } = this.options;
    const clicks = Math.round(calls * 0.2);
    const seconds = (calls - clicks) / (callsPerSec * 0.8);
    await this.placeCalls(calls - clicks, seconds);
    this.liveAgain = new LiveAgain(this.pbx, this.panels);
    const given = victims === undefined ? {} : { victims };
    this.chaos = new Chaos(this.random, this, { everyMs: killEveryMs, downMs, ...given, onBack: (kill) => this.back(kill) });
    this.chaos.start();
    await this.click(clicks, (seconds * 1_000) / Math.max(1, clicks));
    await Promise.all(this.callers.map((phones) => phones.finished));
    await this.chaos.stop();
  }

  async report(): Promise<FaultsReport> {
    const cel = new CelFile({ path: path.join(this.pbx.dir, 'log/cel-custom/calls.csv'), log: silentLog });
    await eventually('all calls over', async () => (await this.pbx.rx('core show channels count')).includes('0 active channels'), 60_000);
    await this.journalEmpty();
    const rows = await this.rows();
    const account = settle(rows, loggedCalls(await cel.since(0)), this.phoneAccount(), this.kills);
    return { ...account, tried: this.options.calls, kills: this.kills, shownAgain: this.liveAgain?.measured ?? [], dir: this.dir };
  }

  async close(): Promise<void> {
    this.over = true;
    await this.keepingReady;
    await this.chaos?.stop();
    for (const panel of this.panels) await panel.close();
    for (const phones of [...this.callers, ...this.desks, ...(this.customers === null ? [] : [this.customers])]) await phones.stop();
    await this.services?.stop();
    await this.wires?.ami.close();
    await this.wires?.ari.close();
    await this.pbx?.stop();
  }

  private get kills(): readonly Kill[] {
    return this.chaos?.kills ?? [];
  }

  private async listening(scenario: string, name: string, ip: string, port: number): Promise<Phones> {
    const phones = new Phones({ binary: this.binary, scenario, dir: path.join(this.dir, name), ip, port, args: [] });
    await eventually(`telephones at ${ip}:${port}`, () => udpBound(ip, port));
    return phones;
  }

  /** The fourth digit of the number tells the agent's telephone what to do: see `sipp/desk-phone.xml`. */
  private async placeCalls(count: number, seconds: number): Promise<void> {
    const numbers = { short: [] as string[], middle: [] as string[], long: [] as string[] };
    for (let index = 0; index < count; index += 1) {
      const patience = this.random.pick({ short: 2, middle: 4, long: 4 });
      const kind = this.random.pick({ '1': 5, '2': 3, '3': 1, '4': 1 });
      numbers[patience].push(`139${kind}${String(index).padStart(7, '0')}`);
    }
    const target = `${this.pbx.sip.host}:${this.pbx.sip.port}`;
    for (const [patience, own] of Object.entries(numbers) as [keyof typeof numbers, string[]][]) {
      if (own.length === 0) continue;
      const everyMs = Math.max(1, Math.round((seconds * 1_000) / own.length));
      const args = ['-r', '1', '-rp', String(everyMs), '-s', this.pbx.lines[0]?.number ?? '', target];
      const dir = path.join(this.dir, `callers-${patience}`);
      const values = { HANGUP_MS: PATIENCE_MS[patience] };
      this.callers.push(
        new Phones({
          binary: this.binary,
          scenario: 'customers',
          dir,
          ip: TRUNK,
          port: await freeSipPort(TRUNK),
          values,
          numbers: own,
          args,
        }),
      );
      await delay(200);
    }
  }

  /** A click that the gateway does not take is no call; the next agent tries. */
  private async click(count: number, everyMs: number): Promise<void> {
    for (let index = 0; index < count; index += 1) {
      const kind = this.random.pick({ '1': 3, '2': 1, '3': 1, '4': 1, '5': 1 });
      const number = `137${kind}${String(index).padStart(7, '0')}`;
      const dialId = `fault-${this.options.seed}-${String(index).padStart(4, '0')}`;
      const panel = this.panels[index % this.panels.length];
      if (panel !== undefined && (await panel.dial(dialId, number))) this.accepted.add(dialId);
      await delay(everyMs);
    }
  }

  private async back(kill: Kill): Promise<void> {
    const [downMs, startMs] = [(kill.startedAtMs ?? 0) - kill.atMs, (kill.backAtMs ?? 0) - (kill.startedAtMs ?? 0)];
    const what = kill.victim.endsWith('link')
      ? `cut, mended after`
      : `killed, served ${startMs} ms after being started again, which was after`;
    this.options.say(`${kill.victim} ${what} ${(downMs / 1_000).toFixed(1)} s`);
    if (kill.victim === 'gateway') await this.liveAgain?.after(kill);
  }

  private async journalEmpty(): Promise<void> {
    const pending = path.join(this.dir, 'data/journal/pending');
    await eventually('the journal handed over', () => fs.readdirSync(pending).length === 0, 90_000);
    await delay(500);
  }

  private phoneAccount(): { lines: Map<string, number>; talks: Map<string, number> } {
    const lines = new Map(this.callers.flatMap((phones) => [...phones.told('LINE')]));
    const talks = new Map(
      [...this.desks, ...(this.customers === null ? [] : [this.customers])].flatMap((phones) => [...phones.told('TALK')]),
    );
    return { lines, talks };
  }

  private async rows(): Promise<CallLogEntry[]> {
    const rest = await RestClient.signIn(this.services.panelUrl, 'zhuguan', PASSWORD);
    const rows: CallLogEntry[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const page: CallLogPage = CallLogPage.parse(
        await rest.get(`/calls?limit=200${cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`}`),
      );
      rows.push(...page.items);
      cursor = page.nextCursor;
    }
    return rows.filter((row) => !row.callId.startsWith('demo-'));
  }
}

export type { LoggedCall };
