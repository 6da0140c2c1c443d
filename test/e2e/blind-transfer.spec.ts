import { Hotline } from '../support/hotline';
import type { AgentBrowser } from '../support/agent-browser';
import { readWav, toneShare } from '../support/audio';
import { eventually } from '../support/eventually';

jest.setTimeout(120_000);

const CUSTOMER_HZ = 1000;

describe('passing a call on at once', () => {
  let hotline: Hotline;
  let first: AgentBrowser;
  let second: AgentBrowser;

  beforeAll(async () => {
    hotline = await Hotline.start({ queue: { ringSeconds: 8, strategy: 'linear' } });
    [first, second] = await Promise.all([hotline.browser(), hotline.browser({ microphoneHz: 660 })]);
    await first.goReady('1001', hotline.password);
    await second.goReady('1002', hotline.password);
  });
  afterAll(async () => hotline?.stop());

  /** 1001 is asked first as long as it is free: the order of the queue is that of signing in. */
  const customerCalls = async (from: string) => {
    await Promise.all([first.barState('ready'), second.barState('ready')]);
    const caller = hotline.caller({ from, hangUpAfterMs: 60_000, toneHz: CUSTOMER_HZ });
    await first.barState('ringing');
    await first.press('bar-main');
    await first.barState('in-call');
    expect(await first.heardLevel(1_500)).toBeGreaterThan(0);
    return caller;
  };
  const rowOf = async (number: string) => {
    const supervisor = await hotline.rest('zhuguan');
    return eventually(`the row of ${number}`, async () => (await supervisor.calls(`number=${number}`))[0]);
  };

  /** One file, as long as both agents talked, with the customer in what the first and what the second agent heard. */
  const holdsBothTalks = async (row: Awaited<ReturnType<typeof rowOf>>): Promise<void> => {
    const talks = row.legs.filter((leg) => leg.role === 'agent' && leg.talkMs > 0).map((leg) => leg.talkMs);
    expect(talks).toHaveLength(2);
    const { samples, rateHz } = readWav(await hotline.recording(row));
    const seconds = samples.length / rateHz;
    expect(seconds).toBeGreaterThan(talks.reduce((sum, ms) => sum + ms, 0) / 1_000 - 0.75);
    for (const part of [samples.subarray(0, rateHz), samples.subarray(-rateHz)]) {
      expect(toneShare(part, rateHz, CUSTOMER_HZ)).toBeGreaterThan(0.05);
    }
  };

  it('gives customer and draft to a colleague, in one call with one recording', async () => {
    const caller = await customerCalls('13912345678');
    await first.at('record-problem').fill('加密狗无法识别');
    await first.at('bar-transfer').click();
    await first.at('transfer-1002').click();
    await second.barState('ringing');
    await first.barState('ended');
    expect(await first.at('bar').innerText()).toContain('已转给');
    expect(await second.at('pop-passed-by').innerText()).toContain('林晓 1001');
    expect(await second.at('pop-passed-by').innerText()).toContain('加密狗无法识别');
    await second.press('bar-main');
    await second.barState('in-call');
    expect(await second.heardLevel(1_500)).toBeGreaterThan(0);
    expect(await second.at('record-problem').inputValue()).toBe('加密狗无法识别');
    await second.press('bar-end');
    await caller.finished();
    await Promise.all([first.finishWrapUp('加密狗无法识别'), second.finishWrapUp('加密狗无法识别')]);
    const row = await rowOf('13912345678');
    expect(row.legs.filter((leg) => leg.role === 'agent').map((leg) => [leg.extension, leg.result])).toEqual([
      ['1001', 'answered'],
      ['1002', 'answered'],
    ]);
    expect(row).toMatchObject({
      outcome: 'answered',
      endedBy: 'agent',
      transfers: [{ kind: 'blind', fromExtension: '1001', to: '1002', result: 'answered' }],
    });
    await holdsBothTalks(row);
  });

  it('brings the customer back, with the reason, when the colleague declines', async () => {
    const caller = await customerCalls('13500000002');
    await first.page.keyboard.press('F9');
    await first.at('transfer-1002').click();
    await second.barState('ringing');
    await second.press('bar-end');
    await first.barState('ringing');
    await first.page.locator('[data-test="bar-notice"]', { hasText: /何静 1002.*拒接/ }).waitFor();
    await first.press('bar-main');
    await first.barState('in-call');
    expect(await first.heardLevel(1_500)).toBeGreaterThan(0);
    await first.press('bar-end');
    await caller.finished();
    await first.finishWrapUp();
    // declining kept the second agent what they were: it was not the queue that rang
    await second.barState('ready');
  });

  it('takes an outside number that the policy allows, and refuses one that it does not', async () => {
    const caller = await customerCalls('13500000003');
    await first.at('bar-transfer').click();
    await first.at('transfer-search').fill('0085261234567');
    await first.at('transfer-number').click();
    expect(await first.at('bar-notice').innerText()).toContain('国际');
    expect(await first.state()).toBe('in-call');
    const outside = hotline.called('answers', { RING_MS: 500, HANGUP_MS: 2_000 });
    await first.at('transfer-search').fill('13900000077');
    await first.at('transfer-number').click();
    await first.barState('ended');
    expect(await outside.finished()).toBe(0);
    await caller.finished();
    await first.finishWrapUp();
  });

  it('goes to the queue, where the next free agent gets it, in the same recording', async () => {
    const caller = await customerCalls('13500000004');
    await first.at('bar-transfer').click();
    await first.at('transfer-hotline').click();
    await first.barState('ended');
    await second.barState('ringing');
    await second.press('bar-main');
    await second.barState('in-call');
    expect(await second.heardLevel(1_500)).toBeGreaterThan(0);
    await second.press('bar-end');
    await caller.finished();
    await Promise.all([first.finishWrapUp(), second.finishWrapUp()]);
    const row = await rowOf('13500000004');
    expect(row.transfers).toMatchObject([{ kind: 'blind', fromExtension: '1001', to: 'hotline', result: 'answered' }]);
    await holdsBothTalks(row);
  });

  it('parks the customer, whom a colleague takes up with what is written', async () => {
    const caller = await customerCalls('13500000005');
    await first.at('record-problem').fill('驻留前写的');
    await first.at('bar-transfer').click();
    await first.at('transfer-parking').click();
    await first.barState('ended');
    expect(await second.at('parked-call').innerText()).toContain('135 0000 0005');
    await second.at('take-up').click();
    await second.barState('in-call');
    expect(await second.heardLevel(1_500)).toBeGreaterThan(0);
    expect(await second.at('record-problem').inputValue()).toBe('驻留前写的');
    expect(await first.at('parked-call').count()).toBe(0);
    await second.press('bar-end');
    await caller.finished();
    await Promise.all([first.finishWrapUp(), second.finishWrapUp()]);
    const row = await rowOf('13500000005');
    expect(row).toMatchObject({ outcome: 'answered', parkings: [{ byExtension: '1001', toExtension: '1002', result: 'retrieved' }] });
    const { samples, rateHz } = readWav(await hotline.recording(row));
    expect(toneShare(samples, rateHz, CUSTOMER_HZ)).toBeGreaterThan(0.05);
  });

  it('passes on a customer who was called, in one recording', async () => {
    await Promise.all([first.barState('ready'), second.barState('ready')]);
    const called = hotline.called('answers', { RING_MS: 300 }, { toneHz: CUSTOMER_HZ });
    await first.at('nav-home').click();
    await first.at('search-input').fill('13900000080');
    await first.page.locator('[data-test="phone-link"][data-number*="13900000080"]').first().click();
    await first.barState('in-call');
    expect(await first.heardLevel(1_500)).toBeGreaterThan(0);
    await first.at('bar-transfer').click();
    await first.at('transfer-1002').click();
    await second.barState('ringing');
    expect(await second.at('pop-number').innerText()).toContain('139 0000 0080');
    await second.press('bar-main');
    await second.barState('in-call');
    expect(await second.heardLevel(1_500)).toBeGreaterThan(0);
    await second.press('bar-end');
    await called.finished();
    await Promise.all([first.finishWrapUp(), second.finishWrapUp()]);
    const row = await rowOf('13900000080');
    expect(row).toMatchObject({
      direction: 'outbound',
      transfers: [{ kind: 'blind', fromExtension: '1001', to: '1002', result: 'answered' }],
    });
    await holdsBothTalks(row);
  });

  it('rings a colleague by a click; nobody has anything to write afterwards', async () => {
    await Promise.all([first.barState('ready'), second.barState('ready')]);
    await first.page.locator('#dock [data-test="phone-link"][data-number="1002"]').click();
    await second.barState('ringing');
    await second.press('bar-main');
    await Promise.all([first.barState('in-call'), second.barState('in-call')]);
    expect(await second.heardLevel(1_500)).toBeGreaterThan(0);
    await first.press('bar-end');
    await Promise.all([first.barState('ready'), second.barState('ready')]);
  });
});
