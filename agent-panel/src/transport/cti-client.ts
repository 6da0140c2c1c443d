import type { CtiClient, CtiClientOptions } from './cti-types';

export function createCtiClient(_options: CtiClientOptions): CtiClient {
  throw new Error('The client is not built yet');
}
