import { DataSource, QueryResult } from 'typeorm';
import { mssqlOptions } from './data-source';
import { MIGRATIONS } from './migrations';
import { keysetPage } from './paging';
import { pageOfCalls } from './repositories/calls.repository';
import { searchCustomers } from './repositories/customers.repository';
import { Directory } from './repositories/directory.repository';
import type { CallRow } from './entities/call.entity';

/** A SQL Server that is not there: everything up to the wire is TypeORM's own, and what would be sent is kept. */
class SilentServer extends DataSource {
  readonly sent: string[] = [];

  static async open(): Promise<SilentServer> {
    const target = {
      host: 'nowhere',
      port: 1433,
      username: 'u',
      password: 'p',
      database: 'hotline',
      encrypt: true,
      trustServerCertificate: false,
    };
    const server = new SilentServer(mssqlOptions({ dialect: 'mssql', ...target }));
    await server.buildMetadatas();
    return server;
  }

  override createQueryRunner(): ReturnType<DataSource['createQueryRunner']> {
    const runner = super.createQueryRunner();
    jest.spyOn(runner, 'query').mockImplementation(async (sql: string, ...rest: unknown[]) => {
      this.sent.push(sql);
      return rest[1] === true ? Object.assign(new QueryResult(), { records: [], raw: [] }) : [];
    });
    return runner;
  }
}

describe('what SQL Server would be sent', () => {
  let server: SilentServer;
  beforeAll(async () => {
    server = await SilentServer.open();
  });

  async function migrated(): Promise<string> {
    const runner = server.createQueryRunner();
    for (const Migration of MIGRATIONS) await new Migration().up(runner);
    return server.sent.join('\n');
  }

  it('is tables of Unicode text, bits and moments in milliseconds', async () => {
    const sql = await migrated();
    expect(sql).toContain('"name" nvarchar(200) NOT NULL');
    expect(sql).toContain('"problem" nvarchar(max) NOT NULL');
    expect(sql).toContain('"enabled" bit NOT NULL');
    expect(sql).toContain('"started_at" datetime2(3) NOT NULL');
    expect(sql).not.toMatch(/\b(text|ntext|boolean|datetime|varchar|uniqueidentifier)\b(?! IN)[ (]/);
  });

  it('lets several rows have none of what must be unique', async () => {
    const sql = await migrated();
    expect(sql).toContain('CREATE UNIQUE INDEX "ux_users_extension" ON "users" ("extension") WHERE extension IS NOT NULL');
    expect(sql).toContain('("call_id", "served_by_id") WHERE call_id IS NOT NULL');
  });

  it('has names of at most 60 characters, each index once', async () => {
    server.sent.length = 0;
    const indexes = [...(await migrated()).matchAll(/INDEX "(\w+)"/g)].map((match) => match[1] ?? '');
    expect(indexes.length).toBeGreaterThan(20);
    expect(new Set(indexes).size).toBe(indexes.length);
    expect(indexes.every((name) => name.length <= 60 && name === name.toLowerCase())).toBe(true);
  });

  it('cascades nowhere', async () => {
    expect(await migrated()).not.toMatch(/CASCADE|SET NULL/);
  });

  it('gives every entity a table with the same columns', async () => {
    const sql = await migrated();
    for (const { tableName, columns } of server.entityMetadatas) {
      const lines = sql
        .split('\n')
        .filter((line) => line.startsWith(`CREATE TABLE "${tableName}"`) || line.startsWith(`ALTER TABLE "${tableName}" ADD`));
      const table = lines.join('\n');
      for (const column of columns) expect(table).toContain(`"${column.databaseName}" `);
    }
  });

  it('pages by key behind an order, with moments as text', () => {
    const cursor = Buffer.from(JSON.stringify([Date.UTC(2026, 0, 2, 3, 4, 5, 6), 'id'])).toString('base64url');
    const query = server.manager.createQueryBuilder<CallRow>('call', 'k');
    const [sql, parameters] = keysetPage(query, { at: 'k.startedAt', id: 'k.callId' }, { cursor, limit: 50 }).getQueryAndParameters();
    expect(sql).toMatch(
      /WHERE \("k"\."started_at" < @0 OR \("k"\."started_at" = @0 AND "k"\."call_id" < @1\)\) ORDER BY .* OFFSET 0 ROWS FETCH NEXT 51 ROWS ONLY$/,
    );
    expect(parameters).toEqual(['2026-01-02 03:04:05.006', 'id']);
  });

  it('searches with escaped patterns and looks numbers up by key', async () => {
    server.sent.length = 0;
    const term = { text: '50%[a]', keys: ['+8613912345678'], digits: '139' };
    await searchCustomers(server.manager, { terms: [term], scope: 'all', exact: false }, { limit: 10 });
    await new Directory().ownersOf(server.manager, ['a', 'b']);
    await pageOfCalls(server.manager, { seenBy: '1001', numberKeys: ['a'] }, { limit: 10 });
    const [search = '', lookUp = '', calls = ''] = server.sent;
    expect(search).toContain(`"c"."name_search" LIKE @0 ESCAPE '\\'`);
    expect(search).toContain('"n"."number_key" IN (');
    expect(lookUp).toMatch(/WHERE "n"\."number_key" IN \(@0, @1\)$/);
    expect(calls).toContain('EXISTS (SELECT 1 FROM call_agents ca WHERE ca.call_id = "k"."call_id" AND ca.extension = @');
  });
});
