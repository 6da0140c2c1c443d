import { z } from 'zod';
import { AppError } from '../../app-error';
import { CallLogEntry, CallLogPage, CallIntake, CallLogQuery } from '../../../contract/calls';
import { CallTrailView } from '../../../contract/call-trail';
import { machineRoute, type Route } from '../../http/route';
import type { CallsService } from './calls.service';

const CallParams = z.object({ callId: z.string().min(1).max(150) });

export function callRoutes(calls: CallsService): Route[] {
  return [
    machineRoute({
      method: 'get',
      path: '/calls',
      summary: 'The call log, newest first: all of it, or the calls one’s own telephone had a part in.',
      access: { permissions: ['call.view_own'], machine: 'calls.view' },
      query: CallLogQuery,
      answer: CallLogPage,
      handle: ({ actor, query }) => calls.page(actor, query),
    }),
    machineRoute({
      method: 'get',
      path: '/calls/:callId',
      summary: 'One call.',
      access: { permissions: ['call.view_own'], machine: 'calls.view' },
      params: CallParams,
      answer: CallLogEntry,
      handle: ({ actor, params }) => calls.get(actor, params.callId),
    }),
    machineRoute({
      method: 'get',
      path: '/calls/:callId/trail',
      summary: 'Why a call was, or was not, on an agent’s screen: every step with its time and outcome. Kept for some days.',
      access: { permissions: ['call.view_own'], machine: 'call.intake' },
      params: CallParams,
      answer: CallTrailView,
      handle: ({ actor, params }) => calls.trail(actor, params.callId),
    }),
    machineRoute({
      method: 'put',
      path: '/calls/:callId',
      summary: 'Hand over a finished call (machines only). The same call again replaces it: 201 when new, 200 when it was there.',
      access: { machine: 'call.intake' },
      params: CallParams,
      body: CallIntake,
      answer: CallLogEntry,
      statuses: [200, 201],
      handle: async ({ params, body, response }) => {
        if (body.callId !== params.callId) throw AppError.field('callId', 'invalid');
        if (body.trail && body.trail.callId !== params.callId) throw AppError.field('trail.callId', 'invalid');
        const { entry, created } = await calls.takeIn(body);
        response.status(created ? 201 : 200);
        return entry;
      },
    }),
  ];
}
