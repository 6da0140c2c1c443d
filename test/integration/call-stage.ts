import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { ensureAsterisk } from '../../cti-gateway/launch/asterisk/distribution';
import { freeSipPort } from '../../cti-gateway/launch/asterisk/ports';
import { startPbx, type PbxInstance, type PbxOptions } from '../../cti-gateway/launch/pbx';
import { AmiTap, type AmiHeaders } from '../support/ami-tap';
import { CallRecorder } from '../support/call-recorder';
import { DESK_HOST, DeskPhone, registerDeskPhone } from '../support/desk-phone';
import { eventually } from '../support/eventually';
import { Sipp } from '../support/sipp';
import { udpBound } from '../support/udp-bound';

export const TRUNK = '127.0.0.2';
const QUEUE = 'hotline';

const EXTENSIONS = ['1001', '1002', '1003'] as const;
export type Extension = (typeof EXTENSIONS)[number];
type StageOptions<E extends string> = Partial<Omit<PbxOptions, 'agents'>> & { readonly extensions?: readonly [E, ...E[]] };
type Values = Readonly<Record<string, string | number>>;

/**
 * A real Asterisk with the project's dialplans, desk phones and customers played by SIPp, and the event feed's account read into rows, byte
 * for byte as the replay does. One Asterisk for the tests of a file; after each test no call is left. With HOTLINE_TEST_RECORD=FOLDER the
 * streams are kept there, with KEEP_TEST_FILES=1 what Asterisk and SIPp wrote.
 */
export class CallStage<E extends string = Extension> {
  readonly workDir = fs.mkdtempSync(path.join(os.tmpdir(), 'hotline-stage-'));
  trunkPort = 0;
  pbx!: PbxInstance;
  ami!: AmiTap;
  feed!: CallRecorder;
  private binary = 'sipp';
  private phones: Sipp[] = [];
  private desks: DeskPhone[] = [];
  private readonly extensions: readonly [E, ...E[]];
  private readonly pbxOptions: Partial<PbxOptions>;

  constructor({ extensions, ...pbxOptions }: StageOptions<E> = {}) {
    this.extensions = extensions ?? (EXTENSIONS as readonly string[] as readonly [E, ...E[]]);
    this.pbxOptions = pbxOptions;
  }

  async open(): Promise<void> {
    const distribution = await ensureAsterisk();
    this.binary = distribution.sipp ?? (await ensureAsterisk({ privateOnly: true })).sipp ?? 'sipp';
    this.trunkPort = await freeSipPort(TRUNK);
    this.pbx = await startPbx({
      dir: path.join(this.workDir, 'pbx'),
      distribution,
      trunk: { host: TRUNK, port: this.trunkPort },
      agents: this.extensions.map((extension) => ({ extension, phone: 'desk' as const })),
      queue: { strategy: 'linear', ringSeconds: 2, waitSeconds: 6 },
      outboundRingSeconds: 3,
      voicemail: false,
      ...this.pbxOptions,
    });
    this.ami = await AmiTap.connect(this.pbx.ami, this.pbx.ami);
  }

  async begin(): Promise<void> {
    this.feed = await CallRecorder.connect(this.pbx);
  }

  async clear(): Promise<void> {
    for (const extension of this.extensions) {
      await this.ami.action('QueueRemove', { Queue: QUEUE, Interface: `PJSIP/${extension}` });
    }
    await this.pbx.rx('channel request hangup all');
    await eventually('all calls over', async () => (await this.pbx.rx('core show channels count')).includes('0 active channels'));
    await Promise.all(
      this.phones.splice(0).map(async (phone) => {
        await Promise.race([phone.finished(), delay(1_000, undefined, { ref: false })]);
        await phone.stop();
      }),
    );
    for (const phone of this.desks.splice(0)) phone.unplug();
    this.feed.close(expect.getState().currentTestName ?? 'call');
  }

  async close(): Promise<void> {
    this.ami?.close();
    await this.pbx?.stop();
    if (process.env.KEEP_TEST_FILES === undefined) fs.rmSync(this.workDir, { recursive: true, force: true });
  }

  sipp(scenario: string, ip: string, port: number, values: Values = {}, args: readonly string[] = []): Sipp {
    const phone = new Sipp({ binary: this.binary, scenario, workDir: this.workDir, localIp: ip, localPort: port, values, args });
    this.phones.push(phone);
    return phone;
  }

  /** A customer calls the line and hangs up so long after it was answered, unless the other side did. */
  async caller(hangupMs: number, from = '13912345678', scenario = 'caller', values: Values = {}): Promise<Sipp> {
    const args = ['-key', 'caller', from, '-key', 'name', '', '-s', '02066668888', `${this.pbx.sip.host}:${this.pbx.sip.port}`];
    return this.sipp(scenario, TRUNK, await freeSipPort(TRUNK), { HANGUP_MS: hangupMs, ...values }, args);
  }

