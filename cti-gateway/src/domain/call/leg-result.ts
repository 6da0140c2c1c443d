import type { LegResult } from './call';
import type { HangupRequest, LegFacts } from './call-facts';

/** Q.850 causes, and what hangup.c of `res_pjsip` makes of SIP answers: 486 and 600 → 17, 603 → 21, 404 → 1, 408 → 18, 480 → 19. */
const BUSY = 17;
const REJECTED = 21;
const ANSWERED_ELSEWHERE = 26;
const NO_ANSWER: ReadonlySet<number> = new Set([18, 19]);
/** The number, or the way to it, is not there: unallocated, no route, absent, changed, out of order, incomplete. */
const UNREACHABLE: ReadonlySet<number> = new Set([1, 2, 3, 20, 22, 27, 28]);
/** Normal clearing, or nothing given. */
const PLAIN: ReadonlySet<number> = new Set([0, 16]);

/**
 * How calling a telephone ended. Asterisk's own words are not enough: DialEnd says NOANSWER of a number that does not exist, says
 * NOANSWER and then CANCEL of an agent who let it ring, and CANCEL of the others when one of many has answered (22.10).
 */
export function calledLegResult(leg: LegFacts): LegResult {
  if (leg.lost) return 'lost_contact';
  if (leg.upAtMs !== null) return 'answered';
  return refusal(leg) ?? silence(leg) ?? failure(leg);
}

function refusal(leg: LegFacts): LegResult | null {
  const cause = leg.cause ?? 0;
  const busy = cause === BUSY || leg.dialResults.includes('busy');
  const rang = (by: HangupRequest['by']): boolean => leg.alertingAtMs !== null && leg.hangups.some((request) => request.by === by);
  const refused = rang('peer');
  if (cause === ANSWERED_ELSEWHERE) return 'answered_elsewhere';
  // A queue calls only free telephones: one that rings and then says busy was declined by hand, as was one that was let go by command.
  if (leg.role === 'agent' && leg.queue !== null && (refused || rang('command'))) return 'declined';
  if (busy) return 'busy';
  if (cause === REJECTED || leg.dialResults.includes('declined')) return 'declined';
  return leg.role === 'agent' && refused && !UNREACHABLE.has(cause) ? 'declined' : null;
}

function silence(leg: LegFacts): LegResult | null {
  const cause = leg.cause ?? 0;
  if (UNREACHABLE.has(cause)) return 'unreachable';
  if (leg.hangups.some((request) => request.by === 'command')) return 'cancelled';
  if (leg.ringNoAnswer || leg.dialResults.includes('no_answer') || NO_ANSWER.has(cause)) {
    // A trunk may ring with a tone of its own and never say so; an agent's telephone that never rang was not there.
    return leg.alertingAtMs === null && leg.role === 'agent' ? 'unreachable' : 'no_answer';
  }
  return null;
}

function failure(leg: LegFacts): LegResult {
  if (leg.dialResults.includes('unavailable')) return 'unreachable';
  if (leg.dialResults.includes('congestion')) return 'failed';
  if (leg.dialResults.some((result) => result === 'cancel' || result === 'abort')) return 'cancelled';
  return PLAIN.has(leg.cause ?? 0) ? 'cancelled' : 'failed';
}
