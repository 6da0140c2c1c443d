import type { CallLogLeg, CallLogParking, CallLogQueueVisit, CallLogRow, CallLogTransfer } from '../../../../crm-core/contract/calls';
import type { Call, CallParking, CallTransfer, Leg, QueueVisit } from './call';

/**
 * The call log's row of an ended call, with its fields always in the same order.
 *
 * @throws Error when the call has not ended: a row never invents an end.
 */
export function toCallLogRow(call: Call): CallLogRow {
  const { endedAtMs, outcome, endedBy } = call;
  if (endedAtMs === null || outcome === null || endedBy === null) throw new Error(`call ${call.callId} has not ended`);
  return {
    callId: call.callId,
    linkedIds: [...call.linkedIds],
    direction: call.direction,
    line: clip(call.line, 32),
    areaCode: clip(call.areaCode, 8),
    trunk: clip(call.trunk, 80),
    context: call.context,
    remoteNumber: clip(call.remoteNumber, 128),
    remoteName: clip(call.remoteName, 255),
    queue: clip(call.queueVisits[0]?.queue ?? null, 80),
    agentExtension: agentOf(call),
    dialId: clip(call.dialId, 64),
    startedAt: iso(call.enteredAtMs),
    answeredAt: isoOrNull(call.answeredAtMs),
    endedAt: iso(endedAtMs),
    outcome,
    ...(call.exitReason === null ? {} : { exitReason: call.exitReason }),
    endedBy,
    cause: call.cause,
    waitMs: waitOf(call, endedAtMs),
    talkMs: duration(0, call.talkMs),
    holdMs: duration(0, call.holdMs),
    // The dialplan names the file when the call enters; only an answered call has one.
    recording: call.answeredAtMs === null ? null : clip(call.recording, 255),
    complete: call.complete,
    legs: call.legs.map((leg) => legRow(leg, endedAtMs)),
    queueVisits: call.queueVisits.map((visit) => visitRow(visit, endedAtMs)),
    transfers: call.transfers.map(transferRow),
    parkings: call.parkings.map((parking) => parkingRow(parking, endedAtMs)),
    conference: call.conference,
    recordings: filesOf(call),
    voicemail: call.voicemail,
    source: 'live',
  };
}

function filesOf({ answeredAtMs, recordings, voicemail }: Call): string[] {
  const talks = answeredAtMs === null ? [] : recordings.map((file) => file.slice(0, 255));
  return voicemail === null ? talks : [...talks, voicemail.file];
}

function legRow(leg: Leg, callEndedAtMs: number): CallLogLeg {
  const endedAtMs = leg.endedAtMs ?? callEndedAtMs;
  return {
    channelId: leg.channelId,
    role: leg.role,
    endpoint: leg.endpoint,
    extension: leg.extension,
    startedAt: iso(leg.startedAtMs),
    alertingAt: isoOrNull(leg.alertingAtMs),
    answeredAt: isoOrNull(leg.answeredAtMs),
    endedAt: iso(endedAtMs),
    ringMs: leg.alertingAtMs === null ? 0 : duration(leg.alertingAtMs, leg.answeredAtMs ?? endedAtMs),
    talkMs: duration(0, leg.talkMs),
    holdMs: duration(0, leg.holdMs),
    result: leg.result ?? 'lost_contact',
    cause: leg.cause,
  };
}

function visitRow(visit: QueueVisit, callEndedAtMs: number): CallLogQueueVisit {
  const leftAtMs = visit.leftAtMs ?? callEndedAtMs;
  return {
    queue: visit.queue.slice(0, 80),
    joinedAt: iso(visit.joinedAtMs),
    leftAt: iso(leftAtMs),
    waitMs: duration(visit.joinedAtMs, leftAtMs),
    result: visit.result ?? 'left',
  };
}

function transferRow({ atMs, kind, fromExtension, to, result }: CallTransfer): CallLogTransfer {
  return { at: iso(atMs), kind, fromExtension: clip(fromExtension, 32), to: clip(to, 128), result: result ?? 'not_answered' };
}

function parkingRow(parking: CallParking, callEndedAtMs: number): CallLogParking {
  return {
    at: iso(parking.atMs),
    until: iso(parking.untilMs ?? callEndedAtMs),
    place: parking.place.slice(0, 32),
    byExtension: clip(parking.byExtension, 32),
    toExtension: clip(parking.toExtension, 32),
    result: parking.result ?? 'given_up',
  };
}

/** Who talked last; nobody talked: who began it. An agent who was only rung is found in the legs. */
function agentOf(call: Call): string | null {
  const talked = call.legs.filter((leg) => leg.role === 'agent' && leg.connectedAtMs !== null);
  const last = talked.reduce<Leg | null>(
    (best, leg) => (best === null || (leg.connectedAtMs ?? 0) >= (best.connectedAtMs ?? 0) ? leg : best),
    null,
  );
  if (call.direction === 'internal') return call.legs.find((leg) => leg.role === 'agent')?.extension ?? null;
  if (last !== null) return last.extension;
  return call.direction === 'inbound' ? null : (call.legs.find((leg) => leg.role === 'agent')?.extension ?? null);
}

/** Waiting counts from the first queue, where there was one: what came before was an announcement. */
function waitOf(call: Call, endedAtMs: number): number {
  const fromMs = call.queueVisits[0]?.joinedAtMs ?? call.enteredAtMs;
  // Speaking a message is no waiting.
  const messageMs = call.outcome === 'voicemail' ? (call.queueVisits.at(-1)?.leftAtMs ?? fromMs) : null;
  return duration(fromMs, call.answeredAtMs ?? messageMs ?? endedAtMs);
}

function duration(fromMs: number, untilMs: number): number {
  return Math.max(0, Math.round(untilMs - fromMs));
}

/** Names and numbers come from outside, in any length. */
function clip(value: string | null, length: number): string | null {
  return value === null ? null : value.slice(0, length);
}

function iso(ms: number): string {
  return new Date(Math.round(ms)).toISOString();
}

function isoOrNull(ms: number | null): string | null {
  return ms === null ? null : iso(ms);
}
