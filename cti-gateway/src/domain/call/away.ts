import type { BridgeStay, LegFacts } from './call-facts';
import { earliest, intersect, type Span } from './spans';

/** From being in the bridge and picked up, to leaving it, entering the next one, or the channel's end. */
export function stayOf(leg: LegFacts, stay: BridgeStay): Span {
  const next = leg.stays[leg.stays.indexOf(stay) + 1];
  const untilMs = earliest(earliest(stay.leftAtMs, next?.enteredAtMs ?? null), leg.endedAtMs);
  return { fromMs: Math.max(stay.enteredAtMs, leg.upAtMs ?? stay.enteredAtMs), untilMs };
}

/**
 * While `leg` was in another bridge (asking a colleague by Atxfer) and `other` waited for it where they had talked: from leaving that
 * bridge to coming back, to leaving the other bridge for good, or to the end. The two were connected in talk before.
 */
export function awaySpans(leg: LegFacts, other: LegFacts): Span[] {
  return leg.stays.flatMap((stay, index) => {
    const elsewhere = leg.stays[index + 1];
    const waits = other.stays.find((candidate) => candidate.bridgeId === stay.bridgeId);
    if (elsewhere === undefined || waits === undefined || stay.waiting === true || elsewhere.bridgeId === stay.bridgeId) return [];
    const together = intersect([stayOf(leg, stay)], [stayOf(other, waits)])[0];
    if (together?.untilMs == null) return [];
    const untilMs = untilBack(leg, index);
    if (untilMs !== null && untilMs < together.untilMs) return [];
    return intersect([{ fromMs: together.untilMs, untilMs }], [stayOf(other, waits)]).filter((span) => isSome(span));
  });
}

/** Back in the bridge left by stay number `index`; else when the last of the bridges in between was left, or the channel ended. */
function untilBack(leg: LegFacts, index: number): number | null {
  const home = leg.stays[index]?.bridgeId;
  const back = leg.stays.slice(index + 1).find((stay) => stay.bridgeId === home);
  if (back !== undefined) return back.enteredAtMs;
  const last = leg.stays.at(-1);
  return earliest(last?.leftAtMs ?? null, leg.endedAtMs);
}

/** Somebody who leaves together with the other did not keep the other waiting. */
function isSome({ fromMs, untilMs }: Span): boolean {
  return untilMs === null || untilMs > fromMs;
}
