import { makeCall, makeLeg } from '../../../test/fakes/pbx-call';
import type { Call, Leg } from '../domain/call/call';
import { agentExtensions, projectAgentPart } from './call-projection';

const inbound = (leg: Partial<Leg>, call: Partial<Call> = {}): string | null => {
  const part = projectAgentPart(
    makeCall({ ...call, legs: [makeLeg({ channelId: 'c1', role: 'customer', extension: null, placed: true }), makeLeg(leg)] }),
    '1001',
  );
  return part === null ? null : [part.state, part.outcome].filter((word) => word !== null).join(':');
};
const outbound = (leg: Partial<Leg>, customer: Partial<Leg> | null, call: Partial<Call> = {}): string | null => {
  const legs = [
    makeLeg({ channelId: 'c1', ...leg }),
    ...(customer === null ? [] : [makeLeg({ channelId: 'l2', role: 'customer', extension: null, ...customer })]),
  ];
  const part = projectAgentPart(makeCall({ direction: 'outbound', ...call, legs }), '1001');
  return part === null ? null : [part.state, part.outcome].filter((word) => word !== null).join(':');
};

describe('a queue call as its agent sees it', () => {
  it.each<[string, Partial<Leg>, Partial<Call>, string | null]>([
    ['asked, silent', {}, {}, null],
    ['rings', { alertingAtMs: 1 }, {}, 'alerting'],
    ['picked up', { alertingAtMs: 1, answeredAtMs: 2 }, {}, 'connected'],
    ['talks', { alertingAtMs: 1, answeredAtMs: 2, connectedAtMs: 2 }, {}, 'connected'],
    ['held', { alertingAtMs: 1, answeredAtMs: 2, connectedAtMs: 2, heldSinceMs: 3 }, {}, 'hold'],
    ['over', { connectedAtMs: 2, answeredAtMs: 2, endedAtMs: 3, result: 'answered' }, {}, 'ended:answered'],
    ['not answered', { alertingAtMs: 1, endedAtMs: 3, result: 'no_answer' }, {}, 'ended:no_answer'],
    ['declined', { alertingAtMs: 1, endedAtMs: 3, result: 'declined' }, {}, 'ended:declined'],
    ['answered elsewhere', { alertingAtMs: 1, endedAtMs: 3, result: 'answered_elsewhere' }, {}, 'ended:answered_elsewhere'],
    ['caller gone', { alertingAtMs: 1, endedAtMs: 3, result: 'cancelled' }, {}, 'ended:abandoned'],
    [
      'Asterisk gone in talk',
      { connectedAtMs: 1, endedAtMs: 3, result: 'lost_contact' },
      { phase: 'ended', outcome: 'lost_contact' },
      'ended:lost_contact',
    ],
  ])('%s', (_title, leg, call, expected) => {
    expect(inbound(leg, call)).toBe(expected);
  });

  it('is the latest of several rings, the living one first', () => {
    const first = makeLeg({ channelId: 'a', alertingAtMs: 1, endedAtMs: 2, result: 'no_answer' });
    const second = makeLeg({ channelId: 'b', alertingAtMs: 3 });
    expect(projectAgentPart(makeCall({ legs: [second, first] }), '1001')?.leg.channelId).toBe('b');
    expect(projectAgentPart(makeCall({ legs: [first, { ...second, endedAtMs: 4 }] }), '1001')?.leg.channelId).toBe('b');
  });

  it('is nothing to anybody else, however alike the extension', () => {
    const call = makeCall({ legs: [makeLeg({ alertingAtMs: 1 })] });
    for (const other of ['100', '10011', '1002', '']) expect(projectAgentPart(call, other)).toBeNull();
    expect(agentExtensions(call)).toEqual(['1001']);
  });
});

describe('a dialled call as its agent sees it', () => {
  it.each<[string, Partial<Leg>, Partial<Leg> | null, Partial<Call>, string]>([
    ['own telephone rings', { alertingAtMs: 1 }, null, {}, 'initiated'],
    ['own telephone is up', { alertingAtMs: 1, answeredAtMs: 2 }, {}, {}, 'initiated'],
    ['the customer rings', { alertingAtMs: 1, answeredAtMs: 2 }, { alertingAtMs: 3 }, {}, 'delivered'],
    ['both talk', { answeredAtMs: 2, connectedAtMs: 4 }, { alertingAtMs: 3, connectedAtMs: 4 }, {}, 'connected'],
    [
      'customer busy',
      { answeredAtMs: 2, endedAtMs: 5, result: 'answered' },
      { endedAtMs: 5 },
      { phase: 'ended', outcome: 'busy' },
      'ended:busy',
    ],
    [
      'own telephone not answered',
      { alertingAtMs: 1, endedAtMs: 5, result: 'no_answer' },
      null,
      { phase: 'ended', outcome: 'no_answer' },
      'ended:no_answer',
    ],
  ])('%s', (_title, leg, customer, call, expected) => {
    expect(outbound(leg, customer, call)).toBe(expected);
  });
});

describe('a call between two agents', () => {
  const legs = [makeLeg({ channelId: 'c1', placed: true }), makeLeg({ channelId: 'l2', extension: '1002', alertingAtMs: 1 })];
  it('rings at one and is being placed at the other', () => {
    const call = makeCall({ direction: 'internal', legs });
    expect(projectAgentPart(call, '1001')?.state).toBe('delivered');
    expect(projectAgentPart(call, '1002')?.state).toBe('alerting');
  });
});
