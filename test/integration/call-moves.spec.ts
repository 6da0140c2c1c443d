import { setTimeout as delay } from 'node:timers/promises';
import { callStage } from './call-stage';

jest.setTimeout(60_000);

/**
 * Real calls that go from one agent to another, by the project's dialplans: the row must say from whom to whom and how it went, and the
 * log made anew from Asterisk's channel event log must say the same. With HOTLINE_TEST_RECORD=FOLDER the streams are kept there.
 */
describe('real calls that move', () => {
  const stage = callStage();
  const target = { Context: 'transfer', Exten: '1002' };

  test('passed on blindly, answered', async () => {
    await stage.desk('1002', 'called-answers', { RING_MS: 700 });
    const { channel } = await stage.talking({ hangupMs: 6_000 });
    await stage.ami.action('BlindTransfer', { Channel: channel, ...target });
    const row = await stage.feed.row(15_000);
    expect(row).toMatchObject({
      outcome: 'answered',
      endedBy: 'customer',
      agentExtension: '1002',
      transfers: [{ kind: 'blind', fromExtension: '1001', to: '1002', result: 'answered' }],
      legs: [{ role: 'customer' }, { extension: '1001', result: 'answered' }, { extension: '1002', result: 'answered' }],
    });
    expect(row.recordings).toEqual([row.recording]);
    expect(row.legs[1]?.talkMs).toBeGreaterThan(1_000);
    expect(row.legs[2]?.talkMs).toBeGreaterThan(1_000);
    expect(row.talkMs).toBeLessThanOrEqual((row.legs[1]?.talkMs ?? 0) + (row.legs[2]?.talkMs ?? 0) + 1);
  });

  test('passed on blindly, the other telephone is busy: comes back', async () => {
    await stage.desk('1002', 'called-busy', { RING_MS: 1_500 });
    const { channel } = await stage.talking({ hangupMs: 20_000 });
    await stage.ami.action('BlindTransfer', { Channel: channel, ...target });
    await stage.state('PJSIP/1002', 'Ringing');
    await stage.desk('1001', 'called-answers', { RING_MS: 200, HANGUP_MS: 1_500 });
    expect(await stage.feed.row(30_000)).toMatchObject({
      outcome: 'answered',
      endedBy: 'agent',
      agentExtension: '1001',
      transfers: [{ kind: 'blind', fromExtension: '1001', to: '1002', result: 'returned' }],
      legs: [
        {},
        { extension: '1001', result: 'answered' },
        { extension: '1002', result: 'busy' },
        { extension: '1001', result: 'answered' },
      ],
    });
  });

  test('asked first, then passed on', async () => {
    await stage.desk('1002', 'called-answers', { RING_MS: 500 });
    const { channel } = await stage.talking({ hangupMs: 9_000, agentMs: 5_500 });
    await stage.ami.action('Atxfer', { Channel: channel, ...target });
    const row = await stage.feed.row(20_000);
    expect(row).toMatchObject({
      outcome: 'answered',
      endedBy: 'customer',
      agentExtension: '1002',
      transfers: [{ kind: 'attended', fromExtension: '1001', to: '1002', result: 'answered' }],
      legs: [{ role: 'customer' }, { extension: '1001' }, { extension: '1002', result: 'answered' }],
    });
    expect(row.holdMs).toBeGreaterThan(1_500);
  });

  test('passed on while the other telephone still rings', async () => {
    await stage.desk('1002', 'called-answers', { RING_MS: 3_500 });
    const { channel } = await stage.talking({ hangupMs: 11_000, agentMs: 3_500 });
    await stage.ami.action('Atxfer', { Channel: channel, ...target });
    expect(await stage.feed.row(20_000)).toMatchObject({
      outcome: 'answered',
      endedBy: 'customer',
      agentExtension: '1002',
      transfers: [{ kind: 'attended', fromExtension: '1001', to: '1002', result: 'answered' }],
    });
  });

  test('asked, and not passed on', async () => {
    await stage.desk('1002', 'called-answers', { RING_MS: 300 });
    const { channel } = await stage.talking({ hangupMs: 9_000 });
    await stage.ami.action('Atxfer', { Channel: channel, ...target });
    await stage.state('PJSIP/1002', 'Up');
    await delay(1_000);
    await stage.ami.action('CancelAtxfer', { Channel: channel });
    expect(await stage.feed.row(20_000)).toMatchObject({
      outcome: 'answered',
      endedBy: 'customer',
      agentExtension: '1001',
      transfers: [{ kind: 'attended', fromExtension: '1001', to: '1002', result: 'cancelled' }],
    });
  });

  test('asked, the colleague hangs up first', async () => {
    await stage.desk('1002', 'called-answers', { RING_MS: 300, HANGUP_MS: 1_500 });
    const { channel } = await stage.talking({ hangupMs: 10_000 });
    await stage.ami.action('Atxfer', { Channel: channel, ...target });
    expect(await stage.feed.row(20_000)).toMatchObject({
      outcome: 'answered',
      endedBy: 'customer',
      agentExtension: '1001',
      transfers: [{ kind: 'attended', fromExtension: '1001', to: '1002', result: 'cancelled' }],
    });
  });

  test('asked, the colleague declines', async () => {
    await stage.desk('1002', 'called-declines');
    const { channel } = await stage.talking({ hangupMs: 10_000 });
    await stage.ami.action('Atxfer', { Channel: channel, ...target });
    await stage.state('PJSIP/1002', 'Ringing');
    expect(await stage.feed.row(20_000)).toMatchObject({
      outcome: 'answered',
      agentExtension: '1001',
      transfers: [{ kind: 'attended', fromExtension: '1001', to: '1002', result: 'not_answered' }],
    });
  });

  /** A key of features.conf pressed at the agent's telephone during a consultation. */
  async function presses(channel: string, keys: string): Promise<void> {
    for (const digit of keys) await stage.ami.action('PlayDTMF', { Channel: channel, Digit: digit, Duration: '80', Receive: 'true' });
  }

  test('asked, then all three together, until one leaves', async () => {
    await stage.desk('1002', 'called-answers', { RING_MS: 300 });
    const { channel } = await stage.talking({ hangupMs: 14_000, agentMs: 8_500 });
    await stage.ami.action('Atxfer', { Channel: channel, ...target });
    await stage.state('PJSIP/1002', 'Up');
    await delay(1_000);
    await presses(channel, '*7');
    const row = await stage.feed.row(25_000);
    expect(row).toMatchObject({
      outcome: 'answered',
      endedBy: 'customer',
      agentExtension: '1002',
      conference: true,
      legs: [{ role: 'customer' }, { extension: '1001', result: 'answered' }, { extension: '1002', result: 'answered' }],
    });
    expect(row.legs[1]?.talkMs).toBeGreaterThan(3_000);
    expect(row.legs[2]?.talkMs).toBeGreaterThan(3_000);
  });

  test('asked, changed between the two, then passed on', async () => {
    await stage.desk('1002', 'called-answers', { RING_MS: 300 });
    const { channel } = await stage.talking({ hangupMs: 14_000, agentMs: 9_500 });
    await stage.ami.action('Atxfer', { Channel: channel, ...target });
    await stage.state('PJSIP/1002', 'Up');
    await delay(1_000);
    await presses(channel, '*6');
    await delay(2_000);
    await presses(channel, '*6');
    const row = await stage.feed.row(25_000);
    expect(row).toMatchObject({
      outcome: 'answered',
      endedBy: 'customer',
      agentExtension: '1002',
      conference: false,
      transfers: [{ kind: 'attended', fromExtension: '1001', to: '1002', result: 'answered' }],
    });
    expect(row.legs[1]?.talkMs).toBeGreaterThan(2_500);
  });

  test('one agent calls another', async () => {
    await stage.desk('1001', 'called-answers', { RING_MS: 300 });
    await stage.desk('1002', 'called-answers', { RING_MS: 600, HANGUP_MS: 2_000 });
    const query = new URLSearchParams({
      endpoint: 'PJSIP/1001',
      context: 'internal',
      extension: '1002',
      priority: '1',
      callerId: '1002',
      channelId: 'dial-inside',
      timeout: '5',
    });
    await stage.ari('POST', `/channels?${query}`);
    expect(await stage.feed.row()).toMatchObject({
      callId: 'dial-inside',
      direction: 'internal',
      remoteNumber: '1002',
      agentExtension: '1001',
      outcome: 'answered',
      endedBy: 'agent',
      recordings: [],
      transfers: [],
    });
  });
});
