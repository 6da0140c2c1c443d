import type { CallOutcome, CallState, EndedBy } from '../../protocol';
import type { Call, Leg } from '../domain/call/call';

/** One agent's part in a call: what their panel shows of it, before number matching and the panel's own marks are added. */
export interface AgentPart {
  readonly leg: Leg;
  readonly state: CallState;
  readonly alertingAtMs: number | null;
  readonly answeredAtMs: number | null;
  readonly heldSinceMs: number | null;
  readonly endedAtMs: number | null;
  readonly outcome: CallOutcome | null;
  readonly endedBy: EndedBy | null;
  readonly cause: number | null;
}

/**
 * @returns null while there is nothing to show: the agent has no leg, or the telephone has been asked but does not ring yet.
 * An agent rung twice by a queue is shown the latest leg.
 */
export function projectAgentPart(call: Call, extension: string): AgentPart | null {
  const leg = latestLeg(call, extension);
  if (leg === null) return null;
  // after a reload in the call the talk goes on in a new channel: when it rang and was answered, the first one knows
  const first = firstOfTalk(call, leg);
  const over = (leg.endedAtMs !== null && !leg.handedOn) || call.phase === 'ended';
  const state = over ? 'ended' : liveState(call, leg);
  if (state === null) return null;
  return {
    leg,
    state,
    alertingAtMs: first.alertingAtMs,
    answeredAtMs: first.connectedAtMs ?? leg.connectedAtMs ?? (isOrigin(call, first) ? null : first.answeredAtMs),
    heldSinceMs: over ? null : leg.heldSinceMs,
    endedAtMs: over ? (leg.endedAtMs ?? call.endedAtMs) : null,
    outcome: over ? outcomeFor(call, leg) : null,
    endedBy: over ? call.endedBy : null,
    cause: over ? (leg.cause ?? call.cause) : null,
  };
}

/** Did this agent begin the call (a click, or digits on the desk phone), rather than being rung for it? */
export function isOrigin(call: Call, leg: Leg): boolean {
  return leg.placed || leg.channelId === call.callId || (call.direction === 'outbound' && firstAgentLeg(call) === leg);
}

export function agentExtensions(call: Call): readonly string[] {
  return [...new Set(call.legs.flatMap((leg) => (leg.role === 'agent' && leg.extension !== null ? [leg.extension] : [])))];
}

function liveState(call: Call, leg: Leg): CallState | null {
  if (leg.heldSinceMs !== null && leg.connectedAtMs !== null) return 'hold';
  if (leg.connectedAtMs !== null) return 'connected';
  if (isOrigin(call, leg)) return originState(call, leg);
  if (leg.answeredAtMs !== null) return 'connected';
  return leg.alertingAtMs !== null ? 'alerting' : null;
}

/** A far end that has rung and is gone (busy, no answer) leaves the agent with a tone: nothing is being placed any more. */
function originState(call: Call, own: Leg): CallState {
  if (call.legs.some((leg) => leg !== own && leg.alertingAtMs !== null)) return 'delivered';
  // Asterisk itself picked up: an echo test, an announcement.
  return own.placed && own.answeredAtMs !== null && call.legs.length === 1 ? 'connected' : 'initiated';
}

function outcomeFor(call: Call, leg: Leg): CallOutcome | null {
  if (leg.connectedAtMs !== null) return call.outcome === 'lost_contact' ? 'lost_contact' : 'answered';
  if (isOrigin(call, leg)) return call.outcome ?? (leg.answeredAtMs === null ? leg.result : null);
  // A telephone that was told to stop while the call is not answered elsewhere: the caller has gone.
  if (leg.result === 'cancelled' && call.direction === 'inbound') return 'abandoned';
  return leg.result ?? call.outcome;
}

function latestLeg(call: Call, extension: string): Leg | null {
  const own = call.legs.filter((leg) => leg.role === 'agent' && leg.extension === extension);
  return own.findLast((leg) => leg.endedAtMs === null) ?? own.at(-1) ?? null;
}

function firstOfTalk(call: Call, leg: Leg): Leg {
  const before = leg.continues === null ? undefined : call.legs.find((other) => other.channelId === leg.continues && other !== leg);
  return before === undefined || before.startedAtMs > leg.startedAtMs
    ? leg
    : firstOfTalk({ ...call, legs: call.legs.filter((other) => other !== leg) }, before);
}

function firstAgentLeg(call: Call): Leg | undefined {
  return call.legs.find((leg) => leg.role === 'agent');
}
