import type { CallDirection } from './call';
import { awaySpans, stayOf } from './away';
import type { CallFacts, HoldSpan, LegFacts } from './call-facts';
import { joinsOf, type BridgeJoin } from './joined-bridges';
import { earliest, finishedMs, intersect, union, type Span } from './spans';

/** Two legs that are, or were, in talk. */
export interface Connection {
  readonly legs: readonly [LegFacts, LegFacts];
  readonly span: Span;
  /** One of the two was elsewhere, asking a colleague, while the other waited: connected, and held for all of it. */
  readonly away: boolean;
  /** Customer with agent (internal: colleagues); else two outside, one of whom was passed on to the other. */
  readonly counts: boolean;
}

export interface TalkTimes {
  readonly connectedAtMs: number | null;
  readonly talkMs: number;
  readonly holdMs: number;
}

/**
 * Who talked with whom and when: both in one bridge, or in two that Asterisk joined by a Local channel; both picked up (early media
 * bridges a telephone that still rings), both alive. Agent with agent only where that is the whole call, not while one asks a colleague.
 */
export function connectionsOf({ legs, helpers }: Pick<CallFacts, 'legs' | 'helpers'>, direction: CallDirection): Connection[] {
  const bridged = legs.filter((leg) => leg.stays.length > 0 && leg.upAtMs !== null);
  const joins = joinsOf(helpers);
  const connections: Connection[] = [];
  bridged.forEach((leg, index) => {
    for (const other of bridged.slice(index + 1)) {
      if (leg.role === 'agent' && other.role === 'agent' && direction !== 'internal') continue;
      const counts = leg.role !== other.role || direction === 'internal';
      const pair = { legs: [leg, other] as const, counts };
      for (const span of spansTogether(leg, other, joins)) connections.push({ ...pair, span, away: false });
      for (const span of [...awaySpans(leg, other), ...awaySpans(other, leg)]) connections.push({ ...pair, span, away: true });
    }
  });
  return connections.sort((a, b) => a.span.fromMs - b.span.fromMs);
}

/** Times of one leg, or of the whole call when `leg` is null. Holds by either side count: nobody hears the other. */
export function talkTimes(connections: readonly Connection[], leg: LegFacts | null): TalkTimes {
  const own = connections.filter((connection) => (leg === null ? connection.counts : connection.legs.includes(leg)));
  if (own.length === 0) return { connectedAtMs: null, talkMs: 0, holdMs: 0 };
  const connected = union(own.map((connection) => connection.span));
  const talking = union(own.flatMap(unheld));
  const talkMs = finishedMs(talking);
  return { connectedAtMs: connected[0]?.fromMs ?? null, talkMs, holdMs: Math.max(0, finishedMs(connected) - talkMs) };
}

/** Three or more in one bridge for at least this long talked together; in a transfer they only pass each other. */
const CONFERENCE_MS = 1_000;

/** Whether three or more telephones ever talked together. `nowMs` ends what is still going on. */
export function isConference(legs: readonly LegFacts[], nowMs: number): boolean {
  const up = legs.filter((leg) => leg.upAtMs !== null && leg.stays.length > 0);
  if (up.length < 3) return false;
  const bridges = new Set(up.flatMap((leg) => leg.stays.filter((stay) => stay.waiting !== true).map((stay) => stay.bridgeId)));
  return [...bridges].some((bridgeId) => {
    const stays = up.flatMap((leg) => leg.stays.filter((stay) => stay.bridgeId === bridgeId).map((stay) => stayOf(leg, stay)));
    if (stays.length < 3) return false;
    return stays.some(({ fromMs }) => {
      const others = stays.filter((stay) => stay.fromMs <= fromMs && (stay.untilMs ?? nowMs) >= fromMs + CONFERENCE_MS);
      return others.length >= 3;
    });
  });
}

/** The parts of a connection in which neither of the two was on hold. */
function unheld(connection: Connection): Span[] {
  if (connection.away) return [];
  const held = union(connection.legs.flatMap((leg) => intersect([connection.span], holdsOf(leg))));
  const free: Span[] = [];
  let fromMs = connection.span.fromMs;
  for (const hold of held) {
    if (hold.fromMs > fromMs) free.push({ fromMs, untilMs: hold.fromMs });
    // Held to this day: whether it was talk or hold is known when it ends.
    if (hold.untilMs === null) return free;
    fromMs = hold.untilMs;
  }
  free.push({ fromMs, untilMs: connection.span.untilMs });
  return free;
}

function spansTogether(a: LegFacts, b: LegFacts, joins: readonly BridgeJoin[]): Span[] {
  const spans: Span[] = [];
  for (const left of a.stays) {
    for (const right of b.stays) {
      if (left.waiting === true || right.waiting === true) continue;
      const both = intersect([stayOf(a, left)], [stayOf(b, right)]);
      if (left.bridgeId === right.bridgeId) spans.push(...both);
      else spans.push(...joins.filter((join) => join.joins(left.bridgeId, right.bridgeId)).flatMap((join) => intersect(both, [join.span])));
    }
  }
  return spans;
}

function holdsOf(leg: LegFacts): Span[] {
  return [
    ...leg.holds.map((hold) => holdSpan(leg, hold)),
    ...leg.music.map((music) => ({ ...music, untilMs: earliest(music.untilMs, leg.endedAtMs) })),
  ];
}

/** Until taken back, or back in the bridge it was begun in: when all three talk after a consultation, Asterisk says no Unhold (22.10). */
export function holdSpan(leg: LegFacts, { fromMs, untilMs }: HoldSpan): Span {
  const home = leg.stays.findLast((stay) => stay.enteredAtMs <= fromMs);
  const back = leg.stays.find((stay) => stay.bridgeId === home?.bridgeId && stay.enteredAtMs > fromMs);
  return { fromMs, untilMs: earliest(earliest(untilMs, back?.enteredAtMs ?? null), leg.endedAtMs) };
}
