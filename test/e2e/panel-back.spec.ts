import path from 'node:path';
import { AgentBrowser } from '../support/agent-browser';
import { eventually } from '../support/eventually';
import { Hotline } from '../support/hotline';
import { TcpProxy } from '../support/tcp-proxy';

jest.setTimeout(120_000);

/** A panel that is back shows the truth within a second; a machine that is busy with other things gets more. */
const WITHIN_MS = 5_000;

/** A panel that was away: its wire cut, a second tab, asleep, its browser killed. The wire carries its session and its SIP, not the sound. */
describe('a panel that is back', () => {
  let hotline: Hotline;
  let wire: TcpProxy;
  let agent: AgentBrowser;

  beforeAll(async () => {
    const target = { host: '127.0.0.1', port: 0 };
    wire = await TcpProxy.start(target);
    hotline = await Hotline.start({ env: { HOTLINE_CTI_URL: `ws://127.0.0.1:${wire.port}/cti` } });
    target.port = hotline.services.ports.cti;
    agent = await hotline.browser();
    await agent.goReady('1001', hotline.password);
  });
  afterAll(async () => {
    await hotline?.stop();
    await wire?.close();
  });

  async function talk(browser: AgentBrowser, from: string, hangUpAfterMs = 90_000) {
    const caller = hotline.caller({ from, hangUpAfterMs, toneHz: 1_000 });
    await browser.at('pop').waitFor();
    await browser.press('bar-main');
    await browser.barState('in-call');
    return caller;
  }
  /** From `back` on, in ms, until the bar says so. */
  async function until(browser: AgentBrowser, state: string, back: () => unknown): Promise<number> {
    await back();
    const backAtMs = Date.now();
    await browser.barState(state);
    return Date.now() - backAtMs;
  }
  const note = (): Promise<string> => agent.at('record-problem').inputValue();
  async function endAndFinish(browser: AgentBrowser): Promise<void> {
    await browser.press('bar-end');
    await browser.finishWrapUp();
  }

  it('after a cut in talk: the sound never stopped, the call and the note are there, and the call can be ended', async () => {
    const caller = await talk(agent, '13600000001');
    await agent.at('record-problem').fill('断线前写的');
    wire.cut();
    await agent.barState('lost');
    await agent.at('record-problem').fill('断线前写的，断线时接着写');
    expect(await agent.heardLevel(1_500)).toBeGreaterThan(0);
    expect(await until(agent, 'in-call', () => wire.mend())).toBeLessThan(WITHIN_MS);
    expect(await note()).toBe('断线前写的，断线时接着写');
    await agent.press('bar-end');
    await caller.finished();
    await agent.barState('ended');
    expect(await note()).toBe('断线前写的，断线时接着写');
    await agent.finishWrapUp('断线前写的，断线时接着写');
  });

  it('after a cut in which the customer hung up: the end, at once', async () => {
    const caller = await talk(agent, '13600000002', 6_000);
    wire.cut();
    await agent.barState('lost');
    await caller.finished();
    expect(await until(agent, 'ended', () => wire.mend())).toBeLessThan(WITHIN_MS);
    await agent.finishWrapUp();
  });

  it('with a second tab: one telephone rings, both tabs show it, either answers', async () => {
    const second = await agent.openTab();
    await second.locator('[data-test="bar"][data-state="ready"]').waitFor();
    const caller = hotline.caller({ from: '13600000003', hangUpAfterMs: 60_000 });
    await agent.at('pop').waitFor();
    await second.locator('[data-test="pop"]').waitFor();
    const contacts = await hotline.pbx.rx('pjsip show aor 1001');
    expect(contacts.match(/Contact: {2}1001\//g)).toHaveLength(1);
    const channels = await hotline.pbx.rx('core show channels concise');
    expect(channels.match(/^PJSIP\/1001-/gm)).toHaveLength(1);
    await second.waitForTimeout(700);
    await second.locator('[data-test="bar-main"]').click();
    await agent.barState('in-call');
    await second.locator('[data-test="bar"][data-state="in-call"], [data-test="bar"][data-state="other-tab"]').waitFor();
    await second.close();
    await endAndFinish(agent);
    await caller.finished();
  });

  it('after sleeping: what rings is shown at once and can be answered, what has gone is not shown as ringing', async () => {
    await agent.freeze(true);
    const gone = hotline.caller({ from: '13600000004', hangUpAfterMs: 2_500 });
    await gone.finished();
    const caller = hotline.caller({ from: '13600000005', hangUpAfterMs: 60_000 });
    await eventually('it rings', async () => /PJSIP\/1001.*Ring/i.test(await hotline.pbx.rx('core show channels concise')));
    expect(await until(agent, 'ringing', () => agent.freeze(false))).toBeLessThan(WITHIN_MS);
    expect(await agent.at('pop').count()).toBe(1);
    expect(await agent.at('pop').textContent()).toContain('136 0000 0005');
    await agent.press('bar-main');
    await agent.barState('in-call');
    await eventually('sound', async () => (await agent.heardLevel(300)) > 0);
    await endAndFinish(agent);
    await caller.finished();
  });

  it('after its browser was killed: signed in again, the call goes on in the new one, with the note', async () => {
    const profileDir = path.join(hotline.workDir, 'profile');
    const first = await hotline.browser({ profileDir });
    await first.goReady('1002', hotline.password);
    await agent.at('presence-menu').click();
    await agent.at('presence-paused').click();
    await agent.barState('paused');
    const caller = await talk(first, '13600000006');
    await first.at('record-problem').fill('浏览器崩溃前写的');
    await first.at('record-saved-at').waitFor();
    // what a browser keeps is on its disk some seconds later
    await first.page.waitForTimeout(6_000);
    await first.kill();
    const second = await hotline.browser({ profileDir });
    await second.signIn('1002', hotline.password);
    // Asterisk waits 10 s for sound; where a browser needs longer to start, the call has ended, and its record is there.
    await second.barState('in-call', 'ended');
    expect(await second.at('record-problem').inputValue()).toBe('浏览器崩溃前写的');
    if ((await second.state()) === 'in-call') {
      await eventually('sound', async () => (await second.heardLevel(300)) > 0);
      await second.press('bar-end');
    }
    await caller.finished();
    const supervisor = await hotline.rest('zhuguan');
    const rows = await eventually('the row', async () => {
      const found = await supervisor.calls('number=13600000006');
      return found.length > 0 ? found : null;
    });
    expect(rows).toMatchObject([{ outcome: 'answered', agentExtension: '1002' }]);
  });

  it('reports no error in the page but those of its cut wire', () => {
    expect(agent.errors.filter((text) => !/WebSocket connection to .* failed|net::ERR_(?:CONNECTION|SOCKET)_/.test(text))).toEqual([]);
  });
});
