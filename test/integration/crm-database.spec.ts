import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import Sqlite from 'better-sqlite3';
import type { EntitySchema } from 'typeorm';
import { Database } from '../../crm-core/src/db';
import { CallLogPage } from '../../crm-core/contract/calls';
import { Customer, CustomerPage } from '../../crm-core/contract/customers';
import { MIGRATIONS } from '../../crm-core/src/db/migrations';
import { sqliteSource } from '../../crm-core/src/db/data-source';
import { DEMO_CALLS, DEMO_CUSTOMERS, DEMO_USERS } from '../../crm-core/src/demo/demo-data';
import { DATABASES, PASSWORD, TestServer } from './crm-server';
import { callRow } from './crm-samples';

beforeAll(() => {
  if (!DATABASES.includes('mssql')) process.stderr.write('crm-core was tested on SQLite only: TEST_MSSQL_URL is not set.\n');
});

describe('the database in trouble', () => {
  let server: TestServer;
  beforeEach(async () => {
    server = await TestServer.start({ writeDeadlineMs: 600 });
  });
  afterEach(() => server.dispose());

  it('answers 503 with a code when somebody else holds the lock, reads on meanwhile, and goes on afterwards', async () => {
    const client = await server.signedIn('1001');
    const holder = new Sqlite(server.file);
    holder.exec('BEGIN IMMEDIATE');
    const startedAt = performance.now();
    const writes = await Promise.all([
      client.post('/customers', { name: '等锁' }),
      server.gateway().put('/calls/locked', callRow('locked')),
      server.client().post('/session', { username: '1002', password: PASSWORD }),
    ]);
    expect(performance.now() - startedAt).toBeLessThan(3_000);
    expect(writes.map((answer) => [answer.status, answer.error.code])).toEqual([
      [503, 'database_busy'],
      [503, 'database_busy'],
      [503, 'database_busy'],
    ]);
    expect(writes[0]?.headers.get('retry-after')).toBe('2');
    expect((await client.get('/customers', { q: '13912345678' })).as(CustomerPage).items).toHaveLength(1);
    expect((await server.gateway().post('/match', { callerId: '13912345678' })).status).toBe(200);
    holder.exec('COMMIT');
    holder.close();
    expect((await client.post('/customers', { name: '等锁' })).status).toBe(201);
    expect((await client.get('/customers', { q: '等锁' })).as(CustomerPage).items).toHaveLength(1);
  });

  it('waits out a lock that is short', async () => {
    const client = await server.signedIn('1001');
    const holder = new Sqlite(server.file);
    holder.exec('BEGIN IMMEDIATE');
    const release = setTimeout(() => {
      holder.exec('COMMIT');
      holder.close();
    }, 250);
    expect((await client.post('/customers', { name: '短锁' })).status).toBe(201);
    clearTimeout(release);
  });

  it('says so when the disk is full, keeps what was there, and takes new records once there is room', async () => {
    const client = await server.signedIn('1001');
    // SQLite's own limit on pages gives the very error a full disk gives, on the connection that writes.
    const pragma = (text: string) => server.running.app.db.write((tx) => tx.query(text));
    const [{ page_count: pages }] = (await pragma('PRAGMA page_count')) as [{ page_count: number }];
    await pragma(`PRAGMA max_page_count = ${pages}`);
    let refused = await client.post('/customers', { name: '装不下', profile: '长'.repeat(4000) });
    for (let attempt = 0; refused.status === 201 && attempt < 50; attempt++)
      refused = await client.post('/customers', { name: '装不下', profile: '长'.repeat(4000) });
    expect([refused.status, refused.error.code]).toEqual([507, 'storage_full']);
    expect(refused.error.message).toContain('存储空间');
    expect((await client.get('/customers', { q: '13912345678' })).as(CustomerPage).items).toHaveLength(1);
    await pragma('PRAGMA max_page_count = 1073741823');
    expect((await client.post('/customers', { name: '又有空间' })).status).toBe(201);
    expect(server.logged.join('')).toContain('"code":"storage_full"');
  });

  it('takes nothing of a transaction that failed half-way', async () => {
    const { db } = server.running.app;
    const count = async () => Number(((await db.read.query('SELECT COUNT(*) AS n FROM sequences')) as { n: number }[])[0]?.n);
    const before = await count();
    const failing = db.write(async (tx) => {
      await tx.query("INSERT INTO sequences (name, value) VALUES ('half', 1)");
      expect(await count()).toBe(before);
      throw new Error('half-way');
    });
    const following = db.write((tx) => tx.query("INSERT INTO sequences (name, value) VALUES ('whole', 1)"));
    await expect(failing).rejects.toThrow('half-way');
    await following;
    expect(await count()).toBe(before + 1);
  });

  it('is closed once, twice, and refuses work afterwards', async () => {
    const { db } = server.running.app;
    await Promise.all([db.close(), db.close()]);
    await expect(db.write(async () => 1)).rejects.toMatchObject({ code: 'shutting_down' });
    await expect(db.ping()).rejects.toMatchObject({ code: 'shutting_down' });
  });

  it('runs two services on one file, one after the other’s writes, without losing any', async () => {
    const second = await Database.open({ dialect: 'sqlite', file: server.file });
    const client = await server.signedIn('1001');
    const writes = Array.from({ length: 20 }, (_, index) => [
      client.post('/customers', { name: `双实例 ${index}` }),
      second.write((tx) => tx.query(`INSERT INTO sequences (name, value) VALUES ('s${index}', 1)`)),
    ]).flat();
    await Promise.all(writes);
    expect(await second.read.query("SELECT name FROM sequences WHERE name LIKE 's%'")).toHaveLength(20);
    expect((await client.get('/customers', { q: '双实例' })).as(CustomerPage).items).toHaveLength(20);
    await second.close();
  });
});

