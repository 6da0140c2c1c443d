import { AuditPage } from '../../crm-core/contract/audit';
import { CallLogEntry } from '../../crm-core/contract/calls';
import { Customer } from '../../crm-core/contract/customers';
import { MatchResult } from '../../crm-core/contract/match';
import { MissedCallPage } from '../../crm-core/contract/missed-calls';
import { Numbering, NumberingTryResult, Rekeying, type NumberingException } from '../../crm-core/contract/numbering';
import { newId } from '../../crm-core/src/db';
import { insertMark } from '../../crm-core/src/db/repositories/caller-marks.repository';
import { insertDecision } from '../../crm-core/src/db/repositories/match-decisions.repository';
import { newestNumbering } from '../../crm-core/src/db/repositories/numbering.repository';
import { userByName } from '../../crm-core/src/db/repositories/users.repository';
import { insertNumber } from '../../crm-core/src/db/repositories/numbers.repository';
import { eventually } from '../support/eventually';
import { callRow, freshMobile } from './crm-samples';
import { DATABASES, TestServer } from './crm-server';
import type { CrmClient } from './crm-test-client';

jest.setTimeout(60_000);

describe.each(DATABASES)('rules of numbering on %s', (database) => {
  let server: TestServer;
  let gateway: CrmClient;
  let agent: CrmClient;
  let admin: CrmClient;
  beforeEach(async () => {
    server = await TestServer.start({ database });
    gateway = server.gateway();
    agent = await server.signedIn('1001');
    admin = await server.signedIn('admin');
  });
  afterEach(() => server.dispose());

  const get = async () => (await admin.get('/numbering')).as(Numbering);
  const put = async (change: Partial<Numbering>) => {
    const { default: base, exceptions, version } = await get();
    return admin.put('/numbering', { default: base, exceptions, version, ...change });
  };
  const exception = (more: Partial<NumberingException>) => ({ scope: 'line', name: '4001112222', ...more });
  const tried = async (callerId: string, more: object = {}) =>
    (await admin.post('/numbering/try', { callerId, ...more })).as(NumberingTryResult);
  const match = async (callerId: string, more: object = {}) => (await gateway.post('/match', { callerId, ...more })).as(MatchResult);
  const rekeyed = () =>
    eventually('keys made again', async () => {
      const run = (await admin.get('/numbering/rekeying')).as(Rekeying);
      return run.state === 'idle' && run.finishedAt !== null ? run : null;
    });
  const customer = async (name: string, numbers: object[]) => (await agent.post('/customers', { name, numbers })).as(Customer);

  it('are those of the environment until an administrator saves others, for administrators only', async () => {
    expect(await get()).toMatchObject({ version: 1, saved: false, default: { countryCode: 'CN', areaCode: '20' }, exceptions: [] });
    expect((await agent.get('/numbering')).status).toBe(403);
    expect((await (await server.signedIn('zhuguan')).post('/numbering/try', { callerId: '1' })).status).toBe(403);
    const saved = (await put({ exceptions: [exception({ areaCode: '755', label: '深圳' })] as Numbering['exceptions'] })).as(Numbering);
    expect(saved).toMatchObject({ version: 2, saved: true, changedBy: '系统管理员' });
    const items = (await admin.get('/audit')).as(AuditPage).items;
    expect(items[0]).toMatchObject({ action: 'numbering.changed', before: { version: 1 }, after: { version: 2 } });
    await server.stop();
    await server.open();
    expect(await get()).toMatchObject({ version: 2, saved: true });
  });

  it('hold for each line and trunk: area code, outside prefix, services, extensions', async () => {
    const exceptions = [
      exception({ areaCode: '755', outsidePrefix: '9' }),
      exception({ scope: 'trunk', name: 'beijing', areaCode: '10', serviceNumbers: ['6600'], internalPattern: '8\\d{3}' }),
    ] as Numbering['exceptions'];
    expect((await put({ exceptions })).status).toBe(200);
    expect((await match('82345678', { line: '4001112222' })).key).toBe('+8675582345678');
    expect((await match('913912345678', { line: '4001112222' })).key).toBe('+8613912345678');
    expect((await match('62345678', { trunk: 'beijing' })).key).toBe('+861062345678');
    expect((await match('6600', { trunk: 'beijing' })).key).toBe('svc:6600');
    expect((await match('8001', { trunk: 'beijing', context: 'internal' })).kind).toBe('internal');
    expect((await match('7001', { trunk: 'beijing', context: 'internal' })).kind).not.toBe('internal');
    expect((await match('82345678', { line: '4001112222', trunk: 'beijing', areaCode: '21' })).key).toBe('+8675582345678');
    expect((await match('82345678')).key).toBe('+862082345678');
  });

  it('are tried before they are saved, with every step and why', async () => {
    const { default: base } = await get();
    const rules = { default: { ...base, areaCode: '755' }, exceptions: [exception({ outsidePrefix: '9' })] };
    const unsaved = await tried('913912345678', { line: '4001112222', rules });
    expect(unsaved).toMatchObject({
      match: { kind: 'known', key: '+8613912345678', steps: ['outside_prefix'], reason: 'mobile.outside_prefix' },
      used: { areaCode: '755', areaCodeFrom: 'default', outsidePrefix: '9', exception: 'line' },
    });
    expect((await tried('82345678', { line: '01066668888' })).used).toMatchObject({ areaCode: '10', areaCodeFrom: 'line_number' });
    expect((await tried('82345678')).match.key).toBe('+862082345678');
    expect((await tried('82345678', { rules })).match.key).toBe('+8675582345678');
    expect((await get()).version).toBe(1);
  });

  it('refuses rules that make no sense, doubles, and a version that is old', async () => {
    const { default: base, version } = await get();
    expect((await put({ default: { ...base, areaCode: '999' } })).status).toBe(200);
    expect((await put({ default: { ...base, areaCode: '1' } })).fieldCodes).toEqual(['default.areaCode: invalid_format']);
    expect((await put({ default: { ...base, internalPattern: '(\\d+)+$' } })).fieldCodes).toEqual([
      'default.internalPattern: invalid_pattern',
    ]);
    expect((await put({ default: { ...base, internalPattern: '(\\d' } })).fieldCodes).toEqual(['default.internalPattern: invalid_pattern']);
    const twice = [exception({}), exception({})] as Numbering['exceptions'];
    expect((await put({ exceptions: twice })).fieldCodes).toEqual(['exceptions: already_exists']);
    expect((await admin.put('/numbering', { default: base, exceptions: [], version })).error.code).toBe('version_conflict');
  });

  it('make the keys of stored numbers, calls and records again, but not of numbers written for another area', async () => {
    const local = await customer('本地号码', [{ raw: '81110001' }]);
    const elsewhere = await customer('别处号码', [{ raw: '81110002', areaCode: '10' }]);
    const neighbour = await customer('同栏号码', [{ raw: '0571-81110003; 81110004' }]);
    await gateway.put('/calls/old', callRow('old', { remoteNumber: '81110001', line: null, areaCode: null }));
    expect((await gateway.get('/calls/old')).as(CallLogEntry)).toMatchObject({ numberKey: '+862081110001', customerId: local.customerId });
    const { default: base } = await get();
    await put({ default: { ...base, areaCode: '755' } });
    const run = await rekeyed();
    expect(run.done).toBe(run.total);
    const keys = async ({ customerId }: Customer) =>
      (await agent.get(`/customers/${customerId}`)).as(Customer).numbers.map(({ key }) => key);
    expect(await keys(local)).toEqual(['+8675581110001']);
    expect(await keys(elsewhere)).toEqual(['+861081110002']);
    expect(await keys(neighbour)).toEqual(['+8657181110003', '+8657181110004']);
    expect((await match('075581110001')).kind).toBe('known');
    expect((await match('02081110001')).kind).toBe('unknown');
    await eventually('the call linked again', async () => {
      const { numberKey, customerId } = (await gateway.get('/calls/old')).as(CallLogEntry);
      return numberKey === '+8675581110001' && customerId === local.customerId;
    });
  });

  it('take along what was said in a call, and the entry to call its caller back, when its trunk has other rules', async () => {
    const [one, other] = [await customer('被认错的', [{ raw: '81110009' }]), await customer('另一地的', [{ raw: '010-81110009' }])];
    const missed = { remoteNumber: '81110009', line: null, areaCode: null, trunk: 'beijing', outcome: 'abandoned', answeredAt: null } as const;
    await gateway.put('/calls/m1', callRow('m1', missed));
    await gateway.put('/calls/m2', callRow('m2', { ...missed, trunk: 'trunk' }));
    const key = '+862081110009';
    const said = { decision: 'not_this', key, customerId: one.customerId, callId: 'm1' };
    expect((await agent.post('/match-decisions', said)).status).toBe(201);
    await put({ exceptions: [exception({ scope: 'trunk', name: 'beijing', areaCode: '10' })] as Numbering['exceptions'] });
    await rekeyed();
    const now = '+861081110009';
    expect((await match('81110009', { trunk: 'beijing' })).decisions).toMatchObject([{ customerId: one.customerId, decision: 'not_this' }]);
    expect(await match('81110009', { trunk: 'trunk' })).toMatchObject({ kind: 'known', decisions: [], owners: [{ customerId: one.customerId }] });
    const entries = (await agent.get('/missed-calls', { list: 'all', limit: 50 })).as(MissedCallPage).items;
    const keys = entries.filter(({ remoteNumber }) => remoteNumber === '81110009').map(({ numberKey, tries }) => [numberKey, tries]);
    expect(keys.sort()).toEqual([[now, 1], [key, 1]]);
    await eventually('the call is the other customer’s', async () => {
      const { customerId } = (await gateway.get('/calls/m1')).as(CallLogEntry);
      return customerId === other.customerId;
    });
  });

  it('of the program itself: numbers, decisions and marks of before get the keys it gives now', async () => {
    const bank = await customer('银行', [{ raw: freshMobile() }]);
    const [old, now] = ['+861095588', 'svc:95588'];
    // What a program that took 010-95588 for a fixed line has left behind.
    const stamp = { createdAt: new Date(), createdById: (await userByName(server.running.app.db.read, '1001'))?.userId ?? '' };
    await server.running.app.db.write(async (tx) => {
      const { customerId } = bank;
      await insertNumber(tx, { numberId: newId(), customerId, contactId: null, ownerId: customerId, raw: '010-95588', numberKey: old, digits: '1095588', numberClass: 'fixed', reason: 'fixed.plain', extension: '', label: 'office', areaCode: null, position: 9, ...stamp });
      const open = { endedAt: null, endedById: null };
      await insertDecision(tx, { decisionId: newId(), numberKey: old, decision: 'is_this', customerId, contactId: null, callId: null, numberId: null, ...stamp, ...open, supersededById: null });
      await insertMark(tx, { markId: newId(), numberKey: old, numberClass: 'fixed', kind: 'vip', reason: '银行', untilAt: null, ...stamp, ...open, version: 1 });
      const newest = await newestNumbering(tx);
      const rules = JSON.stringify({ ...newest?.rules, library: 0 });
      await tx.createQueryBuilder().update('numbering_version').set({ rules: () => ':rules' }).setParameters({ rules }).execute();
    });
    expect((await match('95588')).kind).toBe('unknown');
    await server.stop();
    await server.open();
    await rekeyed();
    expect(await match('01095588')).toMatchObject({ kind: 'known', key: now, owners: [{ customerId: bank.customerId }], mark: { kind: 'vip' }, decisions: [{ decision: 'is_this' }] });
    expect((await match('95588')).owners).toMatchObject([{ customerName: '银行' }]);
  });

  it('go on after a restart where they stopped, and keep nobody from writing', async () => {
    await server.dispose();
    server = await TestServer.start({ database, backgroundPauseMs: 150 });
    [gateway, agent, admin] = [server.gateway(), await server.signedIn('1001'), await server.signedIn('admin')];
    for (let page = 0; page < 20; page++) {
      const numbers = Array.from({ length: 20 }, (_, index) => ({ raw: `8222${String(page * 20 + index).padStart(4, '0')}` }));
      await customer(`批量 ${page}`, numbers);
    }
    const { default: base } = await get();
    await put({ default: { ...base, areaCode: '755' } });
    await eventually('a part is done', async () => (await admin.get('/numbering/rekeying')).as(Rekeying).done > 0);
    const writing = performance.now();
    await customer('期间写入', [{ raw: freshMobile() }]);
    expect(performance.now() - writing).toBeLessThan(3_000);
    await server.stop();
    await server.open();
    const run = await rekeyed();
    expect(run.changed).toBeGreaterThanOrEqual(400);
    expect((await match('075582220399')).owners).toMatchObject([{ customerName: '批量 19' }]);
  });
});
