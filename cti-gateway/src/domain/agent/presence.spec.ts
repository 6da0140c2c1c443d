import { decodeReasons, encodeReasons, observeMember, OFFLINE, withReason, type AgentPresenceState, type MemberFact } from './presence';

const ready: AgentPresenceState = { state: 'ready', sinceMs: 1 };
const paused: AgentPresenceState = { state: 'paused', sinceMs: 1, reasons: ['break'] };
const member = (pausedReason: string | null): MemberFact => ({ kind: 'member', paused: pausedReason !== null, pausedReason });

describe('presence as the queue tells it', () => {
  it.each<[string, AgentPresenceState, MemberFact, AgentPresenceState]>([
    ['signed in', OFFLINE, member(null), { state: 'ready', sinceMs: 9 }],
    ['signed in paused', OFFLINE, member('meeting'), { state: 'paused', sinceMs: 9, reasons: ['meeting'] }],
    ['paused', ready, member('break'), { state: 'paused', sinceMs: 9, reasons: ['break'] }],
    ['another reason', paused, member('break+supervisor'), { state: 'paused', sinceMs: 9, reasons: ['break', 'supervisor'] }],
    ['ready', paused, member(null), { state: 'ready', sinceMs: 9 }],
    ['in wrap-up, which is no pause', OFFLINE, member('wrap_up@10.20>break'), { state: 'ready', sinceMs: 9 }],
    ['paused beside wrap-up', ready, member('wrap_up+meeting'), { state: 'paused', sinceMs: 9, reasons: ['meeting'] }],
    ['signed out', paused, { kind: 'removed' }, { state: 'offline' }],
  ])('%s', (_title, before, fact, after) => {
    expect(observeMember(before, fact, 9)).toEqual(after);
  });

  it.each<[AgentPresenceState, MemberFact]>([
    [ready, member(null)],
    [paused, member('break')],
    [OFFLINE, { kind: 'removed' }],
  ])('keeps the very same state, and its time, when told the same again (%#)', (before, fact) => {
    expect(observeMember(before, fact, 9)).toBe(before);
  });
});

describe('reasons of a pause', () => {
  it.each([
    ['', ['supervisor']],
    [null, ['supervisor']],
    ['Auto-Pause', ['ring_no_answer']],
    ['lunch with the boss', ['supervisor']],
    ['supervisor+break', ['break', 'supervisor']],
    ['BREAK', ['break']],
  ])('%s is read as %s', (text, reasons) => {
    expect(decodeReasons(text)).toEqual(reasons);
  });

  it('are written without a comma and read back', () => {
    const reasons = ['training', 'ring_no_answer', 'supervisor'] as const;
    expect(encodeReasons(reasons)).toBe('training+ring_no_answer+supervisor');
    expect(decodeReasons(encodeReasons(reasons))).toEqual(reasons);
  });

  it("replace the agent's own one and keep the others", () => {
    expect(withReason(['break', 'supervisor'], 'meeting')).toEqual(['meeting', 'supervisor']);
    expect(withReason([], 'training')).toEqual(['training']);
  });
});
