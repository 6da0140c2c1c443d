import { PbxScript, START_MS } from '../../../test/fixtures/pbx-script';
import { projectAgentPart } from './call-projection';

const SECOND = 1_000;
const talking = (): PbxScript =>
  new PbxScript().callsIn('c').joinsQueue('c').queueCalls('c', 'a', '1001').at(2).rings('a').at(5).leavesQueue('c').answers('a', 'c', 'b');

describe('an agent’s page is loaded again in a call', () => {
  test('the call stays one, its talk without a hole', () => {
    const script = talking().at(20).takesOver('a2', 'a', 'b');
    expect(script.call).toMatchObject({ callId: 'c', phase: 'connected', linkedIds: ['c'], complete: true });
    script.at(30).hangsUp('a2').leaves('a2', 'b').leaves('c', 'b').ends('a2').ends('c');
    expect(script.row).toMatchObject({
      outcome: 'answered',
      endedBy: 'agent',
      agentExtension: '1001',
      talkMs: 25 * SECOND,
      holdMs: 0,
      complete: true,
    });
    expect(script.row.legs.map(({ channelId, result, talkMs }) => [channelId, result, talkMs])).toEqual([
      ['c', 'answered', 25 * SECOND],
      ['a', 'answered', 15 * SECOND],
      ['a2', 'answered', 10 * SECOND],
    ]);
    expect(script.book.size()).toMatchObject({ calls: 0, index: 0 });
  });

  test('nothing rings, nothing begins, and the agent’s own view goes on from when they answered', () => {
    const script = talking().at(20);
    script.told();
    script.takesOver('a2', 'a', 'b');
    expect(script.told().filter((effect) => /call\.entered|leg\.alerting|call\.ended/.test(effect))).toEqual([]);
    expect(projectAgentPart(script.call, '1001')).toMatchObject({
      state: 'connected',
      alertingAtMs: START_MS + 2 * SECOND,
      answeredAtMs: START_MS + 5 * SECOND,
      endedAtMs: null,
      leg: { channelId: 'a2', continues: 'a' },
    });
  });

  test('twice is as good as once', () => {
    const script = talking().at(10).takesOver('a2', 'a', 'b').at(15).takesOver('a3', 'a2', 'b');
    expect(projectAgentPart(script.call, '1001')).toMatchObject({ answeredAtMs: START_MS + 5 * SECOND, leg: { channelId: 'a3' } });
    script.at(25).hangsUp('c').ends('c').ends('a3');
    expect(script.row).toMatchObject({ endedBy: 'customer', talkMs: 20 * SECOND, complete: true });
  });

  test('a hold that the old channel took along is over; the page holds again', () => {
    const script = talking().at(10).holds('a').at(20).takesOver('a2', 'a', 'b').at(21).holds('a2').at(30).resumes('a2');
    script.at(40).hangsUp('c').ends('c').ends('a2');
    expect(script.row).toMatchObject({ holdMs: 19 * SECOND, talkMs: 16 * SECOND });
  });

  test('the leaving of the old channel may be told late', () => {
    const script = talking().at(20);
    script.channel('a2', { name: 'PJSIP/1001-a2', number: '1001', exten: 'resume', linkedId: 'c' });
    const channel = { ...script.ref('a2'), state: 'up' as const };
    script.tell({ type: 'bridge.entered', atMs: script.now, channel, bridgeId: 'b', bridgeTechnology: null, replacesChannelId: 'a' });
    expect(script.call.legs.map(({ talkingTo }) => talkingTo)).toEqual([['a2'], [], ['c']]);
  });

  test('too late: the call had ended, and the attempt is no call', () => {
    const script = talking().at(10).ends('a').hangsUp('c', 'dialplan').ends('c');
    script.channel('a2', { name: 'PJSIP/1001-a2', number: '1001', exten: 'resume' });
    script.told();
    const attempt = { channel: script.ref('a2'), atMs: script.now } as const;
    script
      .tell({ type: 'channel.created', ...attempt, state: 'ring' })
      .tell({ type: 'channel.ended', ...attempt, cause: 0, state: 'ring' });
    expect(script.told()).toEqual(['ignored taking_over', 'ignored taking_over']);
    expect(script.rows).toHaveLength(1);
    expect(script.book.live()).toEqual([]);
  });

  test('while it rings: it goes on ringing until it is answered with the new channel', () => {
    const script = new PbxScript().callsIn('c').joinsQueue('c').queueCalls('c', 'a', '1001').at(2).rings('a').at(9);
    script.told();
    script.handsOn('a', 'a2');
    expect(projectAgentPart(script.call, '1001')).toMatchObject({ state: 'alerting', endedAtMs: null, outcome: null });
    script.leavesQueue('c').enters('a2', 'b').enters('c', 'b');
    expect(script.told().filter((effect) => /call\.entered|leg\.alerting|call\.ended/.test(effect))).toEqual([]);
    const seconds = (from: number): number => START_MS + from * SECOND;
    expect(projectAgentPart(script.call, '1001')).toMatchObject({ state: 'connected', alertingAtMs: seconds(2), answeredAtMs: seconds(9) });
    script.at(20).hangsUp('a2').ends('a2').ends('c');
    expect(script.row).toMatchObject({ outcome: 'answered', endedBy: 'agent', waitMs: 9 * SECOND, talkMs: 11 * SECOND, complete: true });
    expect(script.row.legs.map(({ result }) => result)).toEqual(['answered', 'answered', 'answered']);
  });

  test('while the customer’s telephone rings: the click goes on, and ends', () => {
    const variables = { entryChannelId: 'a', direction: 'outbound', dialId: 'dial-0001', dialledNumber: '13900000000' };
    const click = () =>
      new PbxScript()
        .calls(null, 'a', 'PJSIP/1001')
        .rings('a')
        .at(1)
        .up('a')
        .set('a', variables)
        .calls('a', 'c', 'PJSIP/trunk', '13900000000@trunk')
        .at(2)
        .rings('c')
        .at(5)
        .handsOn('a', 'a2');
    expect(projectAgentPart(click().call, '1001')).toMatchObject({ state: 'delivered', endedAtMs: null });
    const answered = click().at(8).up('c').enters('c', 'b').enters('a2', 'b');
    expect(projectAgentPart(answered.call, '1001')).toMatchObject({ state: 'connected', answeredAtMs: START_MS + 8 * SECOND });
    answered.at(18).hangsUp('c').ends('c').ends('a2');
    expect(answered.row).toMatchObject({ callId: 'a', outcome: 'answered', endedBy: 'customer', talkMs: 10 * SECOND, complete: true });
    const refused = click().at(8).dialEnds('a2', 'c', 'busy').ends('c', 17);
    expect(refused.row).toMatchObject({ outcome: 'busy', talkMs: 0 });
    expect(refused.book.size()).toMatchObject({ calls: 0, index: 0 });
  });

  test('another telephone that takes a channel’s place is a leg of its own', () => {
    const script = talking().at(20);
    script.channel('x', { name: 'PJSIP/1002-x', number: '1002', linkedId: 'c' });
    const channel = { ...script.ref('x'), state: 'up' as const };
    script.tell({ type: 'bridge.entered', atMs: script.now, channel, bridgeId: 'b', bridgeTechnology: null, replacesChannelId: 'a' });
    expect(script.call.legs.at(-1)).toMatchObject({ channelId: 'x', continues: null });
  });
});
