/** The part of the driver of SQL Server that the benchmark uses; it comes without types. */
declare module 'mssql' {
  interface Result {
    readonly recordset: readonly Readonly<Record<string, unknown>>[];
  }
  export class ConnectionPool {
    constructor(config: object);
    connect(): Promise<ConnectionPool>;
    close(): Promise<void>;
    query(sql: string): Promise<Result>;
  }
  export class PreparedStatement {
    constructor(pool: ConnectionPool);
    input(name: string, type: unknown): PreparedStatement;
    prepare(sql: string): Promise<void>;
    execute(values: Readonly<Record<string, unknown>>): Promise<Result>;
    unprepare(): Promise<void>;
  }
  export function NVarChar(length: number): unknown;
}
