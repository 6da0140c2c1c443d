import type { LoggedCall, LoggedLeg } from './calls.api';

/** One thing that happened in a call, at its moment. */
export type TimelineEntry =
  | { readonly kind: 'began'; readonly at: string }
  | { readonly kind: 'queue'; readonly at: string; readonly visit: LoggedCall['queueVisits'][number] }
  | { readonly kind: 'leg'; readonly at: string; readonly leg: LoggedLeg }
  | { readonly kind: 'transfer'; readonly at: string; readonly transfer: LoggedCall['transfers'][number] }
  | { readonly kind: 'parking'; readonly at: string; readonly parking: LoggedCall['parkings'][number] }
  | { readonly kind: 'ended'; readonly at: string };

/** Of one moment the queue comes before the telephones it rings, and the end last. */
const RANK: Readonly<Record<TimelineEntry['kind'], number>> = { began: 0, queue: 1, leg: 2, transfer: 3, parking: 4, ended: 9 };

/**
 * A call from its first moment to its last. The caller's own telephone is the beginning, not an entry; what else the row knows no moment
 * of (conference, holds) stands with the facts.
 */
export function timelineOf(call: LoggedCall): TimelineEntry[] {
  const caller = callerLegOf(call);
  const between: TimelineEntry[] = [
    ...call.queueVisits.map((visit) => ({ kind: 'queue' as const, at: visit.joinedAt, visit })),
    ...call.legs.filter((leg) => leg !== caller).map((leg) => ({ kind: 'leg' as const, at: leg.alertingAt ?? leg.startedAt, leg })),
    ...call.transfers.map((transfer) => ({ kind: 'transfer' as const, at: transfer.at, transfer })),
    ...call.parkings.map((parking) => ({ kind: 'parking' as const, at: parking.at, parking })),
  ];
  between.sort((a, b) => Date.parse(a.at) - Date.parse(b.at) || RANK[a.kind] - RANK[b.kind]);
  return [{ kind: 'began', at: call.startedAt }, ...between, { kind: 'ended', at: call.endedAt }];
}

/** The telephone of the customer who called in; null: it was not the customer who called. */
export function callerLegOf({ direction, legs }: Pick<LoggedCall, 'direction' | 'legs'>): LoggedLeg | null {
  return direction === 'inbound' ? (legs.find((leg) => leg.role === 'customer') ?? null) : null;
}

export interface AgentTalk {
  readonly extension: string;
  readonly talkMs: number;
  readonly holdMs: number;
}

/** Who talked, in the order in which they began to, each once: a telephone may have had a part more than once. */
export function talksOf({ legs }: Pick<LoggedCall, 'legs'>): AgentTalk[] {
  const talks = new Map<string, AgentTalk>();
  for (const { role, extension, talkMs, holdMs } of legs) {
    if (role !== 'agent' || extension === null || talkMs + holdMs === 0) continue;
    const before = talks.get(extension);
    talks.set(extension, { extension, talkMs: talkMs + (before?.talkMs ?? 0), holdMs: holdMs + (before?.holdMs ?? 0) });
  }
  return [...talks.values()];
}
