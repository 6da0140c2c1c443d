import { Customer, HotlineRecordPage, MatchResult } from '../../crm-core/contract';
import type { AgentBrowser } from '../support/agent-browser';
import { eventually } from '../support/eventually';
import { Hotline } from '../support/hotline';
import type { RestClient } from '../support/rest-client';

/** A number of New York written without its plus: as likely a Chinese mobile number. */
const WITHOUT_PLUS = '19175551234';
/** Nobody has it; it has called before. */
const SEEN_BEFORE = '13855550007';
const pictures = process.env.TEST_SCREENSHOTS;

jest.setTimeout(120_000);

/** Callers who may be somebody: real calls, and what the agent says of them by one key. */
describe('a caller who may be a customer', () => {
  let hotline: Hotline;
  let agent: AgentBrowser;
  let supervisor: RestClient;

  beforeAll(async () => {
    hotline = await Hotline.start();
    supervisor = await hotline.rest('zhuguan');
    agent = await hotline.browser();
    await agent.goReady('1001', hotline.password);
  });
  afterAll(async () => hotline?.stop());

  const shot = async (name: string) => {
    if (pictures !== undefined) await agent.screenshot(`${pictures}/${name}.png`);
  };
  const popOf = (kind: string) => agent.page.locator(`[data-test="pop"][data-kind="${kind}"]`);
  const press = async (key: string) => {
    await agent.page.evaluate('document.activeElement && document.activeElement.blur()');
    await agent.page.keyboard.press(key);
  };
  const matchOf = async (callerId: string) => MatchResult.parse(await supervisor.post('/match', { callerId, line: hotline.line }));
  const makeCustomer = async (name: string, numbers: { raw: string; label: string }[]) =>
    Customer.parse(await supervisor.post('/customers', { name, numbers }));
  const undoToast = () => agent.page.locator('[data-test="notice"] .link').last().click();

  async function talk(): Promise<void> {
    await agent.press('bar-main');
    await agent.barState('in-call');
    await agent.press('bar-end');
    await agent.finishWrapUp();
  }

  it('by a second reading of the number is offered with that reason, never as known, and chosen by a digit', async () => {
    const { customerId } = await makeCustomer('纽约代表处', [{ raw: `+${WITHOUT_PLUS}`, label: 'office' }]);
    const caller = hotline.caller({ from: WITHOUT_PLUS, hangUpAfterMs: 30_000 });
    await popOf('maybe').waitFor();
    expect(await agent.at('pop-name').count()).toBe(0);
    expect(await agent.at('pop-why').textContent()).toContain('可能是');
    expect(await agent.at('owner-reason').textContent()).toMatch(/前面少了|国外|境外|\+/);
    await shot('maybe-second-reading');
    await press('1');
    expect(await agent.page.locator(`[data-test="pop-owner"][data-customer-id="${customerId}"][aria-checked="true"]`).count()).toBe(1);
    await press('y');
    await popOf('known').waitFor();
    expect(await agent.at('pop-name').textContent()).toContain('纽约代表处');
    expect(await matchOf(WITHOUT_PLUS)).toMatchObject({ kind: 'known', owners: [{ customerId, matchedBy: 'decision' }] });
    await undoToast();
    await popOf('maybe').waitFor();
    expect(await matchOf(WITHOUT_PLUS)).toMatchObject({ kind: 'maybe', owners: [{ customerId, matchedBy: 'other_reading' }], decisions: [] });
    await talk();
    await caller.finished();
  });

  it('by an earlier record only is offered as such; the number is added by one key, and taken away by the toast', async () => {
    const { customerId } = await makeCustomer('旧档客户', []);
    const first = hotline.caller({ from: SEEN_BEFORE, hangUpAfterMs: 30_000 });
    await popOf('unknown').waitFor();
    await talk();
    await first.finished();
    const agentRest = await hotline.rest('1001');
    await eventually('the record of the first call is the customer’s', async () => {
      const { items } = HotlineRecordPage.parse(await agentRest.get('/hotline-records?limit=5'));
      const record = items.find(({ remoteNumber }) => remoteNumber === SEEN_BEFORE);
      if (record === undefined) return null;
      return agentRest.patch(`/hotline-records/${record.recordId}`, { version: record.version, customerId });
    });

    const second = hotline.caller({ from: SEEN_BEFORE, hangUpAfterMs: 30_000 });
    await popOf('maybe').waitFor();
    expect(await agent.at('owner-reason').textContent()).toBe('只在以前的记录里出现过');
    await shot('maybe-earlier-record');
    await press('1');
    await press('a');
    await popOf('known').waitFor();
    expect(await matchOf(SEEN_BEFORE)).toMatchObject({ kind: 'known', owners: [{ customerId, matchedBy: 'stored_number' }] });
    await undoToast();
    await popOf('maybe').waitFor();
    expect(await matchOf(SEEN_BEFORE)).toMatchObject({ kind: 'maybe', owners: [{ customerId, matchedBy: 'earlier_record' }], decisions: [] });
    expect(Customer.parse(await supervisor.get(`/customers/${customerId}`)).numbers).toEqual([]);
    await talk();
    await second.finished();
  });

  it('leads from the pop to the way of the call, while it still rings', async () => {
    const caller = hotline.caller({ from: WITHOUT_PLUS, hangUpAfterMs: 30_000 });
    await popOf('maybe').waitFor();
    await agent.page.locator('[data-test="pop-why"] button').click();
    await agent.at('pop-trail').click();
    await agent.page.locator('[data-test="trail"][data-finished="false"]').waitFor();
    for (const step of ['event_seen', 'line', 'key', 'lookup_answered', 'endpoint', 'frame_sent'])
      await agent.page.locator(`[data-test="trail-step"][data-step="${step}"]`).first().waitFor();
    await shot('trail-live');
    expect(await agent.state()).toBe('ringing');
    await agent.press('bar-main');
    await agent.barState('in-call');
    await agent.page.locator('[data-test="trail-step"][data-step="answered"]').waitFor();
    await agent.press('bar-end');
    await agent.page.locator('[data-test="trail"][data-finished="true"]').waitFor();
    await agent.finishWrapUp();
    await caller.finished();
    expect(agent.errors.filter((text) => !text.includes('404'))).toEqual([]);
  });
});
