import { PbxScript } from '../../../../test/fixtures/pbx-script';
import type { CallLogRow } from '../../../../crm-core/contract/calls';

/** Each case is a whole call; what its row says of the end, and of each leg by channel id. */
interface Case {
  readonly tell: (script: PbxScript) => PbxScript;
  readonly row: Partial<CallLogRow>;
  readonly legs?: Readonly<Record<string, string>>;
}

const queued = (s: PbxScript): PbxScript => s.callsIn('c').at(1).joinsQueue('c').at(2).queueCalls('c', 'a', '1001');
const answered = (s: PbxScript): PbxScript =>
  queued(s).at(3).rings('a').at(5).dialEnds('c', 'a', 'answer').leavesQueue('c').answers('a', 'c', 'b');
const direct = (s: PbxScript): PbxScript => s.callsIn('c').at(1).calls('c', 'a', 'PJSIP/1001').rings('a');
const clicked = (s: PbxScript): PbxScript =>
  s
    .calls(null, 'd', 'PJSIP/1001')
    .at(1)
    .rings('d')
    .at(2)
    .up('d')
    .set('d', { direction: 'outbound', dialledNumber: '13800138000', dialId: '77' })
    .calls('d', 't', 'PJSIP/trunk', '13800138000@trunk');
const dialled = (s: PbxScript): PbxScript => s.dials('d', '1001', '13800138000').at(1).calls('d', 't', 'PJSIP/trunk', '13800138000@trunk');
const inside = (s: PbxScript): PbxScript =>
  s.dials('d', '1001', '1002', { direction: 'internal' }).at(1).calls('d', 'a', 'PJSIP/1002').rings('a');

