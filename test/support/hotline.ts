import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { CallLogEntry } from '../../crm-core/contract';
import { ensureAsterisk } from '../../cti-gateway/launch/asterisk/distribution';
import { startPbx, type PbxInstance, type PbxOptions } from '../../cti-gateway/launch/pbx';
import { startServices, type Services } from '../../cti-gateway/launch/services';
import { AgentBrowser, type AgentBrowserOptions } from './agent-browser';
import { eventually } from './eventually';
import { RestClient } from './rest-client';
import { Sipp } from './sipp';

/** Address of the public network; SIPp calls from there. */
export const TRUNK_ADDRESS = '127.0.0.2';
/** The public network's side of the trunk; SIPp calls from there and is called there. */
const TRUNK_HOST = TRUNK_ADDRESS;

export interface HotlineOptions {
  readonly queue?: PbxOptions['queue'];
  /** Default: the browser phones of `dialplans/agents.conf`. */
  readonly agents?: PbxOptions['agents'];
  readonly openHours?: string;
  /** Whether callers whom nobody answers may leave a message. Default: no. */
  readonly voicemail?: boolean;
  readonly blockedCallers?: PbxOptions['blockedCallers'];
  readonly files?: PbxOptions['files'];
  readonly env?: Readonly<Record<string, string>>;
}

export interface CallerOptions {
  readonly from: string;
  readonly name?: string;
  readonly line?: string;
  /** Hangs up this long after the line was answered (not the agent), unless the other side did before. */
  readonly hangUpAfterMs: number;
  readonly toneHz?: number;
  /** Address of the trunk it comes from. Default: the one trunk of `dialplans/`. */
  readonly trunkHost?: string;
  /** Port of the test that hears what is said to it; it then only listens, until it is hung up on. */
  readonly listensOn?: number;
  /** Status by which it must be refused, unanswered. */
  readonly refusedWith?: number;
  /** Presses key 1 this long after the line was answered. */
  readonly pressesAfterMs?: number;
}

/** The whole product in a folder of its own: a real Asterisk, both services, demo data, and customers with SIPp telephones. */
export class Hotline {
  private readonly sipps: Sipp[] = [];
  private readonly browsers: AgentBrowser[] = [];
  private nextPort: number;

  private constructor(
    readonly workDir: string,
    readonly pbx: PbxInstance,
    readonly services: Services,
    readonly password: string,
    private readonly sippBinary: string,
    private readonly trunkPort: number,
  ) {
    this.nextPort = trunkPort + 1;
  }

  static async start(options: HotlineOptions = {}): Promise<Hotline> {
    const workDir = fs.mkdtempSync(path.join(os.tmpdir(), 'hotline-e2e-'));
    const trunkPort = 20_000 + (process.pid % 1_000) * 20;
    const sippBinary = await sippProgram();
    const password = `demo-${Math.random().toString(36).slice(2, 12)}`;
    const pbx = await startPbx({
      dir: path.join(workDir, 'pbx'),
      trunk: { host: TRUNK_HOST, port: trunkPort },
      queue: { ringSeconds: 8, ...options.queue },
      voicemail: options.voicemail ?? false,
      ...(options.agents === undefined ? {} : { agents: options.agents }),
      ...(options.openHours === undefined ? {} : { openHours: options.openHours }),
      ...(options.blockedCallers === undefined ? {} : { blockedCallers: options.blockedCallers }),
      ...(options.files === undefined ? {} : { files: options.files }),
    });
    try {
      const services = await startServices({
        pbx,
        dataDir: path.join(workDir, 'data'),
        env: { HOTLINE_DEMO: '1', HOTLINE_DEMO_PASSWORD: password, HOTLINE_AREA_CODE: '20', HOTLINE_LOG_LEVEL: 'debug', ...options.env },
      });
      return new Hotline(workDir, pbx, services, password, sippBinary, trunkPort);
    } catch (error) {
      await pbx.stop();
      throw error;
    }
  }

  get panelUrl(): string {
    return this.services.panelUrl;
  }

  /** The first line of the hotline. */
  get line(): string {
    return this.pbx.lines[0]?.number ?? '';
  }

  /** A customer calls in through the trunk. */
  caller({ from, name = from, line = this.line, hangUpAfterMs, toneHz, pressesAfterMs, trunkHost, refusedWith, listensOn }: CallerOptions): Sipp {
    return this.sipp({
      scenario: scenarioOf({ pressesAfterMs, refusedWith, listensOn }),
      localPort: (this.nextPort += 1),
      values: { HANGUP_MS: hangUpAfterMs, PRESS_MS: pressesAfterMs ?? 0, STATUS: refusedWith ?? 0, MEDIA_PORT: listensOn ?? 0 },
      ...(trunkHost === undefined ? {} : { localIp: trunkHost }),
      args: ['-key', 'caller', from, '-key', 'name', name, '-s', line, `${this.pbx.sip.host}:${this.pbx.sip.port}`],
      ...(toneHz === undefined ? {} : { toneHz }),
    });
  }

  /** A customer who will be called through the trunk: `answers`, `busy`, `declines`, `does-not-answer`, `unknown`. */
  called(outcome: string, values: Record<string, number> = {}, { toneHz }: { toneHz?: number } = {}): Sipp {
    return this.sipp({
      scenario: `called-${outcome}`,
      localPort: this.trunkPort,
      values: { RING_MS: 500, HANGUP_MS: 60_000, ...values },
      args: [],
      ...(toneHz === undefined ? {} : { toneHz }),
    });
  }

  async browser(options: Partial<AgentBrowserOptions> = {}): Promise<AgentBrowser> {
    const browser = await AgentBrowser.launch({ workDir: this.workDir, panelUrl: this.panelUrl, ...options });
    this.browsers.push(browser);
    return browser;
  }

  rest(username: string): Promise<RestClient> {
    return RestClient.signIn(this.panelUrl, username, this.password);
  }

  /** The WAV file of a call, when it is complete. */
  async recording(row: CallLogEntry): Promise<Buffer> {
    const file = path.join(this.pbx.recordingsDir, row.recording ?? 'none');
    return eventually(`the recording ${file}`, () => (fs.existsSync(file) && fs.statSync(file).size > 1_000 ? fs.readFileSync(file) : null));
  }

  async stop(): Promise<void> {
    await Promise.all(this.browsers.map((browser) => browser.close()));
    await Promise.all(this.sipps.map((sipp) => sipp.stop()));
    await this.services.stop();
    await this.pbx.stop();
    if (process.env.KEEP_TEST_FILES === undefined) fs.rmSync(this.workDir, { recursive: true, force: true });
  }

  private sipp(options: Omit<ConstructorParameters<typeof Sipp>[0], 'binary' | 'workDir' | 'localIp'> & { readonly localIp?: string }): Sipp {
    const sipp = new Sipp({ binary: this.sippBinary, workDir: this.workDir, localIp: TRUNK_HOST, ...options });
    this.sipps.push(sipp);
    return sipp;
  }
}

function scenarioOf({ pressesAfterMs, refusedWith, listensOn }: { [K in 'pressesAfterMs' | 'refusedWith' | 'listensOn']: number | undefined }): string {
  if (refusedWith !== undefined) return 'caller-refused';
  if (listensOn !== undefined) return 'caller-listens';
  return pressesAfterMs === undefined ? 'caller' : 'caller-presses';
}

/** SIPp comes with the private Asterisk; an installed Asterisk may stand without it. */
async function sippProgram(): Promise<string> {
  const { sipp } = await ensureAsterisk();
  return sipp ?? (await ensureAsterisk({ privateOnly: true })).sipp ?? 'sipp';
}
