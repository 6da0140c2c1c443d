import type { CallView, MatchView } from '../../protocol';
import type { Call } from '../domain/call/call';
import type { CallMark } from './call-marks';
import type { AgentPart } from './call-projection';

export interface ViewMarks {
  readonly match: MatchView;
  readonly muted: boolean;
  readonly mark: CallMark;
  /** How long the telephone rings before it stops by itself, where it is known. */
  readonly ringMs: number | null;
}

/** The call as the wire shows it to one agent. */
export function toCallView(call: Call, part: AgentPart, marks: ViewMarks): CallView {
  const ringing = part.state === 'alerting' || part.state === 'initiated';
  const consult = marks.mark.consults[part.leg.extension ?? ''];
  const ringUntilMs = ringing && marks.ringMs !== null && part.alertingAtMs !== null ? part.alertingAtMs + marks.ringMs : null;
  return {
    callId: call.callId,
    direction: call.direction,
    state: part.state,
    remoteNumber: marks.match.kind === 'withheld' ? null : remoteNumberFor(call, part),
    remoteName: call.remoteName,
    line: call.line,
    queue: call.queueVisits.at(-1)?.queue ?? null,
    enteredAt: iso(call.enteredAtMs),
    alertingAt: isoOrNull(part.alertingAtMs),
    ringUntil: isoOrNull(ringUntilMs),
    answeredAt: isoOrNull(part.answeredAtMs),
    heldSince: isoOrNull(part.heldSinceMs),
    muted: part.state === 'ended' ? false : marks.muted,
    recording: call.recording !== null && part.answeredAtMs !== null,
    ...(marks.mark.recordingPaused && { recordingPaused: true }),
    ...(consult !== undefined && part.state !== 'ended' && { consult }),
    ...(marks.mark.passedOn !== null && { passedOn: marks.mark.passedOn }),
    endedAt: isoOrNull(part.endedAtMs),
    outcome: part.outcome,
    endedBy: part.endedBy,
    cause: part.cause,
    dialId: call.dialId,
    match: marks.match,
  };
}

/** Between two agents the far end is the other one; the call itself only knows who was dialled or who rang. */
function remoteNumberFor(call: Call, part: AgentPart): string | null {
  if (call.direction !== 'internal') return call.remoteNumber;
  const other = call.legs.find((leg) => leg.extension !== null && leg.extension !== part.leg.extension);
  return other?.extension ?? call.remoteNumber;
}

export function iso(ms: number): string {
  return new Date(Math.round(ms)).toISOString();
}

function isoOrNull(ms: number | null): string | null {
  return ms === null ? null : iso(ms);
}
