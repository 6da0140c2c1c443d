import { CustomerPage, NumberingTryResult, Rekeying } from '../../crm-core/contract';
import type { AgentBrowser } from '../support/agent-browser';
import { eventually } from '../support/eventually';
import { Hotline } from '../support/hotline';

/** Demo data: the switchboard 020-88880001 belongs to two customers, 13912345678 to 吴海燕 alone. */
const SHARED = '02088880001';
const KNOWN = '13912345678';
const pictures = process.env.TEST_SCREENSHOTS;

jest.setTimeout(120_000);

describe('who is calling', () => {
  let hotline: Hotline;
  let agent: AgentBrowser;

  beforeAll(async () => {
    hotline = await Hotline.start();
    agent = await hotline.browser();
    await agent.goReady('1001', hotline.password);
  });
  afterAll(async () => hotline?.stop());

  const shot = async (browser: AgentBrowser, name: string) => {
    if (pictures !== undefined) await browser.screenshot(`${pictures}/${name}.png`);
  };
  const popOf = (kind: string) => agent.page.locator(`[data-test="pop"][data-kind="${kind}"]`);
  /** For looking at, not for judging: the administrator's pages in English and dark. */
  async function picturesInEnglish(browser: AgentBrowser): Promise<void> {
    await browser.page.goto(`${hotline.panelUrl}/settings/look`);
    await browser.at('locale-en').click();
    await browser.at('theme-dark').click();
    await browser.at('nav-admin').click();
    await browser.at('admin-numbering').click();
    await browser.at('try-number').fill('010-62345678转801');
    await browser.at('try-result').waitFor();
    await shot(browser, 'numbering-en');
    await browser.at('admin-marks').click();
    await browser.at('mark-new').click();
    await shot(browser, 'marks-en');
  }
  const press = async (key: string) => {
    await agent.page.evaluate('document.activeElement && document.activeElement.blur()');
    await agent.page.keyboard.press(key);
  };

  it('offers all who share a number, each with a reason, and chooses one by a digit while it rings', async () => {
    const caller = hotline.caller({ from: SHARED, hangUpAfterMs: 30_000 });
    await popOf('shared').waitFor();
    expect(await agent.at('pop-owner').count()).toBeGreaterThanOrEqual(2);
    expect(await agent.at('owner-reason').first().textContent()).not.toBe('');
    expect(await agent.at('pop-place').textContent()).toContain('广州');
    await shot(agent, 'shared-zh');
    await press('2');
    expect(await agent.page.locator('[data-test="pop-owner"][aria-checked="true"]').count()).toBe(1);
    await press('f');
    await agent.at('attach-search').waitFor();
    expect(await agent.state()).toBe('ringing');
    await agent.page.keyboard.press('Escape');
    await agent.press('bar-main');
    await agent.barState('in-call');
    await agent.press('bar-end');
    await caller.finished().catch(() => undefined);
    await agent.finishWrapUp();
  });

  it('takes "not this customer" back by the toast while it rings', async () => {
    const caller = hotline.caller({ from: KNOWN, hangUpAfterMs: 30_000 });
    await popOf('known').waitFor();
    await press('x');
    await popOf('unknown').waitFor();
    await shot(agent, 'not-this-zh');
    await agent.page.locator('[data-test="notice"] .link').click();
    await popOf('known').waitFor();
    expect(await agent.at('pop-name').textContent()).toMatch(/吴海燕/);
    await agent.press('bar-main');
    await agent.barState('in-call');
    await agent.press('bar-end');
    await caller.finished().catch(() => undefined);
    await agent.finishWrapUp();
  });

  it('remembers "not this customer" at the next call, and forgets it when undone', async () => {
    const first = hotline.caller({ from: KNOWN, hangUpAfterMs: 30_000 });
    await popOf('known').waitFor();
    await shot(agent, 'known-zh');
    await press('x');
    await popOf('known').waitFor({ state: 'detached' });
    await agent.press('bar-main');
    await agent.barState('in-call');
    await agent.press('bar-end');
    await first.finished().catch(() => undefined);
    await agent.finishWrapUp();

    const second = hotline.caller({ from: `0${KNOWN}`, hangUpAfterMs: 30_000 });
    await agent.at('pop').waitFor();
    await eventually('the second call is matched', async () => ((await agent.at('pop').getAttribute('data-kind')) === 'pending' ? null : true));
    expect(await agent.at('pop').getAttribute('data-kind')).not.toBe('known');

    const supervisor = await hotline.rest('zhuguan');
    const match = (await supervisor.post('/match', { callerId: KNOWN })) as { decisions: { decisionId: string }[] };
    expect(match.decisions).toHaveLength(1);
    await agent.press('bar-main');
    await agent.barState('in-call');
    await supervisor.delete(`/match-decisions/${match.decisions[0]?.decisionId}`);
    expect((await supervisor.post('/match', { callerId: KNOWN })) as { kind: string }).toMatchObject({ kind: 'known' });
    await agent.press('bar-end');
    await second.finished().catch(() => undefined);
    await agent.finishWrapUp();
  });

  it('shows a preferred caller as such, with the reason', async () => {
    const supervisor = await hotline.rest('zhuguan');
    await supervisor.post('/caller-marks', { number: KNOWN, kind: 'vip', reason: '重点客户' });
    const caller = hotline.caller({ from: KNOWN, hangUpAfterMs: 30_000 });
    await popOf('known').waitFor();
    expect(await agent.at('caller-mark').textContent()).toContain('重点客户');
    await shot(agent, 'vip-zh');
    await agent.at('bar-main').waitFor();
    await agent.press('bar-main');
    await agent.barState('in-call');
    await shot(agent, 'in-call-zh');
    await agent.press('bar-end');
    await caller.finished().catch(() => undefined);
    await agent.finishWrapUp();
  });

  it('reads numbers by rules an administrator tried and saved: the next call is known', async () => {
    const admin = await hotline.browser();
    await admin.signIn('admin', hotline.password);
    await admin.at('nav-admin').click();
    await admin.at('admin-numbering').click();
    await admin.at('rule-areaCode').fill('755');
    await admin.at('rule-outsidePrefix').fill('9');
    await admin.at('try-number').fill(`9${KNOWN}`);
    await admin.page.locator('[data-test="try-result"][data-kind="known"]').waitFor();
    expect(await admin.at('try-result').textContent()).toContain('吴海燕');
    await shot(admin, 'numbering-zh');
    await admin.at('numbering-save').click();
    const rest = await hotline.rest('admin');
    await eventually('numbers are read again', async () => {
      const work = Rekeying.parse(await rest.get('/numbering/rekeying'));
      return work.state === 'idle' && work.finishedAt !== null ? true : null;
    });
    const tried = NumberingTryResult.parse(await rest.post('/numbering/try', { callerId: `9${KNOWN}`, line: hotline.line }));
    expect(tried.match.kind).toBe('known');

    const caller = hotline.caller({ from: `9${KNOWN}`, hangUpAfterMs: 30_000 });
    await popOf('known').waitFor();
    expect(await agent.at('pop-name').textContent()).toMatch(/吴海燕/);
    await agent.press('bar-main');
    await agent.barState('in-call');
    await agent.press('bar-end');
    await caller.finished().catch(() => undefined);
    await agent.finishWrapUp();
    await admin.at('admin-marks').click();
    await admin.at('mark-row').first().waitFor();
    await shot(admin, 'marks-zh');
    if (pictures !== undefined) await picturesInEnglish(admin);
    expect(admin.errors).toEqual([]);
  });

  it('makes one of two entries of a customer, keeping contacts and numbers of both', async () => {
    const supervisor = await hotline.rest('zhuguan');
    const twin = (await supervisor.post('/customers', { name: '海棠测绘院（重复）', numbers: [{ raw: '13955550001', label: 'mobile' }] })) as {
      customerId: string;
    };
    const { items } = CustomerPage.parse(await supervisor.get(`/customers?q=${encodeURIComponent('海棠测绘院')}`));
    const kept = items.find(({ customerId }) => customerId !== twin.customerId);
    const browser = await hotline.browser();
    await browser.signIn('zhuguan', hotline.password);
    await browser.at('nav-customers').click();
    await browser.page.locator(`[data-customer-id="${kept?.customerId}"]`).first().click();
    await browser.at('customer-merge').click();
    await browser.at('merge-search').fill('重复');
    await browser.page.locator(`[data-test="merge-result"][data-customer-id="${twin.customerId}"]`).click();
    await browser.at('merge-confirm').waitFor();
    await shot(browser, 'merge-zh');
    await browser.at('merge-confirm').click();
    await browser.at('merge').waitFor({ state: 'detached' });
    const match = (await supervisor.post('/match', { callerId: '13955550001' })) as { kind: string; owners: { customerId: string }[] };
    expect(match).toMatchObject({ kind: 'known', owners: [{ customerId: kept?.customerId }] });
    expect(browser.errors).toEqual([]);
  });
});
