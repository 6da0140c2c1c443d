import { PbxScript, START_MS } from '../../../../test/fixtures/pbx-script';

const SECOND = 1_000;

/** A customer `c` who talks with 1001 (`a`) in bridge `b` since second 5. */
const talking = (): PbxScript =>
  new PbxScript()
    .callsIn('c')
    .at(1)
    .joinsQueue('c')
    .at(2)
    .queueCalls('c', 'a', '1001')
    .at(3)
    .rings('a')
    .at(5)
    .leavesQueue('c')
    .answers('a', 'c', 'b');

/** 1001 has put the customer on hold and asks 1002 (`x`) with a second call (`d`), of its own Linkedid. */
const asking = (): PbxScript =>
  talking()
    .at(10)
    .holds('a')
    .at(11)
    .dials('d', '1001', '1002', { entryChannelId: 'd', direction: 'internal' })
    .at(12)
    .calls('d', 'x', 'PJSIP/1002')
    .rings('x');
const asked = (): PbxScript => asking().at(14).up('d').answers('x', 'd', 'k');

function blind(script: PbxScript, exten: string, done = true): PbxScript {
  return script.tell({ type: 'transfer.blind', atMs: script.now, channel: script.ref('a'), transferee: script.ref('c'), exten, done });
}

function attended(script: PbxScript, target: 'x' | null = 'x'): PbxScript {
  const parts = { channel: script.ref('a'), second: script.ref('d'), transferee: script.ref('c') };
  return script.tell({
    type: 'transfer.attended',
    atMs: script.now,
    ...parts,
    target: target === null ? null : script.ref(target),
    done: true,
  });
}

describe('passed on blindly', () => {
  const sent = (exten = '1002'): PbxScript =>
    blind(talking().at(10), exten).leaves('a', 'b').leaves('c', 'b').ends('a').calls('c', 'x', `PJSIP/${exten}`).rings('x');

  test('not decided while the other telephone rings', () => {
    expect(sent().call.transfers).toEqual([
      { atMs: START_MS + 10 * SECOND, kind: 'blind', fromExtension: '1001', to: '1002', result: null },
    ]);
  });

  test('answered there', () => {
    const { row } = sent().at(13).answers('x', 'c', 'e').at(20).hangsUp('c').ends('c').ends('x');
    expect(row).toMatchObject({
      agentExtension: '1002',
      talkMs: 12 * SECOND,
      endedBy: 'customer',
      transfers: [{ kind: 'blind', fromExtension: '1001', to: '1002', result: 'answered' }],
    });
  });

  test('not answered: back to the one who passed on', () => {
    const script = sent()
      .at(30)
      .dialEnds('c', 'x', 'no_answer')
      .ends('x')
      .calls('c', 'y', 'PJSIP/1001')
      .rings('y')
      .at(32)
      .answers('y', 'c', 'e');
    expect(script.call.transfers).toMatchObject([{ result: 'returned' }]);
    expect(script.at(40).hangsUp('y').ends('y').ends('c').row).toMatchObject({
      agentExtension: '1001',
      endedBy: 'agent',
      transfers: [{ to: '1002', result: 'returned' }],
    });
  });

  test('not answered: the customer gives up', () => {
    expect(sent().at(20).hangsUp('c').dialEnds('c', 'x', 'cancel').ends('x').ends('c').row).toMatchObject({
      outcome: 'answered',
      agentExtension: '1001',
      transfers: [{ result: 'not_answered' }],
    });
  });

  test('into a queue, named by it', () => {
    const script = blind(talking().at(10), '800')
      .leaves('a', 'b')
      .leaves('c', 'b')
      .ends('a')
      .joinsQueue('c', 'second')
      .queueCalls('c', 'x', '1002', 'second');
    const { row } = script
      .at(11)
      .rings('x')
      .at(14)
      .leavesQueue('c', 'second')
      .answers('x', 'c', 'e')
      .at(20)
      .hangsUp('c')
      .ends('c')
      .ends('x');
    expect(row).toMatchObject({
      queue: 'hotline',
      queueVisits: [{}, { queue: 'second' }],
      transfers: [{ to: 'second', result: 'answered' }],
    });
  });

  test('to somebody outside: their talk is not the agent’s', () => {
    const script = blind(talking().at(10), '13800138000')
      .leaves('a', 'b')
      .leaves('c', 'b')
      .ends('a')
      .calls('c', 'o', 'PJSIP/trunk', '13800138000@trunk');
    script.rings('o').at(12).answers('o', 'c', 'e');
    expect(script.call).toMatchObject({ phase: 'connected', transfers: [{ to: '13800138000', result: 'answered' }] });
    expect(script.at(30).hangsUp('c').ends('c').ends('o').row).toMatchObject({
      talkMs: 5 * SECOND,
      agentExtension: '1001',
      endedBy: 'customer',
    });
  });

  test('refused by Asterisk: the two talk on', () => {
    expect(blind(talking().at(10), '999', false).at(20).hangsUp('c').ends('c').ends('a').row).toMatchObject({
      talkMs: 15 * SECOND,
      transfers: [{ to: '999', result: 'failed' }],
    });
  });

  test('told twice is passed on once', () => {
    expect(blind(sent(), '1002').call.transfers).toHaveLength(1);
    expect(blind(blind(talking().at(10), '1002'), '1002').call.transfers).toHaveLength(1);
  });
});