const inbound: Record<string, Case> = {
  'answered, caller hangs up': {
    tell: (s) => answered(s).at(9).hangsUp('c').leaves('c', 'b').ends('a').hangsUp('c', 'dialplan').ends('c'),
    row: { outcome: 'answered', endedBy: 'customer', agentExtension: '1001', waitMs: 4_000, talkMs: 4_000, cause: 16 },
  },
  'a message left until hanging up': {
    tell: (s) =>
      s
        .callsIn('c')
        .at(1)
        .joinsQueue('c')
        .at(20)
        .leavesQueue('c')
        .at(29)
        .hangsUp('c')
        .set('c', { voicemail: '2026/11/21/c-message.wav:7120' })
        .ends('c'),
    row: {
      outcome: 'voicemail',
      endedBy: 'customer',
      agentExtension: null,
      recording: null,
      recordings: ['2026/11/21/c-message.wav'],
      voicemail: { file: '2026/11/21/c-message.wav', durationMs: 7_120 },
    },
    legs: { c: 'no_answer' },
  },
  'a message left until its time was over': {
    tell: (s) =>
      s
        .callsIn('c')
        .at(1)
        .joinsQueue('c')
        .at(20)
        .leavesQueue('c')
        .at(140)
        .set('c', { voicemail: 'm.wav:120000' })
        .hangsUp('c', 'dialplan')
        .ends('c'),
    row: { outcome: 'voicemail', endedBy: 'system' },
  },
  'a message that is told in no known way is none': {
    tell: (s) =>
      s.callsIn('c').at(1).joinsQueue('c').at(20).leavesQueue('c').at(29).set('c', { voicemail: 'm.wav' }).hangsUp('c').ends('c'),
    row: { outcome: 'no_answer', voicemail: null, recordings: [] },
  },
  'answered, agent hangs up, caller stays for a survey': {
    tell: (s) => answered(s).at(9).hangsUp('a').ends('a').at(30).hangsUp('c').ends('c'),
    row: { outcome: 'answered', endedBy: 'agent', talkMs: 4_000 },
  },
  'answered, gateway hangs up the agent’s leg': {
    tell: (s) => answered(s).at(9).hangsUp('a', 'command').ends('a').hangsUp('c', 'dialplan').ends('c'),
    row: { outcome: 'answered', endedBy: 'agent' },
  },
  'answered, the customer’s leg is cut by command': {
    tell: (s) => answered(s).at(9).hangsUp('c', 'command').ends('c').ends('a'),
    row: { outcome: 'answered', endedBy: 'system' },
  },
  'answered, the browser tab is closed and its media time out': {
    tell: (s) => answered(s).at(9).hangsUp('a', 'dialplan').ends('a', 44).at(9.01).hangsUp('c', 'dialplan').ends('c'),
    row: { outcome: 'answered', endedBy: 'system', cause: 44 },
  },
  'nobody asked to hang up, the queue knows who it was': {
    tell: (s) => {
      const told = answered(s).at(9);
      told.tell({
        type: 'queue.memberCompleted',
        atMs: told.now,
        channel: s.ref('c'),
        member: s.ref('a'),
        queue: 'hotline',
        reason: 'caller',
      });
      return told.ends('c').ends('a');
    },
    row: { outcome: 'answered', endedBy: 'customer' },
  },
  'abandoned while it rings': {
    tell: (s) => queued(s).at(3).rings('a').at(8).hangsUp('c').dialEnds('c', 'a', 'cancel').ends('a', 0).abandonsQueue('c').ends('c', 0),
    row: { outcome: 'abandoned', endedBy: 'customer', agentExtension: null, waitMs: 7_000, answeredAt: null, recording: null },
    legs: { c: 'cancelled', a: 'cancelled' },
  },
  'declined from the panel, over ARI, while it rings; the caller goes on waiting and gives up': {
    tell: (s) =>
      queued(s)
        .at(3)
        .rings('a')
        .at(5)
        .hangsUp('a', 'command')
        .ringsOut('c', 'a')
        .dialEnds('c', 'a', 'no_answer')
        .ends('a', 0)
        .at(9)
        .hangsUp('c')
        .abandonsQueue('c')
        .ends('c', 0),
    row: { outcome: 'abandoned', endedBy: 'customer', agentExtension: null },
    legs: { c: 'cancelled', a: 'declined' },
  },
  'nobody answered in time, which the queue calls abandoned': {
    tell: (s) => s.callsIn('c').joinsQueue('c').at(60).abandonsQueue('c').at(63).hangsUp('c', 'dialplan').ends('c', 17),
    row: { outcome: 'no_answer', endedBy: 'system', queueVisits: [expect.objectContaining({ result: 'left' })] },
  },
  'answered, the agent’s leg is cut over AMI: no request, and the queue names the caller': {
    tell: (s) => {
      const cut = answered(s).at(9).leaves('a', 'b').leaves('c', 'b').hangsUp('c', 'dialplan');
      return cut
        .tell({ type: 'queue.memberCompleted', atMs: s.now, channel: s.ref('c'), member: s.ref('a'), queue: 'hotline', reason: 'caller' })
        .ends('a')
        .ends('c');
    },
    row: { outcome: 'answered', endedBy: 'agent' },
  },
  'nobody answered in time': {
    tell: (s) => s.callsIn('c').joinsQueue('c').at(60).leavesQueue('c').at(65).hangsUp('c', 'dialplan').ends('c', 17),
    row: { outcome: 'no_answer', endedBy: 'system', queue: 'hotline' },
  },
  'nobody answered in time, caller hangs up on the announcement': {
    tell: (s) => s.callsIn('c').joinsQueue('c').at(60).leavesQueue('c').at(62).hangsUp('c').ends('c'),
    row: { outcome: 'no_answer', endedBy: 'customer' },
  },
  'first agent lets it ring, second answers': {
    tell: (s) =>
      queued(s)
        .at(3)
        .rings('a')
        .at(17)
        .ringsOut('c', 'a')
        .dialEnds('c', 'a', 'no_answer')
        .dialEnds('c', 'a', 'cancel')
        .ends('a', 0)
        .at(18)
        .queueCalls('c', 'b', '1002')
        .rings('b')
        .at(20)
        .leavesQueue('c')
        .answers('b', 'c')
        .at(25)
        .hangsUp('c')
        .ends('c')
        .ends('b'),
    row: { outcome: 'answered', agentExtension: '1002', waitMs: 19_000, talkMs: 5_000 },
    legs: { c: 'answered', a: 'no_answer', b: 'answered' },
  },
  'first agent declines by hand (486), second by 603, third is not there': {
    tell: (s) =>
      queued(s)
        .at(3)
        .rings('a')
        .at(4)
        .hangsUp('a', 'peer', 17)
        .ringsOut('c', 'a')
        .dialEnds('c', 'a', 'busy')
        .ends('a', 17)
        .at(5)
        .queueCalls('c', 'b', '1002')
        .rings('b')
        .at(6)
        .hangsUp('b', 'peer', 21)
        .ringsOut('c', 'b')
        .ends('b', 21)
        .at(7)
        .queueCalls('c', 'x', '1003')
        .at(22)
        .ringsOut('c', 'x')
        .dialEnds('c', 'x', 'no_answer')
        .ends('x', 0)
        .at(23)
        .hangsUp('c')
        .abandonsQueue('c')
        .ends('c', 0),
    row: { outcome: 'abandoned', agentExtension: null },
    legs: { a: 'declined', b: 'declined', x: 'unreachable' },
  },
  'all ring, one answers': {
    tell: (s) =>
      queued(s)
        .queueCalls('c', 'b', '1002')
        .at(3)
        .rings('a')
        .rings('b')
        .at(6)
        .leavesQueue('c')
        .up('b')
        .dialEnds('c', 'a', 'cancel')
        .ends('a', 26)
        .enters('b', 'x')
        .enters('c', 'x')
        .at(9)
        .hangsUp('b')
        .ends('b')
        .ends('c'),
    row: { outcome: 'answered', agentExtension: '1002', endedBy: 'agent' },
    legs: { a: 'answered_elsewhere', b: 'answered' },
  },
  'the agent picks up as the caller goes': {
    tell: (s) => queued(s).at(3).rings('a').at(5).up('a').hangsUp('c').abandonsQueue('c').ends('a').ends('c'),
    row: { outcome: 'abandoned', talkMs: 0, agentExtension: null },
    legs: { a: 'answered' },
  },
  'straight to an agent who is busy': {
    tell: (s) => direct(s).hangsUp('a', 'peer', 17).dialEnds('c', 'a', 'busy').ends('a', 17).hangsUp('c', 'dialplan').ends('c', 17),
    row: { outcome: 'busy', endedBy: 'system', cause: 17 },
  },
  'straight to an agent who declines': {
    tell: (s) => direct(s).hangsUp('a', 'peer', 21).ends('a', 21).ends('c', 21),
    row: { outcome: 'declined', endedBy: 'system' },
  },
  'straight to an agent who does not answer': {
    tell: (s) => direct(s).at(31).dialEnds('c', 'a', 'no_answer').ends('a').ends('c'),
    row: { outcome: 'no_answer', endedBy: 'system' },
  },
  'no line of ours': {
    tell: (s) => (
      s.channel('c', { name: 'PJSIP/trunk-1', number: '13912345678', exten: '999' }),
      s
        .tell({ type: 'channel.created', atMs: s.now, channel: s.ref('c'), state: 'ring' })
        .hangsUp('c', 'dialplan')
        .ends('c', 1)
    ),
    row: { direction: 'inbound', outcome: 'failed', endedBy: 'system', cause: 1, line: '999' },
  },
};

