import {
  MissedCall,
  MissedCallDetail,
  MissedCallPage,
  type MissedCallClose,
  type MissedCallSchedule,
  type MissedList,
} from '../../../../crm-core/contract';
import type { Api } from '../../app/api-client';

export type MissedAction =
  | { readonly type: 'claim' | 'release' }
  | ({ readonly type: 'schedule' } & Omit<MissedCallSchedule, 'version'>)
  | ({ readonly type: 'close' } & Omit<MissedCallClose, 'version'>);

export function createMissedApi(api: Api) {
  return {
    list: (list: MissedList, cursor: string | undefined, signal?: AbortSignal, limit = 50): Promise<MissedCallPage> =>
      api.get('/missed-calls', MissedCallPage, { query: { list, cursor, limit }, ...(signal === undefined ? {} : { signal }) }),
    read: (missedCallId: string) => api.get(`/missed-calls/${missedCallId}`, MissedCallDetail),
    act: ({ missedCallId, version }: MissedCall, { type, ...body }: MissedAction) =>
      api.send('POST', `/missed-calls/${missedCallId}/${type}`, { version, ...body }, MissedCall),
  };
}
