import { Hotline } from '../support/hotline';
import type { AgentBrowser } from '../support/agent-browser';
import { eventually } from '../support/eventually';

jest.setTimeout(120_000);

describe('two agents', () => {
  let hotline: Hotline;
  let first: AgentBrowser;
  let second: AgentBrowser;

  beforeAll(async () => {
    hotline = await Hotline.start();
    [first, second] = await Promise.all([hotline.browser(), hotline.browser()]);
    await first.goReady('1001', hotline.password);
    await second.goReady('1002', hotline.password);
  });
  afterAll(async () => hotline?.stop());

  it('each see their own pop only', async () => {
    const callers = [hotline.caller({ from: '13500000001', hangUpAfterMs: 15_000 }), hotline.caller({ from: '13500000002', hangUpAfterMs: 15_000 })];
    await Promise.all([first.at('pop').waitFor(), second.at('pop').waitFor()]);
    const shown = async (agent: AgentBrowser) => agent.page.locator('[data-test="pop"]').evaluateAll((pops) => pops.map((pop) => pop.getAttribute('data-call-id')));
    const [pops1, pops2] = [await shown(first), await shown(second)];
    expect(pops1).toHaveLength(1);
    expect(pops2).toHaveLength(1);
    expect(pops1[0]).not.toBe(pops2[0]);
    await Promise.all([first.press('bar-main'), second.press('bar-main')]);
    await Promise.all([first.barState('in-call'), second.barState('in-call')]);
    await Promise.all([first.press('bar-end'), second.press('bar-end')]);
    await Promise.all(callers.map((caller) => caller.finished()));
    await Promise.all([first.finishWrapUp(), second.finishWrapUp()]);
  });

  it('when the first does not answer, the second gets the pop and the first one’s is withdrawn', async () => {
    const caller = hotline.caller({ from: '13912345678', hangUpAfterMs: 60_000 });
    const rung = await Promise.race([
      first.page.locator('[data-test="bar"][data-state="ringing"]').waitFor({ timeout: 20_000 }).then(() => first),
      second.page.locator('[data-test="bar"][data-state="ringing"]').waitFor({ timeout: 20_000 }).then(() => second),
    ]);
    const other = rung === first ? second : first;
    expect(await other.state()).toBe('ready');
    await other.page.locator('[data-test="bar"][data-state="ringing"]').waitFor({ timeout: 40_000 });
    // Whoever does not answer gets no further call until they say they are there.
    await rung.barState('paused');
    expect(await rung.at('bar-notice').textContent()).toContain('没有接听');
    await other.press('bar-main');
    await other.barState('in-call');
    await other.press('bar-end');
    await caller.finished();
    await other.finishWrapUp();
    expect(await rung.state()).toBe('paused');
    await rung.press('bar-main');
    await rung.barState('ready');

    const supervisor = await hotline.rest('zhuguan');
    const row = await eventually('the call is in the log', async () => (await supervisor.calls('number=13912345678')).find((entry) => entry.legs.filter((leg) => leg.role === 'agent').length > 1));
    const agents = row.legs.filter((leg) => leg.role === 'agent');
    expect(agents.map((leg) => leg.result)).toEqual(['no_answer', 'answered']);
    expect(row).toMatchObject({ outcome: 'answered', agentExtension: agents[1]?.extension });
  });
});
