import { Hotline } from '../support/hotline';
import type { AgentBrowser } from '../support/agent-browser';
import { eventually } from '../support/eventually';
import { readWav, toneShare } from '../support/audio';

jest.setTimeout(90_000);

const NUMBER = '13912345678';
const TONE_HZ = 1000;

describe('click to dial', () => {
  let hotline: Hotline;
  let agent: AgentBrowser;

  beforeAll(async () => {
    hotline = await Hotline.start();
    agent = await hotline.browser();
    await agent.goReady('1001', hotline.password);
  });
  afterAll(async () => hotline?.stop());

  const find = async (number: string) => {
    await agent.at('nav-home').click();
    await agent.at('search-input').fill(number);
    const link = agent.page.locator(`[data-test="phone-link"][data-number*="${number}"]`).first();
    await link.waitFor();
    return link;
  };
  const rowOf = async (number: string, sinceMs: number) => {
    const supervisor = await hotline.rest('zhuguan');
    return eventually(`an outbound row for ${number}`, async () => (await supervisor.calls(`direction=outbound&number=${number}`)).find((entry) => Date.parse(entry.startedAt) > sinceMs));
  };

  it('rings the agent, who answers by itself, then the customer; clicked twice it is one call', async () => {
    const sinceMs = Date.now() - 1_000;
    const called = hotline.called('answers', { RING_MS: 1_500, HANGUP_MS: 60_000 }, { toneHz: TONE_HZ });
    const link = await find(NUMBER);
    await link.click();
    await link.click({ force: true });
    await agent.barState('ringing-out');
    await agent.barState('in-call');
    expect(await agent.heardLevel(2_000)).toBeGreaterThan(0);
    await agent.press('bar-end');
    expect(await called.finished()).toBe(0);
    await agent.finishWrapUp();

    const row = await rowOf(NUMBER, sinceMs);
    expect(row).toMatchObject({ direction: 'outbound', outcome: 'answered', endedBy: 'agent', agentExtension: '1001' });
    expect(row.customerName).toMatch(/云岭市政管网/);
    const okAtMs = called.timeOf(/^SIP\/2.0 200/, /INVITE/) ?? 0;
    const byeAtMs = called.timeOf(/^BYE/) ?? 0;
    expect(Math.abs(Date.parse(row.answeredAt ?? '') - okAtMs)).toBeLessThan(500);
    expect(Math.abs(Date.parse(row.endedAt) - byeAtMs)).toBeLessThan(500);
    expect(Math.abs(row.talkMs - (byeAtMs - okAtMs))).toBeLessThan(500);
    const { samples, rateHz } = readWav(await hotline.recording(row));
    expect(toneShare(samples, rateHz, TONE_HZ)).toBeGreaterThan(0.05);

    const supervisor = await hotline.rest('zhuguan');
    expect((await supervisor.calls(`direction=outbound&number=${NUMBER}`)).filter((entry) => Date.parse(entry.startedAt) > sinceMs)).toHaveLength(1);
  });

  it('says that the customer is busy', async () => {
    const sinceMs = Date.now() - 1_000;
    const called = hotline.called('busy', { RING_MS: 300 });
    await (await find(NUMBER)).click();
    await called.finished();
    await agent.page.locator('[data-test="bar-notice"]', { hasText: '忙' }).waitFor();
    await agent.barState('ready');
    expect(await rowOf(NUMBER, sinceMs)).toMatchObject({ outcome: 'busy', answeredAt: null, talkMs: 0 });
  });

  it('ends the ringing when the agent cancels', async () => {
    const sinceMs = Date.now() - 1_000;
    const called = hotline.called('does-not-answer');
    await (await find(NUMBER)).click();
    await agent.barState('ringing-out');
    await eventually('the customer’s phone rings', () => called.timeOf(/^SIP\/2.0 180/));
    await agent.press('bar-end');
    expect(await called.finished()).toBe(0);
    await agent.barState('ready');
    expect(await rowOf(NUMBER, sinceMs)).toMatchObject({ outcome: 'cancelled', endedBy: 'agent' });
  });

  it('is refused by the policy in the agent’s language, before any telephone rings', async () => {
    const supervisor = await hotline.rest('zhuguan');
    await (await hotline.rest('admin')).post('/customers', { name: '海外客户 GmbH', numbers: [{ raw: '+49 40 6000 100', label: 'office' }] });
    const before = (await supervisor.calls('direction=outbound')).length;
    await agent.at('nav-home').click();
    await agent.at('search-input').fill('海外客户');
    await agent.page.locator('[data-test="phone-link"][data-number*="40 6000 100"]').first().click();
    await agent.page.locator('[data-test="bar-notice"]', { hasText: '国际' }).waitFor();
    expect(await agent.state()).toBe('ready');
    await agent.page.waitForTimeout(1_000);
    expect(await supervisor.calls('direction=outbound')).toHaveLength(before);
  });
});
