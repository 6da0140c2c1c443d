import {
  afterCall,
  decodeMark,
  encodeMark,
  FREE,
  markOf,
  TYPING_STANDS_MS,
  type AfterCallEvent,
  type AfterCallMark,
  type AfterCallState,
  type WrapUpState,
} from './after-call';

const rules = { wrapUpMs: 60_000, maxMs: 300_000 };
const off = { wrapUpMs: 0, maxMs: 300_000 };
const T = 1_000_000;
const talking: AfterCallState = { phase: 'talking', callIds: ['c1'], next: null };
const pause = { state: 'paused', reason: 'break' } as const;
const wrapUp = (over: Partial<WrapUpState> = {}): WrapUpState => ({
  phase: 'wrap_up',
  callId: 'c1',
  sinceMs: T,
  untilMs: T + 60_000,
  limitMs: T + 300_000,
  standsUntilMs: T,
  next: null,
  ...over,
});
const at = (state: AfterCallState, event: AfterCallEvent, afterMs = 0, use = rules): AfterCallState =>
  afterCall(state, event, { rules: use, nowMs: T + afterMs });

describe('an agent around a call', () => {
  it.each<[string, AfterCallState, AfterCallEvent, AfterCallState]>([
    ['talks', FREE, { type: 'talk.began', callId: 'c1' }, talking],
    ['talks in a second call', talking, { type: 'talk.began', callId: 'c2' }, { ...talking, callIds: ['c1', 'c2'] }],
    ['one of two is over', { ...talking, callIds: ['c1', 'c2'] }, { type: 'talk.ended', callId: 'c1', signedIn: true }, { ...talking, callIds: ['c2'] }],
    ['the call is over', talking, { type: 'talk.ended', callId: 'c1', signedIn: true }, wrapUp()],
    ['signed out during the call', talking, { type: 'talk.ended', callId: 'c1', signedIn: false }, FREE],
    ['chooses what comes after', talking, { type: 'next.chosen', next: pause }, { ...talking, next: pause }],
    ['keeps what was chosen', { ...talking, next: pause }, { type: 'talk.ended', callId: 'c1', signedIn: true }, wrapUp({ next: pause })],
    ['takes it back in wrap-up', wrapUp({ next: pause }), { type: 'next.chosen', next: null }, wrapUp()],
    ['is done', wrapUp(), { type: 'done', callId: 'c1' }, FREE],
    ['is done with whichever', wrapUp(), { type: 'done', callId: null }, FREE],
    ['is done after a restart', wrapUp({ callId: null }), { type: 'done', callId: 'c1' }, FREE],
    ['signs out', wrapUp(), { type: 'signed.out' }, FREE],
    ['talks again', wrapUp({ next: pause }), { type: 'talk.began', callId: 'c2' }, { phase: 'talking', callIds: ['c2'], next: pause }],
    ['presses for more', wrapUp(), { type: 'key.pressed' }, wrapUp({ untilMs: T + 120_000 })],
    ['presses near the limit', wrapUp({ untilMs: T + 280_000 }), { type: 'key.pressed' }, wrapUp({ untilMs: T + 300_000 })],
  ])('%s', (_title, before, event, after) => {
    expect(at(before, event)).toEqual(after);
  });

  it.each<[string, AfterCallState, AfterCallEvent]>([
    ['the same call again', talking, { type: 'talk.began', callId: 'c1' }],
    ['the end of another call', talking, { type: 'talk.ended', callId: 'c9', signedIn: true }],
    ['a choice while free', FREE, { type: 'next.chosen', next: pause }],
    ['done, of an earlier call', wrapUp(), { type: 'done', callId: 'c0' }],
    ['done while talking', talking, { type: 'done', callId: 'c1' }],
    ['a timer that is early', wrapUp(), { type: 'time.passed' }],
    ['the key at the limit', wrapUp({ untilMs: T + 300_000 }), { type: 'key.pressed' }],
    ['signing out while talking', talking, { type: 'signed.out' }],
    ['a mark of before, in wrap-up', wrapUp(), { type: 'mark.found', mark: { wrapUp: null, next: pause } }],
  ])('is not moved by %s', (_title, before, event) => {
    expect(at(before, event)).toBe(before);
  });

  it('is free when the time is over, to the millisecond', () => {
    expect(at(wrapUp(), { type: 'time.passed' }, 59_999).phase).toBe('wrap_up');
    expect(at(wrapUp(), { type: 'time.passed' }, 60_000)).toBe(FREE);
  });

  it('has no wrap-up where it is switched off, but what was chosen', () => {
    expect(at(talking, { type: 'talk.ended', callId: 'c1', signedIn: true }, 0, off)).toBe(FREE);
    expect(markOf(talking, off)).toBeNull();
    expect(markOf({ ...talking, next: pause }, off)).toEqual({ wrapUp: null, next: pause });
  });
});

