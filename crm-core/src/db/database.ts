import { setTimeout as delay } from 'node:timers/promises';
import { DataSource, type EntityManager } from 'typeorm';
import { AppError } from '../app-error';
import type { Dialect } from './columns';
import { mssqlOptions, sqliteSource, type MssqlTarget } from './data-source';
import { asAppError, databaseFault } from './errors';
import type { DatabaseTarget } from './url';

/** A place to run queries: inside a transaction, or for reading outside one. Repositories take it as their first argument. */
export type Tx = EntityManager;

export interface DatabaseOptions {
  /** How long a write may wait for its turn and for locks of others before it is refused with `database_busy`. */
  readonly writeDeadlineMs?: number;
}

const DEFAULT_WRITE_DEADLINE_MS = 3_000;
const RETRY_PAUSE_MS = 40;

/**
 * The database as services see it: `read` and `write`.
 *
 * SQLite gives TypeORM one connection only, on which the statements of two transactions would mingle. So writes run one after
 * another on a connection of their own, and reads on a second, read-only one, where they never see half a transaction.
 * On SQL Server both come from the pool and the server keeps transactions apart.
 */
export class Database {
  private tail: Promise<void> = Promise.resolve();
  private closing: Promise<void> | undefined;

  private constructor(
    readonly dialect: Dialect,
    private readonly writer: DataSource,
    private readonly reader: DataSource,
    private readonly writeDeadlineMs: number,
    private readonly joined: Tx | null = null,
  ) {}

  /** Connects and brings the schema up to date. */
  static async open(target: DatabaseTarget, options: DatabaseOptions = {}): Promise<Database> {
    const { writer, reader } = target.dialect === 'sqlite' ? await openSqlite(target.file) : await openMssql(target);
    return new Database(target.dialect, writer, reader, options.writeDeadlineMs ?? DEFAULT_WRITE_DEADLINE_MS);
  }

  /** For reading, outside a transaction. */
  get read(): Tx {
    if (this.closing !== undefined) throw new AppError('shutting_down');
    return this.joined ?? this.reader.manager;
  }

  /**
   * Runs `work` in a transaction. It may run again when a lock of someone else made it fail or it was `Overtaken`, so it must have no
   * effect but in the database. Rejects with `database_busy` after the deadline, `storage_full`, or whatever `work` threw.
   */
  async write<T>(work: (tx: Tx) => Promise<T>, deadlineMs: number = this.writeDeadlineMs): Promise<T> {
    if (this.closing !== undefined) throw new AppError('shutting_down');
    if (this.joined !== null) return work(this.joined);
    const deadline = performance.now() + deadlineMs;
    if (this.dialect === 'mssql') return this.attempt(work, deadline);
    const turn = this.tail.then(() => this.attempt(work, deadline));
    this.tail = turn.then(
      () => undefined,
      () => undefined,
    );
    return turn;
  }

  /**
   * The database as it is within one of its transactions: services built on it read and write as part of that one, so that all they do is
   * done whole or not at all. Not for work that goes on after a failed write.
   */
  within(tx: Tx): Database {
    return new Database(this.dialect, this.writer, this.reader, this.writeDeadlineMs, tx);
  }

  /** Rejects when the database does not answer. */
  async ping(): Promise<void> {
    await this.read.query('SELECT 1');
  }

  /** Waits for writes that have begun. */
  close(): Promise<void> {
    this.closing ??= this.shut();
    return this.closing;
  }

  private async attempt<T>(work: (tx: Tx) => Promise<T>, deadline: number): Promise<T> {
    for (;;) {
      if (performance.now() > deadline) throw new AppError('database_busy', { retryAfterSec: 2 });
      try {
        return await this.writer.transaction(work);
      } catch (error) {
        if (databaseFault(error) !== 'busy') throw error;
        if (performance.now() + RETRY_PAUSE_MS > deadline) throw asAppError(error);
        await delay(RETRY_PAUSE_MS * (0.5 + Math.random()));
      }
    }
  }

  private async shut(): Promise<void> {
    await this.tail;
    if (this.reader !== this.writer) await this.reader.destroy();
    await this.writer.destroy();
  }
}

interface Connections {
  readonly writer: DataSource;
  readonly reader: DataSource;
}

async function openSqlite(file: string): Promise<Connections> {
  const writer = await migrated(sqliteSource(file, 'write'));
  try {
    return { writer, reader: await sqliteSource(file, 'read').initialize() };
  } catch (error) {
    await writer.destroy();
    throw error;
  }
}

async function openMssql(target: MssqlTarget): Promise<Connections> {
  await (await migrated(new DataSource(mssqlOptions(target, 'migrate')))).destroy();
  const pool = new DataSource(mssqlOptions(target, 'serve'));
  await pool.initialize();
  return { writer: pool, reader: pool };
}

async function migrated(source: DataSource): Promise<DataSource> {
  await source.initialize();
  try {
    await source.runMigrations({ transaction: 'all' });
    return source;
  } catch (error) {
    await source.destroy();
    throw error;
  }
}
