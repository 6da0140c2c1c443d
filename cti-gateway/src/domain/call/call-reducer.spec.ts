import { PbxScript, START_MS } from '../../../../test/fixtures/pbx-script';

const waiting = (): PbxScript => new PbxScript().callsIn('c').at(1).joinsQueue('c');
const ringing = (): PbxScript => waiting().at(2).queueCalls('c', 'a', '1001').at(3).rings('a');
const talking = (): PbxScript => ringing().at(5).leavesQueue('c').answers('a', 'c', 'b');
const clicked = (): PbxScript => new PbxScript().calls(null, 'dial-1', 'PJSIP/1001').at(1).rings('dial-1').at(2).up('dial-1');
const outgoing = { entryChannelId: 'dial-1', direction: 'outbound', dialledNumber: '13800138000', dialId: '1' };

/** State before, event, what the world is told. */
const steps: [string, () => PbxScript, (script: PbxScript) => PbxScript, string[]][] = [
  ['a caller comes in', () => new PbxScript(), (s) => s.callsIn('c'), ['call.entered entered', 'leg.changed c', 'call.changed entered']],
  ['joins the queue', () => new PbxScript().callsIn('c'), (s) => s.joinsQueue('c'), ['call.changed queued']],
  ['joins it again', waiting, (s) => s.joinsQueue('c'), ['ignored no_change']],
  ['a telephone is called, silent yet', waiting, (s) => s.queueCalls('c', 'a', '1001'), ['call.changed queued']],
  ['it rings', () => waiting().queueCalls('c', 'a', '1001'), (s) => s.rings('a'), ['leg.alerting a', 'call.changed alerting']],
  ['it is told to ring twice', ringing, (s) => s.rings('a'), ['ignored no_change']],
  ['it is picked up', ringing, (s) => s.up('a'), ['leg.changed a', 'call.changed queued']],
  [
    'both are bridged',
    () => ringing().up('a').enters('a', 'b'),
    (s) => s.enters('c', 'b'),
    ['leg.connected c', 'leg.connected a', 'call.changed connected'],
  ],
  [
    'bridged the other way round',
    () => ringing().up('a').enters('c', 'b'),
    (s) => s.enters('a', 'b'),
    ['leg.connected c', 'leg.connected a', 'call.changed connected'],
  ],
  ['put on hold', talking, (s) => s.at(7).holds('a'), ['leg.changed a']],
  ['taken back', () => talking().at(7).holds('a'), (s) => s.at(9).resumes('a'), ['leg.changed a']],
  ['taken back without hold', talking, (s) => s.resumes('a'), ['ignored no_change']],
  ['the caller wishes to go', talking, (s) => s.hangsUp('c'), []],
  ['the agent has gone', talking, (s) => s.ends('a'), ['leg.changed c', 'leg.ended a', 'call.changed entered']],
  ['the last one goes', () => talking().ends('a'), (s) => s.ends('c'), ['leg.ended c', 'call.ended ended']],
  [
    'an echo after the end',
    () => talking().ends('a').ends('c'),
    (s) => s.ends('c').up('a').rings('a'),
    Array(3).fill('ignored call_ended'),
  ],
  [
    'the end of a channel never seen',
    () => new PbxScript(),
    (s) => (s.channel('x', { name: 'PJSIP/1001-x' }), s.ends('x')),
    ['ignored unknown_channel'],
  ],
  ['a Local channel', () => new PbxScript(), (s) => (s.channel('l', { name: 'Local/1001@agents-0;1' }), s.up('l')), ['ignored not_a_leg']],
  [
    'click: the agent first',
    () => new PbxScript(),
    (s) => s.calls(null, 'dial-1', 'PJSIP/1001').rings('dial-1'),
    ['call.entered entered', 'leg.alerting dial-1', 'call.changed alerting'],
  ],
  [
    'click: then the customer',
    clicked,
    (s) => s.set('dial-1', outgoing).calls('dial-1', 't', 'PJSIP/trunk').rings('t'),
    ['call.changed entered', 'call.changed entered', 'leg.alerting t', 'call.changed alerting'],
  ],
  [
    'click: answered',
    () => clicked().calls('dial-1', 't', 'PJSIP/trunk').rings('t'),
    (s) => s.answers('t', 'dial-1'),
    ['leg.changed t', 'call.changed entered', 'leg.connected dial-1', 'leg.connected t', 'call.changed connected'],
  ],
];

describe('one event, what the world is told', () => {
  test.each(steps)('%s', (_, before, act, told) => {
    const script = before();
    script.told();
    expect(act(script).told()).toEqual(told);
  });
});

describe('a call as it stands', () => {
  test('carries what the dialplan said from its first event on', () => {
    expect(waiting().call).toMatchObject({
      callId: 'c',
      direction: 'inbound',
      line: '02066668888',
      areaCode: '20',
      remoteNumber: '13912345678',
      phase: 'queued',
    });
  });

  test.each(['anonymous', 'Anonymous', 'restricted', 'unavailable', null])('a caller who shows %s is withheld', (number) => {
    expect(new PbxScript().callsIn('c', number).call).toMatchObject({ remoteNumber: null, remoteName: null });
  });

  test('early media is no answer: talk begins when the bridged telephone picks up', () => {
    const script = clicked().calls('dial-1', 't', 'PJSIP/trunk').enters('dial-1', 'b').enters('t', 'b').at(4).rings('t');
    expect(script.call).toMatchObject({ phase: 'alerting', answeredAtMs: null });
    expect(script.at(6).up('t').call).toMatchObject({ phase: 'connected', answeredAtMs: START_MS + 6_000 });
  });

  test('two calls of the same number at once are two', () => {
    const script = new PbxScript().callsIn('c').callsIn('d');
    expect(script.book.live().map((call) => call.callId)).toEqual(['c', 'd']);
  });

  test('extensions are told by the whole endpoint, not its beginning', () => {
    const script = waiting().calls('c', 'x', 'PJSIP/10011');
    expect(script.call.legs.at(-1)).toMatchObject({ endpoint: 'PJSIP/10011', role: 'customer', extension: null });
  });

  test('a telephone rung twice is two legs', () => {
    const script = ringing().at(18).ringsOut('c', 'a').ends('a', 0).at(20).queueCalls('c', 'a2', '1001').rings('a2');
    expect(script.call.legs.map((leg) => [leg.channelId, leg.result])).toEqual([
      ['c', null],
      ['a', 'no_answer'],
      ['a2', null],
    ]);
  });

  test('a leg keeps counting through holds, each once', () => {
    const script = talking()
      .at(7)
      .holds('a')
      .holds('a')
      .at(9)
      .resumes('a')
      .at(10)
      .holds('c')
      .at(11)
      .resumes('c')
      .at(15)
      .hangsUp('c')
      .ends('c')
      .ends('a');
    expect(script.row).toMatchObject({ talkMs: 7_000, holdMs: 3_000 });
  });

  test('hung up on hold: the hold ends with the call', () => {
    expect(talking().at(7).holds('a').at(15).hangsUp('c').ends('c').ends('a').row).toMatchObject({
      talkMs: 2_000,
      holdMs: 8_000,
      endedBy: 'customer',
    });
  });
});
