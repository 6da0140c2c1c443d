import type { HotlineRecord } from '../../../../crm-core/contract';
import type { LoggedCall } from '../calllog/calls.api';

/** One thing that happened with a customer: a call with the record written in it, or a record without a call. */
export interface HistoryEntry {
  readonly id: string;
  readonly atMs: number;
  readonly call: LoggedCall | null;
  readonly record: HotlineRecord | null;
}

/** Newest first, one entry per call: the record of a call is folded into it. */
export function historyOf(calls: readonly LoggedCall[], records: readonly HotlineRecord[]): HistoryEntry[] {
  const byCall = new Map(records.flatMap((record) => (record.callId === null ? [] : [[record.callId, record] as const])));
  const known = new Set(calls.map((call) => call.callId));
  const entries: HistoryEntry[] = [
    ...calls.map((call) => ({ id: call.callId, atMs: Date.parse(call.startedAt), call, record: byCall.get(call.callId) ?? null })),
    ...records
      .filter((record) => record.callId === null || !known.has(record.callId))
      .map((record) => ({ id: record.recordId, atMs: Date.parse(record.occurredAt), call: null, record })),
  ];
  return entries.sort((a, b) => b.atMs - a.atMs);
}

export type HistoryFilter = 'all' | 'calls' | 'records';

export function filterHistory(entries: readonly HistoryEntry[], filter: HistoryFilter, query: string): HistoryEntry[] {
  const wanted = query.trim().toLowerCase();
  return entries.filter((entry) => {
    if (filter === 'calls' && entry.call === null) return false;
    if (filter === 'records' && entry.record === null) return false;
    if (wanted === '') return true;
    const text = [
      entry.record?.problem,
      entry.record?.solution,
      entry.record?.servedByName,
      entry.call?.agentName,
      entry.call?.remoteNumber,
    ]
      .filter(Boolean)
      .join(' ')
      .toLowerCase();
    return text.includes(wanted);
  });
}

/** Enough to see at a glance; the rest is in the list. */
const PINNED = 2;

/** What is not solved yet, in the order given; not what is in hand, which the dock shows. */
export function stillOpen(records: readonly HotlineRecord[], callIdsInHand: readonly (string | null | undefined)[]): HotlineRecord[] {
  return records
    .filter(
      ({ solved, callId }) => (solved === 'unsolved' || solved === 'to_verify') && (callId === null || !callIdsInHand.includes(callId)),
    )
    .slice(0, PINNED);
}
