import { Hotline } from '../support/hotline';
import type { AgentBrowser } from '../support/agent-browser';
import { eventually } from '../support/eventually';
import { readWav, toneShare } from '../support/audio';

/** Customer of the demo data whose contact calls from this number. */
const KNOWN = { number: '13912345678', contact: /吴海燕/, customer: /云岭市政管网/ };
const CUSTOMER_TONE_HZ = 1000;
const AGENT_TONE_HZ = 440;

jest.setTimeout(90_000);

describe('a customer calls the hotline', () => {
  let hotline: Hotline;
  let agent: AgentBrowser;

  beforeAll(async () => {
    hotline = await Hotline.start();
    agent = await hotline.browser({ microphoneHz: AGENT_TONE_HZ });
    await agent.goReady('1001', hotline.password);
  });
  afterAll(async () => hotline?.stop());

  it('shows a known caller before the call is answered, carries sound both ways, and keeps record and log', async () => {
    const caller = hotline.caller({ from: KNOWN.number, hangUpAfterMs: 60_000, toneHz: CUSTOMER_TONE_HZ });
    await agent.at('pop').waitFor();
    expect(await agent.at('pop-name').textContent()).toMatch(KNOWN.contact);
    expect(await agent.at('pop-company').textContent()).toMatch(KNOWN.customer);
    expect(await agent.at('pop').getAttribute('data-kind')).toBe('known');
    expect(await agent.state()).toBe('ringing');

    const answeredAtMs = Date.now();
    await agent.press('bar-main');
    await agent.barState('in-call');
    await agent.at('record').waitFor();
    expect(await agent.at('customer-name').textContent()).toMatch(KNOWN.customer);
    expect(await agent.heardLevel(2_000)).toBeGreaterThan(0);

    await agent.at('record-problem').fill('来电询问批量导出坐标偏移的补丁何时可用。');
    await agent.at('record-solution').fill('补丁 3.2.1 已发布，已发送安装说明。');
    await agent.at('record-solved-solved').click();
    const endedAtMs = Date.now();
    await agent.press('bar-end');
    await agent.at('record-done').click();
    await caller.finished();
    await agent.barState('ready');
    // The customer's page, still open, has the call as the log has it, with what was written in it.
    const ofToday = agent.page.locator('[data-test="history-entry"]', { hasText: /已接听.*已解决/ }).filter({ hasText: '坐标偏移' });
    await ofToday.first().waitFor();
    expect(await ofToday.count()).toBe(1);

    const supervisor = await hotline.rest('zhuguan');
    const row = await eventually('the call is in the log', async () => (await supervisor.calls(`number=${KNOWN.number}`)).find((entry) => entry.outcome === 'answered' && Date.parse(entry.startedAt) > answeredAtMs - 20_000));
    expect(row).toMatchObject({ direction: 'inbound', outcome: 'answered', endedBy: 'agent', agentExtension: '1001', line: hotline.line, queue: 'hotline', complete: true });
    expect(row.customerName).toMatch(KNOWN.customer);

    // The row against SIPp's own account and the agent's own clicks.
    const invitedAtMs = caller.timeOf(/^INVITE/) ?? 0;
    const byeAtMs = caller.timeOf(/^BYE/) ?? 0;
    expect(Math.abs(Date.parse(row.startedAt) - invitedAtMs)).toBeLessThan(300);
    expect(Math.abs(Date.parse(row.endedAt) - byeAtMs)).toBeLessThan(500);
    expect(Math.abs(Date.parse(row.answeredAt ?? '') - answeredAtMs)).toBeLessThan(1_500);
    expect(Math.abs(row.talkMs - (byeAtMs - Date.parse(row.answeredAt ?? '')))).toBeLessThan(500);
    expect(byeAtMs).toBeGreaterThanOrEqual(endedAtMs - 100);

    const { samples, rateHz } = readWav(await hotline.recording(row));
    expect(toneShare(samples, rateHz, CUSTOMER_TONE_HZ)).toBeGreaterThan(0.05);
    expect(toneShare(samples, rateHz, AGENT_TONE_HZ)).toBeGreaterThan(0.05);

    const records = (await supervisor.get(`/hotline-records?callId=${encodeURIComponent(row.callId)}`)) as { items: Record<string, unknown>[] };
    expect(records.items).toHaveLength(1);
    expect(records.items[0]).toMatchObject({ status: 'done', solved: 'solved', servedByName: '林晓', customerId: row.customerId, problem: expect.stringContaining('坐标偏移') });
  });

  it('lets the agent create an unknown caller in place, and knows them the next time', async () => {
    const from = '13700001234';
    const first = hotline.caller({ from, hangUpAfterMs: 60_000 });
    await agent.at('pop').waitFor();
    expect(await agent.at('pop').getAttribute('data-kind')).toBe('unknown');
    await agent.press('bar-main');
    await agent.barState('in-call');
    await agent.at('pop-create').first().click();
    await agent.at('customer-form-name').fill('青禾测绘有限公司');
    await agent.at('customer-form-save').click();
    await agent.page.locator('[data-test="customer-name"]', { hasText: '青禾测绘有限公司' }).waitFor();
    expect(await agent.state()).toBe('in-call');
    await agent.press('bar-end');
    await first.finished();
    await agent.finishWrapUp();

    const second = hotline.caller({ from: `0${from}`, hangUpAfterMs: 3_000 });
    await agent.page.locator('[data-test="pop"][data-kind="known"]').waitFor();
    expect(await agent.at('pop').textContent()).toContain('青禾测绘有限公司');
    await agent.press('bar-main');
    await second.finished();
    await agent.finishWrapUp();

    const supervisor = await hotline.rest('zhuguan');
    const rows = await eventually('both calls are in the log', async () => {
      const found = await supervisor.calls(`number=${from}`);
      return found.length === 2 ? found : null;
    });
    // The first call was taken in as unknown and belongs to the customer since the number does.
    expect(rows.map((row) => row.customerName)).toEqual(['青禾测绘有限公司', '青禾测绘有限公司']);
  });

  it('says so when the number is withheld', async () => {
    const caller = hotline.caller({ from: 'anonymous', name: 'Anonymous', hangUpAfterMs: 4_000 });
    await agent.page.locator('[data-test="pop"][data-kind="withheld"]').waitFor();
    await agent.press('bar-main');
    await agent.barState('in-call');
    await caller.finished();
    await agent.finishWrapUp();
    const supervisor = await hotline.rest('zhuguan');
    const row = await eventually('the call is in the log', async () => (await supervisor.calls()).find((entry) => entry.remoteNumber === null));
    expect(row).toMatchObject({ outcome: 'answered', endedBy: 'customer', numberClass: 'withheld', customerId: null });
  });

  it('shows a hostile caller name as text', async () => {
    const name = '<script>window.__hacked = true</script><img src=x onerror=alert(1)>';
    const caller = hotline.caller({ from: '13700005678', name, hangUpAfterMs: 4_000 });
    await agent.at('pop').waitFor();
    await agent.press('bar-main');
    await caller.finished();
    await agent.finishWrapUp();
    expect(await agent.page.evaluate('window.__hacked')).toBeUndefined();
    const supervisor = await hotline.rest('zhuguan');
    const row = await eventually('the call is in the log', async () => (await supervisor.calls('number=13700005678'))[0]);
    expect(row.remoteName).toBe(name);
    await agent.at('nav-calls').click();
    await agent.at('calllog-row').first().waitFor();
    expect(await agent.page.evaluate('window.__hacked')).toBeUndefined();
  });

  it('logs a caller who gives up while the phone rings as abandoned', async () => {
    const caller = hotline.caller({ from: '13600001111', hangUpAfterMs: 2_500 });
    await agent.at('pop').waitFor();
    await caller.finished();
    await agent.barState('ready', 'paused');
    const supervisor = await hotline.rest('zhuguan');
    const row = await eventually('the call is in the log', async () => (await supervisor.calls('number=13600001111'))[0]);
    expect(row).toMatchObject({ outcome: 'abandoned', endedBy: 'customer', answeredAt: null, talkMs: 0 });
    expect(row.legs.filter((leg) => leg.role === 'agent')).toMatchObject([{ extension: '1001', result: 'cancelled' }]);
    const byeAtMs = caller.timeOf(/^(BYE|CANCEL)/) ?? 0;
    expect(Math.abs(Date.parse(row.endedAt) - byeAtMs)).toBeLessThan(500);
  });

  it('brings an agent who reloads the page back into the call', async () => {
    const caller = hotline.caller({ from: KNOWN.number, hangUpAfterMs: 60_000, toneHz: CUSTOMER_TONE_HZ });
    await agent.at('pop').waitFor();
    await agent.press('bar-main');
    await agent.barState('in-call');
    await agent.at('record-problem').fill('写到一半的');
    await agent.page.waitForTimeout(1_200);
    await agent.page.reload();
    await agent.barState('in-call');
    expect(await agent.at('record-problem').inputValue()).toBe('写到一半的');
    await eventually('sound is back', async () => (await agent.heardLevel(500)) > 0);
    await agent.press('bar-end');
    await caller.finished();
    const supervisor = await hotline.rest('zhuguan');
    const row = await eventually('the call is in the log', async () => (await supervisor.calls(`number=${KNOWN.number}`)).find((entry) => entry.callId && Date.parse(entry.endedAt) > Date.now() - 10_000));
    expect(row).toMatchObject({ outcome: 'answered', agentExtension: '1001' });
    expect((await supervisor.calls(`number=${KNOWN.number}&from=${encodeURIComponent(row.startedAt)}`)).filter((entry) => entry.callId === row.callId)).toHaveLength(1);
    await agent.at('record-solved-solved').click();
    await agent.at('record-done').click();
  });

  it('reports no error in the page', () => {
    expect(agent.errors).toEqual([]);
  });
});
