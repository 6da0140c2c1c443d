import { Hotline } from '../support/hotline';
import type { AgentBrowser } from '../support/agent-browser';
import { eventually } from '../support/eventually';

const WRAP_UP_SECONDS = 9;

jest.setTimeout(90_000);

describe('wrap-up', () => {
  let hotline: Hotline;
  let agent: AgentBrowser;

  beforeAll(async () => {
    hotline = await Hotline.start({
      queue: { ringSeconds: 4 },
      env: { HOTLINE_WRAPUP_SECONDS: String(WRAP_UP_SECONDS), HOTLINE_WRAPUP_MAX_SECONDS: '30' },
    });
    agent = await hotline.browser();
    await agent.goReady('1001', hotline.password);
  });
  afterAll(async () => hotline?.stop());

  /** Answers the call that rings and hangs up again. */
  async function talk(): Promise<void> {
    await agent.barState('ringing');
    await agent.press('bar-main');
    await agent.barState('in-call');
    await agent.press('bar-end');
    await agent.barState('ended');
  }

  const secondsLeft = async (page = agent.page): Promise<number> => {
    const [minutes = '0', seconds = '0'] = ((await page.locator('[data-test="bar-timer"]').textContent()) ?? '').split(':');
    return Number(minutes) * 60 + Number(seconds);
  };

  it('gets no queue call, until the agent is done', async () => {
    hotline.caller({ from: '13500000001', hangUpAfterMs: 30_000 });
    await talk();
    expect(await secondsLeft()).toBeGreaterThan(WRAP_UP_SECONDS - 3);
    const waiting = hotline.caller({ from: '13500000002', hangUpAfterMs: 40_000 });
    await agent.page.waitForTimeout(3_000);
    expect(await agent.state()).toBe('ended');
    await agent.at('record-problem').fill('咨询产品使用');
    await agent.at('record-solved-solved').click();
    await agent.press('bar-main');
    await talk();
    await waiting.finished();
  });

  it('is extended by the key, is the same after a reload and in a second tab, and ends by itself', async () => {
    const before = await secondsLeft();
    await agent.press('bar-hold');
    await eventually('the countdown is longer', async () => (await secondsLeft()) > before);
    await agent.page.reload();
    await agent.barState('ended');
    expect(await secondsLeft()).toBeGreaterThan(WRAP_UP_SECONDS - 3);
    const second = await agent.openTab();
    await second.locator('[data-test="bar"][data-state="ended"]').waitFor();
    expect(Math.abs((await secondsLeft(second)) - (await secondsLeft()))).toBeLessThanOrEqual(1);
    await agent.barState('ready');
    await second.locator('[data-test="bar"][data-state="ready"]').waitFor();
    await second.close();
    // What was not written yet is still there.
    await agent.at('record').waitFor();
  });

  it('stands still while the agent types, and is followed by what was chosen during the call', async () => {
    hotline.caller({ from: '13500000003', hangUpAfterMs: 30_000 });
    await agent.barState('ringing');
    await agent.press('bar-main');
    await agent.barState('in-call');
    await agent.at('presence-menu').click();
    await agent.at('presence-paused').click();
    await agent.press('bar-end');
    await agent.barState('ended');
    await agent.at('record-problem').pressSequentially('边听边写的内容，一个字一个字地写。', { delay: 300 });
    expect(await secondsLeft()).toBeGreaterThan(WRAP_UP_SECONDS - 4);
    await agent.at('record-solved-solved').click();
    await agent.press('bar-main');
    await agent.barState('paused');
  });

  it('a second reason beside the first; the last one taken away makes ready', async () => {
    const choose = async (name: string): Promise<void> => {
      await agent.at('presence-menu').click();
      await agent.at(name).click();
    };
    await choose('presence-paused-meeting');
    await choose('presence-paused');
    expect(await agent.state()).toBe('paused');
    await choose('presence-paused-meeting');
    await agent.barState('ready');
  });

  it('an agent who lets it ring is paused and not rung by the next call', async () => {
    hotline.caller({ from: '13500000004', hangUpAfterMs: 12_000 });
    await agent.barState('ringing');
    await agent.barState('paused');
    expect(await agent.at('bar').textContent()).toContain('振铃未接');
    await agent.page.waitForTimeout(3_000);
    expect(await agent.state()).toBe('paused');
    await agent.press('bar-main');
    await agent.barState('ringing', 'ready');
  });

  it('reports no error in the page', () => {
    expect(agent.errors).toEqual([]);
  });
});
