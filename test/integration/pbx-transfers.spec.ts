import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { ensureAsterisk } from '../../cti-gateway/launch/asterisk/distribution';
import { freeSipPort } from '../../cti-gateway/launch/asterisk/ports';
import { carrierAddress } from '../../cti-gateway/launch/carrier';
import { startPbx, type PbxInstance } from '../../cti-gateway/launch/pbx';
import { AmiTap, channelVariable } from '../support/ami-tap';
import { eventually } from '../support/eventually';
import { Sipp } from '../support/sipp';
import { udpBound } from '../support/udp-bound';

const DESK = '127.0.0.3';

jest.setTimeout(60_000);

/** What the gateway asks of Asterisk when an agent passes a queue call on, on a real one. */
describe('transfers', () => {
  const workDir = fs.mkdtempSync(path.join(os.tmpdir(), 'hotline-transfers-'));
  const phones: Sipp[] = [];
  const ports = { '1001': 0, '1002': 0 };
  let binary: string;
  let trunk: { host: string; port: number };
  let pbx: PbxInstance;
  let ami: AmiTap;

  beforeAll(async () => {
    const distribution = await ensureAsterisk();
    binary = distribution.sipp ?? (await ensureAsterisk({ privateOnly: true })).sipp ?? 'sipp';
    trunk = await carrierAddress();
    ports['1001'] = await freeSipPort(DESK);
    ports['1002'] = await freeSipPort('127.0.0.5');
    pbx = await startPbx({
      dir: path.join(workDir, 'pbx'),
      distribution,
      trunk,
      agents: [
        { extension: '1001', phone: 'desk', contact: `sip:1001@${DESK}:${ports['1001']}` },
        { extension: '1002', phone: 'desk', contact: `sip:1002@127.0.0.5:${ports['1002']}` },
      ],
      queue: { ringSeconds: 5 },
      outboundRingSeconds: 3,
    });
    ami = await AmiTap.connect(pbx.ami, pbx.ami);
    await ami.action('QueueAdd', { Queue: 'hotline', Interface: 'PJSIP/1001', MemberName: '林晓', Paused: 'false' });
  });

  afterEach(async () => {
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
    await pbx?.stop();
    fs.rmSync(workDir, { recursive: true, force: true });
  });

  async function sipp(scenario: string, ip: string, port: number, values: Record<string, number>, args: string[] = []): Promise<Sipp> {
    const phone = new Sipp({ binary, scenario, workDir, localIp: ip, localPort: port, values, args });
    phones.push(phone);
    return phone;
  }
  /** Takes two calls, so that none is left unanswered for the next test. */
  const desk = async (extension: '1001' | '1002', scenario = 'called-answers', values: Record<string, number> = {}) => {
    const ip = extension === '1001' ? DESK : '127.0.0.5';
    const phone = await sipp(scenario, ip, ports[extension], { RING_MS: 300, HANGUP_MS: 30_000, ...values }, ['-m', '2']);
    await eventually('the telephone', () => udpBound(ip, ports[extension]));
    return phone;
  };
  /** A customer talks with 1001. */
  const talk = async () => {
    await desk('1001');
    const port = await freeSipPort(trunk.host);
    await sipp('caller', trunk.host, port, { HANGUP_MS: 30_000 }, [
      '-key',
      'caller',
      '13912345678',
      '-key',
      'name',
      '',
      '-s',
      '02066668888',
      `${pbx.sip.host}:${pbx.sip.port}`,
    ]);
    const answered = await ami.event('AgentConnect');
    await delay(300);
    return { customer: answered.Channel ?? '', agent: answered.DestChannel ?? '', callId: answered.Uniqueid ?? '' };
  };
  /** As the gateway types them. */
  const keys = async (channel: string, digits: string) => {
    for (const Digit of digits) await ami.action('PlayDTMF', { Channel: channel, Digit, Receive: 'true' });
  };
  const ask = async (agent: string) => {
    ami.events.length = 0;
    await ami.action('Setvar', { Channel: agent, Variable: 'TRANSFER_CONTEXT', Value: 'consult-agent' });
    await ami.action('Setvar', { Channel: agent, Variable: 'TRANSFER_EXTEN', Value: '1002' });
    await keys(agent, '*2');
    return ami.event('DialBegin', (event) => /^PJSIP\/1002/.test(event.DestChannel ?? ''));
  };
  /** Which telephones are in one bridge, by bridge. */
  const together = async () => {
    const rows = (await pbx.rx('core show channels concise')).split('\n').filter((line) => line.startsWith('PJSIP'));
    const byBridge = new Map<string, string[]>();
    for (const row of rows) {
      const fields = row.split('!');
      const bridge = fields.at(-2) ?? '';
      if (bridge !== '') byBridge.set(bridge, [...(byBridge.get(bridge) ?? []), (fields[0] ?? '').slice(6, -9)].sort());
    }
    return [...byBridge.values()].map((names) => names.join('+')).sort();
  };
  /** Who was asked is joined by a Local channel until the call is passed on. */
  const areTogether = (...expected: string[]) =>
    eventually(expected.join(' and '), async () => (await together()).join(' and ') === expected.join(' and '));

  it('asks a colleague: to and fro, all three, and the agent leaves; every event carries the id of the call', async () => {
    const { agent, callId } = await talk();
    await desk('1002');
    const dialled = await ask(agent);
    expect(channelVariable(dialled, 'CTI_ID')).toBe(callId);
    expect(dialled.DestLinkedid).toBe(callId);
    await areTogether('1001', '1002', 'trunk');
    await keys(agent, '*6');
    await areTogether('1001+trunk', '1002');
    await keys(agent, '*6');
    await areTogether('1001', '1002', 'trunk');
    await keys(agent, '*7');
    await areTogether('1001+1002+trunk');
    await ami.action('Hangup', { Channel: agent });
    await areTogether('1002+trunk');
  });

  it('comes back to the customer when it is cancelled, asks again at once, and passes on', async () => {
    const { agent } = await talk();
    await desk('1002', 'called-answers', { RING_MS: 3_000 });
    await ask(agent);
    // the keys are taken in the bridge of the consultation
    await eventually('the agent away from the customer', async () => !(await together()).includes('1001+trunk'));
    await keys(agent, '*3');
    await areTogether('1001+trunk');
    await ask(agent);
    await areTogether('1001', '1002', 'trunk');
    await keys(agent, '*4');
    await areTogether('1002+trunk');
  });

  it('brings a call back to who passed it on when the colleague declines', async () => {
    const { customer, agent } = await talk();
    await desk('1002', 'called-busy', { RING_MS: 300 });
    await ami.action('BlindTransfer', { Channel: agent, Exten: '1002', Context: 'transfer' });
    const back = await ami.event(
      'DialBegin',
      (event) => event.Channel === customer && /^PJSIP\/1001/.test(event.DestChannel ?? '') && event.DestChannel !== agent,
    );
    expect(back.CallerIDNum).toBe('13912345678');
  });

  it('lets the gateway interrupt the recording', async () => {
    const { customer } = await talk();
    expect(await ami.action('MixMonitorMute', { Channel: customer, Direction: 'both', State: '1' })).toMatchObject({ Response: 'Success' });
    expect(await ami.action('MixMonitorMute', { Channel: customer, Direction: 'both', State: '0' })).toMatchObject({ Response: 'Success' });
  });
});
