import { Hotline } from '../support/hotline';
import type { AgentBrowser } from '../support/agent-browser';
import { longestSilence, readWav, toneShare } from '../support/audio';
import { eventually } from '../support/eventually';

jest.setTimeout(120_000);

const CUSTOMER_HZ = 1_000;

describe('asking a colleague before passing a call on', () => {
  let hotline: Hotline;
  let first: AgentBrowser;
  let second: AgentBrowser;

  beforeAll(async () => {
    hotline = await Hotline.start({ queue: { ringSeconds: 8, strategy: 'linear' } });
    [first, second] = await Promise.all([hotline.browser(), hotline.browser({ microphoneHz: 660 })]);
    await first.goReady('1001', hotline.password);
    await second.goReady('1002', hotline.password);
    await second.at('presence-menu').click();
    await second.at('presence-paused').click();
    await second.barState('paused');
  });
  afterAll(async () => hotline?.stop());

  const customerCalls = async (from: string) => {
    const caller = hotline.caller({ from, hangUpAfterMs: 90_000, toneHz: CUSTOMER_HZ });
    await first.barState('ringing');
    await first.press('bar-main');
    await first.barState('in-call');
    return caller;
  };
  const ask = async () => {
    await first.at('bar-transfer').click();
    await first.at('ask-1002').click();
    await first.page.locator('[data-test="bar"][data-state="consulting"], [data-test="bar-notice"]').first().waitFor();
    expect(await first.at('bar-notice').allInnerTexts()).toEqual([]);
    await first.barState('consulting');
    await second.barState('ringing');
  };
  const rowOf = async (number: string) => {
    const supervisor = await hotline.rest('zhuguan');
    return eventually(`the row of ${number}`, async () => (await supervisor.calls(`number=${number}`))[0]);
  };
  const channels = async () => hotline.pbx.rx('core show channels concise');

  it('customer on music, colleague asked, to and fro, passed on', async () => {
    const startedAtMs = Date.now() - 1_000;
    const caller = await customerCalls('13912345678');
    await first.at('record-problem').fill('加密狗无法识别');
    await ask();
    expect(await first.at('bar-consulted').innerText()).toContain('何静 1002');
    expect(await second.at('pop-passed-by').innerText()).toContain('林晓 1001');
    await second.press('bar-main');
    await second.barState('in-call');
    await first.page.locator('[data-test="bar"]', { hasText: '咨询中' }).waitFor();
    expect(await second.at('record').count()).toBe(0);
    await first.at('bar-transfer').click();
    await first.page.locator('[data-test="bar"]', { hasText: '正与客户通话' }).waitFor();
    expect(await first.heardLevel(1_000)).toBeGreaterThan(0);
    await first.at('bar-transfer').click();
    await first.page.locator('[data-test="bar"]', { hasText: '咨询中' }).waitFor();
    await first.press('bar-main');
    await first.barState('ended');
    await second.at('record').waitFor();
    expect(await second.at('record-problem').inputValue()).toBe('加密狗无法识别');
    expect(await second.heardLevel(1_000)).toBeGreaterThan(0);
    await second.press('bar-end');
    await caller.finished();
    await first.at('record-solved-solved').click();
    await first.press('bar-main');
    await first.barState('ready');
    await second.barState('ended');
    await second.at('record-solved-solved').click();
    await second.press('bar-main');
    await second.barState('paused');
    const supervisor = await hotline.rest('zhuguan');
    const rows = async () => (await supervisor.calls('number=13912345678')).filter((entry) => Date.parse(entry.startedAt) > startedAtMs);
    const row = await eventually('the row', async () => (await rows())[0]);
    expect(row.legs.filter((leg) => leg.role === 'agent').map((leg) => leg.extension)).toEqual(['1001', '1002']);
    expect(await rows()).toHaveLength(1);
  });

  it('back to the customer: by the agent, when the colleague declines, when the colleague hangs up', async () => {
    const caller = await customerCalls('13500000002');
    // also while the customer is on hold
    await first.press('bar-hold');
    await first.barState('hold');
    await ask();
    await first.press('bar-end');
    await first.barState('in-call');
    await second.barState('paused');
    expect(await first.at('bar-notice').count()).toBe(0);

    await ask();
    await second.press('bar-end');
    await first.barState('in-call');
    expect(await first.at('bar-notice').innerText()).toContain('何静 1002没有接通');

    await ask();
    await second.press('bar-main');
    await second.barState('in-call');
    await second.press('bar-end');
    await first.barState('in-call');
    expect(await first.at('bar-notice').innerText()).toContain('何静 1002已挂断');
    // who was only asked has nothing to write afterwards
    await second.barState('paused');
    expect(await first.heardLevel(1_000)).toBeGreaterThan(0);
    await first.press('bar-end');
    await caller.finished();
    await first.finishWrapUp();
  });

  it('also after the page was loaded again; handed over while the colleague still rings', async () => {
    const caller = await customerCalls('13500000003');
    await first.at('record-problem').fill('写到一半');
    await first.page.reload();
    await first.barState('in-call');
    await ask();
    await first.press('bar-main');
    await first.barState('ended');
    await second.page.locator('[data-test="pop-passed-by"]', { hasText: '转来' }).waitFor();
    await second.press('bar-main');
    await second.barState('in-call');
    expect(await second.at('record-problem').inputValue()).toBe('写到一半');
    expect(await second.heardLevel(1_000)).toBeGreaterThan(0);
    await second.press('bar-end');
    await caller.finished();
    await first.finishWrapUp();
    await second.barState('ended');
    await second.at('record-solved-solved').click();
    await second.press('bar-main');
    await second.barState('paused');
    const row = await rowOf('13500000003');
    expect(row.transfers).toMatchObject([
      { kind: 'attended', fromExtension: '1001', to: '1002', result: 'not_answered' },
      { kind: 'blind', fromExtension: '1001', to: '1002', result: 'answered' },
    ]);
  });

  it('goes on when the gateway is killed meanwhile; draft and who passed it on are still known', async () => {
    const caller = await customerCalls('13500000006');
    await first.at('record-problem').fill('网关中断前写的');
    await ask();
    await second.press('bar-main');
    await second.barState('in-call');
    await first.page.locator('[data-test="bar"]', { hasText: '咨询中' }).waitFor();
    await hotline.services.gateway.kill();
    await Promise.all([first.barState('lost'), second.barState('lost')]);
    await hotline.services.gateway.start();
    await first.barState('consulting');
    await second.barState('in-call', 'hold');
    expect(await second.at('record').count()).toBe(0);
    await first.press('bar-main');
    await first.barState('ended');
    await second.at('record').waitFor();
    expect(await second.at('record-problem').inputValue()).toBe('网关中断前写的');
    expect(await second.heardLevel(1_000)).toBeGreaterThan(0);
    await second.press('bar-end');
    await caller.finished();
    await first.finishWrapUp();
    await second.barState('ended');
    await second.at('record-solved-solved').click();
    await second.press('bar-main');
    await second.barState('paused');
  });

  it('all three together; who leaves leaves the other two', async () => {
    const caller = await customerCalls('13500000004');
    await ask();
    await second.press('bar-main');
    await second.barState('in-call');
    await first.page.locator('[data-test="bar"]', { hasText: '咨询中' }).waitFor();
    await first.at('bar-conference').click();
    await first.barState('conference');
    await eventually(
      'one bridge of three',
      async () =>
        new Set(
          (await channels())
            .split('\n')
            .filter((line) => line.startsWith('PJSIP'))
            .map((line) => line.split('!').at(-2)),
        ).size === 1,
    );
    expect(await first.heardLevel(2_000)).toBeGreaterThan(0);
    await first.press('bar-end');
    await first.barState('ended');
    await second.at('record').waitFor();
    expect(await second.heardLevel(1_000)).toBeGreaterThan(0);
    await second.press('bar-end');
    await caller.finished();
    await first.finishWrapUp();
    await second.barState('ended');
    await second.at('record-problem').fill('三方会议');
    await second.at('record-solved-solved').click();
    await second.press('bar-main');
    await second.barState('paused');
    const row = await rowOf('13500000004');
    expect(row).toMatchObject({ conference: true, outcome: 'answered', agentExtension: '1002' });
    const { samples, rateHz } = readWav(await hotline.recording(row));
    expect(toneShare(samples, rateHz, CUSTOMER_HZ)).toBeGreaterThan(0.05);
  });

  const recordingIs = (words: string): Promise<void> => first.page.locator('[data-test="bar"]', { hasText: words }).waitFor();
  /** The key of features.conf, typed as fast as a hand can. */
  const pressKeys = async (): Promise<void> => {
    if ((await first.at('keypad-star').count()) === 0) await first.at('bar-keypad').click();
    await first.at('keypad-star').click();
    await first.at('keypad-8').click();
  };

  it('interrupts the recording for as long as asked, by a button and by a key, also after a reload of the page', async () => {
    const caller = await customerCalls('13500000005');
    expect(await first.heardLevel(2_000)).toBeGreaterThan(0);
    await first.at('bar-record').click();
    await recordingIs('录音已暂停');
    await first.page.reload();
    await first.barState('in-call');
    await recordingIs('录音已暂停');
    expect(await first.at('bar-record').getAttribute('aria-pressed')).toBe('true');
    expect(await first.heardLevel(2_000)).toBeGreaterThan(0);
    await first.at('bar-record').click();
    await recordingIs('录音中');
    await pressKeys();
    await recordingIs('录音已暂停');
    await pressKeys();
    await recordingIs('录音中');
    expect(await first.heardLevel(2_000)).toBeGreaterThan(0);
    await first.press('bar-end');
    await caller.finished();
    const { samples, rateHz } = readWav(await hotline.recording(await rowOf('13500000005')));
    const silence = longestSilence(samples, rateHz);
    expect(silence.untilSec - silence.fromSec).toBeGreaterThan(2);
    const parts = [samples.subarray(0, silence.fromSec * rateHz), samples.subarray(silence.untilSec * rateHz)];
    for (const part of parts) expect(toneShare(part, rateHz, CUSTOMER_HZ)).toBeGreaterThan(0.05);
  });
});
