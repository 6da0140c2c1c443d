import { setTimeout as delay } from 'node:timers/promises';
import { registerDeskPhone } from '../support/desk-phone';
import { eventually } from '../support/eventually';
import { callStage } from './call-stage';

jest.setTimeout(60_000);

/** Real calls beside one another, several telephones rung for one, calls moved by somebody else, and what agents dial themselves. */
describe('real calls with many in them', () => {
  const stage = callStage({ queue: { strategy: 'ringall', ringSeconds: 3, waitSeconds: 20 } });
  const CUSTOMER = '13912345678';
  const rowOf = (number: string) =>
    eventually(`the row of ${number}`, () => stage.feed.rows.find((row) => row.remoteNumber === number), 20_000);

  test('all are rung at once: one answers, one is answered elsewhere, one is not there', async () => {
    await stage.agent('1001', 'called-does-not-answer');
    await stage.agent('1002', 'called-answers', { RING_MS: 800 });
    // Registered, and nobody listens there: not a single answer from that telephone.
    await registerDeskPhone(stage.pbx, '1003');
    await stage.ami.action('QueueAdd', { Queue: 'hotline', Interface: 'PJSIP/1003' });
    await stage.caller(4_000);
    const row = await stage.feed.row(20_000);
    expect(row).toMatchObject({ outcome: 'answered', agentExtension: '1002', queueVisits: [{ result: 'connected' }] });
    const results = Object.fromEntries(row.legs.map((leg) => [leg.extension ?? 'customer', leg.result]));
    expect(results).toEqual({ customer: 'answered', 1001: 'answered_elsewhere', 1002: 'answered', 1003: 'answered_elsewhere' });
    expect(row.legs.find((leg) => leg.extension === '1003')).toMatchObject({ alertingAt: null, answeredAt: null, ringMs: 0 });
  });

  test('the only telephone does not say a word', async () => {
    await registerDeskPhone(stage.pbx, '1003');
    await stage.ami.action('QueueAdd', { Queue: 'hotline', Interface: 'PJSIP/1003' });
    await stage.caller(5_000);
    const row = await stage.feed.row(20_000);
    expect(row).toMatchObject({ outcome: 'abandoned', endedBy: 'customer', answeredAt: null });
    expect(row.legs[1]).toMatchObject({ extension: '1003', alertingAt: null, result: 'unreachable' });
  });

  test('one customer calls twice at once', async () => {
    await stage.agent('1001', 'called-answers', { RING_MS: 200 });
    await stage.caller(10_000, CUSTOMER);
    await eventually('the first is connected', () => stage.feed.talking() === 1);
    await stage.agent('1002', 'called-answers', { RING_MS: 200 });
    await stage.caller(2_000, CUSTOMER);
    await eventually('both rows', () => stage.feed.rows.length === 2, 20_000);
    expect(stage.feed.rows.map((row) => [row.remoteNumber, row.outcome, row.agentExtension])).toEqual([
      [CUSTOMER, 'answered', '1002'],
      [CUSTOMER, 'answered', '1001'],
    ]);
    const [second, first] = stage.feed.rows;
    expect(first?.recording).not.toBe(second?.recording);
    // They overlapped, and neither has anything of the other.
    expect(Date.parse(second?.startedAt ?? '')).toBeLessThan(Date.parse(first?.endedAt ?? ''));
    expect([first?.legs.length, second?.legs.length]).toEqual([2, 2]);
  });

  test('two calls at one agent: one held, the other answered meanwhile', async () => {
    const phone = await stage.plugIn('1001', 'signed-in');
    const colleague = await stage.plugIn('1002');
    await stage.caller(9_000, CUSTOMER);
    const customer = await phone.ringing();
    customer.answer();
    await stage.event('AgentConnect');
    const dialled = colleague.dial('1001');
    const second = await phone.ringing(1);
    await delay(700);
    await customer.hold(true);
    second.answer();
    const asked = await dialled;
    await delay(1_200);
    await asked.bye();
    await customer.hold(false);
    const row = await rowOf(CUSTOMER);
    const inside = await eventually('the row of the inside call', () => stage.feed.rows.find(({ direction }) => direction === 'internal'));
    expect(row).toMatchObject({ outcome: 'answered', endedBy: 'customer', agentExtension: '1001', transfers: [], conference: false });
    expect(row.legs).toHaveLength(2);
    expect(row.holdMs).toBeGreaterThan(1_000);
    expect(row.talkMs).toBeGreaterThan(2_000);
    expect(inside).toMatchObject({ agentExtension: '1002', remoteNumber: '1001', outcome: 'answered', endedBy: 'agent', recordings: [] });
    expect(inside.legs.map((leg) => [leg.extension, leg.result])).toEqual([
      ['1002', 'answered'],
      ['1001', 'answered'],
    ]);
  });

  test('moved to a colleague by somebody else', async () => {
    await stage.desk('1002', 'called-answers', { RING_MS: 300, HANGUP_MS: 2_000 });
    const { customer } = await stage.talking();
    const moved = await stage.ami.action('Redirect', { Channel: customer, Context: 'transfer', Exten: '1002', Priority: '1' });
    expect(moved.Response).toBe('Success');
    const row = await stage.feed.row(20_000);
    expect(row).toMatchObject({
      outcome: 'answered',
      endedBy: 'agent',
      agentExtension: '1002',
      legs: [{ role: 'customer' }, { extension: '1001', result: 'answered' }, { extension: '1002', result: 'answered' }],
    });
    expect(row.recordings).toHaveLength(1);
    expect(row.legs[1]?.talkMs).toBeGreaterThan(800);
    expect(row.legs[2]?.talkMs).toBeGreaterThan(1_500);
  });

  test.each([
    ['answers', 'called-answers', { outcome: 'answered', endedBy: 'customer', cause: 16 }],
    ['is busy', 'called-busy', { outcome: 'busy', endedBy: 'customer', cause: 17, answeredAt: null, recording: null }],
  ])('dialled at a desk phone: the customer %s', async (_, scenario, expected) => {
    await stage.outside(scenario, { RING_MS: 400, HANGUP_MS: 1_800 });
    const phone = await stage.plugIn('1001');
    const call = phone.dial('13800138000').catch(() => null);
    const row = await rowOf('13800138000');
    expect(row).toMatchObject({
      ...expected,
      direction: 'outbound',
      dialId: null,
      line: '02066668888',
      agentExtension: '1001',
      legs: [{ role: 'agent', extension: '1001' }, { role: 'customer' }],
    });
    await call;
  });

  test('one agent calls another, who does not answer', async () => {
    await stage.desk('1002', 'called-does-not-answer');
    const phone = await stage.plugIn('1001');
    const call = phone.dial('1002').catch(() => null);
    await stage.state('PJSIP/1002', 'Ringing');
    await delay(500);
    await phone.calls[0]?.cancel();
    expect(await stage.feed.row(20_000)).toMatchObject({
      direction: 'internal',
      remoteNumber: '1002',
      agentExtension: '1001',
      outcome: 'cancelled',
      endedBy: 'agent',
      legs: [{ extension: '1001' }, { extension: '1002', result: 'cancelled' }],
    });
    await call;
  });
});
