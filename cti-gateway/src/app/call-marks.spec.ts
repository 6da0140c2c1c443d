import type { KeptMark } from '../ports/live-marks';
import { CallMarks } from './call-marks';

const context = { customerId: null, contactId: null, text: null };
const from = { userId: 'u1', displayName: '林晓', role: 'agent' as const, extension: '1001', permissions: new Set<never>() };
const passing = {
  kind: 'blind' as const,
  at: '2026-01-01T00:00:00.000Z',
  target: { kind: 'agent' as const, extension: '1002' },
  context,
  asking: false,
  from,
};

/** What is kept over a crash, as a value. */
function memory(last: ReadonlyMap<string, KeptMark> = new Map()) {
  const kept = { now: last, last: () => last, save: (marks: ReadonlyMap<string, KeptMark>) => void (kept.now = marks) };
  return kept;
}

describe('marks of calls', () => {
  test('are as before after a crash, but for what the events of Asterisk tell again', () => {
    const before = memory();
    const marks = new CallMarks(before);
    marks.passOn('c1', passing);
    marks.change('c2', { recordingPaused: true });
    marks.setConsult('c1', '1001', { target: passing.target, state: 'calling', since: passing.at, customerHeldSince: null });
    const after = new CallMarks(memory(before.now));
    expect(after.of('c1')).toMatchObject({ passedOn: { fromExtension: '1001', fromName: '林晓', returned: null }, consults: {} });
    expect(after.of('c2').recordingPaused).toBe(true);
  });

  test('are kept no longer than their call, and not when there is nothing to know', () => {
    const kept = memory();
    const marks = new CallMarks(kept);
    marks.passOn('c1', passing);
    marks.change('c2', { recordingPaused: true });
    marks.change('c2', { recordingPaused: false });
    expect([...kept.now.keys()]).toEqual(['c1']);
    marks.forget('c1');
    expect(kept.now.size).toBe(0);
  });

  test('who shows the call hears of every change', () => {
    const marks = new CallMarks();
    const heard: string[] = [];
    const stop = marks.onChanged((callId) => heard.push(callId));
    marks.passOn('c1', passing);
    stop();
    marks.change('c1', { passedOn: null });
    expect(heard).toEqual(['c1']);
  });
});
