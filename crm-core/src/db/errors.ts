import { QueryFailedError } from 'typeorm';
import { AppError } from '../app-error';

/** What went wrong in the database, in words that are the same for both. */
export type DatabaseFault = 'unique' | 'foreign_key' | 'busy' | 'full' | 'unavailable';

/** SQL Server's error numbers: unique index, unique constraint, foreign key, deadlock victim, lock timeout, file group and log full. */
const MSSQL_NUMBERS: Readonly<Record<number, DatabaseFault>> = {
  2601: 'unique',
  2627: 'unique',
  547: 'foreign_key',
  1205: 'busy',
  1222: 'busy',
  1105: 'full',
  9002: 'full',
};

/** Codes of better-sqlite3 and of the mssql package, by their beginning. */
const CODES: readonly (readonly [string, DatabaseFault])[] = [
  ['SQLITE_CONSTRAINT_UNIQUE', 'unique'],
  ['SQLITE_CONSTRAINT_PRIMARYKEY', 'unique'],
  ['SQLITE_CONSTRAINT_FOREIGNKEY', 'foreign_key'],
  ['SQLITE_BUSY', 'busy'],
  ['SQLITE_LOCKED', 'busy'],
  ['SQLITE_FULL', 'full'],
  ['SQLITE_IOERR', 'unavailable'],
  ['SQLITE_READONLY', 'unavailable'],
  ['SQLITE_CANTOPEN', 'unavailable'],
  ['SQLITE_CORRUPT', 'unavailable'],
  ['SQLITE_NOTADB', 'unavailable'],
  ['ETIMEOUT', 'busy'],
  ['ESOCKET', 'unavailable'],
  ['ECONNCLOSED', 'unavailable'],
  ['ENOTOPEN', 'unavailable'],
  ['ELOGIN', 'unavailable'],
  ['EINSTLOOKUP', 'unavailable'],
];

/**
 * Somebody else has changed a row between this transaction's reading and its writing, and nobody asked for a certain version of it:
 * `Database.write` runs the transaction again, on the row as it is now. SQL Server only; SQLite refuses such a write by itself.
 */
export class Overtaken extends Error {
  override readonly name = 'Overtaken';
}

function property(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

export function databaseFault(error: unknown): DatabaseFault | null {
  if (error instanceof Overtaken) return 'busy';
  const driverError: unknown = error instanceof QueryFailedError ? error.driverError : error;
  const number = property(driverError, 'number');
  const byNumber = typeof number === 'number' ? MSSQL_NUMBERS[number] : undefined;
  if (byNumber !== undefined) return byNumber;
  const code = property(driverError, 'code');
  if (typeof code === 'string') return CODES.find(([prefix]) => code.startsWith(prefix))?.[1] ?? null;
  return property(driverError, 'name') === 'TimeoutError' ? 'busy' : null;
}

/** A database error as the error of the product it is; anything that is none of these stays what it was: a bug. */
export function asAppError(error: unknown): unknown {
  switch (databaseFault(error)) {
    case 'busy':
      return new AppError('database_busy', { cause: error, retryAfterSec: 2 });
    case 'full':
      return new AppError('storage_full', { cause: error });
    case 'unavailable':
      return new AppError('database_unavailable', { cause: error, retryAfterSec: 5 });
    case 'unique':
      return new AppError('already_exists', { cause: error });
    case 'foreign_key':
      return new AppError('in_use', { cause: error });
    case null:
      return error;
  }
}
