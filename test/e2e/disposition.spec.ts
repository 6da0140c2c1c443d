import { Hotline } from '../support/hotline';
import type { AgentBrowser } from '../support/agent-browser';
import { eventually } from '../support/eventually';

jest.setTimeout(90_000);

describe('how a call went, where it has to be said', () => {
  let hotline: Hotline;
  let agent: AgentBrowser;

  beforeAll(async () => {
    hotline = await Hotline.start({ env: { HOTLINE_DISPOSITION_REQUIRED: '1', HOTLINE_WRAPUP_SECONDS: '60' } });
    agent = await hotline.browser();
    await agent.goReady('1001', hotline.password);
  });
  afterAll(async () => hotline?.stop());

  async function talk(from: string): Promise<void> {
    const caller = hotline.caller({ from, hangUpAfterMs: 30_000 });
    await agent.barState('ringing');
    await agent.press('bar-main');
    await agent.barState('in-call');
    await agent.press('bar-end');
    await caller.finished();
    await agent.barState('ended');
  }

  it('is asked for before the record is done, and stands in the call log', async () => {
    await talk('13500000011');
    await agent.at('record-problem').fill('咨询产品使用');
    await agent.at('record-solved-solved').click();
    await agent.press('bar-main');
    await agent.at('record-disposition-error').waitFor();
    expect(await agent.state()).toBe('ended');
    await agent.at('record-disposition').selectOption('complaint');
    await agent.press('bar-main');
    await agent.barState('ready');
    const supervisor = await hotline.rest('zhuguan');
    await eventually('the call says how it went', async () => (await supervisor.calls('number=13500000011'))[0]?.disposition === 'complaint');
  });

  it('is not said where the agent’s browser was closed, and such calls are found', async () => {
    await talk('13500000012');
    await agent.page.close();
    const supervisor = await hotline.rest('zhuguan');
    const row = await eventually('the call is in the log', async () => (await supervisor.calls('number=13500000012&disposition=none'))[0]);
    expect(row).toMatchObject({ outcome: 'answered', disposition: null });
  });
});