describe('asked in a call of its own, then passed on (REFER with Replaces)', () => {
  test('two calls until then', () => {
    expect(
      asked()
        .book.live()
        .map((call) => [call.callId, call.direction]),
    ).toEqual([
      ['c', 'inbound'],
      ['d', 'internal'],
    ]);
  });

  test('then one: the customer’s, with all legs and Linkedids, and no row for the other', () => {
    const script = asked();
    script.told();
    attended(script.at(20));
    expect(script.told()[0]).toBe('call.merged connected');
    script.leaves('d', 'k').enters('c', 'k').leaves('c', 'b').resumes('a').ends('a').ends('d');
    expect(script.call).toMatchObject({
      callId: 'c',
      direction: 'inbound',
      remoteNumber: '13912345678',
      linkedIds: ['c', 'd'],
      phase: 'connected',
    });
    script.at(30).hangsUp('c').ends('c').ends('x');
    expect(script.row).toMatchObject({
      callId: 'c',
      agentExtension: '1002',
      endedBy: 'customer',
      talkMs: 15 * SECOND,
      holdMs: 10 * SECOND,
      transfers: [{ kind: 'attended', fromExtension: '1001', to: '1002', result: 'answered' }],
    });
    expect(script.row.legs.map((leg) => [leg.channelId, leg.talkMs])).toEqual([
      ['c', 15 * SECOND],
      ['a', 5 * SECOND],
      ['d', 0],
      ['x', 10 * SECOND],
    ]);
    expect(script.book.size()).toMatchObject({ calls: 0, index: 0 });
  });

  test('the bridge tells it first', () => {
    const script = asked().at(20).leaves('d', 'k').enters('c', 'k');
    expect(script.call.callId).toBe('c');
    expect(attended(script).ends('a').ends('d').at(30).hangsUp('x').ends('x').ends('c').row).toMatchObject({
      endedBy: 'agent',
      transfers: [{ to: '1002', result: 'answered' }],
    });
  });

  test('while the other telephone still rings', () => {
    const script = attended(asking().at(15), null).ends('a').ends('d');
    expect(script.call).toMatchObject({ callId: 'c', phase: 'alerting', transfers: [{ to: '1002', result: null }] });
    expect(script.at(18).answers('x', 'c', 'k').at(30).hangsUp('c').ends('c').ends('x').row).toMatchObject({
      agentExtension: '1002',
      transfers: [{ result: 'answered' }],
    });
  });

  test('the consulted hangs up first: two calls, two rows', () => {
    const script = asked().at(20).hangsUp('x').ends('x').ends('d').at(21).resumes('a').at(30).hangsUp('c').ends('c').ends('a');
    expect(script.rows).toMatchObject([
      { callId: 'd', direction: 'internal', remoteNumber: '1002', outcome: 'answered' },
      { callId: 'c', agentExtension: '1001', transfers: [] },
    ]);
  });

  test('an echo of the other call after that brings nothing back', () => {
    const script = attended(asked().at(20)).enters('c', 'k').ends('a').ends('d').at(30).hangsUp('c').ends('c').ends('x');
    script.told();
    attended(script.rings('x').up('d'));
    expect(new Set(script.told())).toEqual(new Set(['ignored call_ended']));
    expect(script.rows).toHaveLength(1);
  });

  test('joined in a gap: the snapshot shows them together', () => {
    const script = asked();
    script.at(40).resyncs(15, [script.found('c', { bridgeId: 'k' }), script.found('x', { bridgeId: 'k' })]);
    expect(script.call).toMatchObject({ callId: 'c', complete: false, phase: 'connected' });
  });
});

