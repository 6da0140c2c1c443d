import type { CallLogEntry } from '../../../../crm-core/contract';
import { record } from '../../test-support/examples';
import { filterHistory, historyOf, stillOpen } from './history';

const logged = (callId: string, startedAt: string, over: Partial<CallLogEntry> = {}) =>
  ({ callId, startedAt, outcome: 'answered', agentName: '林晓', remoteNumber: '13912345678', ...over }) as CallLogEntry;

describe('the history of a customer', () => {
  const calls = [logged('c1', '2025-11-21T14:30:00.000Z'), logged('c2', '2025-11-20T08:00:00.000Z', { outcome: 'abandoned' })];
  const records = [
    record({ callId: 'c1', problem: '坐标偏移' }),
    record({ recordId: 'r9', callId: null, occurredAt: '2025-11-20T10:00:00.000Z', problem: '远程安装' }),
  ];

  it('has one entry per call with its record folded in, newest first', () => {
    expect(historyOf(calls, records).map((entry) => [entry.id, entry.record?.problem ?? null])).toEqual([
      ['c1', '坐标偏移'],
      ['r9', '远程安装'],
      ['c2', null],
    ]);
  });

  it('shows the record of a call that is not in the log yet', () => {
    expect(historyOf([], records).map((entry) => entry.id)).toEqual(['r1', 'r9']);
  });

  it('is narrowed by kind and by words', () => {
    const entries = historyOf(calls, records);
    expect(filterHistory(entries, 'calls', '').map((entry) => entry.id)).toEqual(['c1', 'c2']);
    expect(filterHistory(entries, 'records', '').map((entry) => entry.id)).toEqual(['c1', 'r9']);
    expect(filterHistory(entries, 'all', '偏移').map((entry) => entry.id)).toEqual(['c1']);
  });
});

describe('what is still open with a customer', () => {
  const open = (recordId: string, callId: string | null, solved: 'unsolved' | 'to_verify' | 'solved' | null) =>
    record({ recordId, callId, solved });

  it('is what is not solved or still to be verified, and of that the first two', () => {
    const records = [
      open('r1', 'c1', 'solved'),
      open('r2', 'c2', 'to_verify'),
      open('r3', null, 'unsolved'),
      open('r4', 'c4', null),
      open('r5', 'c5', 'unsolved'),
    ];
    expect(stillOpen(records, []).map((one) => one.recordId)).toEqual(['r2', 'r3']);
  });

  it('is not what is in hand; a record without a call is never taken for that', () => {
    const records = [open('r1', 'c1', 'unsolved'), open('r2', null, 'unsolved'), open('r3', 'c3', 'unsolved')];
    expect(stillOpen(records, ['c1', null, undefined]).map((one) => one.recordId)).toEqual(['r2', 'r3']);
  });
});
