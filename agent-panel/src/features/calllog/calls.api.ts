import { z } from 'zod';
import { CallLogEntry, CallLogLeg, CallLogParking, CallLogQueueVisit, CallLogTransfer, pageOf } from '../../../../crm-core/contract';
import type { Api, Query } from '../../app/api-client';

const word = z.string();

/**
 * A row of the call log as this page reads it: like the contract's, and where the contract has a closed list of words any word. A page
 * that was open when the server was brought up to date still shows the call, with "other" for what it has no word for.
 */
export const LoggedCall = CallLogEntry.extend({
  context: word.default('external'),
  outcome: word,
  exitReason: word.optional(),
  endedBy: word,
  source: word.default('live'),
  legs: z.array(CallLogLeg.extend({ result: word })),
  queueVisits: z.array(CallLogQueueVisit.extend({ result: word })),
  transfers: z.array(CallLogTransfer.extend({ kind: word, result: word })).default([]),
  parkings: z.array(CallLogParking.extend({ result: word })).default([]),
});
export type LoggedCall = z.infer<typeof LoggedCall>;
export type LoggedLeg = LoggedCall['legs'][number];
const LoggedCallPage = pageOf(LoggedCall);

export function createCallsApi(api: Api) {
  const at = (callId: string) => `/calls/${encodeURIComponent(callId)}`;
  return {
    list: (query: Query, signal?: AbortSignal) => api.get('/calls', LoggedCallPage, { query, ...(signal ? { signal } : {}) }),
    read: (callId: string): Promise<LoggedCall> => api.get(at(callId), LoggedCall),
  };
}

/** Where a browser gets a recording's sound from. */
export const recordingUrl = (callId: string, index: number): string => `/api/v1/calls/${encodeURIComponent(callId)}/recordings/${index}`;