describe('a conference', () => {
  const three = (): PbxScript => talking().at(10).calls('c', 'x', 'PJSIP/1002').rings('x').at(12).up('x').enters('x', 'b');

  test('three talk together; one leaves, the others talk on', () => {
    const script = three().at(20).leaves('a', 'b').ends('a');
    expect(script.call).toMatchObject({ conference: true, phase: 'connected' });
    expect(script.at(30).hangsUp('c').ends('c').ends('x').row).toMatchObject({
      conference: true,
      agentExtension: '1002',
      talkMs: 25 * SECOND,
    });
  });

  test('three who only pass each other in a transfer are none', () => {
    expect(three().leaves('a', 'b').ends('a').at(30).hangsUp('c').ends('c').ends('x').row.conference).toBe(false);
  });

  test('two customers of one agent: one call, both recordings', () => {
    const script = talking()
      .set('a', { recording: 'one.wav' })
      .at(10)
      .callsIn('o', '13700000000')
      .calls('o', 'a2', 'PJSIP/1001')
      .rings('a2')
      .at(11)
      .answers('a2', 'o', 'e');
    script.set('a2', { recording: 'two.wav', entryChannelId: 'o' }).at(15).enters('o', 'b');
    expect(script.call).toMatchObject({ callId: 'c', recordings: ['one.wav', 'two.wav'] });
  });
});

describe('parked', () => {
  const parked = (): PbxScript => {
    const script = talking().at(10).leaves('a', 'b').leaves('c', 'b').ends('a');
    script.tell({
      type: 'bridge.entered',
      atMs: script.now,
      channel: script.ref('c'),
      bridgeId: 'lot',
      bridgeTechnology: 'holding_bridge',
    });
    return script.tell({
      type: 'call.parked',
      atMs: script.now,
      channel: script.ref('c'),
      parkedBy: 'PJSIP/1001',
      place: '701',
      timeoutMs: 45_000,
    });
  };

  test('waits there, and talks with nobody else who waits there', () => {
    const script = parked();
    expect(script.call.parkings).toEqual([
      { atMs: START_MS + 10 * SECOND, untilMs: null, place: '701', byExtension: '1001', toExtension: null, result: null },
    ]);
    script
      .callsIn('o')
      .tell({ type: 'bridge.entered', atMs: script.now, channel: script.ref('o'), bridgeId: 'lot', bridgeTechnology: 'holding_bridge' });
    expect(script.book.live().map((call) => [call.callId, call.phase])).toEqual([
      ['c', 'entered'],
      ['o', 'entered'],
    ]);
  });

  test('picked up by another agent: the same call', () => {
    const script = parked().at(20).dials('p', '1002', '701', { direction: 'internal' }).up('p');
    script.tell({
      type: 'call.unparked',
      atMs: script.now,
      channel: script.ref('c'),
      retriever: script.ref('p'),
      place: '701',
      how: 'retrieved',
    });
    const { row } = script.leaves('c', 'lot').enters('p', 'e').enters('c', 'e').at(30).hangsUp('c').ends('c').ends('p');
    expect(row).toMatchObject({
      callId: 'c',
      agentExtension: '1002',
      talkMs: 15 * SECOND,
      parkings: [{ place: '701', byExtension: '1001', toExtension: '1002', result: 'retrieved' }],
      legs: [{}, { extension: '1001' }, { extension: '1002', result: 'answered' }],
    });
  });

  test('given up there', () => {
    expect(parked().at(20).hangsUp('c').ends('c').row).toMatchObject({
      outcome: 'answered',
      endedBy: 'customer',
      parkings: [{ result: 'given_up' }],
    });
  });
});

describe('hold', () => {
  const music = (script: PbxScript, type: 'music.begun' | 'music.ended'): PbxScript =>
    script.tell({ type, atMs: script.now, channel: script.ref('c') });

  test('music to the customer is a hold, whoever asked for it', () => {
    const script = music(talking().at(7), 'music.begun');
    expect(script.call.legs[1]).toMatchObject({ extension: '1001', heldSinceMs: START_MS + 7 * SECOND });
    const { row } = music(script.at(9), 'music.ended').at(10).hangsUp('c').ends('c').ends('a');
    expect(row).toMatchObject({ talkMs: 3 * SECOND, holdMs: 2 * SECOND });
  });

  test('music in the queue is none', () => {
    const script = music(new PbxScript().callsIn('c').at(1).joinsQueue('c'), 'music.begun').queueCalls('c', 'a', '1001').rings('a').at(5);
    expect(music(script, 'music.ended').answers('a', 'c').at(9).hangsUp('c').ends('c').ends('a').row).toMatchObject({
      talkMs: 4 * SECOND,
      holdMs: 0,
    });
  });
});
