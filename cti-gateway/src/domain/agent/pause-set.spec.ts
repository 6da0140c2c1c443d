import type { AfterCallMark } from './after-call';
import { memberFact, NO_PAUSE, pauseSetOf, pauseText, sameFact, saysSo, type PauseSet } from './pause-set';
import { PAUSE_REASONS, type MemberFact } from './presence';

const REMOVED: MemberFact = { kind: 'removed' };
const TALK: AfterCallMark = { wrapUp: null, next: null };
const WRAP_UP: AfterCallMark = {
  wrapUp: { sinceMs: 1_795_283_190_000, untilMs: 1_795_283_250_000 },
  next: { state: 'paused', reason: 'break' },
};
const says = (pausedReason: string | null): MemberFact => ({ kind: 'member', paused: pausedReason !== null, pausedReason });

it.each<[PauseSet, string]>([
  [NO_PAUSE, ''],
  [{ reasons: ['break'], mark: null }, 'break'],
  [{ reasons: [], mark: TALK }, 'wrap_up'],
  [{ reasons: ['meeting', 'supervisor'], mark: WRAP_UP }, 'wrap_up@tov5di.tov5f6>break+meeting+supervisor'],
])('%j is kept as %s and read back', (pauses, text) => {
  expect(pauseText(pauses)).toBe(text);
  expect(pauseSetOf(memberFact(pauses))).toEqual(pauses);
});

it.each<[MemberFact, PauseSet]>([
  [REMOVED, NO_PAUSE],
  [{ kind: 'member', paused: false, pausedReason: 'wrap_up+break' }, NO_PAUSE],
  [says(''), { reasons: ['supervisor'], mark: null }],
  [says('Auto-Pause'), { reasons: ['ring_no_answer'], mark: null }],
  [says('lunch with the boss'), { reasons: ['supervisor'], mark: null }],
])('%j means %j', (fact, pauses) => {
  expect(pauseSetOf(fact)).toEqual(pauses);
});

it.each<[MemberFact, MemberFact, boolean]>([
  [REMOVED, REMOVED, true],
  [REMOVED, says(null), false],
  [says(null), { kind: 'member', paused: false, pausedReason: 'of the time before' }, true],
  [says(null), says(''), false],
  [says(''), { kind: 'member', paused: true, pausedReason: null }, true],
  [says('break'), says('meeting'), false],
  [says('x'.repeat(79)), says(`${'x'.repeat(79)}y`), true],
])('the words %j and %j are the same: %s', (one, other, same) => {
  expect(sameFact(one, other)).toBe(same);
  expect(sameFact(other, one)).toBe(same);
});

it.each<[MemberFact, PauseSet, boolean]>([
  [says(null), NO_PAUSE, true],
  [says(''), NO_PAUSE, false],
  [says('wrap_up'), NO_PAUSE, false],
  [REMOVED, NO_PAUSE, false],
  [says('Auto-Pause'), { reasons: ['ring_no_answer'], mark: null }, true],
  [says('lunch with the boss'), { reasons: ['supervisor'], mark: null }, true],
  [says('lunch with the boss'), { reasons: ['supervisor'], mark: TALK }, false],
  [says('supervisor+break'), { reasons: ['break', 'supervisor'], mark: null }, true],
  [says('wrap_up'), { reasons: [], mark: WRAP_UP }, false],
])('%j says %j: %s', (fact, pauses, so) => {
  expect(saysSo(fact, pauses)).toBe(so);
});

it('knows its own words again when Asterisk has cut them', () => {
  const all: PauseSet = { reasons: PAUSE_REASONS, mark: WRAP_UP };
  expect(pauseText(all).length).toBeGreaterThan(79);
  expect(saysSo(says(pauseText(all).slice(0, 79)), all)).toBe(true);
});
