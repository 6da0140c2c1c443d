import { setTimeout as delay } from 'node:timers/promises';
import { eventually } from '../support/eventually';
import type { Sipp } from '../support/sipp';
import { callStage } from './call-stage';

/** Two clocks of one machine, and SIPp's reaction time on a busy one. */
const CLOSE_MS = 250;

jest.setTimeout(60_000);

/**
 * Real calls through the project's dialplans, told by the event feed's account, byte for byte through the replay: the row of each call
 * must agree with what the telephones (SIPp) say. With HOTLINE_TEST_RECORD=FOLDER the streams are kept there.
 */
describe('call log rows of real calls', () => {
  const stage = callStage();

  async function click(number: string, dialId: string): Promise<void> {
    const query = new URLSearchParams({
      endpoint: 'PJSIP/1001',
      context: 'click-to-dial',
      extension: number,
      priority: '1',
      callerId: number,
      channelId: `dial-${dialId}`,
      timeout: '3',
    });
    const response = await stage.ari('POST', `/channels?${query}`, { variables: { CTI_DIAL: dialId } });
    expect(response.status).toBe(200);
  }

  test('a queue call, the caller hangs up', async () => {
    const phone = await stage.agent('1001', 'called-answers');
    const customer = await stage.caller(3_000);
    const row = await stage.feed.row();
    expect(row).toMatchObject({
      direction: 'inbound',
      line: '02066668888',
      areaCode: '20',
      remoteNumber: '13912345678',
      queue: 'hotline',
      agentExtension: '1001',
      outcome: 'answered',
      endedBy: 'customer',
      cause: 16,
      complete: true,
      callId: row.legs[0]?.channelId,
      legs: [
        { role: 'customer', result: 'answered' },
        { role: 'agent', result: 'answered' },
      ],
      queueVisits: [{ result: 'connected' }],
    });
    expect(row.recording).toBe(`${row.recording?.slice(0, 10)}/${row.callId}.wav`);
    await agrees(row.legs[0]?.answeredAt, customer, /^SIP\/2.0 200/, /INVITE/);
    await agrees(row.legs[1]?.alertingAt, phone, /^SIP\/2.0 180/);
    await agrees(row.legs[1]?.answeredAt, phone, /^SIP\/2.0 200/, /INVITE/);
    await agrees(row.answeredAt, phone, /^ACK/);
    await agrees(row.endedAt, customer, /^BYE/);
    expect(Math.abs(row.talkMs - ((await timeAt(customer, /^BYE/)) - (await timeAt(phone, /^ACK/))))).toBeLessThan(CLOSE_MS);
  });

  test('a queue call, the agent hangs up', async () => {
    const phone = await stage.agent('1001', 'called-answers', { HANGUP_MS: 1_500 });
    await stage.caller(30_000);
    const row = await stage.feed.row();
    expect(row).toMatchObject({ outcome: 'answered', endedBy: 'agent', agentExtension: '1001' });
    await agrees(row.endedAt, phone, /^BYE/);
  });

  test('given up while it rings', async () => {
    const phone = await stage.agent('1001', 'called-does-not-answer');
    const customer = await stage.caller(1_500);
    const row = await stage.feed.row();
    expect(row).toMatchObject({
      outcome: 'abandoned',
      endedBy: 'customer',
      agentExtension: null,
      answeredAt: null,
      recording: null,
      legs: [{}, { extension: '1001', result: 'cancelled' }],
    });
    await agrees(row.endedAt, customer, /^BYE/);
    await agrees(row.legs[1]?.endedAt, phone, /^CANCEL/);
  });

  test('the first agent does not answer, the second does', async () => {
    await stage.agent('1001', 'called-does-not-answer');
    const second = await stage.agent('1002', 'called-answers');
    await stage.caller(8_000);
    const row = await stage.feed.row();
    expect(row).toMatchObject({
      outcome: 'answered',
      agentExtension: '1002',
      legs: [{}, { extension: '1001', result: 'no_answer' }, { extension: '1002', result: 'answered' }],
    });
    expect(row.legs[1]?.ringMs).toBeGreaterThan(1_500);
    await agrees(row.legs[2]?.answeredAt, second, /^SIP\/2.0 200/, /INVITE/);
  });

  test('the first agent declines, the second too, by other means', async () => {
    await stage.agent('1001', 'called-declines');
    await stage.agent('1002', 'called-busy');
    await stage.caller(2_800);
    const row = await stage.feed.row();
    expect(row).toMatchObject({ outcome: 'abandoned', endedBy: 'customer' });
    expect(row.legs.slice(1, 3)).toMatchObject([
      { extension: '1001', result: 'declined', cause: 21 },
      { extension: '1002', result: 'declined', cause: 17 },
    ]);
  });

  test('declined from the panel for a desk phone, while it rings: the next agent gets the call', async () => {
    await stage.agent('1001', 'called-does-not-answer');
    await stage.agent('1002', 'called-answers');
    await stage.caller(6_000);
    const ringing = await stage.state('PJSIP/1001', 'Ringing');
    expect((await stage.ari('DELETE', `/channels/${ringing.Uniqueid}`)).status).toBe(204);
    const row = await stage.feed.row();
    expect(row).toMatchObject({ outcome: 'answered', agentExtension: '1002' });
    expect(row.legs.slice(1, 3)).toMatchObject([
      { extension: '1001', result: 'declined' },
      { extension: '1002', result: 'answered' },
    ]);
  });

  test('nobody answers in time', async () => {
    await stage.caller(30_000);
    expect(await stage.feed.row(15_000)).toMatchObject({
      outcome: 'no_answer',
      endedBy: 'system',
      agentExtension: null,
      queueVisits: [{ queue: 'hotline', result: 'left' }],
      legs: [{ role: 'customer', result: 'no_answer' }],
    });
  });

  test('a withheld number', async () => {
    await stage.caller(300, 'anonymous');
    expect(await stage.feed.row()).toMatchObject({ remoteNumber: null, remoteName: null, line: '02066668888', outcome: 'abandoned' });
  });

  test.each([
    ['ARI', (channelId: string) => stage.ari('DELETE', `/channels/${channelId}`)],
    ['AMI', (_: string, channel: string) => stage.ami.action('Hangup', { Channel: channel })],
  ])('a call that the gateway hangs up for the agent by %s', async (_, hangUp) => {
    await stage.agent('1001', 'called-answers');
    await stage.caller(30_000);
    const connected = await stage.event('AgentConnect');
    await delay(700);
    await hangUp(connected.DestUniqueid ?? '', connected.DestChannel ?? '');
    expect(await stage.feed.row()).toMatchObject({ outcome: 'answered', endedBy: 'agent', agentExtension: '1001' });
  });

  test('two callers, two agents', async () => {
    await stage.agent('1001', 'called-answers');
    await stage.agent('1002', 'called-answers');
    await stage.caller(3_500, '13900000001');
    await eventually('the first is connected', () => stage.feed.talking() === 1);
    await stage.caller(2_000, '13900000002');
    await eventually('both rows', () => stage.feed.rows.length === 2);
    const byNumber = Object.fromEntries(stage.feed.rows.map((row) => [row.remoteNumber, row.agentExtension]));
    expect(byNumber).toEqual({ 13900000001: '1001', 13900000002: '1002' });
  });

  test('a click, the customer hangs up', async () => {
    const phone = await stage.desk('1001', 'called-answers');
    const customer = await stage.outside('called-answers', { RING_MS: 800, HANGUP_MS: 2_000 });
    await click('13800138000', 'click0001');
    const row = await stage.feed.row();
    expect(row).toMatchObject({
      callId: 'dial-click0001',
      linkedIds: ['dial-click0001'],
      dialId: 'click0001',
      direction: 'outbound',
      remoteNumber: '13800138000',
      agentExtension: '1001',
      queue: null,
      outcome: 'answered',
      endedBy: 'customer',
      cause: 16,
      complete: true,
      legs: [
        { role: 'agent', result: 'answered' },
        { role: 'customer', result: 'answered' },
      ],
    });
    expect(row.recording).toMatch(/\/dial-click0001\.wav$/);
    await agrees(row.legs[0]?.answeredAt, phone, /^SIP\/2.0 200/, /INVITE/);
    await agrees(row.legs[1]?.alertingAt, customer, /^SIP\/2.0 180/);
    await agrees(row.answeredAt, customer, /^SIP\/2.0 200/, /INVITE/);
    await agrees(row.legs[1]?.endedAt, customer, /^BYE/);
  });

  test.each([
    ['busy', 'called-busy', { outcome: 'busy', endedBy: 'customer', cause: 17 }],
    ['declined', 'called-declines', { outcome: 'declined', endedBy: 'customer', cause: 21 }],
    ['no such number', 'called-unknown', { outcome: 'unreachable', endedBy: 'system', cause: 1 }],
    ['not answered', 'called-does-not-answer', { outcome: 'no_answer', endedBy: 'system' }],
  ])('a click, the customer is %s', async (name, scenario, expected) => {
    await stage.desk('1001', 'called-answers');
    await stage.outside(scenario);
    const dialId = `click-${name.replaceAll(' ', '-')}`;
    await click('13800138000', dialId);
    expect(await stage.feed.row(15_000)).toMatchObject({
      ...expected,
      dialId,
      direction: 'outbound',
      agentExtension: '1001',
      answeredAt: null,
      recording: null,
      remoteNumber: '13800138000',
    });
  });

  test('a click, the agent gives up', async () => {
    await stage.desk('1001', 'called-answers', { HANGUP_MS: 1_000 });
    await stage.outside('called-does-not-answer');
    await click('13800138000', 'click0003');
    expect(await stage.feed.row()).toMatchObject({
      outcome: 'cancelled',
      endedBy: 'agent',
      legs: [{ result: 'answered' }, { result: 'cancelled' }],
    });
  });

  test.each([
    ['does not answer', 'called-does-not-answer', { outcome: 'no_answer', endedBy: 'system' }],
    ['declines', 'called-declines', { outcome: 'declined', endedBy: 'agent' }],
    ['is busy', 'called-busy', { outcome: 'busy', endedBy: 'agent' }],
  ])('a click, the agent’s telephone %s', async (name, scenario, expected) => {
    await stage.desk('1001', scenario);
    await click('13800138000', `click-agent-${name.replaceAll(' ', '-')}`);
    expect(await stage.feed.row()).toMatchObject({
      ...expected,
      direction: 'outbound',
      agentExtension: '1001',
      remoteNumber: '13800138000',
      dialId: `click-agent-${name.replaceAll(' ', '-')}`,
    });
  });
});

/** SIPp writes its messages when it is done. */
async function agrees(ours: string | null | undefined, phone: Sipp, line: RegExp, cseq?: RegExp): Promise<void> {
  const theirsMs = await timeAt(phone, line, cseq);
  expect(Math.abs(Date.parse(ours ?? '') - theirsMs)).toBeLessThan(CLOSE_MS);
}

async function timeAt(phone: Sipp, line: RegExp, cseq?: RegExp): Promise<number> {
  await Promise.race([phone.finished(), delay(4_000, undefined, { ref: false })]);
  return eventually(`${line} at a telephone`, () => phone.timeOf(line, cseq), 2_000);
}
