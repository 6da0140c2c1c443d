import type { CallFacts } from './call-facts';
import type { CallState } from './call-reducer';

/**
 * Two calls that turned out to be one. What the dialplan said of the customer's call stays: line, direction, click; what it said of a
 * consultation (internal) was about that.
 */
export function mergedFacts(main: CallFacts, other: CallFacts): CallFacts {
  return {
    ...main,
    linkedIds: distinct(main.linkedIds, other.linkedIds),
    legs: [...main.legs, ...other.legs].sort((a, b) => a.startedAtMs - b.startedAtMs),
    forgotten: [...main.forgotten, ...other.forgotten],
    queueVisits: [...main.queueVisits, ...other.queueVisits].sort((a, b) => a.joinedAtMs - b.joinedAtMs),
    helpers: [...main.helpers, ...other.helpers],
    transfers: [...main.transfers, ...other.transfers].sort((a, b) => a.atMs - b.atMs),
    parkings: [...main.parkings, ...other.parkings].sort((a, b) => a.atMs - b.atMs),
    recordings: distinct(main.recordings, other.recordings),
    entryIds: distinct(main.entryIds, other.entryIds),
    gap: main.gap || other.gap,
    lastEventAtMs: Math.max(main.lastEventAtMs, other.lastEventAtMs),
  };
}

/** Which of two calls goes on: the customer's, or else the one that began first. */
export function survivorOf(one: CallState, other: CallState): CallState {
  const [a, b] = [rank(one), rank(other)];
  if (a.customer !== b.customer) return a.customer ? one : other;
  if (a.sinceMs !== b.sinceMs) return a.sinceMs < b.sinceMs ? one : other;
  return one.facts.callId < other.facts.callId ? one : other;
}

function rank({ facts }: CallState): { customer: boolean; sinceMs: number } {
  return { customer: facts.legs.some((leg) => leg.role === 'customer'), sinceMs: Math.min(...facts.legs.map((leg) => leg.startedAtMs)) };
}

function distinct(one: readonly string[], other: readonly string[]): readonly string[] {
  return [...new Set([...one, ...other])];
}
