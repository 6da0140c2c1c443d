import { PbxScript, START_MS } from '../../../../test/fixtures/pbx-script';
import { MAX_LEGS } from './call-facts';

const SECOND = 1_000;
const talking = (): PbxScript =>
  new PbxScript()
    .callsIn('c')
    .at(1)
    .joinsQueue('c')
    .queueCalls('c', 'a', '1001')
    .at(2)
    .rings('a')
    .at(5)
    .leavesQueue('c')
    .answers('a', 'c', 'b');

describe('after a gap', () => {
  test('a call that lives on is still the same call, its figures marked as uncertain', () => {
    const script = talking();
    const [c, a] = [script.found('c', { bridgeId: 'b' }), script.found('a', { bridgeId: 'b' })];
    script.told();
    expect(script.at(20).resyncs(12, [c, a]).told()).toEqual(['call.changed connected']);
    script.at(25).hangsUp('c').ends('c').ends('a');
    expect(script.row).toMatchObject({ callId: 'c', outcome: 'answered', endedBy: 'customer', talkMs: 20 * SECOND, complete: false });
  });

  test('a call that is gone ended when it was last seen, nobody knows how', () => {
    const script = talking().at(20).resyncs(12, []);
    expect(script.row).toMatchObject({
      outcome: 'lost_contact',
      endedBy: 'unknown',
      cause: null,
      complete: false,
      agentExtension: '1001',
      talkMs: 7 * SECOND,
      endedAt: new Date(START_MS + 12 * SECOND).toISOString(),
    });
    expect(script.row.legs.map((leg) => leg.result)).toEqual(['lost_contact', 'lost_contact']);
    expect(script.book.size()).toMatchObject({ calls: 0, index: 0 });
  });

  test('a call whose end is told behind the snapshot ends as it did', () => {
    const script = talking()
      .at(20)
      .resyncs(12, [], { endsToCome: ['c', 'a'] });
    expect(script.call).toMatchObject({ phase: 'connected', complete: false });
    script.at(14).hangsUp('a').leaves('a', 'b').leaves('c', 'b').ends('a').ends('c');
    expect(script.row).toMatchObject({ outcome: 'answered', endedBy: 'agent', cause: 16, talkMs: 9 * SECOND, complete: false });
    expect(script.book.size()).toMatchObject({ calls: 0, index: 0 });
  });

  test('of two legs that are gone the one is lost, the end of the other is told', () => {
    const script = talking()
      .at(20)
      .resyncs(12, [], { endsToCome: ['c'] });
    expect(script.call.legs.map((leg) => leg.result)).toEqual([null, 'lost_contact']);
    script.at(19).hangsUp('c').ends('c');
    expect(script.row).toMatchObject({ outcome: 'answered', talkMs: 7 * SECOND, complete: false });
  });

  test('a call that came and went behind the snapshot has its row', () => {
    const script = new PbxScript().at(20).resyncs(12, [], { endsToCome: ['c'] });
    script.at(18).callsIn('c').joinsQueue('c').at(19).hangsUp('c').abandonsQueue('c').ends('c', 0);
    expect(script.row).toMatchObject({ outcome: 'abandoned', endedBy: 'customer', complete: true });
  });

  test('after a new start of Asterisk an end that is told is that of another channel with the same id', () => {
    const script = talking()
      .at(20)
      .resyncs(12, [], { pbxRestarted: true, endsToCome: ['c', 'a'] });
    expect(script.row).toMatchObject({ outcome: 'lost_contact', endedBy: 'unknown' });
    script.at(21).ends('c').ends('a');
    expect(script.book.live()).toEqual([]);
  });

  test('a leg that is gone is lost, the call goes on', () => {
    const script = talking();
    script.at(20).resyncs(12, [script.found('c')]);
    expect(script.call).toMatchObject({ phase: 'entered', complete: false });
    expect(script.call.legs.map((leg) => leg.result)).toEqual([null, 'lost_contact']);
    script.at(30).hangsUp('c').ends('c');
    expect(script.row).toMatchObject({ outcome: 'answered', complete: false, talkMs: 7 * SECOND });
  });

  test('a call that was answered in the gap is connected from the snapshot on', () => {
    const script = new PbxScript().callsIn('c').joinsQueue('c').queueCalls('c', 'a', '1001').at(1).rings('a');
    script.at(20).resyncs(2, [script.found('c', { bridgeId: 'b' }), script.found('a', { bridgeId: 'b' })]);
    expect(script.call).toMatchObject({ phase: 'connected', answeredAtMs: START_MS + 20 * SECOND, complete: false });
  });

  test('nothing was missed: nothing is marked', () => {
    const script = talking();
    script.told();
    expect(script.resyncs(null, [script.found('c', { bridgeId: 'b' }), script.found('a', { bridgeId: 'b' })]).told()).toEqual([]);
  });

  test('Asterisk was started anew: every call is lost, whatever it has now', () => {
    const script = talking();
    script.channel('n', { name: 'PJSIP/trunk-1', number: '13700000000', variables: { entryChannelId: 'n', direction: 'inbound' } });
    script.at(20).resyncs(12, [script.found('n', { application: 'Queue' })], { pbxRestarted: true });
    expect(script.row).toMatchObject({ callId: 'c', outcome: 'lost_contact' });
    expect(script.call).toMatchObject({ callId: 'n', complete: false, remoteNumber: '13700000000' });
  });
});

