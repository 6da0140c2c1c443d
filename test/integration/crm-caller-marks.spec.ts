import { ActiveCallerMarks, CallerMark, CallerMarkPage } from '../../crm-core/contract/caller-marks';
import { MatchResult } from '../../crm-core/contract/match';
import { DATABASES, TestServer } from './crm-server';
import type { CrmClient } from './crm-test-client';

jest.setTimeout(60_000);

describe.each(DATABASES)('blocked and preferred callers on %s', (database) => {
  let server: TestServer;
  let gateway: CrmClient;
  let supervisor: CrmClient;
  beforeAll(async () => {
    server = await TestServer.start({ database });
    gateway = server.gateway();
    supervisor = await server.signedIn('zhuguan');
  });
  afterAll(() => server.dispose());

  const active = async () => (await gateway.get('/caller-marks', { active: 'true' })).as(ActiveCallerMarks);
  const match = async (callerId: string) => (await gateway.post('/match', { callerId })).as(MatchResult);
  const make = (body: object) => supervisor.post('/caller-marks', { kind: 'blocked', reason: '骚扰', ...body });

  it('tells the telephone side every spelling, and the match why', async () => {
    const mark = (await make({ number: '139 0000 7777' })).as(CallerMark);
    expect(mark).toMatchObject({ key: '+8613900007777', display: '139 0000 7777', active: true, createdBy: '周敏' });
    const [item] = (await active()).items;
    expect(item).toMatchObject({ key: '+8613900007777', numberClass: 'mobile', mark: 'blocked', until: null });
    for (const form of ['13900007777', '013900007777', '8613900007777', '+8613900007777', '008613900007777']) {
      expect(item?.dialForms).toContain(form);
    }
    expect((await match('013900007777')).mark).toMatchObject({ markId: mark.markId, kind: 'blocked', reason: '骚扰', markedBy: '周敏' });
    expect((await make({ number: '+86 139 0000 7777', kind: 'vip' })).error.code).toBe('already_exists');
  });

  it('answers 304 until something changes', async () => {
    const first = await gateway.get('/caller-marks', { active: 'true' });
    const etag = first.headers.get('etag') ?? '';
    expect(etag).toBe(`"${first.as(ActiveCallerMarks).version}"`);
    const again = () => gateway.send('GET', '/caller-marks?active=true', undefined, { 'if-none-match': etag });
    const unchanged = await again();
    expect([unchanged.status, unchanged.text]).toEqual([304, '']);
    await make({ number: '95588', kind: 'vip', reason: '合作银行' });
    expect((await again()).status).toBe(200);
  });

  it('is answered when there is news, while somebody waits for it', async () => {
    const etag = (await gateway.get('/caller-marks', { active: 'true' })).headers.get('etag') ?? '';
    const ask = (wait: number) => gateway.send('GET', `/caller-marks?active=true&wait=${wait}`, undefined, { 'if-none-match': etag });
    const startedAt = performance.now();
    const asked = ask(30);
    const mark = (await make({ number: '13900007780', kind: 'vip' })).as(CallerMark);
    const news = await asked;
    expect(news.status).toBe(200);
    expect(news.as(ActiveCallerMarks).items.map(({ key }) => key)).toContain('+8613900007780');
    expect(performance.now() - startedAt).toBeLessThan(10_000);
    await supervisor.delete(`/caller-marks/${mark.markId}`);
    expect((await ask(1)).status).toBe(304);
    expect((await ask(99)).status).toBe(422);
  });

  it('keeps nobody from stopping', async () => {
    const etag = (await gateway.get('/caller-marks', { active: 'true' })).headers.get('etag') ?? '';
    const asked = gateway.send('GET', '/caller-marks?active=true&wait=30', undefined, { 'if-none-match': etag });
    const startedAt = performance.now();
    // Asked after it and answered: by then the first question waits.
    for (let more = 0; more < 3; more++) await active();
    await server.stop();
    expect((await asked).status).toBe(304);
    expect(performance.now() - startedAt).toBeLessThan(10_000);
    await server.open();
    supervisor = await server.signedIn('zhuguan');
  });

  it('ends by itself, and makes room for another', async () => {
    const until = new Date(Date.now() + 3_600_000).toISOString();
    const number = '0755-82345678';
    const { version } = await active();
    const mark = (await make({ number, until })).as(CallerMark);
    expect((await active()).version).not.toBe(version);
    expect((await match('075582345678')).mark).toMatchObject({ until });
    server.setClock(new Date(Date.now() + 7_200_000));
    try {
      expect((await active()).version).toBe(version);
      expect((await match('075582345678')).mark).toBeNull();
      const all = (await supervisor.get('/caller-marks', { state: 'all' })).as(CallerMarkPage).items;
      expect(all.find(({ markId }) => markId === mark.markId)).toMatchObject({ active: false });
      expect((await make({ number, kind: 'vip', reason: '大客户' })).status).toBe(201);
    } finally {
      server.setClock(null);
    }
  });

  it('is changed with its version, ended, and kept in the list of all', async () => {
    const mark = (await make({ number: '13900007778' })).as(CallerMark);
    const path = `/caller-marks/${mark.markId}`;
    const changed = (await supervisor.patch(path, { version: 1, kind: 'vip', reason: '误标' })).as(CallerMark);
    expect(changed).toMatchObject({ kind: 'vip', reason: '误标', version: 2 });
    expect((await supervisor.patch(path, { version: 1, kind: 'blocked' })).error.code).toBe('version_conflict');
    expect((await supervisor.delete(path)).status).toBe(204);
    expect((await supervisor.delete(path)).status).toBe(404);
    expect((await match('13900007778')).mark).toBeNull();
    const items = async (state: string) => (await supervisor.get('/caller-marks', { state })).as(CallerMarkPage).items;
    expect((await items('all')).find(({ markId }) => markId === mark.markId)).toMatchObject({ endedBy: '周敏' });
    expect((await items('current')).some(({ markId }) => markId === mark.markId)).toBe(false);
  });

  it('refuses what is no number, a privacy number, an end in the past, and agents', async () => {
    expect((await make({ number: '王总' })).fieldCodes).toEqual(['number: not_a_number']);
    expect((await make({ number: '13900000001/13900000002' })).fieldCodes).toEqual(['number: not_a_number']);
    expect((await make({ number: '17012345678-1234' })).fieldCodes).toEqual(['number: privacy_number']);
    expect((await make({ number: '13900007779', until: '2020-01-01T00:00:00.000Z' })).fieldCodes).toEqual(['until: in_past']);
    expect((await make({ number: '13900007779', reason: ' ' })).fieldCodes).toEqual(['reason: required']);
    const agent = await server.signedIn('1001');
    expect((await agent.get('/caller-marks')).status).toBe(403);
    expect((await agent.post('/caller-marks', { number: '13900007779', kind: 'vip', reason: 'x' })).status).toBe(403);
    expect((await gateway.get('/caller-marks')).status).toBe(403);
  });
});
