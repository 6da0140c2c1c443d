import { DispositionList, type DispositionChange } from '../../../../crm-core/contract';
import type { Api } from '../../app/api-client';

export function createDispositionsApi(api: Api) {
  return {
    read: (): Promise<DispositionList> => api.get('/dispositions', DispositionList),
    change: (change: DispositionChange): Promise<DispositionList> => api.send('PUT', '/dispositions', change, DispositionList),
  };
}