const outbound: Record<string, Case> = {
  'click: answered, customer hangs up': {
    tell: (s) =>
      clicked(s)
        .at(3)
        .rings('t')
        .at(6)
        .dialEnds('d', 't', 'answer')
        .answers('t', 'd')
        .at(16)
        .hangsUp('t')
        .ends('t')
        .hangsUp('d', 'dialplan')
        .ends('d'),
    row: {
      outcome: 'answered',
      endedBy: 'customer',
      agentExtension: '1001',
      remoteNumber: '13800138000',
      dialId: '77',
      waitMs: 6_000,
      talkMs: 10_000,
    },
  },
  'click: customer busy, the agent hears it and hangs up': {
    tell: (s) =>
      clicked(s).at(3).rings('t').at(4).hangsUp('t', 'peer', 17).dialEnds('d', 't', 'busy').ends('t', 17).at(6).hangsUp('d').ends('d', 17),
    row: { outcome: 'busy', endedBy: 'customer', cause: 17 },
    legs: { d: 'answered', t: 'busy' },
  },
  'click: customer declines': {
    tell: (s) => clicked(s).rings('t').hangsUp('t', 'peer', 21).dialEnds('d', 't', 'no_answer').ends('t', 21).at(7).ends('d', 21),
    row: { outcome: 'declined', endedBy: 'customer' },
  },
  'click: no such number, whatever DialEnd says': {
    tell: (s) => clicked(s).rings('t').hangsUp('t', 'peer', 1).dialEnds('d', 't', 'no_answer').ends('t', 1).ends('d', 1),
    row: { outcome: 'unreachable', endedBy: 'system', cause: 1 },
  },
  'click: the trunk has no line free': {
    tell: (s) => clicked(s).dialEnds('d', 't', 'congestion').ends('t', 34).ends('d', 34),
    row: { outcome: 'failed', endedBy: 'system', cause: 34 },
  },
  'click: the trunk is not there': {
    tell: (s) => clicked(s).dialEnds('d', 't', 'unavailable').ends('t', 0).ends('d', 20),
    row: { outcome: 'unreachable', endedBy: 'system' },
  },
  'click: customer does not answer in time, the agent hangs up on the tone': {
    tell: (s) => clicked(s).rings('t').at(47).dialEnds('d', 't', 'no_answer').ends('t', 16).at(49).hangsUp('d').ends('d', 19),
    row: { outcome: 'no_answer', endedBy: 'system' },
  },
  'click: the trunk never says that it rings': {
    tell: (s) => clicked(s).at(47).dialEnds('d', 't', 'no_answer').ends('t', 16).ends('d', 19),
    row: { outcome: 'no_answer' },
  },
  'click: the agent gives up': {
    tell: (s) => clicked(s).rings('t').at(9).hangsUp('d').dialEnds('d', 't', 'cancel').ends('t').ends('d'),
    row: { outcome: 'cancelled', endedBy: 'agent' },
    legs: { t: 'cancelled' },
  },
  'click: the gateway is told to give up': {
    tell: (s) => clicked(s).rings('t').at(9).hangsUp('d', 'command').dialEnds('d', 't', 'cancel').ends('t').ends('d'),
    row: { outcome: 'cancelled', endedBy: 'agent' },
  },
  'click: the agent’s phone is not answered': {
    tell: (s) => s.calls(null, 'd', 'PJSIP/1001').at(1).rings('d').at(31).ends('d', 19),
    row: { outcome: 'no_answer', endedBy: 'system', agentExtension: '1001' },
  },
  'click: the agent’s phone is silent': {
    tell: (s) => s.calls(null, 'd', 'PJSIP/1001').at(31).ends('d', 18),
    row: { outcome: 'unreachable', endedBy: 'system' },
  },
  'click: the agent’s phone is busy': {
    tell: (s) => s.calls(null, 'd', 'PJSIP/1001').hangsUp('d', 'peer', 17).dialEnds(null, 'd', 'busy').ends('d', 17),
    row: { outcome: 'busy', endedBy: 'agent' },
  },
  'click: the agent declines': {
    tell: (s) => s.calls(null, 'd', 'PJSIP/1001').rings('d').hangsUp('d', 'peer', 21).ends('d', 21),
    row: { outcome: 'declined', endedBy: 'agent' },
  },
  'click: taken back while the agent’s phone rings': {
    tell: (s) => s.calls(null, 'd', 'PJSIP/1001').rings('d').hangsUp('d', 'command').dialEnds(null, 'd', 'no_answer').ends('d', 16),
    row: { outcome: 'cancelled', endedBy: 'agent' },
  },
  'click: the dialplan refuses the number': {
    tell: (s) => s.calls(null, 'd', 'PJSIP/1001').rings('d').up('d').at(5).hangsUp('d', 'dialplan').ends('d', 21),
    row: { outcome: 'failed', endedBy: 'system' },
  },
  'desk phone: answered': {
    tell: (s) => dialled(s).at(2).rings('t').at(7).up('d').answers('t', 'd').at(9).hangsUp('d').ends('d').ends('t'),
    row: {
      direction: 'outbound',
      outcome: 'answered',
      endedBy: 'agent',
      remoteNumber: '13800138000',
      agentExtension: '1001',
      waitMs: 7_000,
      talkMs: 2_000,
      line: null,
    },
    legs: { d: 'answered', t: 'answered' },
  },
  'desk phone: busy': {
    tell: (s) => dialled(s).hangsUp('t', 'peer', 17).dialEnds('d', 't', 'busy').ends('t', 17).at(5).ends('d', 17),
    row: { outcome: 'busy', agentExtension: '1001' },
    legs: { d: 'busy' },
  },
  'desk phone: not allowed': {
    tell: (s) => s.dials('d', '1001', '0012125550100').at(2).hangsUp('d', 'dialplan').ends('d', 21),
    row: { direction: 'outbound', outcome: 'declined', endedBy: 'system', remoteNumber: '0012125550100' },
  },
  'desk phone: no such number in the dialplan': {
    tell: (s) => s.dials('d', '1001', '999999').ends('d', 0),
    row: { direction: 'outbound', outcome: 'failed', endedBy: 'system' },
  },
};

