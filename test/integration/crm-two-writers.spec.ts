import { randomUUID } from 'node:crypto';
import { Database, type Tx } from '../../crm-core/src/db';
import { putApiClient } from '../../crm-core/src/db/repositories/api-clients.repository';
import { putCallTrail } from '../../crm-core/src/db/repositories/call-trails.repository';
import { putDisposition, putDispositionRow } from '../../crm-core/src/db/repositories/dispositions.repository';
import { orderLinking } from '../../crm-core/src/db/repositories/link-tasks.repository';
import { nextInSequence } from '../../crm-core/src/db/repositories/sequences.repository';
import { userByName } from '../../crm-core/src/db/repositories/users.repository';
import { secondWriter } from '../support/second-writer';
import { callRow } from './crm-samples';
import { TestServer } from './crm-server';

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
        putApiClient(tx, { clientId: randomUUID(), name, tokenHash: `of ${name}`, scopes: ['match'], enabled: true, createdAt: AT }),
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
});
