import type { Call, Leg } from '../../cti-gateway/src/domain/call/call';

/** A call and its legs as values, for tables. */
export function makeCall(more: Partial<Call> = {}): Call {
  return {
    callId: 'c1',
    linkedIds: ['c1'],
    direction: 'inbound',
    phase: 'entered',
    line: '02066668888',
    areaCode: '20',
    trunk: 'trunk',
    context: 'external',
    remoteNumber: '13912345678',
    remoteName: null,
    dialId: null,
    recording: null,
    callerMark: null,
    enteredAtMs: 0,
    answeredAtMs: null,
    endedAtMs: null,
    talkMs: 0,
    holdMs: 0,
    legs: [],
    queueVisits: [],
    transfers: [],
    parkings: [],
    conference: false,
    recordings: [],
    outcome: null,
    exitReason: null,
    endedBy: null,
    cause: null,
    complete: true,
    ...more,
  };
}

export function makeLeg(more: Partial<Leg> = {}): Leg {
  return {
    channelId: 'l1',
    channelName: 'PJSIP/1001-00000001',
    continues: null,
    handedOn: false,
    consultedBy: null,
    role: 'agent',
    endpoint: 'PJSIP/1001',
    extension: '1001',
    placed: false,
    startedAtMs: 0,
    alertingAtMs: null,
    answeredAtMs: null,
    connectedAtMs: null,
    endedAtMs: null,
    heldSinceMs: null,
    holdMs: 0,
    talkMs: 0,
    talkingTo: [],
    result: null,
    cause: null,
    ...more,
  };
}
