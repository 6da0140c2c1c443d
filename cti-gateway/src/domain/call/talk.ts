import type { CallDirection } from './call';
import type { BridgeStay, LegFacts } from './call-facts';
import { earliest, finishedMs, intersect, union, type Span } from './spans';

/** Two legs that are, or were, in talk. */
export interface Connection {
  readonly legs: readonly [LegFacts, LegFacts];
  readonly span: Span;
}

export interface TalkTimes {
  readonly connectedAtMs: number | null;
  readonly talkMs: number;
  readonly holdMs: number;
}

/**
 * Who talked with whom and when: both in one bridge, both picked up (early media bridges a telephone that still rings), both alive.
 * Customer with agent; agent with agent only where that is the whole call, not while one asks a colleague.
 */
export function connectionsOf(legs: readonly LegFacts[], direction: CallDirection): Connection[] {
  const bridged = legs.filter((leg) => leg.stays.length > 0 && leg.upAtMs !== null);
  const connections: Connection[] = [];
  bridged.forEach((leg, index) => {
    for (const other of bridged.slice(index + 1)) {
      if (leg.role === other.role && direction !== 'internal') continue;
      for (const span of spansTogether(leg, other)) connections.push({ legs: [leg, other], span });
    }
  });
  return connections.sort((a, b) => a.span.fromMs - b.span.fromMs);
}

/** Times of one leg, or of the whole call when `leg` is null. Holds by either side count: nobody hears the other. */
export function talkTimes(connections: readonly Connection[], leg: LegFacts | null): TalkTimes {
  const own = leg === null ? connections : connections.filter((connection) => connection.legs.includes(leg));
  if (own.length === 0) return { connectedAtMs: null, talkMs: 0, holdMs: 0 };
  const connected = union(own.map((connection) => connection.span));
  const talking = union(own.flatMap(unheld));
  const talkMs = finishedMs(talking);
  return { connectedAtMs: connected[0]?.fromMs ?? null, talkMs, holdMs: Math.max(0, finishedMs(connected) - talkMs) };
}

/** The parts of a connection in which neither of the two was on hold. */
function unheld(connection: Connection): Span[] {
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

function spansTogether(a: LegFacts, b: LegFacts): Span[] {
  const spans: Span[] = [];
  for (const left of a.stays) {
    for (const right of b.stays) {
      if (left.bridgeId === right.bridgeId) spans.push(...intersect([stayOf(a, left)], [stayOf(b, right)]));
    }
  }
  return spans;
}

/** From being in the bridge and picked up, to leaving it, entering the next one, or the channel's end. */
function stayOf(leg: LegFacts, stay: BridgeStay): Span {
  const next = leg.stays[leg.stays.indexOf(stay) + 1];
  const untilMs = earliest(earliest(stay.leftAtMs, next?.enteredAtMs ?? null), leg.endedAtMs);
  return { fromMs: Math.max(stay.enteredAtMs, leg.upAtMs ?? stay.enteredAtMs), untilMs };
}

function holdsOf(leg: LegFacts): Span[] {
  return leg.holds.map((hold) => ({ fromMs: hold.fromMs, untilMs: earliest(hold.untilMs, leg.endedAtMs) }));
}