describe('the SQLite file', () => {
  let directory: string;
  beforeEach(() => {
    directory = fs.mkdtempSync(path.join(os.tmpdir(), 'hotline-db-'));
  });
  afterEach(() => fs.rmSync(directory, { recursive: true, force: true }));

  it('is kept so that what was answered survives a power cut, and refuses rows that refer to nothing', async () => {
    const db = await Database.open({ dialect: 'sqlite', file: path.join(directory, 'new', 'hotline.db') });
    const pragma = (name: string) => db.write(async (tx) => Object.values((await tx.query(`PRAGMA ${name}`))[0] as object)[0] as unknown);
    expect(await pragma('journal_mode')).toBe('wal');
    expect(await pragma('synchronous')).toBe(2);
    expect(await pragma('foreign_keys')).toBe(1);
    await expect(
      db.write((tx) => tx.query("INSERT INTO sessions VALUES ('h', 'nobody', '2026-01-01', '2026-01-01', '2026-01-01')")),
    ).rejects.toThrow(/FOREIGN KEY/);
    await expect(db.read.query("INSERT INTO sequences VALUES ('x', 1)")).rejects.toThrow(/readonly/);
    await db.close();
  });

  it('is migrated once, down and up again, with the tables and columns the entities expect', async () => {
    const file = path.join(directory, 'hotline.db');
    await (await Database.open({ dialect: 'sqlite', file })).close();
    const source = await sqliteSource(file, 'write').initialize();
    expect(await source.runMigrations()).toEqual([]);
    for (const entity of source.entityMetadatas) {
      const columns = (await source.query(`PRAGMA table_info(${entity.tableName})`)) as { name: string }[];
      expect(columns.map((column) => column.name).toSorted()).toEqual(entity.columns.map((column) => column.databaseName).toSorted());
    }
    for (const _ of MIGRATIONS) await source.undoLastMigration({ transaction: 'all' });
    const left = (await source.query("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")) as {
      name: string;
    }[];
    expect(left.map((table) => table.name)).toEqual(['schema_migrations']);
    expect(await source.runMigrations({ transaction: 'all' })).toHaveLength(MIGRATIONS.length);
    await source.destroy();
  });

  it('is migrated without asking today’s entities, which may have columns that come later', async () => {
    const source = sqliteSource(path.join(directory, 'hotline.db'), 'write');
    const later = { type: 'nvarchar', length: 20, nullable: true } as const;
    for (const { options } of source.options.entities as EntitySchema[]) Object.assign(options.columns, { later });
    await source.initialize();
    await source.runMigrations({ transaction: 'all' });
    expect(await source.query('SELECT * FROM dispositions WHERE position = 0')).toEqual([
      { code: 'enquiry', zh: '咨询', en: 'Enquiry', position: 0, active: 1 },
    ]);
    await source.destroy();
  });

  it.each([1, 2, 5, 7, 14, 25, 40])(
    'holds the whole demo or none of it, also when filling it was cut off after %d steps',
    async (steps) => {
      const env = { DATABASE_URL: `sqlite:${path.join(directory, 'hotline.db')}` };
      let left = steps;
      const now = () => {
        if (left-- === 0) throw new Error('cut off');
        return new Date();
      };
      await expect(TestServer.start({ env, now })).rejects.toThrow('cut off');
      const server = await TestServer.start({ env });
      const counts = async (table: string) =>
        ((await server.running.app.db.read.query(`SELECT COUNT(*) AS n FROM ${table}`)) as { n: number }[])[0]?.n;
      expect(await counts('users')).toBe(DEMO_USERS.length);
      expect(await counts('customers')).toBe(DEMO_CUSTOMERS.length);
      expect(await counts('calls')).toBe(DEMO_CALLS.length);
      expect(await counts('hotline_records')).toBe(DEMO_CALLS.filter(({ record }) => record !== undefined).length);
      await server.dispose();
    },
  );

  it('is filled by one of two services that start on it at once', async () => {
    const env = { DATABASE_URL: `sqlite:${path.join(directory, 'hotline.db')}` };
    await (await Database.open({ dialect: 'sqlite', file: path.join(directory, 'hotline.db') })).close();
    const [one, other] = await Promise.all([TestServer.start({ env }), TestServer.start({ env })]);
    const admin = await one.signedIn('admin');
    expect((await admin.get('/customers')).as(CustomerPage).items).toHaveLength(DEMO_CUSTOMERS.length);
    for (const server of [one, other]) await server.dispose();
  });

  it('that is none is refused at the start', async () => {
    const file = path.join(directory, 'not.db');
    fs.writeFileSync(file, 'this is a text file, and long enough to look at\n'.repeat(50));
    await expect(Database.open({ dialect: 'sqlite', file })).rejects.toMatchObject({ code: 'SQLITE_NOTADB' });
  });
});

