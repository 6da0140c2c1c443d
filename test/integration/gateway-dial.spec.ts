import type { Reply } from '../../cti-gateway/protocol';
import { errorOf, startHarness, until, type Harness, type TestPanel } from './gateway-harness';

let h: Harness;
beforeEach(async () => {
  h = await startHarness();
});
afterEach(() => h.close());

const dial = (panel: TestPanel, number: string, dialId: string): Promise<Reply> =>
  panel.command('call.dial', { dialId, number, customerId: null });
const progress = (panel: TestPanel): string[] =>
  panel.of('dial.progressed').map(({ state, reason }) => (reason === null ? state : `${state}:${reason}`));

describe('click to dial', () => {
  it('rings the agent, then the customer, and is one call on the log', async () => {
    const panel = await h.panel({ extension: '1001' });
    const other = await h.panel({ extension: '1002' });
    expect(await dial(panel, '+86 139-1234-5678', 'dial-00000001')).toMatchObject({
      ok: true,
      data: { dialId: 'dial-00000001', callId: 'dial-dial-00000001' },
    });
    expect(h.pbx.originated).toMatchObject([
      { channelId: 'dial-dial-00000001', extension: '1001', number: '13912345678', dialId: 'dial-00000001' },
    ]);
    const first = await panel.event('call.changed');
    expect(first.call).toMatchObject({ direction: 'outbound', state: 'initiated', dialId: 'dial-00000001', remoteNumber: '13912345678' });
    expect((await panel.event('call.changed', ({ call }) => call.ringUntil !== null)).call.alertingAt).not.toBeNull();
    const customer = h.pbx.dialCustomer('dial-dial-00000001', '13912345678');
    await panel.event('call.changed', ({ call }) => call.state === 'delivered');
    h.pbx.customerAnswers('dial-dial-00000001', customer);
    await panel.event('call.changed', ({ call }) => call.state === 'connected');
    h.pbx.end(customer, 16, 'peer');
    expect((await panel.event('call.ended')).call.outcome).toBe('answered');
    await panel.settle();
    expect(progress(panel)).toEqual(['ringing_agent', 'ringing_customer', 'connected', 'ended:answered']);
    expect(panel.of('call.offered')).toEqual([]);
    await other.settle();
    expect(other.events.filter(({ type }) => type.startsWith('call.') || type.startsWith('dial.'))).toEqual([]);
    await until(() => h.crm.rows.size === 1);
    expect([...h.crm.rows.values()]).toMatchObject([
      { direction: 'outbound', outcome: 'answered', remoteNumber: '13912345678', agentExtension: '1001', dialId: 'dial-00000001' },
    ]);
  });

  it.each([
    ['busy', 17, 'busy'],
    ['no_answer', 19, 'no_answer'],
    ['unavailable', 1, 'unreachable'],
  ] as const)('says of the customer: %s', async (result, cause, reason) => {
    const panel = await h.panel({ extension: '1001' });
    await dial(panel, '13912345678', 'dial-00000001');
    h.pbx.customerFails('dial-dial-00000001', h.pbx.dialCustomer('dial-dial-00000001', '13912345678'), { result, cause });
    await panel.event('dial.progressed', ({ state }) => state === 'ended');
    expect(progress(panel)).toEqual(['ringing_agent', 'ringing_customer', `ended:${reason}`]);
  });

  it("says of the agent's own telephone that it was not answered, hung up, or cannot be reached", async () => {
    const panel = await h.panel({ extension: '1001' });
    await dial(panel, '13912345678', 'dial-00000001');
    h.pbx.end('dial-dial-00000001', 19);
    expect((await panel.event('dial.progressed', ({ state }) => state === 'ended')).reason).toBe('agent_no_answer');
    h.clock.advance(3_000);
    h.pbx.failures.originate = 'phone_unreachable';
    expect(await dial(panel, '13912345678', 'dial-00000002')).toMatchObject({
      ok: false,
      error: { code: 'pbx.phone_unreachable', retryable: true },
    });
    expect((await panel.event('dial.progressed', ({ state }) => state === 'ended')).reason).toBe('phone_unreachable');
    delete h.pbx.failures.originate;
    expect(errorOf(await dial(panel, '13912345678', 'dial-00000003'))).toBe('ok');
    expect(errorOf(await panel.command('call.hangup', { callId: 'dial-dial-00000003' }))).toBe('ok');
    expect((await panel.event('dial.progressed', ({ state }) => state === 'ended')).reason).toBe('cancelled');
  });

  it.each([
    [17, 'agent_busy'],
    [21, 'agent_declined'],
    [20, 'phone_unreachable'],
  ])("says how the agent's own telephone ended (%d) also when that is known before the dial is answered", async (cause, reason) => {
    const panel = await h.panel({ extension: '1001' });
    h.pbx.endsAtOnce = cause;
    expect(errorOf(await dial(panel, '13912345678', 'dial-00000001'))).toBe('ok');
    await panel.settle();
    expect(progress(panel)).toEqual(['ringing_agent', `ended:${reason}`]);
    h.pbx.endsAtOnce = null;
    expect(errorOf(await dial(panel, '13912345678', 'dial-00000002'))).toBe('ok');
    await panel.settle();
    expect(progress(panel)).toEqual(['ringing_agent', `ended:${reason}`, 'ringing_agent']);
  });

  it('takes back what was not answered in time: two clicks on a telephone system that is held up are no call, not two', async () => {
    const panel = await h.panel({ extension: '1001' });
    h.pbx.stalled = true;
    expect(await dial(panel, '13912345678', 'dial-00000001')).toMatchObject({ ok: false, error: { code: 'pbx.timeout', retryable: true } });
    expect((await panel.event('dial.progressed', ({ state }) => state === 'ended')).reason).toBe('pbx.timeout');
    // However long it takes; and what is said is what is so.
    for (const [index, waitMs] of [3_000, 8_000, 10_000].entries()) {
      h.clock.advance(waitMs);
      await panel.settle();
      const again = await dial(panel, '13912345678', `dial-1000000${index}`);
      expect(again).toMatchObject({ ok: false, error: { code: 'pbx.timeout', retryable: true } });
      expect(await panel.event('dial.progressed')).toMatchObject({ state: 'refused', reason: 'pbx.timeout' });
    }
    expect(h.pbx.originated).toEqual([]);
    h.pbx.goOn();
    await panel.event('call.ended', ({ call }) => call.callId === 'dial-dial-00000001');
    expect(h.pbx.originated.map(({ dialId }) => dialId)).toEqual(['dial-00000001']);
    expect(h.pbx.lives('dial-dial-00000001')).toBe(false);
    expect(errorOf(await dial(panel, '13912345678', 'dial-00000002'))).toBe('ok');
    expect(h.pbx.lives('dial-dial-00000002')).toBe(true);
  });

  it('leaves a call alone that is there although nobody said so in time', async () => {
    const panel = await h.panel({ extension: '1001' });
    h.pbx.silent = true;
    expect(errorOf(await dial(panel, '13912345678', 'dial-00000001'))).toBe('ok');
    expect(h.pbx.actions).toEqual([]);
    expect(progress(panel)).toEqual(['ringing_agent']);
    h.clock.advance(3_000);
    expect(errorOf(await dial(panel, '13912345678', 'dial-00000002'))).toBe('dial.already_in_call');
  });

  it('lets another agent dial while one agent is waited for', async () => {
    const panel = await h.panel({ extension: '1001' });
    const other = await h.panel({ extension: '1002' });
    h.pbx.stalled = true;
    expect(errorOf(await dial(panel, '13912345678', 'dial-00000001'))).toBe('pbx.timeout');
    h.pbx.stalled = false;
    expect(errorOf(await dial(other, '13912345678', 'dial-00000002'))).toBe('ok');
    expect(errorOf(await dial(panel, '13912345679', 'dial-00000003'))).toBe('pbx.timeout');
  });

  it('places one call for two clicks, two windows, or the same dial asked for again', async () => {
    const one = await h.panel({ extension: '1001' });
    const two = await h.connect();
    await two.hello({ userId: 'u-1001', extension: '1001', permissions: ['call.dial'] }, h.clock.nowMs(), { tab: 'tab-00000002' });
    const replies = await Promise.all([
      dial(one, '13912345678', 'dial-00000001'),
      dial(one, '139 1234 5678', 'dial-00000002'),
      dial(two, '+8613912345678', 'dial-00000003'),
      dial(two, '13912345678', 'dial-00000001'),
    ]);
    for (const reply of replies) expect(reply).toMatchObject({ ok: true, data: { dialId: 'dial-00000001', callId: 'dial-dial-00000001' } });
    expect(h.pbx.originated).toHaveLength(1);
    h.clock.advance(2_001);
    expect(errorOf(await dial(one, '13912345678', 'dial-00000004'))).toBe('dial.already_in_call');
    expect(h.pbx.originated).toHaveLength(1);
  });

  it('places the same dial once although the gateway was restarted in between', async () => {
    const panel = await h.panel({ extension: '1001' });
    await dial(panel, '13912345678', 'dial-00000001');
    await h.restart();
    const back = await h.panel({ extension: '1001' });
    h.pbx.failures.originate = 'duplicate';
    expect(await dial(back, '13912345678', 'dial-00000001')).toMatchObject({ ok: true, data: { callId: 'dial-dial-00000001' } });
  });

  it('is refused by the policy before any telephone rings, in every window', async () => {
    const panel = await h.panel({ extension: '1001', permissions: ['call.dial'] });
    const cases = [
      ['', 'dial.empty'],
      ['   ', 'dial.empty'],
      ['139\r\nAction: Originate', 'dial.control_character'],
      ['139\u202e12345678', 'dial.control_character'],
      ['hello', 'dial.invalid_number'],
      ['12', 'dial.invalid_number'],
      ['1001', 'dial.own_extension'],
      ['+1 917 555 1234', 'dial.international_not_permitted'],
      ['0019175551234', 'dial.international_not_permitted'],
    ] as const;
    for (const [index, [number, code]] of cases.entries()) {
      const reply = await dial(panel, number, `dial-1000000${index}`);
      expect(reply).toMatchObject({ ok: false, error: { code, field: 'number' } });
      expect((await panel.event('dial.progressed')).reason).toBe(code);
    }
    const silent = await h.panel({ extension: '1003', permissions: [] });
    expect(errorOf(await dial(silent, '13912345678', 'dial-20000000'))).toBe('dial.not_permitted');
    const abroad = await h.panel({ extension: '1004', permissions: ['call.dial', 'call.dial_international'] });
    expect(errorOf(await dial(abroad, '+1 917 555 1234', 'dial-20000001'))).toBe('ok');
    expect(h.pbx.originated.map(({ number }) => number)).toEqual(['0019175551234']);
  });

  it('rings a colleague by extension', async () => {
    const panel = await h.panel({ extension: '1001' });
    await h.panel({ extension: '1002' });
    expect(errorOf(await dial(panel, '1002', 'dial-30000000'))).toBe('ok');
    expect(h.pbx.originated.map(({ number }) => number)).toEqual(['1002']);
  });

  it('is limited per minute and agent', async () => {
    const panel = await h.panel({ extension: '1001' });
    for (let index = 0; index < 12; index += 1) {
      const dialId = `dial-${String(index).padStart(8, '0')}`;
      expect(errorOf(await dial(panel, `1391234${String(5600 + index)}`, dialId))).toBe('ok');
      h.pbx.end(`dial-${dialId}`, 19);
    }
    expect(await dial(panel, '13912345999', 'dial-99999999')).toMatchObject({
      ok: false,
      error: { code: 'dial.rate_limited', retryable: true },
    });
    h.clock.advance(60_001);
    const later = await h.connect();
    await later.hello({ userId: 'u-1001', extension: '1001' }, h.clock.nowMs(), { tab: 'tab-00000002' });
    expect(errorOf(await dial(later, '13912345999', 'dial-99999998'))).toBe('ok');
  });

  it('is refused while the agent is in a call', async () => {
    const panel = await h.panel({ extension: '1001' });
    h.pbx.callIn({ callId: 'c1', number: '13912345678' });
    const leg = h.pbx.ring('c1', '1001');
    expect(errorOf(await dial(panel, '13912345679', 'dial-00000001'))).toBe('dial.already_in_call');
    h.pbx.stopRinging('c1', leg, { result: 'no_answer', cause: 16 });
    expect(errorOf(await dial(panel, '13912345679', 'dial-00000002'))).toBe('ok');
  });
});