  /** A telephone that waits to be called and does as the scenario says. */
  async telephone(scenario: string, ip: string, port: number, values: Values = {}): Promise<Sipp> {
    const phone = this.sipp(scenario, ip, port, { RING_MS: 400, HANGUP_MS: 30_000, ...values });
    await eventually(`a telephone at ${ip}:${port}`, () => udpBound(ip, port));
    return phone;
  }

  /** The telephone of an agent. */
  async desk(extension: E, scenario: string, values: Values = {}): Promise<Sipp> {
    return this.telephone(scenario, DESK_HOST, await registerDeskPhone(this.pbx, extension), values);
  }

  /** The telephone of an agent who does more at it than answering; signed in to the queue or not. */
  async plugIn(extension: E, signedIn: 'signed-in' | 'not-signed-in' = 'not-signed-in'): Promise<DeskPhone> {
    const phone = await DeskPhone.plugIn(this.pbx, extension);
    this.desks.push(phone);
    if (signedIn === 'signed-in') await this.signIn(extension);
    return phone;
  }

  /** The telephone of a customer who is called. */
  outside(scenario: string, values: Values = {}): Promise<Sipp> {
    return this.telephone(scenario, TRUNK, this.trunkPort, values);
  }

  /** The agent's telephone stands ready, and is signed in to the queue, which takes it for free: what was before is over there too. */
  async agent(extension: E, scenario: string, values: Values = {}): Promise<Sipp> {
    const phone = await this.desk(extension, scenario, values);
    await this.signIn(extension);
    return phone;
  }

  private async signIn(extension: string): Promise<void> {
    const sinceIndex = this.ami.events.length;
    await this.ami.action('QueueAdd', { Queue: QUEUE, Interface: `PJSIP/${extension}` });
    await eventually(`the queue takes ${extension} for free`, () => this.memberStatus(extension, sinceIndex) === NOT_IN_USE);
  }

  /** A customer who talks with the first of the agents. */
  async talking(values: { hangupMs?: number; agentMs?: number } = {}): Promise<{ channel: string; customer: string }> {
    await this.agent(this.extensions[0], 'called-answers', { HANGUP_MS: values.agentMs ?? 30_000 });
    await this.caller(values.hangupMs ?? 30_000);
    const connected = await this.event('AgentConnect');
    await delay(1_200);
    return { channel: connected.DestChannel ?? '', customer: connected.Channel ?? '' };
  }

  /** The first event of this test that fits, now or later. */
  event(name: string, fits: (event: AmiHeaders) => boolean = () => true, timeoutMs = 15_000): Promise<AmiHeaders> {
    return this.ami.event(name, (event) => Number(event.Timestamp) * 1_000 > this.feed.sinceMs && fits(event), timeoutMs);
  }

  /** Waits until a channel of that name (`PJSIP/1002`) is `Up` or `Ringing`. */
  state(name: string, state: 'Up' | 'Ringing'): Promise<AmiHeaders> {
    return this.event('Newstate', (event) => event.ChannelStateDesc === state && (event.Channel ?? '').startsWith(`${name}-`));
  }

  /** The telephone is rung by ARI and sent into the dialplan when it has answered, as the gateway does it. */
  async originate(
    extension: E,
    context: string,
    exten: string,
    options: { dialId?: string; ringSec?: number } = {},
  ): Promise<string> {
    const { dialId = `click-${this.feed.sinceMs}`, ringSec = 5 } = options;
    const place = { endpoint: `PJSIP/${extension}`, context, extension: exten, priority: '1', callerId: exten };
    const query = new URLSearchParams({ ...place, channelId: `dial-${dialId}`, timeout: String(ringSec) });
    const variables = context === 'click-to-dial' ? { CTI_DIAL: dialId } : {};
    const response = await this.ari('POST', `/channels?${query}`, { variables });
    expect(response.status).toBe(200);
    return `dial-${dialId}`;
  }

  ari(method: string, request: string, body?: unknown): Promise<Response> {
    const { user, password, url } = this.pbx.ari;
    const authorization = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
    const headers = { authorization, 'content-type': 'application/json' };
    return fetch(`${url}/ari${request}`, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
  }

  private memberStatus(extension: string, sinceIndex: number): string | undefined {
    const told = this.ami.events.slice(sinceIndex).filter((event) => event.Interface === `PJSIP/${extension}`);
    return told.findLast((event) => event.Event === 'QueueMemberAdded' || event.Event === 'QueueMemberStatus')?.Status;
  }
}

/** AST_DEVICE_NOT_INUSE in Status of queue members. */
const NOT_IN_USE = '1';

/** A stage for the tests of this file. */
export function callStage<E extends string = Extension>(options: StageOptions<E> = {}): CallStage<E> {
  const stage = new CallStage(options);
  beforeAll(() => stage.open(), 60_000);
  beforeEach(() => stage.begin());
  afterEach(() => stage.clear());
  afterAll(() => stage.close());
  return stage;
}
