import fs from 'node:fs';
import path from 'node:path';
import { repositoryStatements } from '../../../test/fixtures/repository-statements';
import { SilentMssql } from '../../../test/fakes/silent-mssql';
import { tSqlFaults } from '../../../test/support/t-sql';
import { MIGRATIONS } from './migrations';
import { keysetPage } from './paging';
import { pageOfCalls } from './repositories/calls.repository';
import { searchCustomers } from './repositories/customers.repository';
import { Directory } from './repositories/directory.repository';
import type { CallRow } from './entities/call.entity';

describe('what SQL Server would be sent', () => {
  let server: SilentMssql;
  beforeAll(async () => {
    server = await SilentMssql.open();
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
    expect(sql).toContain('INSERT INTO "dispositions" ("code", "zh", "en", "position", "active") VALUES (@0, @1, @2, 0, 1)');
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

  it('is nothing that SQL Server would refuse, whatever a repository is asked', async () => {
    const statements = await repositoryStatements(server);
    const repositories = fs.readdirSync(path.join(__dirname, 'repositories')).map((file) => file.replace('.repository.ts', ''));
    expect(new Set(statements.map(({ of }) => of.split('.')[0]))).toEqual(new Set(repositories));
    expect(statements.flatMap(({ of, sql }) => tSqlFaults(sql).map((fault) => `${of}: ${fault}`))).toEqual([]);
  });

  it('counts versions by itself: the one a request names may be larger than any that a column holds', async () => {
    const statements = await repositoryStatements(server);
    const counted = statements.filter(({ sql }) => /^UPDATE .*"version" = "version" \+ 1/.test(sql));
    expect(new Set(counted.map(({ of }) => of)).size).toBe(7);
    expect(statements.filter(({ sql }) => /^UPDATE .* SET .*"version" = @.* WHERE/.test(sql))).toEqual([]);
  });
});

describe('a statement', () => {
  it.each([
    [
      'SELECT (SELECT SUM(CASE WHEN p.position <= "n"."position" THEN 2 ELSE 1 END) FROM phone_numbers p WHERE p.owner_id = "n"."owner_id") AS "place" FROM "phone_numbers" "n"',
      ['outer reference "n"."position" in SUM(CASE WHEN p.position <= "n"."position" THEN 2 ELSE 1 END)'],
    ],
    ['SELECT (SELECT COUNT(*) FROM phone_numbers p WHERE p.position <= "n"."position") AS "place" FROM "phone_numbers" "n"', []],
    ['SELECT SUM(CASE WHEN "m"."state" = @0 THEN 1 ELSE 0 END) AS "open" FROM "missed_calls" "m"', []],
    ['SELECT "c"."id" AS "key", (SELECT COUNT(*) AS "key" FROM a b) AS "n", "c"."id" AS "key" FROM "customers" "c"', ['two columns "key"']],
    [`SELECT "c"."id" AS "id" FROM "customers" "c" WHERE "c"."text" = 'LIMIT || true' LIMIT 1`, ['LIMIT is not T-SQL']],
  ])('%s has the faults %j', (sql, faults) => {
    expect(tSqlFaults(sql)).toEqual(faults);
  });
});
