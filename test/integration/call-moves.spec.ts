import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { ensureAsterisk } from '../../cti-gateway/launch/asterisk/distribution';
import { freeSipPort } from '../../cti-gateway/launch/asterisk/ports';
import { udpBound } from '../support/udp-bound';
import { startPbx, type PbxInstance } from '../../cti-gateway/launch/pbx';
import { AmiTap } from '../support/ami-tap';
import { CallRecorder } from '../support/call-recorder';
import { eventually } from '../support/eventually';
import { Sipp } from '../support/sipp';

const TRUNK = '127.0.0.2';
const DESK = '127.0.0.3';
const EXTENSIONS = ['1001', '1002'] as const;
type Extension = (typeof EXTENSIONS)[number];

jest.setTimeout(60_000);

/**
 * Real calls that go from one agent to another, by the project's dialplans: the row must say from whom to whom and how it went, and the
 * log made anew from Asterisk's channel event log must say the same. With HOTLINE_TEST_RECORD=FOLDER the streams are kept there.
 */
describe('real calls that move', () => {
  const workDir = fs.mkdtempSync(path.join(os.tmpdir(), 'hotline-rows-'));
  const phones: Sipp[] = [];
  const ports = {} as Record<Extension, number>;
  let binary: string;
  let trunkPort: number;
  let pbx: PbxInstance;
  let ami: AmiTap;
  let feed: CallRecorder;

  beforeAll(async () => {
    const distribution = await ensureAsterisk();
    binary = distribution.sipp ?? (await ensureAsterisk({ privateOnly: true })).sipp ?? 'sipp';
    trunkPort = await freeSipPort(TRUNK);
    for (const extension of EXTENSIONS) ports[extension] = await freeSipPort(DESK);
    pbx = await startPbx({
      dir: path.join(workDir, 'pbx'),
      distribution,
      trunk: { host: TRUNK, port: trunkPort },
      agents: EXTENSIONS.map((extension) => ({
        extension,
        phone: 'desk' as const,
        contact: `sip:${extension}@${DESK}:${ports[extension]}`,
      })),
      queue: { strategy: 'linear', ringSeconds: 2, waitSeconds: 6 },
      outboundRingSeconds: 3,
    });
    ami = await AmiTap.connect(pbx.ami, pbx.ami);
  });

  beforeEach(async () => {
    feed = await CallRecorder.connect(pbx);
  });

  afterEach(async () => {
    for (const extension of EXTENSIONS) await ami.action('QueueRemove', { Queue: 'hotline', Interface: `PJSIP/${extension}` });
    await pbx.rx('channel request hangup all');
    for (const phone of phones.splice(0)) {
      await Promise.race([phone.finished(), delay(2_000, undefined, { ref: false })]);
      await phone.stop();
    }
    await eventually('all calls over', async () => (await pbx.rx('core show channels count')).includes('0 active channels'));
    const { currentTestName = 'call' } = expect.getState();
    feed.close(currentTestName.replace(/^.* real calls that move /, ''));
  });

  afterAll(async () => {
    ami?.close();
    await pbx?.stop();
    fs.rmSync(workDir, { recursive: true, force: true });
  });

  async function sipp(scenario: string, ip: string, port: number, values: Record<string, number>, args: string[] = []): Promise<Sipp> {
    const phone = new Sipp({ binary, scenario, workDir, localIp: ip, localPort: port, values, args });
    phones.push(phone);
    return phone;
  }

  async function caller(hangupMs: number, from = '13912345678'): Promise<Sipp> {
    return sipp('caller', TRUNK, await freeSipPort(TRUNK), { HANGUP_MS: hangupMs }, [
      '-key',
      'caller',
      from,
      '-key',
      'name',
      '',
      '-s',
      '02066668888',
      `${pbx.sip.host}:${pbx.sip.port}`,
    ]);
  }

  /** The agent's telephone stands ready to do as the scenario says, and is signed in to the queue. */
  async function agent(extension: Extension, scenario: string, values: Record<string, number> = {}): Promise<Sipp> {
    const phone = await telephone(scenario, DESK, ports[extension], values);
    await ami.action('QueueAdd', { Queue: 'hotline', Interface: `PJSIP/${extension}` });
    return phone;
  }

  async function telephone(scenario: string, ip: string, port: number, values: Record<string, number> = {}): Promise<Sipp> {
    const phone = await sipp(scenario, ip, port, { RING_MS: 400, HANGUP_MS: 30_000, ...values });
    await eventually(`a telephone at ${ip}:${port}`, () => udpBound(ip, port));
    return phone;
  }

  /** A customer who talks with 1001 and has the call passed to `scenario` at 1002. */
  async function talking(values: { hangupMs?: number; agentMs?: number } = {}): Promise<{ channel: string; customer: string }> {
    await agent('1001', 'called-answers', { HANGUP_MS: values.agentMs ?? 30_000 });
    await caller(values.hangupMs ?? 30_000);
    const connected = await ami.event('AgentConnect', (event) => Number(event.Timestamp) * 1_000 > feed.sinceMs);
    await delay(1_200);
    return { channel: connected.DestChannel ?? '', customer: connected.Channel ?? '' };
  }

  async function colleague(scenario: string, values: Record<string, number> = {}): Promise<Sipp> {
    return telephone(scenario, DESK, ports['1002'], values);
  }

  const up = (name: string): Promise<unknown> =>
    ami.event(
      'Newstate',
      (event) =>
        event.ChannelStateDesc === 'Up' && (event.Channel ?? '').startsWith(name) && Number(event.Timestamp) * 1_000 > feed.sinceMs,
      15_000,
    );
  const ringing = (name: string): Promise<unknown> =>
    ami.event(
      'Newstate',
      (event) =>
        event.ChannelStateDesc === 'Ringing' && (event.Channel ?? '').startsWith(name) && Number(event.Timestamp) * 1_000 > feed.sinceMs,
      15_000,
    );
  const target = { Context: 'internal', Exten: '1002' };

  test('passed on blindly, answered', async () => {
    await colleague('called-answers', { RING_MS: 700 });
    const { channel } = await talking({ hangupMs: 6_000 });
    await ami.action('BlindTransfer', { Channel: channel, ...target });
    const row = await feed.row(15_000);
    expect(row).toMatchObject({
      outcome: 'answered',
      endedBy: 'customer',
      agentExtension: '1002',
      transfers: [{ kind: 'blind', fromExtension: '1001', to: '1002', result: 'answered' }],
      legs: [{ role: 'customer' }, { extension: '1001', result: 'answered' }, { extension: '1002', result: 'answered' }],
    });
    expect(row.recordings).toEqual([row.recording]);
    expect(row.legs[1]?.talkMs).toBeGreaterThan(1_000);
    expect(row.legs[2]?.talkMs).toBeGreaterThan(1_000);
    expect(row.talkMs).toBeLessThanOrEqual((row.legs[1]?.talkMs ?? 0) + (row.legs[2]?.talkMs ?? 0) + 1);
  });

  test('passed on blindly, the other telephone is busy', async () => {
    await colleague('called-busy');
    const { channel } = await talking({ hangupMs: 20_000 });
    await ami.action('BlindTransfer', { Channel: channel, ...target });
    expect(await feed.row(30_000)).toMatchObject({
      outcome: 'answered',
      agentExtension: '1001',
      transfers: [{ kind: 'blind', fromExtension: '1001', to: '1002' }],
      legs: [{}, { extension: '1001', result: 'answered' }, { extension: '1002', result: 'busy' }],
    });
  });

  test('asked first, then passed on', async () => {
    await colleague('called-answers', { RING_MS: 500 });
    const { channel } = await talking({ hangupMs: 9_000, agentMs: 5_500 });
    await ami.action('Atxfer', { Channel: channel, ...target });
    const row = await feed.row(20_000);
    expect(row).toMatchObject({
      outcome: 'answered',
      endedBy: 'customer',
      agentExtension: '1002',
      transfers: [{ kind: 'attended', fromExtension: '1001', to: '1002', result: 'answered' }],
      legs: [{ role: 'customer' }, { extension: '1001' }, { extension: '1002', result: 'answered' }],
    });
    expect(row.holdMs).toBeGreaterThan(1_500);
  });

  test('passed on while the other telephone still rings', async () => {
    await colleague('called-answers', { RING_MS: 3_500 });
    const { channel } = await talking({ hangupMs: 11_000, agentMs: 3_500 });
    await ami.action('Atxfer', { Channel: channel, ...target });
    expect(await feed.row(20_000)).toMatchObject({
      outcome: 'answered',
      endedBy: 'customer',
      agentExtension: '1002',
      transfers: [{ kind: 'attended', fromExtension: '1001', to: '1002', result: 'answered' }],
    });
  });

  test('asked, and not passed on', async () => {
    await colleague('called-answers', { RING_MS: 300 });
    const { channel } = await talking({ hangupMs: 9_000 });
    await ami.action('Atxfer', { Channel: channel, ...target });
    await up('PJSIP/1002');
    await delay(1_000);
    await ami.action('CancelAtxfer', { Channel: channel });
    expect(await feed.row(20_000)).toMatchObject({
      outcome: 'answered',
      endedBy: 'customer',
      agentExtension: '1001',
      transfers: [{ kind: 'attended', fromExtension: '1001', to: '1002', result: 'cancelled' }],
    });
  });

  test('asked, the colleague hangs up first', async () => {
    await colleague('called-answers', { RING_MS: 300, HANGUP_MS: 1_500 });
    const { channel } = await talking({ hangupMs: 10_000 });
    await ami.action('Atxfer', { Channel: channel, ...target });
    expect(await feed.row(20_000)).toMatchObject({
      outcome: 'answered',
      endedBy: 'customer',
      agentExtension: '1001',
      transfers: [{ kind: 'attended', fromExtension: '1001', to: '1002', result: 'cancelled' }],
    });
  });

  test('asked, the colleague declines', async () => {
    await colleague('called-declines');
    const { channel } = await talking({ hangupMs: 10_000 });
    await ami.action('Atxfer', { Channel: channel, ...target });
    await ringing('PJSIP/1002');
    expect(await feed.row(20_000)).toMatchObject({
      outcome: 'answered',
      agentExtension: '1001',
      transfers: [{ kind: 'attended', fromExtension: '1001', to: '1002', result: 'not_answered' }],
    });
  });

  /** A key of features.conf pressed at the agent's telephone during a consultation. */
  async function presses(channel: string, keys: string): Promise<void> {
    for (const digit of keys) await ami.action('PlayDTMF', { Channel: channel, Digit: digit, Duration: '80', Receive: 'true' });
  }

  test('asked, then all three together, until one leaves', async () => {
    await colleague('called-answers', { RING_MS: 300 });
    const { channel } = await talking({ hangupMs: 14_000, agentMs: 8_500 });
    await ami.action('Atxfer', { Channel: channel, ...target });
    await up('PJSIP/1002');
    await delay(1_000);
    await presses(channel, '*3');
    const row = await feed.row(25_000);
    expect(row).toMatchObject({
      outcome: 'answered',
      endedBy: 'customer',
      agentExtension: '1002',
      conference: true,
      legs: [{ role: 'customer' }, { extension: '1001', result: 'answered' }, { extension: '1002', result: 'answered' }],
    });
    expect(row.legs[1]?.talkMs).toBeGreaterThan(3_000);
    expect(row.legs[2]?.talkMs).toBeGreaterThan(3_000);
  });

  test('asked, changed between the two, then passed on', async () => {
    await colleague('called-answers', { RING_MS: 300 });
    const { channel } = await talking({ hangupMs: 14_000, agentMs: 9_500 });
    await ami.action('Atxfer', { Channel: channel, ...target });
    await up('PJSIP/1002');
    await delay(1_000);
    await presses(channel, '*4');
    await delay(2_000);
    await presses(channel, '*4');
    const row = await feed.row(25_000);
    expect(row).toMatchObject({
      outcome: 'answered',
      endedBy: 'customer',
      agentExtension: '1002',
      conference: false,
      transfers: [{ kind: 'attended', fromExtension: '1001', to: '1002', result: 'answered' }],
    });
    expect(row.legs[1]?.talkMs).toBeGreaterThan(2_500);
  });

  test('one agent calls another', async () => {
    await telephone('called-answers', DESK, ports['1001'], { RING_MS: 300 });
    await colleague('called-answers', { RING_MS: 600, HANGUP_MS: 2_000 });
    const query = new URLSearchParams({
      endpoint: 'PJSIP/1001',
      context: 'internal',
      extension: '1002',
      priority: '1',
      callerId: '1002',
      channelId: 'dial-inside',
      timeout: '5',
    });
    const authorization = `Basic ${Buffer.from(`${pbx.ari.user}:${pbx.ari.password}`).toString('base64')}`;
    await fetch(`${pbx.ari.url}/ari/channels?${query}`, { method: 'POST', headers: { authorization } });
    expect(await feed.row()).toMatchObject({
      callId: 'dial-inside',
      direction: 'internal',
      remoteNumber: '1002',
      agentExtension: '1001',
      outcome: 'answered',
      endedBy: 'agent',
      recordings: [],
      transfers: [],
    });
  });
});
