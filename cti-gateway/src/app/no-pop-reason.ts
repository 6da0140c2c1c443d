import type { NoPopReason } from '../../../crm-core/contract/call-trail';
import type { Call } from '../domain/call/call';
import { isOrigin } from './call-projection';

/** One ringing of one agent's telephone, and how far the pop for it came. */
export interface TrailOffer {
  readonly channelId: string;
  readonly extension: string;
  readonly endpoint: string;
  readonly alertingAtMs: number;
  /** A window of this agent has been connected since the gateway's start. */
  readonly known: boolean;
  sentAtMs: number | null;
  shownAtMs: number | null;
}

/** Why this ringing was not on the agent's screen; null when it was, and while it may still come. */
export function offerReason(offer: TrailOffer, call: Call | null): NoPopReason | null {
  if (offer.shownAtMs !== null) return null;
  if (offer.sentAtMs === null) return offer.known ? 'panel_closed' : 'agent_never_connected';
  const rings = call?.legs.some((leg) => leg.channelId === offer.channelId && leg.endedAtMs === null && leg.answeredAtMs === null) ?? false;
  return rings ? null : 'not_shown';
}

export interface TrailFacts {
  readonly call: Call;
  readonly offers: readonly TrailOffer[];
  readonly isLine: boolean;
  /** Most agents that were ready when the call joined a queue. */
  readonly mostReady: number;
}

/** Why a finished call was on no screen at all; null when it was on one. */
export function trailReason({ call, offers, isLine, mostReady }: TrailFacts): NoPopReason | null {
  if (call.phase !== 'ended' || offers.some((offer) => offer.shownAtMs !== null)) return null;
  const last = offers.at(-1);
  if (last !== undefined) return offerReason(last, call);
  const rung = call.legs.filter((leg) => leg.role === 'agent' && !isOrigin(call, leg));
  if (call.callerMark === 'blocked') return 'blocked_caller';
  if (rung.some((leg) => leg.connectedAtMs !== null)) return 'answered_without_ringing';
  if (!call.complete) return 'gateway_gap';
  if (rung.length > 0) return 'phone_unreachable';
  if (call.direction !== 'inbound') return 'placed_by_agent';
  if (!isLine) return 'not_a_line';
  if (call.queueVisits.length > 0 && mostReady === 0) return 'nobody_ready';
  if (call.voicemail !== null) return 'left_message';
  return call.endedBy === 'customer' ? 'abandoned_before_ringing' : 'pbx_ended';
}