describe('calls found alive at the start', () => {
  /** In the order CoreShowChannels may have: the agent's channel before the caller's. */
  function started(): PbxScript {
    const script = new PbxScript();
    const variables = { entryChannelId: 'c', line: '02066668888', areaCode: '20', direction: 'inbound' };
    script.channel('c', { name: 'PJSIP/trunk-0000', number: '13912345678', exten: '02066668888', variables });
    script.channel('a', { name: 'PJSIP/1001-0001', linkedId: 'c', number: '1001', variables });
    script.channel('w', {
      name: 'PJSIP/trunk-0002',
      number: '13700000000',
      exten: '02066668888',
      variables: { ...variables, entryChannelId: 'w' },
    });
    script.channel('r', { name: 'PJSIP/1002-0003', linkedId: 'w', number: '1002', variables: { ...variables, entryChannelId: 'w' } });
    return script
      .at(65)
      .resyncs(
        null,
        [
          script.found('a', { application: 'AppQueue', bridgeId: 'b', createdAtMs: START_MS + 5 * SECOND }),
          script.found('c', { application: 'Queue', bridgeId: 'b' }),
          script.found('w', { application: 'Queue' }),
          script.found('r', { application: 'AppQueue', state: 'ringing', createdAtMs: START_MS + 60 * SECOND }),
        ],
        { queues: [{ queue: 'hotline', waiting: 1, callerChannelIds: ['w'] }] },
      );
  }

  test('are live again, each with its legs, and say that they are not complete', () => {
    const calls = started().book.live();
    expect(calls.map((call) => [call.callId, call.phase, call.direction, call.remoteNumber, call.complete, call.legs.length])).toEqual([
      ['c', 'connected', 'inbound', '13912345678', false, 2],
      ['w', 'alerting', 'inbound', '13700000000', false, 2],
    ]);
    expect(calls[0]?.legs.map((leg) => [leg.channelId, leg.placed])).toEqual([
      ['c', true],
      ['a', false],
    ]);
    expect(calls[1]?.queueVisits).toMatchObject([{ queue: 'hotline', leftAtMs: null }]);
  });

  test('tell the panels what they need to show them', () => {
    expect(started().told()).toEqual([
      'call.entered connected',
      'leg.connected c',
      'leg.connected a',
      'call.entered alerting',
      'leg.alerting r',
    ]);
  });

  test('go on as any other call', () => {
    const script = started()
      .at(70)
      .leavesQueue('w')
      .answers('r', 'w')
      .at(75)
      .hangsUp('r')
      .ends('r')
      .ends('w')
      .hangsUp('a')
      .ends('a')
      .ends('c');
    expect(script.rows).toMatchObject([
      { callId: 'w', outcome: 'answered', agentExtension: '1002', endedBy: 'agent', talkMs: 5 * SECOND, complete: false },
      { callId: 'c', outcome: 'answered', agentExtension: '1001', endedBy: 'agent', complete: false },
    ]);
  });

  test('a channel that ended while the snapshot was taken is not found alive again', () => {
    const script = talking().at(9).hangsUp('c').ends('c').ends('a');
    script.resyncs(null, [script.found('c'), script.found('a')]);
    expect(script.book.live()).toEqual([]);
  });
});

