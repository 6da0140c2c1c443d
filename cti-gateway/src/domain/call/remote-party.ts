import type { CallDirection } from './call';
import type { CallFacts, LegFacts } from './call-facts';

export interface RemoteParty {
  readonly remoteNumber: string | null;
  readonly remoteName: string | null;
}

/** What carriers send in place of a number that may not be shown (RFC 3323, RFC 3325, and habit). */
const WITHHELD = /^(anonymous|restricted|unavailable|withheld|private|unknown|asserted)$/i;

/** The number at the other end: the caller's on inbound calls, the one dialled on all others. */
export function remoteParty(facts: CallFacts, direction: CallDirection): RemoteParty {
  if (direction === 'inbound') return callerOf(facts);
  return { remoteNumber: facts.variables.dialledNumber ?? dialledOf(facts), remoteName: null };
}

function callerOf(facts: CallFacts): RemoteParty {
  const leg = facts.legs.find((candidate) => candidate.role === 'customer' && candidate.placed !== false);
  const number = leg?.caller?.number ?? null;
  if (number === null || WITHHELD.test(number)) return { remoteNumber: null, remoteName: null };
  return { remoteNumber: number, remoteName: leg?.caller?.name ?? null };
}

function dialledOf(facts: CallFacts): string | null {
  const origin = facts.legs[0];
  const target = facts.legs.findLast((leg) => leg !== origin && leg.placed !== true);
  const outside = facts.legs.findLast((leg) => leg.role === 'customer' && leg.dialString !== null);
  return numberIn(outside?.dialString ?? null) ?? origin?.exten ?? target?.extension ?? shownOn(origin);
}

/** `13800138000@trunk` and `trunk/sip:13800138000@carrier` are the number 13800138000. */
export function numberIn(dialString: string | null): string | null {
  if (dialString === null) return null;
  const user = dialString.split('@')[0] ?? '';
  const number = user.slice(user.lastIndexOf('/') + 1).replace(/^sips?:/, '');
  return /^[+\d*#]{1,64}$/.test(number) ? number : null;
}

/** A click shows the number to be dialled on the agent's telephone, before anything outside is called. */
function shownOn(leg: LegFacts | undefined): string | null {
  return leg?.placed === true ? null : (leg?.caller?.number ?? null);
}
