import path from 'node:path';
import { MissedCallPage } from '../../crm-core/contract';
import type { AgentBrowser } from '../support/agent-browser';
import { eventually } from '../support/eventually';
import { Hotline } from '../support/hotline';

jest.setTimeout(120_000);

describe('the work with callers who were not reached, by two agents', () => {
  let hotline: Hotline;
  let first: AgentBrowser;
  let second: AgentBrowser;

  beforeAll(async () => {
    hotline = await Hotline.start();
    [first, second] = await Promise.all([hotline.browser(), hotline.browser()]);
    await Promise.all([first.signIn('1001', hotline.password), second.signIn('1002', hotline.password)]);
    for (const browser of [first, second]) {
      await browser.barState('offline', 'paused');
      await browser.at('nav-missed').click();
    }
    // Nobody is ready: each gives up in the queue.
    for (const number of ['13700003001', '13700003002', '13700003003']) hotline.caller({ from: number, hangUpAfterMs: 1_500 });
    await Promise.all([first, second].flatMap((browser) => ['13700003001', '13700003002', '13700003003'].map((number) => entry(browser, number).waitFor())));
  });
  afterAll(() => hotline?.stop());

  const entry = (browser: AgentBrowser, number: string, state = 'open') =>
    browser.page.locator(`.entry[data-number="${number}"][data-state="${state}"]`);
  const inside = (browser: AgentBrowser, number: string, test: string) => entry(browser, number).locator(`[data-test="${test}"]`);
  const openOf = async (number: string) => {
    const rest = await hotline.rest('zhuguan');
    const { items } = MissedCallPage.parse(await rest.get('/missed-calls?list=all'));
    return items.find((one) => one.remoteNumber === number);
  };
  const shoot = async (browser: AgentBrowser, name: string) => {
    if (process.env.TEST_SCREENSHOTS !== undefined) await browser.screenshot(path.join(process.env.TEST_SCREENSHOTS, `missed-${name}.png`));
  };

  it('is given to one of them when both take it on at once, and the other is told by whom', async () => {
    const number = '13700003001';
    for (const browser of [first, second]) await inside(browser, number, 'missed-row').click();
    for (const browser of [first, second]) await inside(browser, number, 'missed-claim').waitFor();
    await Promise.all([inside(first, number, 'missed-claim').click(), inside(second, number, 'missed-claim').click()]);
    const claimed = await eventually('somebody has taken the caller on', async () => (await openOf(number))?.ownerName ?? null);
    const [winner, loser] = claimed === '林晓' ? [first, second] : [second, first];
    await loser.page.getByText(`${claimed}已认领`).waitFor();
    for (const browser of [winner, loser]) await inside(browser, number, 'missed-owner').filter({ hasText: claimed }).waitFor();
    // With the colleague it stays: nothing to press but calling.
    await inside(loser, number, 'missed-claim').waitFor({ state: 'detached' });
    await winner.at('missed-list-mine').click();
    await entry(winner, number).waitFor();
    await winner.at('missed-list-all').click();
    expect(await inside(loser, number, 'missed-release').count()).toBe(0);
    await shoot(loser, 'taken');
  });

  it('is put off until a time, for oneself and for anyone', async () => {
    const number = '13700003002';
    const at = async (browser: AgentBrowser, time: string, owner: 'me' | 'anyone') => {
      await inside(browser, number, 'missed-time').click();
      await inside(browser, number, 'missed-time-at').fill(time);
      await inside(browser, number, 'missed-time-owner').selectOption(owner);
      await inside(browser, number, 'missed-time-save').click();
      await inside(browser, number, 'missed-time-at').waitFor({ state: 'detached' });
    };
    await inside(first, number, 'missed-row').click();
    await at(first, '2027-03-05T09:30', 'me');
    // 09:30 in Shanghai, where the browser is.
    expect(await openOf(number)).toMatchObject({ ownerName: '林晓', callbackAt: '2027-03-05T01:30:00.000Z' });
    await inside(first, number, 'missed-owner').filter({ hasText: '林晓 我' }).waitFor();
    await entry(second, number).getByText('约 2027-03-05 09:30 回电').waitFor();
    await at(first, '2027-03-06T10:00', 'anyone');
    expect(await openOf(number)).toMatchObject({ ownerName: null, callbackAt: '2027-03-06T02:00:00.000Z' });
    await shoot(first, 'time');
  });

  it('is done without a call for a reason that has to be said', async () => {
    const number = '13700003003';
    await inside(second, number, 'missed-row').click();
    await inside(second, number, 'missed-not-needed').click();
    await inside(second, number, 'missed-reason').fill('拨错号码');
    await inside(second, number, 'missed-reason-save').click();
    await entry(second, number).waitFor({ state: 'detached' });
    await entry(first, number).waitFor({ state: 'detached' });
    await first.at('missed-list-done').click();
    await entry(first, number, 'done').locator('[data-test="missed-row"]').click();
    await entry(first, number, 'done').getByText('原因：拨错号码').waitFor();
    expect(await entry(first, number, 'done').locator('[data-test="missed-owner"]').innerText()).toBe('何静');
    await shoot(first, 'not-needed');
    // The conflict that was provoked stands in the console of the one who was later.
    for (const browser of [first, second]) expect(browser.errors.filter((error) => !error.includes('409'))).toEqual([]);
  });
});
