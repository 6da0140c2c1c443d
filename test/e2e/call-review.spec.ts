import path from 'node:path';
import { AuditPage } from '../../crm-core/contract';
import type { AgentBrowser } from '../support/agent-browser';
import { eventually } from '../support/eventually';
import { Hotline } from '../support/hotline';

jest.setTimeout(120_000);

describe('a supervisor’s review of calls', () => {
  let hotline: Hotline;
  let agent: AgentBrowser;
  let supervisor: AgentBrowser;
  let callId: string;

  beforeAll(async () => {
    hotline = await Hotline.start();
    [agent, supervisor] = await Promise.all([hotline.browser(), hotline.browser()]);
    await agent.goReady('1001', hotline.password);
    const calledAtMs = Date.now();
    const caller = hotline.caller({ from: '13912345678', hangUpAfterMs: 6_000, toneHz: 660 });
    await agent.barState('ringing');
    await agent.press('bar-main');
    await caller.finished();
    await agent.finishWrapUp('导出报表失败');
    const rest = await hotline.rest('zhuguan');
    callId = (await eventually('the call is in the log', async () => (await rest.calls('number=13912345678&agentExtension=1001&outcome=answered')).find(({ startedAt }) => Date.parse(startedAt) > calledAtMs))).callId;
    await supervisor.signIn('zhuguan', hotline.password);
    await supervisor.at('nav-calls').click();
    await row().waitFor();
  });
  afterAll(() => hotline?.stop());

  const row = () => supervisor.page.locator(`[data-test="calllog-row"][data-call-id="${callId}"]`);
  const shoot = async (name: string) => {
    if (process.env.TEST_SCREENSHOTS !== undefined) await supervisor.screenshot(path.join(process.env.TEST_SCREENSHOTS, `review-${name}.png`));
  };

  it('finds a call by agent and number, opens it, reads its record and comes back to the same list', async () => {
    await supervisor.at('calllog-agent').selectOption('1001');
    await supervisor.at('calllog-number').fill('139 1234 5678');
    await supervisor.page.waitForURL(/number=/);
    await row().locator('td').first().click();
    const kinds = await supervisor.at('timeline-entry').evaluateAll((entries) => entries.map((one) => one.getAttribute('data-kind')));
    expect(kinds).toEqual(['began', 'queue', 'leg', 'ended']);
    await supervisor.at('timeline-entry').getByText('林晓 1001').waitFor();
    await shoot('opened');
    await supervisor.at('calllog-record').click();
    expect(await supervisor.page.locator('.record-page [data-test="record-problem"]').inputValue()).toBe('导出报表失败');
    await supervisor.at('record-call').click();
    await supervisor.at('call-detail').waitFor();
    await shoot('page');
    await supervisor.at('back-link').click();
    await supervisor.at('back-link').click();
    await supervisor.at('call-detail').waitFor();
    expect(await supervisor.at('calllog-agent').inputValue()).toBe('1001');
    expect(await supervisor.at('calllog-number').inputValue()).toBe('139 1234 5678');
    expect(await row().getAttribute('aria-expanded')).toBe('true');
  });

  it('listens to it, and that is on the audit', async () => {
    await supervisor.page.goto(`${hotline.panelUrl}/calls/${callId}`);
    await supervisor.at('recording-play').click();
    await eventually('the recording plays', async () => (await supervisor.at('recording-at').inputValue()) !== '0');
    expect(await supervisor.at('recording-time').innerText()).toMatch(/00:0[4-7]$/);
    await shoot('playing');
    const rest = await hotline.rest('zhuguan');
    const { items } = AuditPage.parse(await rest.get(`/audit?subject=${encodeURIComponent(`call:${callId}`)}`));
    expect(items.map(({ action, by }) => [action, by])).toContainEqual(['recording.listened', '周敏']);
    expect(supervisor.errors).toEqual([]);
  });

  it('opens it from the customer’s history, and agents hear the calls they picked up', async () => {
    await agent.page.goto(`${hotline.panelUrl}/calls/${callId}`);
    await agent.at('recording-play').waitFor();
    const customer = await agent.page.locator('.head a[href^="/customers/"]').getAttribute('href');
    await agent.page.goto(`${hotline.panelUrl}${customer}`);
    await agent.at('history-call').first().click();
    await agent.at('call-detail').waitFor();
    expect(await agent.at('call-detail').getAttribute('data-call-id')).toBe(callId);
    expect(agent.errors).toEqual([]);
  });
});
