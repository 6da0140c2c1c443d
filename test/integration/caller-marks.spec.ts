import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pino from 'pino';
import type { ActiveCallerMark } from '../../crm-core/contract/caller-marks';
import { AsteriskPbx } from '../../cti-gateway/src/adapters/asterisk/asterisk-pbx';
import { systemClock } from '../../cti-gateway/src/adapters/clock/system-clock';
import { loadConfig } from '../../cti-gateway/src/config';
import { createGateway, type Gateway } from '../../cti-gateway/src/gateway';
import { ensureAsterisk } from '../../cti-gateway/launch/asterisk/distribution';
import { freeSipPort } from '../../cti-gateway/launch/asterisk/ports';
import { carrierAddress } from '../../cti-gateway/launch/carrier';
import { startPbx, type PbxInstance } from '../../cti-gateway/launch/pbx';
import { FakeCrm } from '../fakes/crm';
import { INTERNAL_SECRET } from '../fakes/crm-tickets';
import { AmiTap, channelVariable } from '../support/ami-tap';
import { eventually } from '../support/eventually';
import { Sipp } from '../support/sipp';
import { TOKEN } from './gateway-harness';

const NUISANCE = '13712340001';
const VIP = '13712340002';
const ANYBODY = '13712340003';
/** SIP for cause 21, call rejected. */
const REJECTED = 403;
const VALID_SEC = 10;

jest.setTimeout(60_000);

