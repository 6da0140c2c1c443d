import { setTimeout as delay } from 'node:timers/promises';
import { callStage } from './call-stage';

jest.setTimeout(60_000);

/** Real customers who are parked: by the panel, by keys, by passing on to 700; taken up, given up, gone back. The row says by whom. */
describe('real calls that are parked', () => {
  const stage = callStage({ parkSeconds: 6 });

  /** As the gateway does it. */
  const park = async (customer: string, by = '1001'): Promise<string> => {
    const fields = { Channel: customer, TimeoutChannel: `PJSIP/${by}`, Parkinglot: 'default' };
    expect(await stage.ami.action('Park', fields)).toMatchObject({ Response: 'Success' });
    return placeOf();
  };
  const placeOf = async (): Promise<string> => (await stage.event('ParkedCall')).ParkingSpace ?? '';
  const taken = { byExtension: '1001', toExtension: '1002', result: 'retrieved' };

  test('parked by the panel, taken up in a panel', async () => {
    await stage.desk('1002', 'called-answers', { RING_MS: 300, HANGUP_MS: 1_500 });
    const { customer } = await stage.talking();
    const place = await park(customer);
    await delay(1_500);
    await stage.originate('1002', 'parking-taken-up', place);
    const row = await stage.feed.row(20_000);
    expect(row).toMatchObject({
      direction: 'inbound',
      dialId: null,
      outcome: 'answered',
      endedBy: 'agent',
      agentExtension: '1002',
      complete: true,
      transfers: [],
      conference: false,
      parkings: [{ ...taken, place }],
      legs: [{ role: 'customer' }, { extension: '1001', result: 'answered' }, { extension: '1002', result: 'answered' }],
    });
    expect(row.linkedIds).toHaveLength(2);
    const [parking] = row.parkings;
    const parkedMs = Date.parse(parking?.until ?? '') - Date.parse(parking?.at ?? '');
    expect(parkedMs).toBeGreaterThan(1_400);
    // Waiting is neither talk nor hold of anybody. Asterisk tells of the parking a moment before the channel leaves the talk's bridge.
    const leavesMs = 10;
    expect(row.talkMs + row.holdMs).toBeLessThanOrEqual(Date.parse(row.endedAt) - Date.parse(row.answeredAt ?? '') - parkedMs + leavesMs);
  });

  test('parked by keys, taken up at a telephone', async () => {
    const colleague = await stage.plugIn('1002');
    const { channel } = await stage.talking({ hangupMs: 9_000 });
    for (const Digit of '*5') await stage.ami.action('PlayDTMF', { Channel: channel, Digit, Duration: '80', Receive: 'true' });
    const talk = await colleague.dial(await placeOf());
    await delay(1_500);
    await talk.bye();
    expect(await stage.feed.row(20_000)).toMatchObject({
      outcome: 'answered',
      endedBy: 'agent',
      agentExtension: '1002',
      parkings: [taken],
    });
  });

  test('passed on to 700 by a telephone', async () => {
    const phone = await stage.plugIn('1001', 'signed-in');
    const colleague = await stage.plugIn('1002');
    await stage.caller(7_000);
    const talk = await phone.ringing();
    talk.answer();
    await stage.event('AgentConnect');
    await delay(500);
    expect(await talk.refer('700')).toBe(202);
    await colleague.dial(await placeOf());
    expect(await stage.feed.row(20_000)).toMatchObject({
      outcome: 'answered',
      endedBy: 'customer',
      agentExtension: '1002',
      parkings: [taken],
    });
  });

  test('not taken up: goes back to the one who parked', async () => {
    const { customer } = await stage.talking({ hangupMs: 20_000 });
    await park(customer);
    await stage.desk('1001', 'called-answers', { RING_MS: 300, HANGUP_MS: 1_500 });
    const row = await stage.feed.row(20_000);
    expect(row).toMatchObject({
      outcome: 'answered',
      endedBy: 'agent',
      agentExtension: '1001',
      parkings: [{ byExtension: '1001', toExtension: null, result: 'timed_out' }],
      legs: [{}, { extension: '1001', result: 'answered' }, { extension: '1001', result: 'answered' }],
    });
    const [parking] = row.parkings;
    expect(Date.parse(parking?.until ?? '') - Date.parse(parking?.at ?? '')).toBeGreaterThan(3_500);
  });

  test('not taken up, and the one who parked declines: goes to the queue', async () => {
    const { customer } = await stage.talking({ hangupMs: 20_000 });
    await park(customer);
    await stage.desk('1001', 'called-declines', { RING_MS: 100 });
    await stage.agent('1002', 'called-answers', { RING_MS: 300, HANGUP_MS: 1_500 });
    await stage.ami.action('QueueRemove', { Queue: 'hotline', Interface: 'PJSIP/1001' });
    expect(await stage.feed.row(20_000)).toMatchObject({
      outcome: 'answered',
      endedBy: 'agent',
      agentExtension: '1002',
      parkings: [{ byExtension: '1001', toExtension: null, result: 'timed_out' }],
      queueVisits: [{ result: 'connected' }, { result: 'connected' }],
      legs: [{}, { extension: '1001', result: 'answered' }, { extension: '1001', result: 'declined' }, { extension: '1002' }],
    });
  });

  test('the customer gives up there; nobody is at the place then', async () => {
    const { customer } = await stage.talking({ hangupMs: 3_500 });
    const place = await park(customer);
    expect(await stage.feed.row(20_000)).toMatchObject({
      outcome: 'answered',
      endedBy: 'customer',
      agentExtension: '1001',
      parkings: [{ byExtension: '1001', toExtension: null, result: 'given_up' }],
    });
    await stage.desk('1002', 'called-answers', { RING_MS: 100 });
    await stage.originate('1002', 'parking-taken-up', place);
    const ended = await stage.event('Hangup', (event) => event.Channel?.startsWith('PJSIP/1002-') === true);
    expect(ended.Cause).toBe('1');
    expect(stage.feed.rows.at(-1)).toMatchObject({ outcome: 'failed', agentExtension: '1002', parkings: [] });
    stage.feed.rows.length = 1;
  });
});
