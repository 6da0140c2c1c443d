import type { CallView } from '../../protocol';
import { ManualClock } from '../../../test/fakes/manual-clock';
import { makeCall, makeLeg } from '../../../test/fakes/pbx-call';
import type { Call } from '../domain/call/call';
import type { AgentChannel } from '../ports/agent-channel';
import { silentLog } from '../ports/log';
import type { CallerMatching } from './caller-matching';
import { LiveDesk } from './live-desk';
import type { PopTrail } from './pop-trail';

interface Sent {
  readonly extension: string;
  readonly type: string;
  readonly call: CallView;
}

/** Two calls that Asterisk makes one: a colleague who was called separately is given the customer. */
describe('a call that becomes part of another', () => {
  const agent = (extension: string, channelId: string) =>
    makeLeg({
      channelId,
      channelName: `PJSIP/${extension}-${channelId}`,
      role: 'agent',
      extension,
      answeredAtMs: 1_000,
      connectedAtMs: 1_000,
    });
  const inside = makeCall({ callId: 'inside', direction: 'internal', phase: 'connected', legs: [agent('1001', 'a2'), agent('1002', 'b')] });
  const customers = (...legs: Call['legs']) => makeCall({ callId: 'c1', phase: 'connected', legs });
  const sent: Sent[] = [];
  const forgotten: string[] = [];
  let desk: LiveDesk;

  beforeEach(() => {
    sent.length = 0;
    forgotten.length = 0;
    const channel = {
      send: (to: { extension: string }, type: string, { call }: { call: CallView }) => sent.push({ ...to, type, call }),
    } as unknown as AgentChannel;
    const matching = {
      onMatched: () => () => undefined,
      viewOf: () => ({ kind: 'pending', key: null, display: null, numberClass: null, reason: 'lookup.pending', owners: [] }),
      forget: (callId: string) => forgotten.push(callId),
    } as unknown as CallerMatching;
    const nothing = () => undefined;
    const trail = { sent: nothing, add: nothing } as unknown as PopTrail;
    const telemetry = { popSent: nothing } as never;
    desk = new LiveDesk({
      channel,
      matching,
      trail,
      telemetry,
      clock: new ManualClock(),
      log: silentLog,
      dialRingMs: 30_000,
      queueRingMs: null,
    });
    desk.apply({ type: 'call.entered', call: customers(agent('1001', 'a1')) });
    desk.apply({ type: 'call.entered', call: inside });
    sent.length = 0;
  });
  afterEach(() => desk.close());

  test('ends on both desks, and the customer’s call is shown to who has it now', () => {
    desk.apply({ type: 'call.merged', call: customers(agent('1001', 'a1'), agent('1002', 'b')), absorbed: inside });
    const ends = sent.filter(({ type }) => type === 'call.ended');
    expect(ends.map(({ extension, call }) => [extension, call.callId, call.state, call.endedBy])).toEqual([
      ['1001', 'inside', 'ended', 'system'],
      ['1002', 'inside', 'ended', 'system'],
    ]);
    expect(sent.filter(({ call }) => call.callId === 'c1').map(({ extension, type }) => [extension, type])).toEqual([
      ['1002', 'call.changed'],
    ]);
    expect(desk.callsOf('1002').map(({ callId }) => callId)).toEqual(['c1']);
    expect(forgotten).toEqual(['inside']);
  });

  test('goes on in the channel of a page that was loaded again, also where nothing that is shown has changed', () => {
    const before = { ...agent('1001', 'a1'), endedAtMs: 2_000 };
    desk.apply({ type: 'call.changed', call: customers(before, agent('1001', 'a2')) });
    expect(sent).toEqual([]);
    expect(desk.find('1001', 'c1')?.part.leg.channelName).toBe('PJSIP/1001-a2');
  });

  test('nothing comes back under its old id', () => {
    desk.apply({ type: 'call.merged', call: customers(agent('1001', 'a1'), agent('1002', 'b')), absorbed: inside });
    expect(desk.find('1001', 'inside')).toBeNull();
    expect(desk.find('1002', 'inside')).toBeNull();
    expect(desk.inCall('1002')).toBe(true);
  });
});