/** Blocked and preferred callers on a real Asterisk: what the dialplan does with the gateway's list, and without it. */
describe('marked callers', () => {
  const workDir = fs.mkdtempSync(path.join(os.tmpdir(), 'hotline-marks-'));
  const crm = new FakeCrm(TOKEN);
  const phones: Sipp[] = [];
  let binary: string;
  let trunk: { host: string; port: number };
  let pbx: PbxInstance;
  let ami: AmiTap;
  let gateway: Gateway | null = null;

  const startGateway = async (): Promise<Gateway> => {
    const loaded = loadConfig({
      ...pbx.gatewayEnv(),
      HOTLINE_CTI_PORT: '0',
      HOTLINE_DATA_DIR: path.join(workDir, 'data'),
      HOTLINE_INTERNAL_SECRET: INTERNAL_SECRET,
      HOTLINE_GATEWAY_TOKEN: TOKEN,
      HOTLINE_CRM_URL: crm.url,
      HOTLINE_CALLER_MARKS_VALID_SECONDS: String(VALID_SEC),
    });
    if ('problems' in loaded) throw new Error(loaded.problems.join('; '));
    const log = pino({ level: process.env.GATEWAY_LOG ?? 'silent' });
    const { ami: account, amiFeed, ari } = loaded.config;
    return createGateway({
      config: loaded.config,
      clock: systemClock,
      log,
      pbx: new AsteriskPbx({ ami: account, amiFeed, ari, clock: systemClock, log }),
    });
  };

  beforeAll(async () => {
    const distribution = await ensureAsterisk();
    binary = distribution.sipp ?? (await ensureAsterisk({ privateOnly: true })).sipp ?? 'sipp';
    trunk = await carrierAddress();
    pbx = await startPbx({ dir: path.join(workDir, 'pbx'), distribution, trunk, agents: [{ extension: '1001' }] });
    ami = await AmiTap.connect(pbx.ami, pbx.ami);
    await crm.start();
  });

  afterEach(async () => {
    await pbx.rx('channel request hangup all');
    for (const phone of phones.splice(0)) {
      await Promise.race([phone.finished(), delay(2_000)]);
      await phone.stop();
    }
    ami.events.length = 0;
  });

  afterAll(async () => {
    await gateway?.close();
    await crm.stop();
    ami?.close();
    await pbx?.stop();
    fs.rmSync(workDir, { recursive: true, force: true });
  });

  const call = async (scenario: string, from: string, values: Record<string, number>): Promise<Sipp> => {
    const args = ['-key', 'caller', from, '-key', 'name', '', '-s', '02066668888', `${pbx.sip.host}:${pbx.sip.port}`];
    const phone = new Sipp({ binary, scenario, workDir, localIp: trunk.host, localPort: await freeSipPort(trunk.host), values, args });
    phones.push(phone);
    return phone;
  };
  const isTurnedAway = async (from: string): Promise<boolean> =>
    (await (await call('caller-refused', from, { STATUS: REJECTED })).finished()) === 0;
  /** Caller IDs in the order they wait. */
  const waiting = async (from: string): Promise<void> => {
    await call('caller', from, { HANGUP_MS: 20_000 });
    await ami.event('QueueCallerJoin', (event) => event.CallerIDNum === from);
  };
  const globals = async (): Promise<string> => pbx.rx('dialplan show globals');
  const put = async (items: readonly ActiveCallerMark[], version: string): Promise<void> => {
    crm.callerMarks = { items: [...items], version };
    const before = /CALLER_LIST=(\w+)/.exec(await globals())?.[1];
    const fresh = gateway === null;
    gateway ??= await startGateway();
    await eventually(
      'the list is in the dialplan, and believed',
      async () => {
        const text = await globals();
        const run = /CALLER_LIST=(\w+)/.exec(text)?.[1];
        const wanted = items.flatMap(({ mark, until, dialForms }) =>
          dialForms.map((form) => `CALLER_MARK_${form}=${mark}:${until === null ? 0 : Math.floor(Date.parse(until) / 1000)}:${run}`),
        );
        const found = text.match(/CALLER_MARK_.*=.+/g)?.filter((line) => line.endsWith(`:${run}`)) ?? [];
        return run !== undefined && !(fresh && run === before) && wanted.every((line) => found.includes(line)) && found.length === wanted.length;
      },
      12_000,
    );
  };
  const blocked: ActiveCallerMark = {
    key: `+86${NUISANCE}`,
    numberClass: 'mobile',
    dialForms: [NUISANCE, `0${NUISANCE}`, `+86${NUISANCE}`],
    mark: 'blocked',
    until: null,
  };
  const vip: ActiveCallerMark = { key: `+86${VIP}`, numberClass: 'mobile', dialForms: [VIP], mark: 'vip', until: null };

  it('lets everybody through while there is no list, whatever their caller ID holds', async () => {
    for (const from of [NUISANCE, 'anonymous', '1)(EPOCH,']) {
      await call('caller', from, { HANGUP_MS: 300 });
      await ami.event('QueueCallerJoin', (event) => event.CallerIDNum === from);
    }
  });

  it('turns a blocked caller away unanswered, in every spelling, and puts a preferred one before the others', async () => {
    await put([blocked, vip], '1');
    for (const from of blocked.dialForms) expect([from, await isTurnedAway(from)]).toEqual([from, true]);
    const ended = await ami.event('Hangup', (event) => event.CallerIDNum === NUISANCE);
    expect(channelVariable(ended, 'CTI_MARK')).toBe('blocked');
    expect(channelVariable(ended, 'CTI_LINE')).toBe('02066668888');
    expect(ami.events.some((event) => event.Event === 'QueueCallerJoin')).toBe(false);

    await waiting(ANYBODY);
    await waiting(VIP);
    const joined = ami.events.filter((event) => event.Event === 'QueueCallerJoin');
    expect(joined.map((event) => [event.CallerIDNum, event.Position])).toEqual([
      [ANYBODY, '1'],
      [VIP, '1'],
    ]);
    expect(joined.map((event) => channelVariable(event, 'CTI_MARK'))).toEqual(['', 'vip']);
  });

  it('follows the list: an end date ends it, a removed mark is gone', async () => {
    const until = new Date(Date.now() + 10_000).toISOString();
    await put([{ ...blocked, until }, vip], '2');
    expect(await isTurnedAway(NUISANCE)).toBe(true);
    await delay(Math.max(0, Date.parse(until) - Date.now()) + 100);
    await waiting(NUISANCE);
    await put([blocked], '3');
    await put([], '4');
    await waiting(`0${NUISANCE}`);
  });

  it('does not believe what another run has left, and tells a new Asterisk everything', async () => {
    await put([blocked], '5');
    await ami.action('Setvar', { Variable: `CALLER_MARK_${ANYBODY}`, Value: 'blocked:0:another' });
    await waiting(ANYBODY);
    await pbx.kill();
    await pbx.restart();
    ami.close();
    ami = await AmiTap.connect(pbx.ami, pbx.ami);
    await put([blocked], '5');
    expect(await isTurnedAway(NUISANCE)).toBe(true);
  });

  it('fails open: with the gateway gone, calls go on, and the list is not believed for ever', async () => {
    await put([blocked], '6');
    expect(await isTurnedAway(NUISANCE)).toBe(true);
    await gateway?.close();
    gateway = null;
    await waiting(ANYBODY);
    await delay(VALID_SEC * 1_000 + 200);
    await waiting(NUISANCE);
  });

  it('fails open: with crm-core gone, too', async () => {
    await put([blocked], '7');
    expect(await isTurnedAway(NUISANCE)).toBe(true);
    crm.mode = 'error';
    await delay(VALID_SEC * 1_000 + 200);
    await waiting(NUISANCE);
    crm.mode = 'well';
  });
});
