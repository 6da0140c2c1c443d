import { z } from 'zod';
import { CallId } from '../../../contract/calls';
import { RecordId } from '../../../contract/common';
import {
  BeginHotlineRecord,
  HotlineRecord,
  HotlineRecordPage,
  HotlineRecordPatch,
  HotlineRecordQuery,
  NewHotlineRecord,
} from '../../../contract/hotline-records';
import { machineRoute, userRoute, type Route } from '../../http/route';
import type { HotlineRecordsService } from './hotline-records.service';

const RecordParams = z.object({ recordId: RecordId });
const VIEW = { permissions: ['hotline.view_own'], machine: 'hotline.view' } as const;
const EDIT = { permissions: ['hotline.edit'] } as const;

export function hotlineRecordRoutes(records: HotlineRecordsService): Route[] {
  return [
    machineRoute({
      method: 'get',
      path: '/hotline-records',
      summary: 'Hotline records, newest first.',
      access: VIEW,
      query: HotlineRecordQuery,
      answer: HotlineRecordPage,
      handle: ({ actor, query }) => records.page(actor, query),
    }),
    userRoute({
      method: 'post',
      path: '/hotline-records',
      summary: 'A record of a service without a call.',
      access: EDIT,
      body: NewHotlineRecord,
      answer: HotlineRecord,
      statuses: [201],
      handle: ({ actor, body }) => records.create(actor, body),
    }),
    userRoute({
      method: 'put',
      path: '/hotline-records/by-call/:callId',
      summary:
        'Begin the record of a call one had a part in, also before its row is there. The same again gives the same record: 201 new, 200 not.',
      access: EDIT,
      params: z.object({ callId: CallId }),
      body: BeginHotlineRecord,
      answer: HotlineRecord,
      statuses: [200, 201],
      handle: async ({ actor, params, body, response }) => {
        const { record, created } = await records.begin(actor, params.callId, body);
        response.status(created ? 201 : 200);
        return record;
      },
    }),
    machineRoute({
      method: 'get',
      path: '/hotline-records/:recordId',
      summary: 'One record.',
      access: VIEW,
      params: RecordParams,
      answer: HotlineRecord,
      handle: ({ actor, params }) => records.get(actor, params.recordId),
    }),
    userRoute({
      method: 'patch',
      path: '/hotline-records/:recordId',
      summary: 'Change a record, or mark it done (needs problem and solved). 409 with the current one when somebody else was faster.',
      access: EDIT,
      params: RecordParams,
      body: HotlineRecordPatch,
      answer: HotlineRecord,
      handle: ({ actor, params, body }) => records.change(actor, params.recordId, body),
    }),
  ];
}
