import { setTimeout as delay } from 'node:timers/promises';
import type { DeskPhone } from '../support/desk-phone';
import { eventually } from '../support/eventually';
import type { SipDialog } from '../support/sip-dialog';
import { callStage } from './call-stage';

jest.setTimeout(60_000);

/** Real customers passed on from the telephone itself: REFER (RFC 3515), also with Replaces (RFC 3891) after a call of its own to a colleague. */
describe('real calls that a telephone passes on', () => {
  const stage = callStage({ transferRingSeconds: 3 });
  const CUSTOMER = '13912345678';

  /** 1001 talks with a customer. */
  async function talking(hangupMs: number): Promise<{ phone: DeskPhone; talk: SipDialog }> {
    const phone = await stage.plugIn('1001', 'signed-in');
    await stage.caller(hangupMs, CUSTOMER);
    const talk = await phone.ringing();
    talk.answer();
    await stage.event('AgentConnect');
    await delay(800);
    return { phone, talk };
  }

  test('to an agent', async () => {
    await stage.desk('1002', 'called-answers', { RING_MS: 300, HANGUP_MS: 1_500 });
    const { talk } = await talking(30_000);
    expect(await talk.refer('1002')).toBe(202);
    await talk.over();
    expect(talk.notified.at(-1)).toBe(200);
    expect(await stage.feed.row(15_000)).toMatchObject({
      outcome: 'answered',
      endedBy: 'agent',
      agentExtension: '1002',
      transfers: [{ kind: 'blind', fromExtension: '1001', to: '1002', result: 'answered' }],
      legs: [{ role: 'customer' }, { extension: '1001', result: 'answered' }, { extension: '1002', result: 'answered' }],
    });
  });

  test('to the queue', async () => {
    const { talk } = await talking(30_000);
    await stage.agent('1002', 'called-answers', { RING_MS: 300, HANGUP_MS: 1_500 });
    await stage.ami.action('QueueRemove', { Queue: 'hotline', Interface: 'PJSIP/1001' });
    expect(await talk.refer('600')).toBe(202);
    expect(await stage.feed.row(15_000)).toMatchObject({
      outcome: 'answered',
      agentExtension: '1002',
      queueVisits: [{ result: 'connected' }, { result: 'connected' }],
      transfers: [{ kind: 'blind', fromExtension: '1001', to: 'hotline', result: 'answered' }],
    });
  });

  test('to a number outside', async () => {
    await stage.outside('called-answers', { RING_MS: 500, HANGUP_MS: 2_000 });
    const { talk } = await talking(20_000);
    expect(await talk.refer('13800138000')).toBe(202);
    const shown = await stage.event('DialBegin', (event) => event.DestChannel?.startsWith('PJSIP/trunk-') === true);
    // Outside, our line is shown; carriers take no other number from us.
    expect(shown.DestConnectedLineNum).toBe('02066668888');
    const row = await stage.feed.row(15_000);
    expect(row).toMatchObject({
      direction: 'inbound',
      remoteNumber: CUSTOMER,
      outcome: 'answered',
      agentExtension: '1001',
      transfers: [{ kind: 'blind', fromExtension: '1001', to: '13800138000', result: 'answered' }],
      legs: [{ role: 'customer' }, { extension: '1001', result: 'answered' }, { role: 'customer', result: 'answered' }],
    });
    expect(row.legs[2]?.talkMs).toBeGreaterThan(1_500);
    // What the two outside talk about is not the hotline's talk.
    expect(row.talkMs).toBeLessThan(Date.parse(row.endedAt) - Date.parse(row.answeredAt ?? '') - 1_500);
  });

  test.each([
    ['is declined', 'called-declines', 'declined'],
    ['is not answered', 'called-does-not-answer', 'no_answer'],
  ])('to an agent, where it %s: comes back', async (_, scenario, result) => {
    await stage.desk('1002', scenario, { RING_MS: 300 });
    const { phone, talk } = await talking(20_000);
    expect(await talk.refer('1002')).toBe(202);
    const again = await phone.ringing(1);
    again.answer();
    await delay(1_000);
    await again.bye();
    expect(await stage.feed.row(15_000)).toMatchObject({
      outcome: 'answered',
      endedBy: 'agent',
      agentExtension: '1001',
      transfers: [{ kind: 'blind', fromExtension: '1001', to: '1002', result: 'returned' }],
      legs: [{ role: 'customer' }, { extension: '1001' }, { extension: '1002', result }, { extension: '1001', result: 'answered' }],
    });
  });

  test('to a number that is none: they talk on', async () => {
    const { talk } = await talking(30_000);
    expect(await talk.refer('999')).toBe(202);
    await eventually('a refusal', () => talk.notified.some((status) => status >= 400));
    expect(talk.ended).toBe(false);
    await talk.bye();
    // Asterisk tells nobody but the telephone of it.
    expect(await stage.feed.row(15_000)).toMatchObject({
      outcome: 'answered',
      endedBy: 'agent',
      agentExtension: '1001',
      transfers: [],
    });
  });

  test('after a call to a colleague, who takes over', async () => {
    await stage.desk('1002', 'called-answers', { RING_MS: 300 });
    const { phone, talk } = await talking(9_000);
    await talk.hold(true);
    const asked = await phone.dial('1002');
    await delay(1_500);
    expect(await talk.referTo(asked)).toBe(202);
    await talk.over();
    await asked.over();
    const row = await stage.feed.row(20_000);
    expect(row).toMatchObject({
      direction: 'inbound',
      remoteNumber: CUSTOMER,
      line: '02066668888',
      outcome: 'answered',
      endedBy: 'customer',
      agentExtension: '1002',
      conference: false,
      transfers: [{ kind: 'attended', fromExtension: '1001', to: '1002', result: 'answered' }],
    });
    expect(row.linkedIds).toHaveLength(2);
    expect(row.holdMs).toBeGreaterThan(1_300);
    expect(row.legs.find((leg) => leg.extension === '1002')).toMatchObject({ result: 'answered' });
  });

  test('after a call to a colleague who would not: back to the customer', async () => {
    await stage.desk('1002', 'called-declines', { RING_MS: 300 });
    const { phone, talk } = await talking(30_000);
    await talk.hold(true);
    await expect(phone.dial('1002')).rejects.toThrow('INVITE');
    await talk.hold(false);
    await delay(500);
    await talk.bye();
    await eventually('both rows', () => stage.feed.rows.length === 2, 15_000);
    const [inside, row] = stage.feed.rows;
    expect(inside).toMatchObject({ direction: 'internal', agentExtension: '1001', remoteNumber: '1002', outcome: 'declined' });
    expect(row).toMatchObject({ outcome: 'answered', endedBy: 'agent', agentExtension: '1001', transfers: [] });
    expect(row?.holdMs).toBeGreaterThan(300);
  });

  test('after a call to somebody outside: the two are put together', async () => {
    await stage.outside('called-answers', { RING_MS: 400, HANGUP_MS: 4_500 });
    const { phone, talk } = await talking(30_000);
    await talk.hold(true);
    const asked = await phone.dial('13800138000');
    await delay(1_200);
    expect(await talk.referTo(asked)).toBe(202);
    const row = await stage.feed.row(20_000);
    expect(row).toMatchObject({
      remoteNumber: CUSTOMER,
      outcome: 'answered',
      agentExtension: '1001',
      transfers: [{ kind: 'attended', fromExtension: '1001', to: '13800138000', result: 'answered' }],
    });
    // Both talks are recorded: with the customer, and with the one who was asked.
    expect(row.recordings).toHaveLength(2);
  });
});
