import type { Logger } from 'pino';
import type { CrmConfig } from './config';
import type { Database } from './db';
import type { Metrics } from './http/metrics';

/** What every module is built with; put together once, in `main.ts` or a test. */
export interface AppContext {
  readonly config: CrmConfig;
  readonly db: Database;
  readonly log: Logger;
  readonly metrics: Metrics;
  /** The moment that is written into records; tests move it. */
  readonly now: () => Date;
}
