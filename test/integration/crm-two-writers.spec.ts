import { randomUUID } from 'node:crypto';
import { Database, type Tx } from '../../crm-core/src/db';
import { CallerMark, CallerMarkPage } from '../../crm-core/contract/caller-marks';
import { Customer } from '../../crm-core/contract/customers';
import { HotlineRecord } from '../../crm-core/contract/hotline-records';
import { MissedCallPage } from '../../crm-core/contract/missed-calls';
import { UserPage } from '../../crm-core/contract/users';
import { putApiClient } from '../../crm-core/src/db/repositories/api-clients.repository';
import { putCallTrail } from '../../crm-core/src/db/repositories/call-trails.repository';
import { putDisposition, putDispositionRow } from '../../crm-core/src/db/repositories/dispositions.repository';
import { orderLinking } from '../../crm-core/src/db/repositories/link-tasks.repository';
import { nextInSequence } from '../../crm-core/src/db/repositories/sequences.repository';
import { userByName } from '../../crm-core/src/db/repositories/users.repository';
import { secondWriter } from '../support/second-writer';
import { callRow, freshMobile } from './crm-samples';
import type { CrmClient } from './crm-test-client';
import { PASSWORD, TestServer } from './crm-server';

const AT = new Date('2026-04-01T02:00:00.000Z');

