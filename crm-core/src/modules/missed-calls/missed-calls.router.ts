import { z } from 'zod';
import { RecordId } from '../../../contract/common';
import {
  MissedCall,
  MissedCallClaim,
  MissedCallClose,
  MissedCallCounts,
  MissedCallDetail,
  MissedCallPage,
  MissedCallQuery,
  MissedCallSchedule,
} from '../../../contract/missed-calls';
import { machineRoute, userRoute, type Route } from '../../http/route';
import type { MissedCallsService } from './missed-calls.service';

const Params = z.object({ missedCallId: RecordId });
const VIEW = { permissions: ['missed.view'], machine: 'missed.view' } as const;
const CHANGE = { method: 'post', access: { permissions: ['missed.view', 'missed.edit'] }, params: Params, answer: MissedCall } as const;

export function missedCallRoutes(missed: MissedCallsService): Route[] {
  return [
    machineRoute({
      method: 'get',
      path: '/missed-calls',
      summary: 'Callers who were not served, one entry each: mine, all open ones, or those done.',
      access: VIEW,
      query: MissedCallQuery,
      answer: MissedCallPage,
      handle: ({ actor, query }) => missed.page(actor, query),
    }),
    machineRoute({
      method: 'get',
      path: '/missed-calls/counts',
      summary: 'How many are open, mine, due now, done.',
      access: VIEW,
      answer: MissedCallCounts,
      handle: ({ actor }) => missed.counts(actor),
    }),
    machineRoute({
      method: 'get',
      path: '/missed-calls/:missedCallId',
      summary: 'One entry with its tries and whose telephones rang.',
      access: VIEW,
      params: Params,
      answer: MissedCallDetail,
      handle: ({ params }) => missed.get(params.missedCallId),
    }),
    ...changes(missed),
  ];
}

/** Each answers 409 with the current entry when somebody else was faster. */
function changes(missed: MissedCallsService): Route[] {
  return [
    userRoute({
      ...CHANGE,
      path: '/missed-calls/:missedCallId/claim',
      summary: 'Take a caller on; with `missed.edit_all` also a colleague’s.',
      body: MissedCallClaim,
      handle: ({ actor, params, body }) => missed.claim(actor, params.missedCallId, body),
    }),
    userRoute({
      ...CHANGE,
      path: '/missed-calls/:missedCallId/release',
      summary: 'Give a caller back to everybody.',
      body: MissedCallClaim,
      handle: ({ actor, params, body }) => missed.release(actor, params.missedCallId, body),
    }),
    userRoute({
      ...CHANGE,
      path: '/missed-calls/:missedCallId/schedule',
      summary: 'Set when to call back, and whether by me or by anyone.',
      body: MissedCallSchedule,
      handle: ({ actor, params, body }) => missed.schedule(actor, params.missedCallId, body),
    }),
    userRoute({
      ...CHANGE,
      path: '/missed-calls/:missedCallId/close',
      summary: 'Done by hand: called back otherwise, or not needed and why.',
      body: MissedCallClose,
      handle: ({ actor, params, body }) => missed.close(actor, params.missedCallId, body),
    }),
  ];
}
