import type { CallLogRow } from '../../crm-core/contract/calls';

/** A finished call as the gateway hands it over. */
export function callRow(callId: string, changes: Partial<CallLogRow> = {}): CallLogRow {
  const agentExtension = changes.agentExtension === undefined ? '1001' : changes.agentExtension;
  return {
    callId,
    linkedIds: [callId],
    direction: 'inbound',
    line: '02066668888',
    areaCode: '20',
    trunk: 'trunk',
    context: 'external',
    remoteNumber: '13700000001',
    remoteName: null,
    queue: 'hotline',
    agentExtension,
    dialId: null,
    startedAt: '2026-03-02T01:00:00.000Z',
    answeredAt: '2026-03-02T01:00:07.250Z',
    endedAt: '2026-03-02T01:02:00.000Z',
    outcome: 'answered',
    endedBy: 'customer',
    cause: 16,
    waitMs: 7250,
    talkMs: 112750,
    holdMs: 0,
    recording: '2026/03/02/1.wav',
    complete: true,
    legs:
      agentExtension === null
        ? []
        : [
            {
              channelId: `${callId}-leg`,
              role: 'agent',
              endpoint: `PJSIP/${agentExtension}`,
              extension: agentExtension,
              startedAt: '2026-03-02T01:00:02.000Z',
              alertingAt: '2026-03-02T01:00:02.500Z',
              answeredAt: '2026-03-02T01:00:07.250Z',
              endedAt: '2026-03-02T01:02:00.000Z',
              ringMs: 4750,
              talkMs: 112750,
              holdMs: 0,
              result: 'answered',
              cause: 16,
            },
          ],
    queueVisits: [
      { queue: 'hotline', joinedAt: '2026-03-02T01:00:00.500Z', leftAt: '2026-03-02T01:00:07.250Z', waitMs: 6750, result: 'connected' },
    ],
    transfers: [],
    parkings: [],
    conference: false,
    recordings: ['2026/03/02/1.wav'],
    voicemail: null,
    source: 'live',
    ...changes,
  };
}

let counter = 0;
/** A mobile number no other test uses. */
export function freshMobile(): string {
  counter += 1;
  return `1590000${String(counter).padStart(4, '0')}`;
}
