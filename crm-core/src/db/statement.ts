import { dialectOf } from './columns';
import type { Tx } from './database';

interface SqliteStatement {
  all(...parameters: unknown[]): unknown[];
}
interface SqliteConnection {
  prepare(sql: string): SqliteStatement;
}

/** Statements by their text, for as long as their connection lives. */
const prepared = new WeakMap<SqliteConnection, Map<string, SqliteStatement>>();

/**
 * Rows of a statement that is sent again and again. On SQLite it is prepared once and run on the connection itself: TypeORM's query
 * runner takes as long as the database (test/bench/match-lookup.ts). SQL Server keeps the plan of a statement by its text.
 */
export async function rowsOf<Row>(tx: Tx, sql: string, parameters: readonly unknown[]): Promise<Row[]> {
  if (dialectOf(tx) === 'mssql') return tx.query(sql, [...parameters]);
  return statementOf(connectionOf(tx), sql).all(...parameters) as Row[];
}

function connectionOf({ dataSource: { driver } }: Tx): SqliteConnection {
  return (driver as unknown as { readonly databaseConnection: SqliteConnection }).databaseConnection;
}

function statementOf(connection: SqliteConnection, sql: string): SqliteStatement {
  let statements = prepared.get(connection);
  if (statements === undefined) prepared.set(connection, (statements = new Map()));
  let statement = statements.get(sql);
  if (statement === undefined) statements.set(sql, (statement = connection.prepare(sql)));
  return statement;
}
