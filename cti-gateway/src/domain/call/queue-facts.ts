import type { CallFacts, QueueVisitFacts } from './call-facts';
import type { PbxEvent } from './pbx-event';

/** What an event tells of the call's way through queues; the same object when nothing. */
export function withQueueEvent(facts: CallFacts, event: PbxEvent): CallFacts {
  switch (event.type) {
    case 'queue.joined':
      return withJoin(facts, event.queue, event.atMs);
    case 'queue.left':
    case 'queue.abandoned':
      return withVisit(facts, event, (visit) =>
        visit.leftAtMs !== null && visit.leftAtMs <= event.atMs ? visit : { ...visit, leftAtMs: event.atMs },
      );
    case 'queue.memberConnected':
      return withVisit(facts, event, (visit) => (visit.connected ? visit : { ...visit, connected: true }));
    case 'queue.memberCompleted':
      return withCompletion(facts, event.reason);
    default:
      return facts;
  }
}

function withJoin(facts: CallFacts, queue: string, atMs: number): CallFacts {
  const known = facts.queueVisits.some(
    (visit) => visit.queue === queue && (visit.joinedAtMs === atMs || (visit.leftAtMs === null && visit.joinedAtMs <= atMs)),
  );
  if (known) return facts;
  const visits: QueueVisitFacts[] = [...facts.queueVisits, { queue, joinedAtMs: atMs, leftAtMs: null, connected: false }];
  return { ...facts, queueVisits: visits.sort((a, b) => a.joinedAtMs - b.joinedAtMs) };
}

/** The visit that was going on at the time of the event. */
function withVisit(
  facts: CallFacts,
  { queue, atMs }: { readonly queue: string; readonly atMs: number },
  apply: (visit: QueueVisitFacts) => QueueVisitFacts,
): CallFacts {
  const index = facts.queueVisits.findLastIndex((visit) => visit.queue === queue && visit.joinedAtMs <= atMs);
  const before = facts.queueVisits[index];
  if (before === undefined) return facts;
  const after = apply(before);
  return after === before ? facts : { ...facts, queueVisits: facts.queueVisits.with(index, after) };
}

function withCompletion(facts: CallFacts, reason: 'caller' | 'agent' | 'transfer' | 'other'): CallFacts {
  const completedBy = reason === 'caller' || reason === 'agent' ? reason : null;
  return completedBy === facts.completedBy ? facts : { ...facts, completedBy };
}
