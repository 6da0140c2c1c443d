import { DataSource, QueryResult, type ObjectLiteral } from 'typeorm';
import { mssqlOptions } from '../../crm-core/src/db/data-source';

const TARGET = {
  dialect: 'mssql',
  host: 'nowhere',
  port: 1433,
  username: 'u',
  password: 'p',
  database: 'hotline',
  encrypt: true,
  trustServerCertificate: false,
} as const;

/** What it answers: nothing found and nothing changed; or always one row, with "1" wherever a column was asked for, and one row changed. */
export type SilentAnswer = 'nothing' | 'one row';

/** A SQL Server that is not there: everything up to the wire is TypeORM's own, and what would be sent is kept. */
export class SilentMssql extends DataSource {
  readonly sent: string[] = [];
  answer: SilentAnswer = 'nothing';

  static async open(): Promise<SilentMssql> {
    const server = new SilentMssql(mssqlOptions(TARGET, 'serve'));
    await server.buildMetadatas();
    return server;
  }

  override createQueryRunner(): ReturnType<DataSource['createQueryRunner']> {
    const runner = super.createQueryRunner();
    const query = async (sql: string, _parameters?: unknown[], structured?: boolean) => {
      this.sent.push(sql);
      const records = this.answer === 'one row' ? [rowFor(sql)] : [];
      return structured === true ? Object.assign(new QueryResult(), { records, raw: records, affected: records.length }) : records;
    };
    return Object.assign(runner, { query });
  }

  /** A row of an entity with something in every column. */
  rowOf<Row extends ObjectLiteral>(entity: string): Row {
    const { columns } = this.getMetadata(entity);
    return Object.fromEntries(columns.map(({ propertyName, type }) => [propertyName, SAMPLES[String(type)] ?? '1'])) as Row;
  }
}

const SAMPLES: Readonly<Record<string, unknown>> = { int: 1, datetime2: new Date(0), [String(Boolean)]: true };

function rowFor(sql: string): ObjectLiteral {
  return Object.fromEntries([...sql.matchAll(/ AS "(\w+)"/g)].map(([, name = '']) => [name, '1']));
}
