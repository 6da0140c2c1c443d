import { Customer } from '../../crm-core/contract/customers';
import { HotlineRecord } from '../../crm-core/contract/hotline-records';
import { MatchResult } from '../../crm-core/contract/match';
import type { CrmClient } from './crm-test-client';
import { callRow, freshMobile } from './crm-samples';
import { DATABASES, TestServer } from './crm-server';

describe.each(DATABASES)('matching on %s', (database) => {
  let server: TestServer;
  let gateway: CrmClient;
  let agent: CrmClient;
  beforeAll(async () => {
    server = await TestServer.start({ database });
    gateway = server.gateway();
    agent = await server.signedIn('1001');
  });
  afterAll(() => server.dispose());

  const match = async (callerId: string | null, more: object = {}) => (await gateway.post('/match', { callerId, ...more })).as(MatchResult);

  it('knows a mobile number by its one owner', async () => {
    const result = await match('013912345678');
    expect(result).toMatchObject({
      kind: 'known',
      raw: '013912345678',
      key: '+8613912345678',
      numberClass: 'mobile',
      reason: 'mobile.trunk_zero',
    });
    expect(result.owners).toMatchObject([
      {
        customerName: '云岭市政管网有限公司',
        customerNumber: 'C000001',
        customerLevel: 'A',
        customerType: 'existing',
        contactName: '吴海燕',
        contactPosition: '信息中心主任',
        openRecordCount: 1,
      },
    ]);
    expect(result.owners[0]?.lastContactSummary).toMatch(/^泵站监测页面打开后曲线不刷新/);
    expect(result.owners[0]?.lastContactAt).not.toBeNull();
  });

  it('offers everybody who shares a number, newest contact first, the contact rather than their company', async () => {
    const result = await match('02088880001');
    expect(result.kind).toBe('shared');
    expect(result.owners.map(({ customerName, contactName }) => [customerName, contactName])).toEqual([
      ['云岭市政管网有限公司', '吴海燕'],
      ['云岭燃气有限公司', null],
    ]);
    await gateway.put(
      '/calls/match-newest',
      callRow('match-newest', {
        remoteNumber: '13900000023',
        startedAt: '2031-01-01T00:00:00.000Z',
        answeredAt: '2031-01-01T00:00:01.000Z',
      }),
    );
    expect((await match('02088880001')).owners[0]?.customerName).toBe('云岭燃气有限公司');
  });

  it('calls two contacts of one customer with one number shared', async () => {
    const raw = freshMobile();
    await agent.post('/customers', { name: '共用手机', contacts: ['甲', '乙'].map((name) => ({ name, numbers: [{ raw }] })) });
    expect(await match(raw)).toMatchObject({ kind: 'shared', owners: [{ customerName: '共用手机' }, { customerName: '共用手机' }] });
  });

  it('completes a local number with the area of the request, the line, or the installation, in this order', async () => {
    expect((await match('88880057', { areaCode: '10' })).owners[0]?.customerName).toBe('北辰规划设计研究中心');
    expect((await match('88880057', { line: '01066668888' })).owners[0]?.customerName).toBe('北辰规划设计研究中心');
    expect(await match('88880057', { line: '02066668888' })).toMatchObject({ kind: 'unknown', key: '+862088880057' });
    expect((await match('88880035')).owners[0]?.customerName).toBe('海棠测绘院');
    expect((await match('88880035', { line: '4001234567' })).owners[0]?.customerName).toBe('海棠测绘院');
  });

  it('says maybe for another way to read the digits', async () => {
    expect(await match('+13912345678')).toMatchObject({ kind: 'maybe', owners: [{ contactName: '吴海燕' }] });
  });

  it('says maybe for a number that only earlier records mention', async () => {
    const remoteNumber = freshMobile();
    const { customerId } = (await agent.post('/customers', { name: '只在记录里' })).as(Customer);
    const occurredAt = '2026-04-01T02:00:00.000Z';
    (await agent.put('/hotline-records/by-call/seen-before', { direction: 'inbound', remoteNumber, occurredAt, customerId })).as(
      HotlineRecord,
    );
    expect(await match(remoteNumber)).toMatchObject({ kind: 'maybe', owners: [{ customerName: '只在记录里', openRecordCount: 0 }] });
  });

  it('says internal where the dialplan says so and the number is an extension, and only there', async () => {
    expect(await match('1002', { context: 'internal' })).toMatchObject({ kind: 'internal', key: 'ext:1002', owners: [] });
    expect((await match('1002')).kind).toBe('unknown');
    expect((await match('13912345678', { context: 'internal' })).kind).toBe('known');
  });

  it.each(['', null, 'anonymous', 'Restricted', 'unknown', '0000000000'])('says withheld for %j, and repeats nothing', async (callerId) => {
    expect(await match(callerId)).toMatchObject({ kind: 'withheld', raw: null, key: null, owners: [] });
  });

  it.each(["1' OR '1'='1", '<script>alert(1)</script>', '%', '+', '👩‍💻', '1'.repeat(256), '\u0000', '139\n12345678\r\nAction: Originate'])(
    'does not fall for %j',
    async (callerId) => {
      const result = await match(callerId);
      expect(['unknown', 'withheld']).toContain(result.kind);
      expect(result.owners).toEqual([]);
    },
  );

  it('never takes eight equal digits at the end for the same person', async () => {
    for (const callerId of ['13962345678', '18812345678', '01012345678', '12345678']) expect((await match(callerId)).kind).toBe('unknown');
  });

  it('forgets a number that was taken away and a customer that was deleted', async () => {
    const raw = freshMobile();
    const made = (await agent.post('/customers', { name: '会消失', numbers: [{ raw }] })).as(Customer);
    expect((await match(raw)).kind).toBe('known');
    await (await server.signedIn('zhuguan')).delete(`/customers/${made.customerId}`);
    expect((await match(raw)).kind).toBe('unknown');
  });

  it('is for the gateway and for people, with a body that fits', async () => {
    expect((await agent.post('/match', { callerId: '13912345678' })).as(MatchResult).kind).toBe('known');
    expect((await server.client().post('/match', { callerId: '1' })).status).toBe(401);
    expect((await server.gateway('wrong'.repeat(10)).post('/match', { callerId: '1' })).status).toBe(401);
    expect((await gateway.post('/match', {})).fieldCodes).toEqual(['callerId: required']);
    expect((await gateway.post('/match', { callerId: 'x'.repeat(257) })).fieldCodes).toEqual(['callerId: too_long']);
    expect((await gateway.post('/match', { callerId: 1391 })).fieldCodes).toEqual(['callerId: invalid_type']);
  });
});
