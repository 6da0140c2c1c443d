import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { ensureAsterisk } from '../../cti-gateway/launch/asterisk/distribution';
import { freeSipPort } from '../../cti-gateway/launch/asterisk/ports';
import { udpBound } from '../support/udp-bound';
import { carrierAddress, startCarrier, type Carrier } from '../../cti-gateway/launch/carrier';
import { startPbx, type PbxInstance } from '../../cti-gateway/launch/pbx';
import { AmiTap, channelVariable } from '../support/ami-tap';
import { readWav, toneShare } from '../support/audio';
import { DESK_HOST, registerDeskPhone } from '../support/desk-phone';
import { eventually } from '../support/eventually';
import { Sipp } from '../support/sipp';

const STRANGER = '127.0.0.4';

jest.setTimeout(60_000);

/** A real Asterisk with the project's dialplans, customers through the demo's carrier and SIPp, agents with simulated desk phones. */
describe('dialplans', () => {
  const workDir = fs.mkdtempSync(path.join(os.tmpdir(), 'hotline-pbx-'));
  const phones: Sipp[] = [];
  let binary: string;
  let trunk: { host: string; port: number };
  let pbx: PbxInstance;
  let carrier: Carrier | null = null;
  let ami: AmiTap;

  beforeAll(async () => {
    const distribution = await ensureAsterisk();
    binary = distribution.sipp ?? (await ensureAsterisk({ privateOnly: true })).sipp ?? 'sipp';
    trunk = await carrierAddress();
    pbx = await startPbx({
      dir: path.join(workDir, 'pbx'),
      distribution,
      trunk,
      agents: [{ extension: '1001', phone: 'desk' }, { extension: '1002' }, { extension: '1003', phone: 'desk' }],
      queue: { ringSeconds: 5 },
      outboundRingSeconds: 3,
    });
    ami = await AmiTap.connect(pbx.ami, pbx.ami);
    await ami.action('QueueAdd', { Queue: 'hotline', Interface: 'PJSIP/1001', MemberName: '林晓', Paused: 'true' });
  });

  afterEach(async () => {
    // Every call ends in order, so that no late BYE reaches the next test's telephone at the same address.
    await ami.action('QueuePause', { Interface: 'PJSIP/1001', Paused: 'true' });
    await pbx.rx('channel request hangup all');
    for (const phone of phones.splice(0)) {
      await Promise.race([phone.finished(), delay(2_000)]);
      await phone.stop();
    }
    await eventually('all calls over', async () => (await pbx.rx('core show channels count')).includes('0 active channels'));
    ami.events.length = 0;
  });

  afterAll(async () => {
    ami?.close();
    await carrier?.stop();
    await pbx?.stop();
    fs.rmSync(workDir, { recursive: true, force: true });
  });

  async function sipp(scenario: string, options: { ip: string; port?: number; values?: Record<string, number>; args?: string[] }): Promise<Sipp> {
    const localPort = options.port ?? (await freeSipPort(options.ip));
    const phone = new Sipp({ binary, scenario, workDir, localIp: options.ip, localPort, values: options.values ?? {}, args: options.args ?? [] });
    phones.push(phone);
    return phone;
  }

  const call = (scenario: string, { to = '02066668888', from = '13912345678', ip = trunk.host, values = {} as Record<string, number> }) =>
    sipp(scenario, { ip, values, args: ['-key', 'caller', from, '-key', 'name', '', '-s', to, `${pbx.sip.host}:${pbx.sip.port}`] });
  const agentAnswers = async (port?: number) => {
    port ??= await registerDeskPhone(pbx, '1001');
    await sipp('called-answers', { ip: DESK_HOST, port, values: { RING_MS: 300, HANGUP_MS: 20_000 } });
    await eventually('the agent\'s telephone', () => udpBound(DESK_HOST, port ?? 0));
    await ami.action('QueuePause', { Interface: 'PJSIP/1001', Paused: 'false' });
  };

  it('brings a call on a line to an agent, tells line and area, and records it', async () => {
    await agentAnswers();
    const caller = await call('caller', { values: { HANGUP_MS: 3_000 } });
    const answered = await ami.event('AgentConnect');
    expect(answered.CallerIDNum).toBe('13912345678');
    expect(answered.DestChannel).toMatch(/^PJSIP\/1001-/);
    expect(channelVariable(answered, 'CTI_ID')).toBe(answered.Uniqueid);
    expect(channelVariable(answered, 'CTI_LINE')).toBe('02066668888');
    expect(channelVariable(answered, 'CTI_AREA')).toBe('20');
    expect(channelVariable(answered, 'CTI_DIRECTION')).toBe('inbound');
    const recording = channelVariable(answered, 'CTI_RECORDING') ?? '';
    expect(recording).toBe(`${recording.slice(0, 10)}/${answered.Uniqueid}.wav`);
    expect(recording).toMatch(/^\d{4}\/\d\d\/\d\d\//);
    expect(await caller.finished()).toBe(0);
    await ami.event('Hangup', (event) => event.Uniqueid === answered.Uniqueid);
    const { samples, rateHz } = readWav(fs.readFileSync(path.join(pbx.recordingsDir, recording)));
    expect(samples.length / rateHz).toBeGreaterThan(1);
    expect(toneShare(samples, rateHz, 1000)).toBeGreaterThan(0.5);
  });

  it.each([
    ['+862066668888', '02066668888', '20'],
    ['2066668888', '02066668888', '20'],
    ['01066668888', '01066668888', '10'],
  ])('knows the line however the provider writes it: %s', async (dialled, line, area) => {
    await call('caller', { to: dialled, values: { HANGUP_MS: 300 } });
    const joined = await ami.event('QueueCallerJoin');
    expect(channelVariable(joined, 'CTI_LINE')).toBe(line);
    expect(channelVariable(joined, 'CTI_AREA')).toBe(area);
  });

  it('passes a withheld number as it came and keeps no recording of an abandoned call', async () => {
    const caller = await call('caller', { from: 'anonymous', values: { HANGUP_MS: 300 } });
    const joined = await ami.event('QueueCallerJoin');
    expect(joined.CallerIDNum).toBe('anonymous');
    expect(await caller.finished()).toBe(0);
    const ended = await ami.event('Hangup', (event) => event.Uniqueid === joined.Uniqueid);
    expect(channelVariable(ended, 'CTI_RECORDING')).toBe('');
    const day = path.join(pbx.recordingsDir, new Date().toISOString().slice(0, 4));
    expect(fs.existsSync(day) ? fs.readdirSync(day, { recursive: true }).filter((name) => String(name).includes(joined.Uniqueid ?? '-')) : []).toEqual([]);
  });

  it('keeps from agents a number that the network forbids to show', async () => {
    await call('caller-withheld', { from: '13600000007', values: { HANGUP_MS: 300 } });
    const joined = await ami.event('QueueCallerJoin');
    expect(joined.CallerIDNum).toBe('anonymous');
  });

  it.each(['13800001111', '008613800001111', '1001', '*43', '02066660000', '110'])('lets nobody from the trunk reach %s', async (to) => {
    const caller = await call('caller-refused', { to, values: { STATUS: 404 } });
    expect(await caller.finished()).toBe(0);
  });

  it('lets nobody from elsewhere call at all', async () => {
    const caller = await call('caller-refused', { from: '1001', ip: STRANGER, values: { STATUS: 401 } });
    expect(await caller.finished()).toBe(0);
  });

  it.each([
    ['13800000000', 'BUSY', '17'],
    ['13800004444', 'NOANSWER', '1'],
    ['13800009999', 'NOANSWER', '19'],
  ])('tells how a click-to-dial to %s ended: %s', async (number, dialStatus, cause) => {
    carrier ??= await startCarrier({ dir: path.join(workDir, 'carrier'), hotline: pbx.sip, sip: trunk });
    await agentAnswers();
    const dialId = `dial-${number}`;
    await clickToDial(number, dialId);
    const dialled = await ami.event('DialEnd', (event) => event.DestChannel?.startsWith('PJSIP/trunk-') === true);
    // A number that does not exist is NOANSWER in this event; its cause tells it from nobody having answered.
    expect(dialled.DialStatus).toBe(dialStatus);
    expect(channelVariable(dialled, 'CTI_ID')).toBe(dialId);
    expect(channelVariable(dialled, 'CTI_DIRECTION')).toBe('outbound');
    expect(channelVariable(dialled, 'CTI_DIALLED')).toBe(number);
    expect(channelVariable(dialled, 'CTI_DIAL')).toBe(dialId);
    const ended = await ami.event('Hangup', (event) => event.Uniqueid === dialId);
    expect(ended.Cause).toBe(cause);
    expect(channelVariable(ended, 'CTI_RECORDING')).toBe('');
  });

  it('records an answered click-to-dial on the customer\'s side and shows the line to the customer', async () => {
    carrier ??= await startCarrier({ dir: path.join(workDir, 'carrier'), hotline: pbx.sip, sip: trunk });
    await agentAnswers();
    await clickToDial('13800001111', 'dial-answered');
    const bridged = await ami.event('BridgeEnter', (event) => event.Channel?.startsWith('PJSIP/trunk-') === true);
    expect(channelVariable(bridged, 'CTI_RECORDING')).toMatch(/^\d{4}\/\d\d\/\d\d\/dial-answered\.wav$/);
    expect(await carrier.rx('core show channels concise')).toContain('02066668888');
    await ami.action('Hangup', { Channel: bridged.Channel ?? '' });
    await ami.event('Hangup', (event) => event.Uniqueid === 'dial-answered');
  });

  it.each([
    ['13800000000', 'outbound', '17'],
    ['066668888', 'unallocated', '0'],
    ['0015551234567', 'refused', '21'],
    ['1002', 'internal', '3'],
  ])('lets an agent\'s telephone dial %s: %s', async (number, direction, cause) => {
    carrier ??= await startCarrier({ dir: path.join(workDir, 'carrier'), hotline: pbx.sip, sip: trunk });
    await agentAnswers();
    await placeFromAgent({ context: 'agents', number, channelId: `phone-${number}` });
    const ended = await ami.event('Hangup', (event) => event.Uniqueid === `phone-${number}`);
    if (direction === 'outbound' || direction === 'internal') expect(channelVariable(ended, 'CTI_DIRECTION')).toBe(direction);
    expect(ended.Cause).toBe(cause);
    expect(ami.events.some((event) => event.Event === 'DialBegin' && event.DestChannel?.startsWith('PJSIP/trunk-'))).toBe(direction === 'outbound');
  });

  it('brings a test call of the demo\'s public network through the trunk', async () => {
    carrier ??= await startCarrier({ dir: path.join(workDir, 'carrier'), hotline: pbx.sip, sip: trunk });
    const url = new URL(`${carrier.ariUrl}/channels?${new URLSearchParams({ endpoint: 'PJSIP/01066668888@hotline', context: 'customer', extension: 's', priority: '1', callerId: '13700001234', channelId: 'c1' })}`);
    expect((await request('POST', url)).status).toBe(200);
    const joined = await ami.event('QueueCallerJoin');
    expect(joined.CallerIDNum).toBe('13700001234');
    expect(channelVariable(joined, 'CTI_AREA')).toBe('10');
    await request('DELETE', new URL(`${carrier.ariUrl}/channels/c1`));
    await ami.event('Hangup', (event) => event.Uniqueid === joined.Uniqueid);
  });

  it('gives each AMI account no more rights than it needs', async () => {
    const feed = await AmiTap.connect(pbx.ami, pbx.ami.feed);
    for (const action of ['CoreShowChannels', 'QueueStatus', 'BridgeList', 'DeviceStateList', 'CoreStatus', 'Ping']) expect((await feed.action(action)).Response).toBe('Success');
    for (const action of ['QueueAdd', 'Setvar', 'Originate', 'Hangup', 'Redirect']) expect((await feed.action(action)).Message).toBe('Permission denied');
    feed.close();
    for (const [action, headers] of [['Command', { Command: 'core show version' }], ['Originate', { Channel: 'Local/1@agents', Application: 'Echo' }], ['ModuleLoad', { LoadType: 'reload' }], ['UpdateConfig', {}], ['DBPut', {}], ['MixMonitor', {}]] as const) {
      expect([action, (await ami.action(action, headers)).Message]).toEqual([action, 'Permission denied']);
    }
    expect((await ami.action('Getvar', { Variable: 'SHELL(id)' })).Value ?? '').toBe('');
  });

  it('tells no event to the account of the actions, and no call records to that of the feed', async () => {
    const deaf = await AmiTap.connect(pbx.ami, { user: pbx.ami.user, secret: pbx.ami.secret });
    const caller = await call('caller', { values: { HANGUP_MS: 300 } });
    expect(await caller.finished()).toBe(0);
    await ami.event('Hangup');
    // Asked for last: what was to come has come, and an answer comes also without the right to events.
    await deaf.action('QueueStatus');
    await deaf.event('QueueStatusComplete');
    expect([...new Set(deaf.events.map((event) => event.Event))].filter((name) => !name?.startsWith('Queue'))).toEqual([]);
    expect(deaf.events.every((event) => event.ActionID !== undefined)).toBe(true);
    expect(ami.events.map((event) => event.Event)).not.toContain('Cdr');
    deaf.close();
  });

  it('loads no module by its REST interface', async () => {
    const { user, password } = pbx.ari;
    const ari = (method: string, path: string) => request(method, new URL(`${pbx.ari.url.replace('://', `://${user}:${password}@`)}/ari/${path}`));
    expect((await ari('GET', 'channels')).status).toBe(200);
    expect((await ari('POST', 'asterisk/modules/app_system.so')).status).toBe(404);
    expect((await ari('PUT', 'asterisk/config/dynamic/res_pjsip/endpoint/x')).status).toBe(404);
    expect(await pbx.rx('module show like app_system.so')).toContain('0 modules loaded');
  });

  it.each([
    ['out', ['110', '120', '10000', '10010', '10086', '11185', '12306', '12345', '116114', '118114', '118100', '95588', '9551234', '955123456', '96110', '96123456', '4001234567', '8001234567', '13912345678', '02012345678', '87654321']],
    ['nowhere', ['1004', '1234', '100', '955', '9551234567', '961234567', '118115', '1', '14000', '00']],
  ])('takes from an agent\'s telephone what leads %s', async (where, numbers) => {
    for (const number of numbers) {
      // The first step that the class of agents' telephones has for the number, as Asterisk finds it.
      const found = await pbx.rx(`dialplan show ${number}@agents`);
      expect([number, found.includes('Goto(call-out,')]).toEqual([number, where === 'out']);
    }
  });

  it('leads an agent\'s telephone to a colleague, never outside, where a number could be both', async () => {
    expect(await pbx.rx('dialplan show 1002@agents')).toContain('agent-called');
    expect(await pbx.rx('dialplan show 1002@agents')).not.toContain('call-out');
  });

  it('mutes by a channel function, without the right to the system', async () => {
    await agentAnswers();
    await call('caller', { values: { HANGUP_MS: 4_000 } });
    const answered = await ami.event('AgentConnect');
    expect((await ami.action('Setvar', { Channel: answered.DestChannel ?? '', Variable: 'MUTEAUDIO(in)', Value: 'on' })).Response).toBe('Success');
    await ami.action('Hangup', { Channel: answered.Channel ?? '' });
  });

  it('registers a desk phone by its password only, and rings it', async () => {
    const port = await freeSipPort(DESK_HOST);
    const register = (password: string, status: number) =>
      sipp('register', { ip: DESK_HOST, port, values: { STATUS: status }, args: ['-key', 'extension', '1003', '-au', '1003', '-ap', password, `${pbx.sip.host}:${pbx.sip.port}`] });
    expect(await (await register('wrong', 401)).finished()).toBe(0);
    expect(await (await register(pbx.agents.find((agent) => agent.extension === '1003')?.password ?? '', 200)).finished()).toBe(0);
    expect(JSON.parse(fs.readFileSync(pbx.phonesFile, 'utf8'))).toEqual({ 1002: { password: expect.any(String) } });
    await agentAnswers(port);
    await ami.action('QueuePause', { Interface: 'PJSIP/1001', Paused: 'true' });
    await ami.action('QueueAdd', { Queue: 'hotline', Interface: 'PJSIP/1003' });
    await call('caller', { values: { HANGUP_MS: 3_000 } });
    expect((await ami.event('AgentConnect')).DestChannel).toMatch(/^PJSIP\/1003-/);
    await ami.action('QueueRemove', { Queue: 'hotline', Interface: 'PJSIP/1003' });
  });

  it('keeps queue members over a crash and comes back at the same address', async () => {
    const before = pbx.pid();
    await pbx.kill();
    await pbx.restart();
    expect(pbx.pid()).not.toBe(before);
    ami.close();
    ami = await AmiTap.connect(pbx.ami, pbx.ami);
    await ami.action('QueueStatus');
    expect((await ami.event('QueueMember')).Location).toBe('PJSIP/1001');
    expect(await eventually('the exit of the old process', () => (before === null || !fs.existsSync(`/proc/${before}`) ? true : null))).toBe(true);
  });

  const clickToDial = (number: string, dialId: string) =>
    placeFromAgent({ context: 'click-to-dial', number, channelId: dialId, variables: { CTI_DIAL: dialId, 'PJSIP_HEADER(add,X-Hotline-Dial)': dialId } });

  async function placeFromAgent({ context, number, channelId, variables = {} }: { context: string; number: string; channelId: string; variables?: Record<string, string> }): Promise<void> {
    const query = new URLSearchParams({ endpoint: 'PJSIP/1001', context, extension: number, priority: '1', callerId: number, channelId, timeout: '20' });
    const { user, password } = pbx.ari;
    const url = new URL(`${pbx.ari.url.replace('://', `://${user}:${password}@`)}/ari/channels?${query}`);
    expect((await request('POST', url, { variables })).status).toBe(200);
  }
});

async function request(method: string, address: URL, body?: unknown): Promise<Response> {
  const authorization = `Basic ${Buffer.from(`${address.username}:${address.password}`).toString('base64')}`;
  const url = new URL(address);
  url.username = url.password = '';
  return fetch(url, { method, headers: { authorization, 'content-type': 'application/json' }, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
}
