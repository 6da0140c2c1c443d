import type { Call, Leg, LegResult } from '../call/call';

export type DialStage = 'ringing_agent' | 'ringing_customer' | 'connected' | 'ended';

export type DialReason =
  | 'phone_unreachable'
  | 'agent_no_answer'
  | 'agent_declined'
  | 'agent_busy'
  | 'answered'
  | 'busy'
  | 'no_answer'
  | 'declined'
  | 'unreachable'
  | 'cancelled'
  | 'failed'
  | 'lost_contact';

/** How far a clicked call has come, and at its end which of the two telephones decided it. */
export function dialProgressOf(call: Call): { readonly state: DialStage; readonly reason: DialReason | null } {
  const agent = call.legs.find((leg) => leg.role === 'agent') ?? null;
  if (call.phase === 'ended') return { state: 'ended', reason: endReason(call, agent) };
  // Once talked, talked: between the two hang-ups the agent's leg stands alone for a moment.
  if (call.answeredAtMs !== null) return { state: 'connected', reason: null };
  if (agent === null || agent.answeredAtMs === null) return { state: 'ringing_agent', reason: null };
  const customer = call.legs.findLast((leg) => (call.direction === 'internal' ? leg !== agent : leg.role === 'customer'));
  // Decided, although the agent still listens to the busy tone.
  const decided = customer !== undefined && customer.endedAtMs !== null && customer.result !== null && agent.endedAtMs === null;
  return decided ? { state: 'ended', reason: customerReason(customer.result) } : { state: 'ringing_customer', reason: null };
}

function customerReason(result: LegResult): DialReason {
  return result === 'answered_elsewhere' || result === 'answered' ? 'failed' : result;
}

/** Outcomes that only a call of a customer's has do not come here. */
function dialReason(outcome: Call['outcome']): DialReason {
  if (outcome === 'abandoned') return 'cancelled';
  return outcome === null || outcome === 'voicemail' ? 'failed' : outcome;
}

function endReason(call: Call, agent: Leg | null): DialReason {
  if (call.outcome === 'lost_contact') return 'lost_contact';
  if (agent !== null && agent.answeredAtMs !== null) return dialReason(call.outcome);
  switch (agent?.result ?? null) {
    case 'no_answer':
      return 'agent_no_answer';
    case 'declined':
      return 'agent_declined';
    case 'busy':
      return 'agent_busy';
    case 'cancelled':
      return 'cancelled';
    case 'unreachable':
    case null:
      return 'phone_unreachable';
    default:
      return 'failed';
  }
}
