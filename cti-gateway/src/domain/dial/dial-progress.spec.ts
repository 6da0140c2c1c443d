import { makeCall, makeLeg } from '../../../../test/fakes/pbx-call';
import type { Call, Leg } from '../call/call';
import { dialProgressOf } from './dial-progress';

const clicked = (call: Partial<Call>, agent: Partial<Leg> = {}, customer: Partial<Leg> = {}): string => {
  const { state, reason } = dialProgressOf(
    makeCall({ direction: 'outbound', ...call, legs: [makeLeg(agent), makeLeg({ role: 'customer', extension: null, ...customer })] }),
  );
  return reason === null ? state : `${state}:${reason}`;
};

it.each<[string, Partial<Call>, Partial<Leg>, string]>([
  ['the click', {}, {}, 'ringing_agent'],
  ['the agent is there', {}, { answeredAtMs: 1 }, 'ringing_customer'],
  ['both talk', { phase: 'connected', answeredAtMs: 2 }, { answeredAtMs: 1 }, 'connected'],
  ['one has just hung up', { phase: 'entered', answeredAtMs: 2 }, { answeredAtMs: 1 }, 'connected'],
  ['over after talk', { phase: 'ended', outcome: 'answered', answeredAtMs: 2 }, { answeredAtMs: 1 }, 'ended:answered'],
  ['customer busy', { phase: 'ended', outcome: 'busy' }, { answeredAtMs: 1 }, 'ended:busy'],
  ['customer declines', { phase: 'ended', outcome: 'declined' }, { answeredAtMs: 1 }, 'ended:declined'],
  ['customer does not answer', { phase: 'ended', outcome: 'no_answer' }, { answeredAtMs: 1 }, 'ended:no_answer'],
  ['nobody there', { phase: 'ended', outcome: 'unreachable' }, { answeredAtMs: 1 }, 'ended:unreachable'],
  ['the agent gives up', { phase: 'ended', outcome: 'cancelled' }, { answeredAtMs: 1 }, 'ended:cancelled'],
  ['the agent does not answer', { phase: 'ended', outcome: 'no_answer' }, { result: 'no_answer' }, 'ended:agent_no_answer'],
  ['the agent declines', { phase: 'ended', outcome: 'declined' }, { result: 'declined' }, 'ended:agent_declined'],
  ['the agent is busy', { phase: 'ended', outcome: 'busy' }, { result: 'busy' }, 'ended:agent_busy'],
  [
    "the agent's telephone cannot be reached",
    { phase: 'ended', outcome: 'unreachable' },
    { result: 'unreachable' },
    'ended:phone_unreachable',
  ],
  ['cancelled while the agent rings', { phase: 'ended', outcome: 'cancelled' }, { result: 'cancelled' }, 'ended:cancelled'],
  ['Asterisk is gone', { phase: 'ended', outcome: 'lost_contact' }, { answeredAtMs: 1 }, 'ended:lost_contact'],
])('%s', (_title, call, agent, expected) => {
  expect(clicked(call, agent)).toBe(expected);
});

it('tells a busy customer at once, while the agent still hears the tone', () => {
  expect(clicked({ phase: 'entered' }, { answeredAtMs: 1 }, { alertingAtMs: 2, endedAtMs: 3, result: 'busy' })).toBe('ended:busy');
  expect(clicked({ phase: 'alerting' }, { answeredAtMs: 1 }, { alertingAtMs: 2 })).toBe('ringing_customer');
});
