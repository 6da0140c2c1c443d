import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { freeSipPort } from '../../cti-gateway/launch/asterisk/ports';
import { startPbx, type PbxInstance } from '../../cti-gateway/launch/pbx';
import { AsteriskPbx } from '../../cti-gateway/src/adapters/asterisk/asterisk-pbx';
import type { PbxEvent } from '../../cti-gateway/src/domain/call/pbx-event';
import type { OriginateRequest } from '../../cti-gateway/src/ports/pbx';
import { machineClock, recordedLog, until } from '../fakes/asterisk-times';
import { DESK_HOST, registerDeskPhone } from '../support/desk-phone';
import { Sipp } from '../support/sipp';

type EventOf<T extends PbxEvent['type']> = Extract<PbxEvent, { type: T }>;

const TRUNK_HOST = '127.0.0.2';
const BACKOFF = { firstMs: 100, maxMs: 500, refusedMs: 1_000 };

jest.setTimeout(60_000);

/** The adapters against the Asterisk and the dialplan of the product, with a desk phone that answers. */
describe('adapters of Asterisk', () => {
  let workDir: string;
  let asterisk: PbxInstance;
  let customer: { host: string; port: number };
  let pbx: AsteriskPbx;
  let events: PbxEvent[];
  const phones: Sipp[] = [];
  let restartCommand: Promise<unknown> | null = null;

  function makePbx(passwords: { ami?: string; ari?: string } = {}): { pbx: AsteriskPbx; lines: string[] } {
    const { ami, ari } = asterisk;
    const { log, lines } = recordedLog();
    const made = new AsteriskPbx({
      ami: { host: ami.host, port: ami.port, username: ami.user, secret: passwords.ami ?? ami.secret },
      amiFeed: { host: ami.host, port: ami.port, username: ami.feed.user, secret: passwords.ami ?? ami.feed.secret },
      ari: { url: ari.url, username: ari.user, password: passwords.ari ?? ari.password },
      clock: machineClock,
      log,
      backoff: BACKOFF,
    });
    return { pbx: made, lines };
  }

  const bothUp = (): boolean => pbx.linkState('ami') === 'up' && pbx.linkState('ari') === 'up';
  const ofType = <T extends PbxEvent['type']>(type: T): EventOf<T>[] => events.filter((event): event is EventOf<T> => event.type === type);

  /** Not always the second snapshot: an Asterisk that was still starting at the first one is asked once more when it is ready. */
  const ofRestart = () => ofType('resynced').find(({ pbxRestarted }) => pbxRestarted);

  function dial(id: string, extension = '1001'): OriginateRequest {
    return { channelId: `dial-${id}`, extension, number: '10086', dialId: id, displayNumber: '10086', ringTimeoutSec: 10 };
  }

  const agentPhone = async () => ({ host: DESK_HOST, port: await registerDeskPhone(asterisk, '1001') });

  /** The agent's desk phone, or a customer in the public network; takes one call. */
  function phone(where: { host: string; port: number }, scenario: 'called-answers' | 'called-does-not-answer'): Sipp {
    const sipp = new Sipp({
      binary: asterisk.distribution.sipp ?? 'sipp',
      scenario,
      workDir,
      localIp: where.host,
      localPort: where.port,
      values: { RING_MS: 0, HANGUP_MS: 30_000 },
      args: [],
    });
    phones.push(sipp);
    return sipp;
  }

  /** A call from the desk phone to a customer; resolves when both are in talk. */
  async function inTalk(id: string): Promise<string> {
    phone(await agentPhone(), 'called-answers');
    phone(customer, 'called-answers');
    await pbx.originate(dial(id));
    await until('both in a bridge', () => ofType('bridge.entered').length === 2, 10_000);
    return ofType('channel.created').find(({ channel }) => channel.channelId === `dial-${id}`)?.channel.channelName ?? '';
  }

  beforeAll(async () => {
    workDir = fs.mkdtempSync(path.join(os.tmpdir(), 'hotline-adapters-'));
    customer = { host: TRUNK_HOST, port: await freeSipPort(TRUNK_HOST) };
    asterisk = await startPbx({
      dir: path.join(workDir, 'asterisk'),
      agents: [{ extension: '1001', phone: 'desk' }, { extension: '1002' }],
      trunk: customer,
    });
  });

  beforeEach(async () => {
    events = [];
    ({ pbx } = makePbx());
    pbx.onEvent((event) => events.push(event));
    await pbx.start();
    await until('both links up', bothUp, 10_000);
  });

  afterEach(async () => {
    await pbx.close();
    await Promise.all(phones.splice(0).map((phone) => phone.stop()));
  });

  afterAll(async () => {
    // The id that was refused keeps Asterisk from an orderly end for 15 s.
    await asterisk?.kill();
    await asterisk?.stop();
    await restartCommand;
    fs.rmSync(workDir, { recursive: true, force: true });
  });

  it('begins with a snapshot by an account that may do no more than that', () => {
    const [first] = ofType('resynced');
    expect(events[0]).toBe(first);
    expect(first).toMatchObject({ gapFromMs: null, pbxRestarted: false });
    expect(first?.snapshot.queues.map(({ queue }) => queue)).toContain('hotline');
    expect(first?.snapshot.devices.map(({ device }) => device)).toEqual(expect.arrayContaining(['PJSIP/1001', 'PJSIP/1002']));
    expect(Math.abs((first?.atMs ?? 0) - Date.now())).toBeLessThan(60_000);
  });

  it('knows a wrong password from a system that is away', async () => {
    await pbx.close();
    const wrong = makePbx({ ami: 'wrong', ari: 'wrong' });
    await wrong.pbx.start();
    const refused = (link: string): boolean =>
      wrong.lines.some((line) => line.includes('check the name and password') && line.includes(link));
    await until('three refusals', () => refused('ami feed') && refused('ami actions') && refused('"ari"'), 10_000);
    expect(wrong.pbx.linkState('ami')).not.toBe('up');
    expect(wrong.pbx.linkState('ari')).not.toBe('up');
    await expect(wrong.pbx.addQueueMember('hotline', '1001', 'x')).rejects.toMatchObject({ reason: 'unavailable' });
    await expect(wrong.pbx.originate(dial('0'))).rejects.toMatchObject({ reason: 'unavailable' });
    await wrong.pbx.close();
  });

  it('signs an agent in and out, and says when that was so already', async () => {
    await pbx.addQueueMember('hotline', '1001', '林晓', true);
    await expect(pbx.addQueueMember('hotline', '1001', '林晓')).rejects.toMatchObject({ reason: 'duplicate' });
    await pbx.pauseQueueMember('1001', false, '小休');
    await pbx.removeQueueMember('hotline', '1001');
    await expect(pbx.removeQueueMember('hotline', '1001')).rejects.toMatchObject({ reason: 'not_found' });
    await expect(pbx.pauseQueueMember('1001', true, 'x')).rejects.toMatchObject({ reason: 'not_found' });
    await until('member gone', () => ofType('queue.memberRemoved').length === 1);
    expect(ofType('queue.memberStatus').map(({ interface: member, paused }) => [member, paused])).toEqual([
      ['PJSIP/1001', true],
      ['PJSIP/1001', false],
    ]);
  });

  it('lets no control character through', async () => {
    await pbx.addQueueMember('hotline', '1001', '林晓');
    const attack = 'x\r\n\r\nAction: QueueRemove\r\nQueue: hotline\r\nInterface: PJSIP/1001';
    await expect(pbx.pauseQueueMember('1001', true, attack)).rejects.toMatchObject({ reason: 'invalid_value' });
    await expect(pbx.addQueueMember('hotline', '1002', attack)).rejects.toMatchObject({ reason: 'invalid_value' });
    expect(await asterisk.rx('queue show hotline')).toMatch(/PJSIP\/1001/);
    expect(await asterisk.rx('queue show hotline')).not.toMatch(/paused/i);
    await pbx.removeQueueMember('hotline', '1001');
  });

  it('says that a telephone is not there', async () => {
    await expect(pbx.originate(dial('1', '1002'))).rejects.toMatchObject({ reason: 'phone_unreachable' });
    await expect(pbx.originate(dial('2', '9999'))).rejects.toMatchObject({ reason: 'phone_unreachable' });
  });

  it('rings a telephone once however often it is asked, and hangs it up', async () => {
    const ringing = phone(await agentPhone(), 'called-does-not-answer');
    await pbx.originate(dial('3'));
    await expect(pbx.originate(dial('3'))).rejects.toMatchObject({ reason: 'duplicate' });
    const created = await until('ringing', () => ofType('channel.created').length === 1).then(() => ofType('channel.created')[0]);
    expect(created?.channel).toMatchObject({
      channelId: 'dial-3',
      linkedId: 'dial-3',
      channelName: expect.stringMatching(/^PJSIP\/1001-/),
    });
    await pbx.hangup('dial-3');
    await until('ended', () => ofType('channel.ended').some(({ channel }) => channel.channelId === 'dial-3'));
    await expect(pbx.hangup('dial-3')).rejects.toMatchObject({ reason: 'not_found' });
    expect(await ringing.finished()).toBe(0);
  });

  it('takes back a dial when Asterisk was held up: it is done late, and no telephone goes on ringing', async () => {
    const ringing = phone(await agentPhone(), 'called-does-not-answer');
    const pid = asterisk.pid() ?? 0;
    process.kill(pid, 'SIGSTOP');
    let over = false;
    try {
      await expect(pbx.originate(dial('7'))).rejects.toMatchObject({ reason: 'timeout' });
      void pbx.takeBack('dial-7').then(() => (over = true));
      await expect(pbx.originate(dial('7'))).rejects.toMatchObject({ reason: expect.stringMatching(/^(duplicate|unavailable)$/) });
      expect(over).toBe(false);
    } finally {
      process.kill(pid, 'SIGCONT');
    }
    await until('taken back', () => over, 20_000);
    expect(await asterisk.rx('core show channels count')).toContain('0 active channels');
    await until('both links up', bothUp, 20_000);
    await until('told how it went', () => ofType('channel.ended').some(({ channel }) => channel.channelId === 'dial-7'));
    expect(ofType('channel.created').map(({ channel }) => channel.channelId)).toEqual(['dial-7']);
    // A hang-up that came before the INVITE went out leaves nothing to ring.
    const rang = ringing.messages().some(({ sent, line }) => !sent && line.startsWith('INVITE'));
    if (rang) expect(await ringing.finished()).toBe(0);
  });

  it('mutes a live channel and plays digits on it', async () => {
    const channelName = await inTalk('4');
    await pbx.mute(channelName, true);
    await pbx.mute(channelName, false);
    await pbx.sendDigits(channelName, '12#');
    const digitsOn = (trunk: boolean): string =>
      ofType('dtmf')
        .filter(({ channel }) => channel.channelName.startsWith('PJSIP/trunk-') === trunk)
        .map(({ digit }) => digit)
        .join('');
    await until('digits on the customer side', () => digitsOn(true) === '12#', 8_000);
    expect(digitsOn(false)).toBe('12#');
    await expect(pbx.mute('PJSIP/1001-ffffffff', true)).rejects.toMatchObject({ reason: 'not_found' });
    await expect(pbx.sendDigits('PJSIP/1001-ffffffff', '1')).rejects.toMatchObject({ reason: 'not_found' });
    await pbx.hangup('dial-4');
    await until('both ended', () => ofType('channel.ended').length === 2);
  });

  it('is whole again after a restart from inside, and says so', async () => {
    await pbx.addQueueMember('hotline', '1001', '林晓');
    const lastSeen = events.at(-1)?.atMs ?? 0;
    // The console waits for an Asterisk that has forgotten it, and gives up after a while.
    restartCommand = asterisk.rx('core restart now').catch(() => undefined);
    await until('snapshot of the next start', () => ofRestart() !== undefined, 20_000);
    await until('both links up', bothUp, 20_000);
    expect(events.some(({ type }) => type === 'pbx.shutdown')).toBe(true);
    // Nobody takes it for a supervisor's wish.
    expect(ofType('queue.memberRemoved')).toEqual([]);
    expect(ofRestart()?.gapFromMs).toBeGreaterThanOrEqual(lastSeen);
    expect(
      ofType('resynced')
        .at(-1)
        ?.snapshot.members.map((member) => member.interface),
    ).toEqual(['PJSIP/1001']);
    await pbx.removeQueueMember('hotline', '1001');
  });

  it('is whole again after a kill in the middle of a call, and the call is not there', async () => {
    await inTalk('5');
    // Asterisk tells the second of its start: two starts in one second are one to whoever asks.
    await delay(1_000);
    await asterisk.kill();
    await until('link lost', () => pbx.linkState('ami') !== 'up' && pbx.linkState('ari') !== 'up');
    await expect(pbx.addQueueMember('hotline', '1001', 'x')).rejects.toMatchObject({ reason: 'unavailable' });
    await asterisk.restart();
    await until('snapshot of the next start', () => ofRestart() !== undefined, 20_000);
    await until('both links up', bothUp, 20_000);
    expect(ofType('channel.ended')).toEqual([]);
    expect(ofRestart()?.snapshot.channels).toEqual([]);
    await pbx.addQueueMember('hotline', '1002', '何静');
    await pbx.removeQueueMember('hotline', '1002');
  });

  it('knows from Asterisk that a call was begun by a gateway before this one', async () => {
    await inTalk('6');
    await pbx.close();
    const next = makePbx();
    pbx = next.pbx;
    pbx.onEvent((event) => events.push(event));
    await pbx.start();
    await until('both links up', bothUp, 10_000);
    expect(ofType('resynced').at(-1)?.snapshot.channels).toHaveLength(2);
    await expect(pbx.originate(dial('6'))).rejects.toMatchObject({ reason: 'duplicate' });
    await pbx.hangup('dial-6');
  });
});
