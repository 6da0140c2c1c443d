import { HotlineRecord, HotlineRecordPage, type BeginHotlineRecord, type HotlineRecordPatch } from '../../../../crm-core/contract';
import type { Api, Query } from '../../app/api-client';

export interface RecordsApi {
  begin(callId: string, seed: BeginHotlineRecord): Promise<HotlineRecord>;
  read(recordId: string): Promise<HotlineRecord>;
  change(recordId: string, patch: HotlineRecordPatch): Promise<HotlineRecord>;
  list(query: Query): Promise<HotlineRecordPage>;
}

export function createRecordsApi(api: Api): RecordsApi {
  const at = (recordId: string) => `/hotline-records/${encodeURIComponent(recordId)}`;
  return {
    begin: (callId, seed) => api.send('PUT', `/hotline-records/by-call/${encodeURIComponent(callId)}`, seed, HotlineRecord),
    read: (recordId) => api.get(at(recordId), HotlineRecord),
    change: (recordId, patch) => api.send('PATCH', at(recordId), patch, HotlineRecord, { keepalive: true }),
    list: (query) => api.get('/hotline-records', HotlineRecordPage, { query }),
  };
}