describe('typing', () => {
  it('makes the countdown stand for exactly as long', () => {
    let state: AfterCallState = wrapUp();
    state = at(state, { type: 'typed' }, 10_000);
    expect(state).toEqual(wrapUp({ untilMs: T + 60_000 + TYPING_STANDS_MS, standsUntilMs: T + 10_000 + TYPING_STANDS_MS }));
    // Told again while it stands: only the rest is added.
    state = at(state, { type: 'typed' }, 14_000);
    expect(state).toEqual(wrapUp({ untilMs: T + 60_000 + 4_000 + TYPING_STANDS_MS, standsUntilMs: T + 14_000 + TYPING_STANDS_MS }));
  });

  it('never moves the end beyond the limit', () => {
    let state: AfterCallState = wrapUp();
    for (let ms = 0; ms < 600_000; ms += 1_000) {
      state = at(state, { type: 'typed' }, ms);
      state = at(state, { type: 'time.passed' }, ms);
      if (state.phase !== 'wrap_up') return expect(ms).toBe(300_000);
      expect(state.untilMs).toBeLessThanOrEqual(state.limitMs);
    }
    throw new Error('for ever in wrap-up');
  });
});

describe('what the queue keeps', () => {
  it.each<[AfterCallMark, string]>([
    [{ wrapUp: null, next: null }, 'wrap_up'],
    [{ wrapUp: null, next: pause }, 'wrap_up>break'],
    [{ wrapUp: { sinceMs: 36_000, untilMs: 72_000 }, next: null }, 'wrap_up@10.20'],
    [{ wrapUp: { sinceMs: 36_000, untilMs: 72_000 }, next: { state: 'offline' } }, 'wrap_up@10.20>offline'],
  ])('%j is %s, both ways', (mark, text) => {
    expect(encodeMark(mark)).toBe(text);
    expect(decodeMark(text)).toEqual(mark);
    expect(decodeMark(`${text}+break+supervisor`)).toEqual(mark);
  });

  it.each([null, '', 'break', 'wrap_up!', 'wrap_upper', 'wrap_up@1'])('%s is no mark', (text) => {
    expect(decodeMark(text)).toBeNull();
  });

  it('is short enough for Asterisk today and for a hundred years', () => {
    expect(encodeMark({ wrapUp: { sinceMs: 4e12, untilMs: 4e12 }, next: { state: 'paused', reason: 'ring_no_answer' } }).length).toBeLessThan(40);
  });

  it.each<[string, AfterCallMark, number, Partial<WrapUpState> | null]>([
    ['in wrap-up goes on', { wrapUp: { sinceMs: T, untilMs: T + 40_000 }, next: pause }, 10_000, { callId: null, untilMs: T + 40_000, standsUntilMs: T + 10_000, next: pause }],
    ['that should be over is over now', { wrapUp: { sinceMs: T, untilMs: T + 40_000 }, next: null }, 50_000, { callId: null, untilMs: T + 50_000, standsUntilMs: T + 50_000 }],
    ['never outlasts the limit', { wrapUp: { sinceMs: T, untilMs: T + 900_000 }, next: null }, 0, { callId: null, untilMs: T + 300_000 }],
    ['of a call that ended unseen begins', { wrapUp: null, next: null }, 0, { callId: null }],
  ])('%s after a restart', (_title, mark, afterMs, over) => {
    expect(at(FREE, { type: 'mark.found', mark }, afterMs)).toEqual(wrapUp(over ?? {}));
  });

  it('lends its choice to a call that still goes on', () => {
    expect(at(talking, { type: 'mark.found', mark: { wrapUp: null, next: pause } })).toEqual({ ...talking, next: pause });
  });
});