const internal: Record<string, Case> = {
  'a colleague answers': {
    tell: (s) => inside(s).at(4).up('d').answers('a', 'd').at(10).hangsUp('a').ends('a').ends('d'),
    row: { direction: 'internal', outcome: 'answered', endedBy: 'agent', remoteNumber: '1002', agentExtension: '1001', talkMs: 6_000 },
    legs: { d: 'answered', a: 'answered' },
  },
  'a colleague declines': { tell: (s) => inside(s).hangsUp('a', 'peer', 21).ends('a', 21).ends('d', 21), row: { outcome: 'declined' } },
  'a colleague is away': {
    tell: (s) => inside(s).at(31).dialEnds('d', 'a', 'no_answer').ends('a').ends('d', 19),
    row: { outcome: 'no_answer', endedBy: 'system' },
  },
  'the one who called gives up': {
    tell: (s) => inside(s).at(5).hangsUp('d').dialEnds('d', 'a', 'cancel').ends('a').ends('d'),
    row: { outcome: 'cancelled', endedBy: 'agent' },
    legs: { a: 'cancelled', d: 'cancelled' },
  },
  'a code that Asterisk answers itself': {
    tell: (s) => s.dials('d', '1001', '*43').at(1).up('d').at(8).hangsUp('d').ends('d'),
    row: { direction: 'internal', outcome: 'answered', talkMs: 7_000, remoteNumber: '*43' },
  },
};

describe.each([
  ['inbound', inbound],
  ['outbound', outbound],
  ['internal', internal],
])('how %s calls end', (_, cases) => {
  test.each(Object.entries(cases))('%s', (__, { tell, row, legs = {} }) => {
    const script = tell(new PbxScript());
    expect(script.row).toMatchObject({ complete: true, ...row });
    const results = Object.fromEntries(script.row.legs.map((leg) => [leg.channelId, leg.result]));
    expect(results).toMatchObject(legs);
    expect(script.book.size()).toMatchObject({ calls: 0, index: 0 });
  });
});
