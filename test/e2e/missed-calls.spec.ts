import type { CallLogEntry } from '../../crm-core/contract';
import path from 'node:path';
import { eventually } from '../support/eventually';
import { Hotline } from '../support/hotline';
import type { RestClient } from '../support/rest-client';

jest.setTimeout(120_000);

/** Twelve hours from now, for half an hour: closed now. */
function closedNow(): string {
  const hour = String((new Date().getHours() + 12) % 24).padStart(2, '0');
  return `${hour}:00-${hour}:30,*,*,*`;
}

/** The demo data has calls of the same people, of the days before. */
const BEGUN_MS = Date.now();
const rowOf = (rest: RestClient, number: string): Promise<CallLogEntry> =>
  eventually(`the row of ${number}`, async () => (await rest.calls(`number=${number}`)).find(({ startedAt }) => Date.parse(startedAt) > BEGUN_MS));

describe('callers who were not reached', () => {
  let hotline: Hotline;
  let rest: RestClient;
  beforeAll(async () => {
    hotline = await Hotline.start({ queue: { waitSeconds: 6 } });
    rest = await hotline.rest('zhuguan');
  });
  afterAll(() => hotline?.stop());

  it('waited as long as a caller may: the row says so', async () => {
    hotline.caller({ from: '13700001001', hangUpAfterMs: 30_000 });
    expect(await rowOf(rest, '13700001001')).toMatchObject({ outcome: 'no_answer', exitReason: 'queue_timeout', answeredAt: null });
  });

  it('asked to be called back by a key while waiting', async () => {
    hotline.caller({ from: '13700001002', pressesAfterMs: 1_500, hangUpAfterMs: 30_000 });
    expect(await rowOf(rest, '13700001002')).toMatchObject({ outcome: 'no_answer', exitReason: 'callback_requested', queue: 'hotline' });
  });
});

describe('callers who leave a message', () => {
  let hotline: Hotline;
  beforeAll(async () => {
    hotline = await Hotline.start({ queue: { waitSeconds: 1 }, voicemail: true });
  });
  afterAll(() => hotline?.stop());

  it('are heard by whoever calls them back', async () => {
    const from = '13912345678';
    const browser = await hotline.browser();
    await browser.signIn('1001', hotline.password);
    await browser.barState('offline', 'paused');
    await browser.at('nav-missed').click();
    await hotline.caller({ from, hangUpAfterMs: 6_500 }).finished();
    expect(await rowOf(await hotline.rest('zhuguan'), from)).toMatchObject({ outcome: 'voicemail', exitReason: 'queue_timeout' });
    const entry = browser.page.locator(`.entry[data-number="${from}"]`);
    await entry.getByText('语音留言').waitFor({ timeout: 20_000 });
    await entry.locator('[data-test="missed-row"]').click();
    const message = browser.at('missed-message');
    await message.locator('[data-test="recording-play"]').click();
    // To its end: the file is whole, and this agent, who was not called, may hear it.
    const sound = message.locator('audio');
    await eventually(
      'the message is heard to its end',
      () => sound.evaluate((audio) => (audio as unknown as { ended: boolean }).ended),
      20_000,
    );
    expect(await sound.evaluate((audio) => (audio as unknown as { duration: number }).duration)).toBeGreaterThan(2);
    await shoot(browser, 'message');
    expect(browser.errors).toEqual([]);
  });
});

describe('the list of those to call back', () => {
  let hotline: Hotline;
  beforeAll(async () => {
    hotline = await Hotline.start();
  });
  afterAll(() => hotline?.stop());

  it('has a caller who gave up, taken on by the one who calls back, and done by itself when they are reached; likewise when they get through', async () => {
    const browser = await hotline.browser();
    const entry = (number: string, state: string) => browser.page.locator(`.entry[data-number="${number}"][data-state="${state}"]`);
    await browser.signIn('1001', hotline.password);
    await browser.barState('offline', 'paused');
    await browser.at('nav-missed').click();
    hotline.caller({ from: '13912345678', hangUpAfterMs: 1_500 });
    hotline.caller({ from: '13700002001', pressesAfterMs: 1_500, hangUpAfterMs: 30_000 });
    await entry('13700002001', 'open').waitFor({ timeout: 20_000 });
    await entry('13912345678', 'open').locator('[data-test="missed-row"]').click();
    await browser.at('missed-try').first().waitFor();
    await shoot(browser, 'open');

    await browser.press('bar-main');
    await browser.barState('ready');
    hotline.called('answers', { HANGUP_MS: 2_000 });
    await entry('13912345678', 'open').locator('[data-test="missed-call-back"]').click();
    await browser.barState('in-call');
    await browser.finishWrapUp();
    hotline.caller({ from: '13700002001', hangUpAfterMs: 9_000 });
    await browser.barState('ringing');
    await browser.press('bar-main');
    await browser.barState('in-call');
    await browser.finishWrapUp();
    await browser.at('nav-missed').click();
    await browser.at('missed-list-done').click();
    await browser.page.locator('.entry[data-number="13912345678"][data-done="reached"]').waitFor({ timeout: 15_000 });
    await browser.page.locator('.entry[data-number="13700002001"][data-done="got_through"]').waitFor({ timeout: 15_000 });
    await shoot(browser, 'done');
    expect(browser.errors).toEqual([]);
  });
});

async function shoot(browser: { screenshot(file: string): Promise<void> }, name: string): Promise<void> {
  if (process.env.TEST_SCREENSHOTS !== undefined) await browser.screenshot(path.join(process.env.TEST_SCREENSHOTS, `missed-${name}.png`));
}

describe('callers outside business hours', () => {
  let hotline: Hotline;
  beforeAll(async () => {
    hotline = await Hotline.start({ openHours: closedNow() });
  });
  afterAll(() => hotline?.stop());

  it('are told so and do not wait', async () => {
    hotline.caller({ from: '13700001003', hangUpAfterMs: 30_000 });
    const row = await rowOf(await hotline.rest('zhuguan'), '13700001003');
    expect(row).toMatchObject({ exitReason: 'outside_hours', queue: null, answeredAt: null, endedBy: 'system' });
  });
});
