import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pino from 'pino';
import { AsteriskPbx } from '../../cti-gateway/src/adapters/asterisk/asterisk-pbx';
import { systemClock } from '../../cti-gateway/src/adapters/clock/system-clock';
import { loadConfig } from '../../cti-gateway/src/config';
import { createGateway, type Gateway } from '../../cti-gateway/src/gateway';
import { ensureAsterisk } from '../../cti-gateway/launch/asterisk/distribution';
import { udpBound } from '../support/udp-bound';
import { carrierAddress, startCarrier, type Carrier } from '../../cti-gateway/launch/carrier';
import { startPbx, type PbxInstance } from '../../cti-gateway/launch/pbx';
import { FakeCrm } from '../fakes/crm';
import { INTERNAL_SECRET } from '../fakes/crm-tickets';
import { registerDeskPhone } from '../support/desk-phone';
import { eventually } from '../support/eventually';
import { Sipp } from '../support/sipp';
import { errorOf, TestPanel, TOKEN } from './gateway-harness';

const DESKS = { '1001': '127.0.0.3', '1002': '127.0.0.5' } as const;
type Extension = keyof typeof DESKS;

jest.setTimeout(60_000);

/** The gateway at a real Asterisk: customers of the demo's carrier, agents with simulated desk phones, panels over real sockets. */
describe('the gateway at a real Asterisk', () => {
  const workDir = fs.mkdtempSync(path.join(os.tmpdir(), 'hotline-gateway-'));
  const crm = new FakeCrm(TOKEN);
  const phones: Sipp[] = [];
  const panels: TestPanel[] = [];
  let binary: string;
  let pbx: PbxInstance;
  let carrier: Carrier;
  let gateway: Gateway;

  const startGateway = async (): Promise<Gateway> => {
    const loaded = loadConfig({
      ...pbx.gatewayEnv(),
      HOTLINE_CTI_PORT: '0',
      HOTLINE_DATA_DIR: path.join(workDir, 'data'),
      HOTLINE_INTERNAL_SECRET: INTERNAL_SECRET,
      HOTLINE_GATEWAY_TOKEN: TOKEN,
      HOTLINE_CRM_URL: crm.url,
      HOTLINE_DEMO_CARRIER_URL: carrier.ariUrl,
      HOTLINE_SIGNOUT_AFTER_MS: '2000',
      HOTLINE_WRAPUP_SECONDS: '0',
    });
    if ('problems' in loaded) throw new Error(loaded.problems.join('; '));
    const log = pino({ level: process.env.GATEWAY_LOG ?? 'silent' });
    const { config } = loaded;
    return createGateway({
      config,
      clock: systemClock,
      log,
      pbx: new AsteriskPbx({ ami: config.ami, amiFeed: config.amiFeed, ari: config.ari, clock: systemClock, log }),
    });
  };

  beforeAll(async () => {
    const distribution = await ensureAsterisk();
    binary = distribution.sipp ?? (await ensureAsterisk({ privateOnly: true })).sipp ?? 'sipp';
    const trunk = await carrierAddress();
    pbx = await startPbx({
      dir: path.join(workDir, 'pbx'),
      distribution,
      trunk,
      agents: [
        ...Object.keys(DESKS).map((extension) => ({ extension, phone: 'desk' as const })),
        { extension: '1003' },
      ],
      queue: { ringSeconds: 3, strategy: 'linear' },
    });
    carrier = await startCarrier({ dir: path.join(workDir, 'carrier'), hotline: pbx.sip, sip: trunk, distribution });
    await crm.start();
    crm.customers.set('13912345678', '广州星河软件');
    gateway = await startGateway();
    await eventually('Asterisk is seen', async () => (await fetch(`http://127.0.0.1:${gateway.port}/readyz`)).ok);
  });

  afterEach(async () => {
    await pbx.rx('channel request hangup all');
    for (const phone of phones.splice(0)) {
      await Promise.race([phone.finished(), delay(2_000)]);
      await phone.stop();
    }
    await eventually('all calls over', async () => (await pbx.rx('core show channels count')).includes('0 active channels'));
    for (const panel of panels.splice(0)) panel.drop();
    await eventually('everybody signed out', async () => (await pbx.rx('queue show hotline')).includes('No Members'), 20_000);
    crm.rows.clear();
  });

  afterAll(async () => {
    await gateway?.close();
    await crm.stop();
    await carrier?.stop();
    await pbx?.stop();
    fs.rmSync(workDir, { recursive: true, force: true });
  });

  async function panel(extension: string, tab = `tab-${extension}-0001`): Promise<TestPanel> {
    const opened = new TestPanel(gateway.port);
    panels.push(opened);
    await opened.opened;
    await opened.hello({ userId: `u-${extension}`, extension, name: '林晓', permissions: ['call.dial'] }, Date.now(), { tab });
    return opened;
  }

  /** Rings for `ringMs`, then answers. */
  async function phone(extension: Extension, ringMs: number, scenario = 'called-answers'): Promise<Sipp> {
    const ip = DESKS[extension];
    const localPort = await registerDeskPhone(pbx, extension, ip);
    const desk = new Sipp({
      binary,
      scenario,
      workDir,
      localIp: ip,
      localPort,
      values: { RING_MS: ringMs, HANGUP_MS: 30_000 },
      args: [],
    });
    phones.push(desk);
    await eventually("the agent's telephone", () => udpBound(ip, localPort));
    return desk;
  }

  it('pops before the answer with the customer, through hold-free talk to the row of the log', async () => {
    await phone('1001', 800);
    const one = await panel('1001');
    const two = await panel('1002');
    expect(errorOf(await one.command('presence.set', { state: 'ready' }))).toBe('ok');
    expect((await one.event('presence.changed')).presence.state).toBe('ready');
    expect(errorOf(await one.command('demo.call', { callerId: '13912345678' }))).toBe('ok');
    const { call } = await one.event('call.offered');
    expect(call).toMatchObject({
      state: 'alerting',
      direction: 'inbound',
      remoteNumber: '13912345678',
      line: pbx.lines[0]?.number,
      queue: 'hotline',
    });
    const connected = await one.event('call.changed', (data) => data.call.state === 'connected');
    expect(connected.call).toMatchObject({ match: { kind: 'known', owners: [{ customerName: '广州星河软件' }] } });
    await one.event('call.changed', (data) => data.call.recording);
    expect(errorOf(await one.command('call.mute', { callId: call.callId, muted: true }))).toBe('ok');
    expect(errorOf(await one.command('call.sendDigits', { callId: call.callId, digits: '1#' }))).toBe('ok');
    expect(errorOf(await two.command('call.hangup', { callId: call.callId }))).toBe('call.not_yours');
    expect(errorOf(await one.command('call.hangup', { callId: call.callId }))).toBe('ok');
    await one.event('call.ended');
    await eventually('the row', () => crm.rows.has(call.callId));
    expect(crm.rows.get(call.callId)).toMatchObject({
      outcome: 'answered',
      endedBy: 'agent',
      agentExtension: '1001',
      remoteNumber: '13912345678',
    });
    expect(two.callFrames()).toEqual([]);
  });

  it('withdraws the pop of an agent who does not answer and offers it to the next', async () => {
    await phone('1001', 20_000);
    await phone('1002', 300);
    const one = await panel('1001');
    const two = await panel('1002');
    await one.command('presence.set', { state: 'ready' });
    await two.command('presence.set', { state: 'ready' });
    await one.command('demo.call', { callerId: '13800138000' });
    await eventually('the pop at the first', () => one.of('call.offered').length > 0);
    await eventually('its withdrawal', () => one.of('call.withdrawn').length > 0);
    expect(one.of('call.withdrawn')[0]?.call.outcome).toBe('no_answer');
    await eventually('the answer of the second', () => two.callFrames().some(({ call }) => call.state === 'connected'));
    expect(two.of('call.offered')).toHaveLength(1);
  });

  it('finds a live call and a paused agent again after its own restart', async () => {
    await phone('1001', 200);
    const one = await panel('1001');
    await one.command('presence.set', { state: 'ready' });
    await one.command('demo.call', { callerId: 'anonymous' });
    await eventually('the talk', () => one.callFrames().some(({ call }) => call.state === 'connected'));
    const before = one.callFrames().at(-1)?.call;
    expect(before).toMatchObject({ remoteNumber: null, match: { kind: 'withheld' } });
    await one.command('presence.set', { state: 'paused', reason: 'break' });
    await gateway.close();
    gateway = await startGateway();
    await eventually('Asterisk is seen', async () => (await fetch(`http://127.0.0.1:${gateway.port}/readyz`)).ok);
    const back = await panel('1001', 'tab-1001-0002');
    expect(await back.event('session.started')).toMatchObject({ presence: { state: 'paused', reasons: ['break'] } });
    await eventually('the call', () => back.of('session.started')[0]?.calls.length === 1 || back.callFrames().length > 0);
    const found = back.of('session.started')[0]?.calls[0] ?? back.callFrames()[0]?.call;
    expect(found).toMatchObject({ callId: before?.callId, state: 'connected', direction: 'inbound' });
    expect(errorOf(await back.command('call.hangup', { callId: found?.callId ?? '' }))).toBe('ok');
    await eventually('the row', () => crm.rows.has(found?.callId ?? ''));
  });

  it('dials by a click: agent first, then the customer; answered, busy and unreachable are told', async () => {
    await phone('1001', 200);
    const one = await panel('1001');
    expect(errorOf(await one.command('call.dial', { dialId: 'dial-real-0001', number: '138 0013 1234', customerId: null }))).toBe('ok');
    await eventually('the talk', () => one.of('dial.progressed').some(({ state }) => state === 'connected'), 15_000);
    expect(one.callFrames().map(({ call }) => call.state)).toEqual(expect.arrayContaining(['initiated', 'connected']));
    expect(one.callFrames().at(-1)?.call).toMatchObject({ direction: 'outbound', remoteNumber: '13800131234', dialId: 'dial-real-0001' });
    await one.command('call.hangup', { callId: 'dial-dial-real-0001' });
    await eventually('the end', () => one.of('dial.progressed').some(({ state, reason }) => state === 'ended' && reason === 'answered'));
    await eventually('the row', () => crm.rows.has('dial-dial-real-0001'));
    expect(crm.rows.get('dial-dial-real-0001')).toMatchObject({ direction: 'outbound', outcome: 'answered', agentExtension: '1001' });
    await delay(2_100);
    await phone('1001', 200);
    await one.command('call.dial', { dialId: 'dial-real-0002', number: '13800130000', customerId: null });
    await eventually(
      'busy',
      () =>
        one
          .of('dial.progressed')
          .some(({ dialId, state, reason }) => dialId === 'dial-real-0002' && state === 'ended' && reason === 'busy'),
      20_000,
    );
    const nobody = await panel('1003');
    const reply = await nobody.command('call.dial', { dialId: 'dial-real-0003', number: '13800131234', customerId: null });
    expect(errorOf(reply)).toBe('pbx.phone_unreachable');
    expect(nobody.of('dial.progressed').at(-1)).toMatchObject({ state: 'ended', reason: 'phone_unreachable' });
  });

  it('says that the agent did not pick up, and places one call for two clicks', async () => {
    await phone('1001', 500, 'called-declines');
    const one = await panel('1001');
    const again = await panel('1001', 'tab-1001-0002');
    const wish = { number: '13800131234', customerId: null };
    const replies = await Promise.all([
      one.command('call.dial', { dialId: 'dial-real-0011', ...wish }),
      again.command('call.dial', { dialId: 'dial-real-0012', ...wish }),
    ]);
    expect(new Set(replies.map((reply) => JSON.stringify(reply.ok && reply.data))).size).toBe(1);
    await eventually('the end', () => one.of('dial.progressed').some(({ state }) => state === 'ended'), 35_000);
    expect(one.of('dial.progressed').at(-1)?.reason).toMatch(/^agent_(declined|busy)$/);
    expect(again.of('dial.progressed').at(-1)).toEqual(one.of('dial.progressed').at(-1));
  });

  it('ends calls as lost and brings everything back when Asterisk is killed', async () => {
    await phone('1001', 200);
    const one = await panel('1001');
    await one.command('presence.set', { state: 'ready' });
    await one.command('demo.call', { callerId: '13912345678' });
    await eventually('the talk', () => one.callFrames().some(({ call }) => call.state === 'connected'));
    await pbx.kill();
    await eventually('the bad news', () => one.of('health.changed').some(({ health }) => health.ami !== 'up'));
    expect(errorOf(await one.command('call.dial', { dialId: 'dial-real-0021', number: '13800131234', customerId: null }))).toMatch(
      /^(dial\.already_in_call|pbx\.unavailable)$/,
    );
    await pbx.restart();
    await eventually('the end of the call', () => one.of('call.ended').some(({ call }) => call.outcome === 'lost_contact'), 30_000);
    await eventually(
      'health',
      () => one.of('health.changed').at(-1)?.health.ami === 'up' && one.of('health.changed').at(-1)?.health.ari === 'up',
      30_000,
    );
    await eventually('the member', async () => (await pbx.rx('queue show hotline')).includes('PJSIP/1001'));
    for (const old of phones.splice(0)) await old.stop();
    await phone('1001', 300);
    await one.command('demo.call', { callerId: '13912345678' });
    await eventually('the next pop', () => one.of('call.offered').length === 2, 20_000);
  });
});
