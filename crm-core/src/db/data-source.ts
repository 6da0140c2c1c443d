import 'reflect-metadata';
import { DataSource, type DataSourceOptions } from 'typeorm';
import { entitiesFor } from './entities';
import { MIGRATIONS } from './migrations';
import type { DatabaseTarget } from './url';

/** better-sqlite3 waits for a lock without letting anything else run: short, and retried by `Database.write`. */
const SQLITE_LOCK_WAIT_MS = 100;

interface SqliteHandle {
  pragma(text: string): unknown;
}

export function sqliteSource(file: string, access: 'write' | 'read'): DataSource {
  return new DataSource({
    type: 'better-sqlite3',
    database: file,
    readonly: access === 'read',
    timeout: SQLITE_LOCK_WAIT_MS,
    enableWAL: access === 'write',
    prepareDatabase: (handle: SqliteHandle) => {
      // FULL: a call or record that was answered with "saved" survives a power cut.
      handle.pragma('synchronous = FULL');
      handle.pragma('foreign_keys = ON');
      handle.pragma('cache_size = -32000');
    },
    statementCacheSize: 500,
    entities: entitiesFor('sqlite'),
    migrations: access === 'write' ? MIGRATIONS : [],
    migrationsTableName: 'schema_migrations',
    synchronize: false,
    logging: false,
  });
}

export type MssqlTarget = Extract<DatabaseTarget, { dialect: 'mssql' }>;

/** To serve, nothing may take long. To migrate, everything may: an index on a large table would else be given up at every start. */
export function mssqlOptions(target: MssqlTarget, to: 'serve' | 'migrate'): DataSourceOptions {
  return {
    type: 'mssql',
    host: target.host,
    port: target.port,
    username: target.username,
    password: target.password,
    database: target.database,
    connectionTimeout: 5_000,
    requestTimeout: to === 'migrate' ? 0 : 5_000,
    pool: { max: 20, min: to === 'migrate' ? 0 : 2, acquireTimeoutMillis: 3_000 },
    options: {
      encrypt: target.encrypt,
      trustServerCertificate: target.trustServerCertificate,
      // Absent means local wall time.
      useUTC: true,
      enableArithAbort: true,
    },
    entities: entitiesFor('mssql'),
    migrations: to === 'migrate' ? MIGRATIONS : [],
    migrationsTableName: 'schema_migrations',
    synchronize: false,
    logging: false,
  };
}
