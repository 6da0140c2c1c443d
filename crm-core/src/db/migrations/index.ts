import { FirstTables1790000000000 } from './1790000000000-first-tables';
import { Matching1790100000000 } from './1790100000000-matching';
import { CallTrails1790200000000 } from './1790200000000-call-trails';
import { CallTrunk1790310000000 } from './1790310000000-call-trunk';
import { ApiClientMakers1790900000000 } from './1790900000000-api-client-makers';
import { MissedCalls1790000300000 } from './1790000300000-missed-calls';
import { Dispositions1790003000000 } from './1790003000000-dispositions';

/** Oldest first; a migration that has left this machine is never changed. */
export const MIGRATIONS = [
  FirstTables1790000000000,
  MissedCalls1790000300000,
  Dispositions1790003000000,
  Matching1790100000000,
  CallTrails1790200000000,
  CallTrunk1790310000000,
  ApiClientMakers1790900000000,
];
