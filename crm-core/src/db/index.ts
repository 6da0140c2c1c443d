/** What the modules may use of the database; TypeORM itself stays in this folder. */
export { Database, type DatabaseOptions, type Tx } from './database';
export { databaseFault, asAppError, Overtaken } from './errors';
export { newId } from './ids';
export { searchText } from './search-text';
export { parseDatabaseUrl, type DatabaseTarget } from './url';
export type { Page, PageRequest } from './paging';
