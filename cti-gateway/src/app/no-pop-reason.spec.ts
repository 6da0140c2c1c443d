import { makeCall, makeLeg } from '../../../test/fakes/pbx-call';
import type { Call, Leg } from '../domain/call/call';
import { trailReason, type TrailFacts, type TrailOffer } from './no-pop-reason';

const customer = makeLeg({ channelId: 'c1', role: 'customer', extension: null, placed: true });
const visit = { queue: 'hotline', joinedAtMs: 1, leftAtMs: 2, result: 'left', position: 1 } as unknown as Call['queueVisits'][number];
const ended = (call: Partial<Call>, legs: readonly Leg[] = []): Call =>
  makeCall({ phase: 'ended', complete: true, direction: 'inbound', endedBy: 'customer', ...call, legs: [customer, ...legs] });
const why = (call: Call, facts: Partial<TrailFacts> = {}): string | null =>
  trailReason({ call, offers: [], isLine: true, mostReady: 1, ...facts });
const offer = (shownAtMs: number | null): TrailOffer => ({
  channelId: 'a1',
  extension: '1001',
  endpoint: 'PJSIP/1001',
  alertingAtMs: 1,
  known: true,
  sentAtMs: 2,
  shownAtMs,
});
const message: Partial<Call> = { outcome: 'voicemail', voicemail: { file: '2026/11/21/c-message.wav', durationMs: 7_120 } };

describe('why a call was on no screen', () => {
  it.each<[string, Call, Partial<TrailFacts>, string | null]>([
    ['it lives', makeCall({ phase: 'connected', legs: [customer] }), {}, null],
    ['it was on one', ended({}), { offers: [offer(3)] }, null],
    ['the pop was sent and not painted', ended({}), { offers: [offer(null)] }, 'not_shown'],
    ['turned away', ended({ callerMark: 'blocked' }), {}, 'blocked_caller'],
    ['no line of ours', ended({}), { isLine: false }, 'not_a_line'],
    ['nobody ready', ended({ queueVisits: [visit] }), { mostReady: 0 }, 'nobody_ready'],
    ['nobody ready, and a message left', ended({ ...message, queueVisits: [visit] }), { mostReady: 0 }, 'nobody_ready'],
    ['a message left outside hours', ended(message), {}, 'left_message'],
    ['a message that the dialplan ended', ended({ ...message, endedBy: 'system' }), {}, 'left_message'],
    ['hung up before', ended({}), {}, 'abandoned_before_ringing'],
    ['ended by the dialplan', ended({ endedBy: 'system' }), {}, 'pbx_ended'],
    ['not all of it was seen', ended({ complete: false }), {}, 'gateway_gap'],
    ['telephones that never rang', ended({}, [makeLeg({ channelId: 'a1', endedAtMs: 3 })]), {}, 'phone_unreachable'],
    ['dialled by an agent', ended({ direction: 'outbound' }), {}, 'placed_by_agent'],
  ])('%s', (_title, call, facts, expected) => {
    expect(why(call, facts)).toBe(expected);
  });
});