describe('two writers at once', () => {
  let server: TestServer;
  let second: Database;
  let agentId: string;
  let restore = () => {};
  const db = () => server.running.app.db;
  const rows = async (sql: string) => (await db().read.query(sql)) as Record<string, unknown>[];

  beforeAll(async () => {
    server = await TestServer.start();
    second = await Database.open({ dialect: 'sqlite', file: server.file });
    agentId = (await userByName(db().read, '1001'))?.userId ?? '';
  });
  afterEach(() => restore());
  afterAll(async () => {
    await second.close();
    await server.dispose();
  });

  /** Somebody else does this just before a statement of ours that matches. */
  async function meanwhile(before: RegExp, sql?: string): Promise<() => boolean> {
    const writer = await secondWriter(db(), before, sql);
    restore = writer.restore;
    return writer.came;
  }

  const puts: readonly [table: string, key: string, put: (tx: Tx, key: string) => Promise<unknown>][] = [
    [
      'api_clients',
      'name',
      (tx, name) =>
        putApiClient(tx, {
          ...{ clientId: randomUUID(), name, tokenHash: `of ${name}`, scopes: ['match'], enabled: true },
          ...{ createdAt: AT, createdById: null, version: 1 },
        }),
    ],
    [
      'link_tasks',
      'number_key',
      (tx, numberKey) => orderLinking(tx, { numberKey, token: randomUUID(), positionAt: null, positionId: null, createdAt: AT }),
    ],
    [
      'call_trails',
      'call_id',
      (tx, callId) =>
        putCallTrail(tx, {
          callId,
          trail: { callId, finished: true, steps: [], stepsLeftOut: 0, offers: [], reason: null },
          receivedAt: AT,
        }),
    ],
    ['dispositions', 'code', (tx, code) => putDispositionRow(tx, { code, zh: code, en: code, position: 99, active: true })],
    ['call_dispositions', 'call_id', (tx, callId) => putDisposition(tx, { callId, code: 'enquiry', setById: agentId, setAt: AT })],
  ];

  /** Trails are of calls that are there. */
  const call = async (callId: string) => void (await server.gateway().put(`/calls/${callId}`, callRow(callId, { remoteNumber: null })));

  it.each(puts)('put one row into %s when the other was a moment faster', async (table, key, put) => {
    await call('raced');
    const came = await meanwhile(new RegExp(`^INSERT INTO "${table}"`));
    await db().write((tx) => put(tx, 'raced'));
    expect(came()).toBe(true);
    expect(await rows(`SELECT * FROM ${table} WHERE ${key} = 'raced'`)).toHaveLength(1);
  });

  it.each(puts)('put one row into %s from two services', async (table, key, put) => {
    const keys = Array.from({ length: 8 }, (_, index) => `both ${index}`);
    for (const name of keys) await call(name);
    await Promise.all(keys.flatMap((name) => [db().write((tx) => put(tx, name)), second.write((tx) => put(tx, name))]));
    expect(await rows(`SELECT * FROM ${table} WHERE ${key} LIKE 'both %'`)).toHaveLength(keys.length);
  });

  it('are given different numbers, also the first ones', async () => {
    const came = await meanwhile(/^INSERT INTO "sequences"/);
    expect(await db().write((tx) => nextInSequence(tx, 'raced'))).toBe(2);
    expect(came()).toBe(true);
    const given = await Promise.all(
      [db(), second].flatMap((one) => Array.from({ length: 8 }, () => one.write((tx) => nextInSequence(tx, 'n')))),
    );
    expect(given.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 16 }, (_, index) => index + 1));
  });

  it('leave an administrator who can sign in', async () => {
    const admin = await server.signedIn('admin');
    const admins = async () =>
      (await admin.get('/users', { limit: 200 })).as(UserPage).items.filter(({ role, enabled }) => role === 'administrator' && enabled);
    const body = { username: 'admin.two', displayName: '二号', role: 'administrator', password: PASSWORD };
    await admin.post('/users', body);
    const [one] = (await admins()).filter(({ username }) => username === 'admin');
    const came = await meanwhile(/^UPDATE "users"/, "UPDATE users SET enabled = 0 WHERE username = 'admin.two'");
    const answer = await admin.patch(`/users/${one?.userId}`, { version: one?.version, enabled: false });
    expect(came()).toBe(true);
    expect(answer.fieldCodes).toEqual(['enabled: last_administrator']);
    expect((await admins()).map(({ username }) => username)).toContain('admin');
  });

  describe('of whom the other has changed what the first is about to', () => {
    let agent: CrmClient;
    let supervisor: CrmClient;
    beforeAll(async () => {
      [agent, supervisor] = [await server.signedIn('1001'), await server.signedIn('zhuguan')];
    });
    const customer = async (body: object) => (await agent.post('/customers', { name: '云桥', ...body })).as(Customer);
    const changedBefore = (before: RegExp, table: string) => meanwhile(before, `UPDATE ${table} SET version = version + 1`);

    it('delete a customer', async () => {
      const { customerId } = await customer({});
      const came = await changedBefore(/^UPDATE "customers" SET "deleted_at"/, 'customers');
      expect((await supervisor.delete(`/customers/${customerId}`)).status).toBe(204);
      expect(came()).toBe(true);
      expect((await agent.get(`/customers/${customerId}`)).status).toBe(404);
    });

    it('delete a contact', async () => {
      const { customerId, contacts } = await customer({ contacts: [{ name: '钱程' }] });
      const came = await changedBefore(/^UPDATE "contacts" SET "deleted_at"/, 'contacts');
      expect((await agent.delete(`/contacts/${contacts[0]?.contactId}`)).status).toBe(204);
      expect(came()).toBe(true);
      expect((await agent.get(`/customers/${customerId}`)).as(Customer).contacts).toEqual([]);
    });

    it('merge a customer', async () => {
      const [into, from] = [await customer({}), await customer({ level: 'A' })];
      const came = await changedBefore(/^UPDATE "customers" SET "deleted_at"/, 'customers');
      const merged = await supervisor.post(`/customers/${into.customerId}/merge`, { customerId: from.customerId, version: into.version });
      expect(merged.as(Customer)).toMatchObject({ level: 'A' });
      expect(came()).toBe(true);
      expect((await agent.get(`/customers/${from.customerId}`)).status).toBe(404);
    });

    it('give a call’s record to the customer made during it', async () => {
      const begin = { direction: 'inbound', remoteNumber: freshMobile(), occurredAt: AT.toISOString() };
      const { recordId } = (await agent.put('/hotline-records/by-call/given', begin)).as(HotlineRecord);
      const came = await changedBefore(/^UPDATE "hotline_records" SET "customer_id"/, 'hotline_records');
      const { customerId } = await customer({ callId: 'given' });
      expect(came()).toBe(true);
      expect((await agent.get(`/hotline-records/${recordId}`)).as(HotlineRecord)).toMatchObject({ customerId });
    });

    it('count another try of a caller who is being called back', async () => {
      const remoteNumber = freshMobile();
      const missed = { remoteNumber, answeredAt: null, outcome: 'abandoned', agentExtension: null, talkMs: 0 } as const;
      const gateway = server.gateway();
      await gateway.put('/calls/try-1', callRow('try-1', missed));
      const came = await changedBefore(/^UPDATE "missed_calls"/, 'missed_calls');
      expect((await gateway.put('/calls/try-2', callRow('try-2', { ...missed, startedAt: '2026-03-02T03:00:00.000Z' }))).status).toBe(201);
      expect(came()).toBe(true);
      const { items } = (await agent.get('/missed-calls')).as(MissedCallPage);
      expect(items.find((item) => item.remoteNumber === remoteNumber)).toMatchObject({ tries: 2 });
    });

    it('end a mark', async () => {
      const mark = { number: freshMobile(), kind: 'vip', reason: '合同', until: null };
      const { markId } = (await supervisor.post('/caller-marks', mark)).as(CallerMark);
      const came = await changedBefore(/^UPDATE "caller_marks" SET "ended_at"/, 'caller_marks');
      expect((await supervisor.delete(`/caller-marks/${markId}`)).status).toBe(204);
      expect(came()).toBe(true);
      const { items } = (await supervisor.get('/caller-marks')).as(CallerMarkPage);
      expect(items.map((item) => item.markId)).not.toContain(markId);
    });
  });
});
