import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { CallerMark, CallLogEntry, MissedCallPage } from '../../crm-core/contract';
import type { CallTrailView } from '../../crm-core/contract/call-trail';
import { AmiTap } from '../support/ami-tap';
import { wavTone } from '../support/audio';
import { eventually } from '../support/eventually';
import { Hotline, TRUNK_ADDRESS } from '../support/hotline';
import type { RestClient } from '../support/rest-client';
import { RtpEar } from '../support/rtp-ear';

const REJECTED = 403;
const VALID_SEC = 8;
/** The gateway would look by itself only after that. */
const AT_ONCE_MS = 4_000;
const ANNOUNCEMENT_HZ = 620;

jest.setTimeout(120_000);

/** Blocked and preferred callers by crm-core, gateway, dialplan and telephones together. */
describe('callers who are marked in crm-core', () => {
  let hotline: Hotline;
  let supervisor: RestClient;
  let ami: AmiTap;

  beforeAll(async () => {
    hotline = await Hotline.start({ env: { HOTLINE_CALLER_MARKS_VALID_SECONDS: String(VALID_SEC) } });
    supervisor = await hotline.rest('zhuguan');
    ami = await AmiTap.connect(hotline.pbx.ami, hotline.pbx.ami);
    await eventually('the dialplan believes the list', async () => /CALLER_LIST=\w+:\d/.test(await hotline.pbx.rx('dialplan show globals')));
  });
  afterAll(async () => {
    ami?.close();
    await hotline?.stop();
  });

  const globals = (): Promise<string> => hotline.pbx.rx('dialplan show globals');
  /** A mark taken away leaves an empty variable. */
  const known = async (form: string): Promise<boolean> => new RegExp(`CALLER_MARK_${form}=\\w`).test(await globals());
  /** Marks a number; it counts as soon as it is there. */
  async function mark(number: string, kind: 'blocked' | 'vip', until: Date | null = null): Promise<string> {
    const { markId } = CallerMark.parse(await supervisor.post('/caller-marks', { number, kind, reason: '测试', until }));
    await eventually(`${number} is ${kind} at once`, () => known(number), AT_ONCE_MS);
    return markId;
  }
  const isTurnedAway = async (from: string): Promise<boolean> => (await hotline.caller({ from, refusedWith: REJECTED, hangUpAfterMs: 0 }).finished()) === 0;
  async function isLetIn(from: string): Promise<void> {
    ami.events.length = 0;
    const caller = hotline.caller({ from, hangUpAfterMs: 600 });
    await ami.event('QueueCallerJoin', (event) => event.CallerIDNum === from);
    await caller.finished();
  }
  const rowOf = (number: string): Promise<CallLogEntry> =>
    eventually('the call is in the log', async () => (await supervisor.calls(`number=${number}`)).find(({ exitReason }) => exitReason === 'blocked'));

  it('are turned away from the moment they are blocked until they are not any more; their call is in the log, and nobody is to call back', async () => {
    const from = '13712340011';
    await isLetIn(from);
    const markId = await mark(from, 'blocked');
    for (const spelled of [from, `0${from}`, `+86${from}`]) expect([spelled, await isTurnedAway(spelled)]).toEqual([spelled, true]);
    const row = await rowOf(from);
    expect(row).toMatchObject({ exitReason: 'blocked', answeredAt: null, queueVisits: [] });
    const trail = (await supervisor.get(`/calls/${encodeURIComponent(row.callId)}/trail`)) as CallTrailView;
    expect(trail).toMatchObject({ reason: 'blocked_caller' });
    const { items } = MissedCallPage.parse(await supervisor.get('/missed-calls?list=all&limit=100'));
    // The call before it was blocked was one.
    expect(items.find(({ remoteNumber }) => remoteNumber === from)?.tries).toBe(1);
    await supervisor.delete(`/caller-marks/${markId}`);
    await eventually('the mark is gone at once', async () => !(await known(from)), AT_ONCE_MS);
    await isLetIn(from);
  });

  it('hear an announcement, where there is one, and the call ends', async () => {
    const from = '13712340012';
    const sounds = path.join(hotline.pbx.dir, 'data/sounds/hotline');
    fs.rmSync(sounds);
    fs.mkdirSync(sounds);
    fs.writeFileSync(path.join(sounds, 'blocked.wav'), wavTone(ANNOUNCEMENT_HZ, 2, 8_000));
    await hotline.pbx.rx('dialplan set global BLOCKED_CALLERS announce');
    await mark(from, 'blocked');
    const ear = await RtpEar.listen(TRUNK_ADDRESS);
    try {
      expect(await hotline.caller({ from, listensOn: ear.port, hangUpAfterMs: 15_000 }).finished()).toBe(0);
      expect(ear.level).toBeGreaterThan(0.2);
      expect(ear.toneShare(ANNOUNCEMENT_HZ)).toBeGreaterThan(0.8);
    } finally {
      ear.close();
      await hotline.pbx.rx('dialplan set global BLOCKED_CALLERS reject');
    }
    expect(await rowOf(from)).toMatchObject({ exitReason: 'blocked', answeredAt: null });
  });

  it('wait before all others when they are preferred', async () => {
    const [anybody, vip] = ['13712340013', '13712340014'];
    await mark(vip, 'vip');
    ami.events.length = 0;
    const callers = [hotline.caller({ from: anybody, hangUpAfterMs: 6_000 })];
    await ami.event('QueueCallerJoin', (event) => event.CallerIDNum === anybody);
    callers.push(hotline.caller({ from: vip, hangUpAfterMs: 2_000 }));
    const joined = await ami.event('QueueCallerJoin', (event) => event.CallerIDNum === vip);
    expect(joined).toMatchObject({ Position: '1', Count: '2' });
    await Promise.all(callers.map((caller) => caller.finished()));
  });

  it('are like any other when their end date has passed', async () => {
    const from = '13712340015';
    const until = new Date(Date.now() + 6_000);
    await mark(from, 'blocked', until);
    expect(await isTurnedAway(from)).toBe(true);
    // Whole seconds are what the dialplan counts in.
    await delay(Math.max(0, until.getTime() - Date.now()) + 1_000);
    await isLetIn(from);
  });

  it('are let in when crm-core has been gone for a while, and turned away when it is back', async () => {
    const from = '13712340016';
    await mark(from, 'blocked');
    expect(await isTurnedAway(from)).toBe(true);
    await hotline.services.crm.stop();
    await delay(VALID_SEC * 1_000 + 500);
    await isLetIn(from);
    await hotline.services.crm.start();
    await eventually('the list is believed again', async () => Number(/CALLER_LIST=\w+:(\d+)/.exec(await globals())?.[1] ?? 0) > Date.now() / 1000 + 1, 20_000);
    expect(await isTurnedAway(from)).toBe(true);
  });
});
