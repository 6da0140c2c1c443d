import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import pino from 'pino';
import { AsteriskPbx } from '../../cti-gateway/src/adapters/asterisk/asterisk-pbx';
import { systemClock } from '../../cti-gateway/src/adapters/clock/system-clock';
import { loadConfig } from '../../cti-gateway/src/config';
import { createGateway, type Gateway } from '../../cti-gateway/src/gateway';
import { ensureAsterisk } from '../../cti-gateway/launch/asterisk/distribution';
import { freeSipPort } from '../../cti-gateway/launch/asterisk/ports';
import { startPbx, type PbxInstance } from '../../cti-gateway/launch/pbx';
import { FakeCrm } from '../fakes/crm';
import { INTERNAL_SECRET } from '../fakes/crm-tickets';
import { eventually } from '../support/eventually';
import { TcpProxy } from '../support/tcp-proxy';
import { errorOf, TestPanel, TOKEN } from './gateway-harness';

const TRUNK = '127.0.0.2';

jest.setTimeout(60_000);

/** One agent in the queue of a real Asterisk, a person at its console, and a wire for actions that can be cut while events go on. */
describe('an agent in the queue of a real Asterisk', () => {
  const workDir = fs.mkdtempSync(path.join(os.tmpdir(), 'hotline-presence-'));
  const crm = new FakeCrm(TOKEN);
  let pbx: PbxInstance;
  let actions: TcpProxy;
  let gateway: Gateway;
  let panel: TestPanel;

  beforeAll(async () => {
    pbx = await startPbx({
      dir: path.join(workDir, 'pbx'),
      distribution: await ensureAsterisk(),
      trunk: { host: TRUNK, port: await freeSipPort(TRUNK) },
      agents: [{ extension: '1001', phone: 'desk' }],
      queue: { ringSeconds: 5 },
    });
    actions = await TcpProxy.start(pbx.ami);
    await crm.start();
    await start();
  });

  afterAll(async () => {
    panel?.drop();
    await gateway?.close();
    await actions?.close();
    await crm.stop();
    await pbx?.stop();
    fs.rmSync(workDir, { recursive: true, force: true });
  });

  async function start(): Promise<void> {
    const loaded = loadConfig({
      ...pbx.gatewayEnv(),
      HOTLINE_CTI_PORT: '0',
      HOTLINE_DATA_DIR: path.join(workDir, 'data'),
      HOTLINE_INTERNAL_SECRET: INTERNAL_SECRET,
      HOTLINE_GATEWAY_TOKEN: TOKEN,
      HOTLINE_CRM_URL: crm.url,
    });
    if ('problems' in loaded) throw new Error(loaded.problems.join('; '));
    const { config } = loaded;
    const log = pino({ level: process.env.GATEWAY_LOG ?? 'silent' });
    const ami = { ...config.ami, port: actions.port };
    const real = new AsteriskPbx({ ami, amiFeed: config.amiFeed, ari: config.ari, clock: systemClock, log });
    gateway = await createGateway({ config, clock: systemClock, log, pbx: real });
    panel = new TestPanel(gateway.port);
    await panel.opened;
    await panel.hello({ userId: 'u-1001', extension: '1001', name: '林晓' }, Date.now());
  }

  const member = async (): Promise<string> => /PJSIP\/1001.*/.exec(await pbx.rx('queue show hotline'))?.[0] ?? '';
  const shown = () => (panel.of('presence.changed').at(-1) ?? panel.of('session.started').at(-1))?.presence;
  const linked = (up: boolean): Promise<unknown> =>
    eventually('the link', () => (panel.of('health.changed').at(-1)?.health.ami === 'up') === up, 20_000);

  it('is shown every change once', async () => {
    await eventually('Asterisk is seen', async () => (await fetch(`http://127.0.0.1:${gateway.port}/readyz`)).ok, 20_000);
    expect(errorOf(await panel.command('presence.set', { state: 'paused', reason: 'break' }))).toBe('ok');
    expect(errorOf(await panel.command('presence.set', { state: 'ready' }))).toBe('ok');
    expect(errorOf(await panel.command('presence.set', { state: 'offline' }))).toBe('ok');
    expect(errorOf(await panel.command('presence.set', { state: 'paused', reason: 'meeting' }))).toBe('ok');
    await pbx.rx('queue pause member PJSIP/1001 queue hotline reason lunch');
    await eventually("the supervisor's pause", () => JSON.stringify(shown()).includes('supervisor'));
    const states = panel
      .of('presence.changed')
      .map(({ presence }) => (presence.state === 'paused' ? presence.reasons.join() : presence.state));
    expect(states).toEqual(['break', 'ready', 'offline', 'meeting', 'supervisor']);
    expect(await member()).toContain('paused:lunch');
    expect(errorOf(await panel.command('presence.set', { state: 'ready' }))).toBe('ok');
  });

  it('is let go by the gateway once it can tell, however long it could not', async () => {
    panel.drop();
    await gateway.close();
    await pbx.rx('queue pause member PJSIP/1001 queue hotline reason wrap_up@1.2');
    actions.cut();
    await start();
    await eventually('the agent is found', () => shown()?.state === 'ready', 20_000);
    expect(await member()).toContain('paused:wrap_up@1.2');
    actions.mend();
    await eventually('Asterisk is told', async () => !(await member()).includes('paused'), 20_000);
    expect(shown()?.state).toBe('ready');
  });

  it('stays in the queue over a restart of Asterisk, and out of it when removed at the console before', async () => {
    const restart = async (): Promise<void> => {
      // Asterisk tells when it was started to the second only, and has what it is told on its disk after one.
      const fromMs = Date.now();
      await eventually('a second to pass', () => Date.now() > fromMs + 1_100);
      await pbx.kill();
      await linked(false);
      await pbx.restart();
      await linked(true);
    };
    await restart();
    await eventually('the member', async () => (await member()) !== '');
    expect(shown()?.state).toBe('ready');
    await pbx.rx('queue remove member PJSIP/1001 from hotline');
    await eventually('the removal', () => shown()?.state === 'offline');
    await restart();
    expect(errorOf(await panel.command('session.ping', {}))).toBe('ok');
    expect(shown()).toEqual({ state: 'offline' });
    expect(await member()).toBe('');
  });
});