describe('what belongs together', () => {
  test('a leg with another Linkedid finds its call by the inherited CTI_ID', () => {
    const script = talking();
    script.channel('x', { name: 'PJSIP/1002-1', linkedId: 'other', number: '1002', variables: { entryChannelId: 'c' } });
    script.at(6).tell({ type: 'channel.created', atMs: script.now, channel: script.ref('x'), state: 'down' });
    expect(script.call.legs.map((leg) => leg.channelId)).toEqual(['c', 'a', 'x']);
    expect(script.call.linkedIds).toEqual(['c', 'other']);
  });

  test('an event that speaks of two calls tells each about its own channel only', () => {
    const script = talking().callsIn('d');
    script.tell({ type: 'dial.ringing', atMs: script.now, from: script.ref('c'), to: script.ref('d') });
    expect(script.book.live().map((call) => [call.callId, call.legs.length])).toEqual([
      ['c', 2],
      ['d', 1],
    ]);
  });

  test('an id given to a second originate after the first has ended is a new call, with a row of its own', () => {
    const script = new PbxScript().calls(null, 'dial-1', 'PJSIP/1001').at(1).ends('dial-1', 19);
    script.at(9).calls(null, 'dial-1', 'PJSIP/1001').rings('dial-1').at(12).ends('dial-1', 19);
    const [first, second] = script.rows;
    expect(first?.callId).toBe('dial-1');
    expect(second?.callId).toBe(`dial-1~${START_MS + 9_000}`);
  });

  test('a stream that begins in the middle of a call gives a call that says so', () => {
    const script = new PbxScript();
    script.channel('c', { name: 'PJSIP/trunk-0', number: '13912345678', exten: '02066668888', variables: { direction: 'inbound' } });
    script.joinsQueue('c').at(4).hangsUp('c').abandonsQueue('c').ends('c');
    expect(script.row).toMatchObject({ outcome: 'abandoned', complete: false, remoteNumber: '13912345678' });
  });
});

describe('memory', () => {
  test('nothing of a thousand ended calls is kept but a bounded number of echoes', () => {
    const script = new PbxScript();
    for (let n = 0; n < 5_000; n++) script.at(n).callsIn(`c${n}`).joinsQueue(`c${n}`).abandonsQueue(`c${n}`).ends(`c${n}`, 0);
    expect(script.book.size()).toEqual({ calls: 0, index: 0, endedChannels: 4_096 });
  });

  test('a caller who rings hundreds of telephones keeps a row that can be delivered', () => {
    const script = new PbxScript().callsIn('c').joinsQueue('c');
    for (let n = 0; n < 500; n++)
      script
        .at(n + 1)
        .queueCalls('c', `a${n}`, '1001')
        .rings(`a${n}`)
        .hangsUp(`a${n}`, 'peer', 17)
        .ends(`a${n}`, 17);
    // An echo of a forgotten leg does not bring it back to life.
    script.rings('a0').tell({ type: 'dial.begun', atMs: script.now, from: script.ref('c'), to: script.ref('a1'), dialString: '1001' });
    script.hangsUp('c').abandonsQueue('c').ends('c', 0);
    expect(script.row.legs).toHaveLength(MAX_LEGS);
    expect(script.row.legs[0]?.role).toBe('customer');
    expect(script.row.legs.at(-1)?.channelId).toBe('a499');
    expect(script.book.size()).toMatchObject({ calls: 0, index: 0 });
  });

  test('ignored events are counted by reason', () => {
    const script = talking();
    script.rings('a').resumes('a').channel('x', { name: 'PJSIP/1009-1' });
    script.ends('x');
    expect(Object.fromEntries(script.book.ignoredCounts())).toEqual({ no_change: 2, unknown_channel: 1 });
  });
});