describe.each(DATABASES)('the first start on %s', (database) => {
  it('makes the administrator of HOTLINE_ADMIN_PASSWORD, once', async () => {
    const env = { HOTLINE_DEMO: '0', HOTLINE_ADMIN_PASSWORD: 'the first password' };
    const server = await TestServer.start({ database, env });
    const admin = await server.signedIn('admin', 'the first password');
    expect((await admin.get('/customers')).as(CustomerPage).items).toEqual([]);
    await admin.put('/session/password', { currentPassword: 'the first password', newPassword: 'the second one 2' });
    await server.stop();
    await server.open();
    await server.signedIn('admin', 'the second one 2');
    expect((await server.client().post('/session', { username: 'admin', password: 'the first password' })).status).toBe(401);
    await server.dispose();
  });

  it('fills in the demo, once, and finds it again', async () => {
    const server = await TestServer.start({ database });
    const admin = await server.signedIn('admin');
    const before = (await admin.get('/customers')).as(CustomerPage).items;
    expect(before).toHaveLength(8);
    const known = before.find((item) => item.name === '云岭市政管网有限公司');
    expect((await admin.get(`/customers/${known?.customerId}`)).as(Customer).contacts.map((contact) => contact.name)).toEqual([
      '吴海燕',
      '马建国',
    ]);
    const calls = (await admin.get('/calls')).as(CallLogPage).items;
    expect(new Set(calls.map(({ disposition }) => disposition)).size).toBeGreaterThan(4);
    const unanswered = calls.find(({ outcome }) => outcome === 'no_answer');
    expect(unanswered?.legs).toEqual([expect.objectContaining({ extension: '1002', result: 'no_answer', alertingAt: null, ringMs: 0 })]);
    await server.stop();
    await server.open();
    expect((await (await server.signedIn('admin')).get('/customers')).as(CustomerPage).items).toEqual(before);
    await server.dispose();
  });
});
