import type { AgentBrowser } from '../support/agent-browser';
import { eventually } from '../support/eventually';
import { Hotline } from '../support/hotline';

jest.setTimeout(120_000);

const TONE_HZ = 1_000;

/** SIGKILL in the middle of a call, with a browser as the agent's telephone. */
describe('killed in the middle of a call', () => {
  let hotline: Hotline;
  let agent: AgentBrowser;

  beforeAll(async () => {
    hotline = await Hotline.start();
    agent = await hotline.browser();
    await agent.goReady('1001', hotline.password);
  });
  afterAll(async () => hotline?.stop());

  async function talk(from: string) {
    const caller = hotline.caller({ from, hangUpAfterMs: 90_000, toneHz: TONE_HZ });
    await agent.at('pop').waitFor();
    await agent.press('bar-main');
    await agent.barState('in-call');
    await eventually('sound', async () => (await agent.heardLevel(300)) > 0);
    return caller;
  }
  async function rowOf(from: string) {
    const supervisor = await hotline.rest('zhuguan');
    const row = await eventually(`the row of ${from}`, async () => (await supervisor.calls(`number=${from}`))[0], 30_000);
    expect(await supervisor.calls(`number=${from}`)).toHaveLength(1);
    return row;
  }

  it('the gateway: the sound stays, the call is live again within two seconds, and can be ended', async () => {
    const from = '13500000001';
    const caller = await talk(from);
    await agent.at('record-problem').fill('写到一半，网关没了');
    await hotline.services.gateway.kill();
    await agent.barState('lost');
    expect(await agent.heardLevel(1_000)).toBeGreaterThan(0);
    await hotline.services.gateway.start();
    // two seconds are the promise; a machine that is busy with other things gets more
    const servedAtMs = Date.now();
    await agent.barState('in-call');
    expect(Date.now() - servedAtMs).toBeLessThan(6_000);
    expect(await agent.at('record-problem').inputValue()).toBe('写到一半，网关没了');
    expect(await agent.heardLevel(300)).toBeGreaterThan(0);
    await agent.press('bar-end');
    await caller.finished();
    await agent.finishWrapUp();
    expect(await rowOf(from)).toMatchObject({ outcome: 'answered', endedBy: 'agent', agentExtension: '1001', complete: false });
  });

  it('Asterisk: its call ends as lost contact; telephone, queue and readiness come back by themselves, and the next call pops', async () => {
    const from = '13500000002';
    const lost = await talk(from);
    await hotline.pbx.kill();
    await hotline.pbx.restart();
    await agent.barState('ended', 'ready');
    await lost.stop();
    expect(await rowOf(from)).toMatchObject({ outcome: 'lost_contact', endedBy: 'unknown', agentExtension: '1001', complete: false });
    await agent.finishWrapUp();
    const next = await talk('13500000003');
    await agent.press('bar-end');
    await next.finished();
    await agent.finishWrapUp();
    expect(await rowOf('13500000003')).toMatchObject({ outcome: 'answered', endedBy: 'agent', agentExtension: '1001', complete: true });
  });

  it('Asterisk while the agent is on a break: the break is kept, and afterwards calls come again', async () => {
    await agent.at('presence-menu').click();
    await agent.at('presence-paused').first().click();
    await agent.barState('paused');
    await hotline.pbx.kill();
    await hotline.pbx.restart();
    await eventually('the member, paused', async () => /PJSIP\/1001.*\(paused/.test(await hotline.pbx.rx('queue show hotline')), 20_000);
    await agent.barState('paused');
    await agent.press('bar-main');
    await agent.barState('ready');
    const next = await talk('13500000004');
    await agent.press('bar-end');
    await next.finished();
    await agent.finishWrapUp();
  });
});
