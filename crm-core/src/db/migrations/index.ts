import { FirstTables1790000000000 } from './1790000000000-first-tables';

/** Oldest first; a migration that has left this machine is never changed. */
export const MIGRATIONS = [FirstTables1790000000000];
