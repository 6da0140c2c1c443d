import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { CtiTicket, type CallLogEntry } from '../../crm-core/contract';
import { ensureAsterisk } from '../../cti-gateway/launch/asterisk/distribution';
import { udpBound } from '../support/udp-bound';
import { carrierAddress, startCarrier, type Carrier } from '../../cti-gateway/launch/carrier';
import { startPbx, type PbxInstance } from '../../cti-gateway/launch/pbx';
import { startServices, type Services } from '../../cti-gateway/launch/services';
import { DESK_HOST, registerDeskPhone } from '../support/desk-phone';
import { eventually } from '../support/eventually';
import { RestClient } from '../support/rest-client';
import { Sipp } from '../support/sipp';
import { errorOf, TestPanel } from './gateway-harness';

const PASSWORD = 'demo-password-1';
const KNOWN = { number: '13912345678', customer: /云岭市政管网/ };

jest.setTimeout(90_000);

/** Asterisk, crm-core and the gateway as they run in production, each a process of its own; one of them is killed at a time. */
describe('the services together', () => {
  const workDir = fs.mkdtempSync(path.join(os.tmpdir(), 'hotline-product-'));
  const panels: TestPanel[] = [];
  const phones: Sipp[] = [];
  let binary: string;
  let pbx: PbxInstance;
  let carrier: Carrier;
  let services: Services;
  let rest: RestClient;

  beforeAll(async () => {
    const distribution = await ensureAsterisk();
    binary = distribution.sipp ?? (await ensureAsterisk({ privateOnly: true })).sipp ?? 'sipp';
    const trunk = await carrierAddress();
    pbx = await startPbx({
      dir: path.join(workDir, 'pbx'),
      distribution,
      trunk,
      agents: [{ extension: '1001', phone: 'desk' }],
      queue: { ringSeconds: 5 },
    });
    carrier = await startCarrier({ dir: path.join(workDir, 'carrier'), hotline: pbx.sip, sip: trunk, distribution });
    services = await startServices({
      pbx,
      dataDir: path.join(workDir, 'data'),
      env: { HOTLINE_DEMO: '1', HOTLINE_DEMO_PASSWORD: PASSWORD, HOTLINE_AREA_CODE: '20', HOTLINE_WRAPUP_SECONDS: '0', HOTLINE_DEMO_CARRIER_URL: carrier.ariUrl },
    });
    rest = await RestClient.signIn(services.panelUrl, '1001', PASSWORD);
    await gatewayReady();
  });

  afterEach(async () => {
    await pbx.rx('channel request hangup all');
    for (const phone of phones.splice(0)) await phone.stop();
    for (const panel of panels.splice(0)) panel.drop();
  });

  afterAll(async () => {
    await services?.stop();
    await carrier?.stop();
    await pbx?.stop();
    fs.rmSync(workDir, { recursive: true, force: true });
  });

  const gatewayReady = (): Promise<unknown> =>
    eventually('the gateway', async () => (await fetch(`http://127.0.0.1:${services.ports.cti}/readyz`)).ok);

  /** The desk phone rings for a moment, then answers. */
  async function phone(): Promise<void> {
    const localPort = await registerDeskPhone(pbx, '1001');
    const desk = new Sipp({
      binary,
      scenario: 'called-answers',
      workDir,
      localIp: DESK_HOST,
      localPort,
      values: { RING_MS: 1_000, HANGUP_MS: 60_000 },
      args: [],
    });
    phones.push(desk);
    await eventually("the agent's telephone", () => udpBound(DESK_HOST, localPort));
  }

  async function panel(ticket?: string): Promise<TestPanel> {
    const opened = new TestPanel(services.ports.cti, { origin: services.panelUrl });
    panels.push(opened);
    await opened.opened;
    const fresh = ticket ?? CtiTicket.parse(await rest.post('/session/ticket', {})).ticket;
    expect(errorOf(await opened.hello({ userId: '', extension: null }, 0, { ticket: fresh }))).toBe('ok');
    await opened.event('session.started');
    return opened;
  }

  async function ready(): Promise<TestPanel> {
    await phone();
    const agent = await panel();
    expect(errorOf(await agent.command('presence.set', { state: 'ready' }))).toBe('ok');
    return agent;
  }

  /** Connected and, a moment later, bridged: hung up before that, the customer would have talked to nobody. */
  const talking = async (agent: TestPanel): Promise<void> => {
    await eventually('the answer', () => agent.callFrames().some(({ call }) => call.state === 'connected'));
    await delay(300);
  };
  const row = (callId: string): Promise<CallLogEntry> =>
    eventually('the row', async () => (await rest.calls()).find((entry) => entry.callId === callId), 30_000);

  it('pop a known customer before the answer and keep the call', async () => {
    const agent = await ready();
    expect(errorOf(await agent.command('demo.call', { callerId: KNOWN.number }))).toBe('ok');
    const { call } = await agent.event('call.offered');
    await eventually(
      'the match',
      () =>
        agent.callFrames().some((frame) => frame.call.match.kind === 'known') ||
        agent.of('call.matched').some(({ match }) => match.kind === 'known'),
    );
    await talking(agent);
    const match = agent.callFrames().at(-1)?.call.match;
    expect(match?.owners[0]?.customerName).toMatch(KNOWN.customer);
    expect(errorOf(await agent.command('call.hangup', { callId: call.callId }))).toBe('ok');
    const kept = await row(call.callId);
    expect(kept).toMatchObject({ direction: 'inbound', outcome: 'answered', endedBy: 'agent', agentExtension: '1001', complete: true });
    expect(kept.customerName).toMatch(KNOWN.customer);
  });

  it('go on without crm-core: the number pops, is completed when it is back, and no row is lost', async () => {
    const agent = await ready();
    await services.crm.kill();
    await agent.event('health.changed', ({ health }) => health.crm === 'down');
    await agent.command('demo.call', { callerId: KNOWN.number });
    const { call } = await agent.event('call.offered');
    expect(call).toMatchObject({ remoteNumber: KNOWN.number, match: { kind: 'unavailable', key: `+86${KNOWN.number}` } });
    await talking(agent);
    await services.crm.start();
    await agent.event('call.matched', ({ match }) => match.kind === 'known');
    await services.crm.kill();
    await agent.command('call.hangup', { callId: call.callId });
    await eventually('the journal', () => fs.readdirSync(path.join(workDir, 'data', 'journal', 'pending')).length === 1);
    await services.crm.start();
    expect(await row(call.callId)).toMatchObject({ outcome: 'answered' });
  });

  it('find the live call again when the gateway is killed in the middle of it', async () => {
    const agent = await ready();
    await agent.command('demo.call', { callerId: '13800138000' });
    const { call } = await agent.event('call.offered');
    await talking(agent);
    await services.gateway.kill();
    const startedAtMs = Date.now();
    await services.gateway.start();
    await gatewayReady();
    const back = await panel();
    await eventually('the call', () => back.of('session.started').at(-1)?.calls.length === 1 || back.callFrames().length > 0);
    expect(Date.now() - startedAtMs).toBeLessThan(5_000);
    const found = back.of('session.started').at(-1)?.calls[0] ?? back.callFrames()[0]?.call;
    expect(found).toMatchObject({ callId: call.callId, state: 'connected', remoteNumber: '13800138000', direction: 'inbound' });
    expect(back.of('session.started')[0]?.presence.state).toBe('ready');
    expect(errorOf(await back.command('call.hangup', { callId: call.callId }))).toBe('ok');
    const kept = await row(call.callId);
    expect(kept).toMatchObject({ outcome: 'answered', agentExtension: '1001', complete: false });
    expect((await rest.calls()).filter((entry) => entry.callId === call.callId)).toHaveLength(1);
  });

  it('take a ticket once', async () => {
    const { ticket } = CtiTicket.parse(await rest.post('/session/ticket', {}));
    await panel(ticket);
    const second = new TestPanel(services.ports.cti);
    panels.push(second);
    await second.opened;
    expect(errorOf(await second.hello({ userId: '', extension: null }, 0, { ticket }))).toBe('session.ticket_used');
  });
});
