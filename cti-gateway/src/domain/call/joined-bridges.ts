import { localPairOf } from './endpoint';
import type { BridgeStay, HelperFacts } from './call-facts';
import { earliest, intersect, type Span } from './spans';

/** Two bridges that a pair of Local channels makes one, while both halves are in them. */
export interface BridgeJoin {
  readonly span: Span;
  joins(one: string, other: string): boolean;
}

export function joinsOf(helpers: readonly HelperFacts[]): BridgeJoin[] {
  return helpers.flatMap((helper, index) => {
    const pair = localPairOf(helper.channelName);
    return helpers
      .slice(index + 1)
      .filter((other) => localPairOf(other.channelName) === pair)
      .flatMap((other) => joinsOfPair(helper, other));
  });
}

function joinsOfPair(one: HelperFacts, two: HelperFacts): BridgeJoin[] {
  const joins: BridgeJoin[] = [];
  for (const left of one.stays) {
    for (const right of two.stays) {
      if (left.bridgeId === right.bridgeId || left.waiting === true || right.waiting === true) continue;
      const joinsThese = (a: string, b: string): boolean =>
        (a === left.bridgeId && b === right.bridgeId) || (a === right.bridgeId && b === left.bridgeId);
      for (const span of intersect([spanOf(one, left)], [spanOf(two, right)])) joins.push({ span, joins: joinsThese });
    }
  }
  return joins;
}

function spanOf(helper: HelperFacts, stay: BridgeStay): Span {
  const next = helper.stays[helper.stays.indexOf(stay) + 1];
  return { fromMs: stay.enteredAtMs, untilMs: earliest(earliest(stay.leftAtMs, next?.enteredAtMs ?? null), helper.endedAtMs) };
}
