import { Customer, CustomerPage } from '../../crm-core/contract/customers';
import type { CrmClient } from './crm-test-client';
import { DATABASES, TestServer } from './crm-server';

describe.each(DATABASES)('search on %s', (database) => {
  let server: TestServer;
  let agent: CrmClient;
  beforeAll(async () => {
    server = await TestServer.start({ database });
    agent = await server.signedIn('1001');
    await agent.post('/customers', { name: '100%满意_商店', numbers: [{ raw: '+852 6123 4567' }] });
    await agent.post('/customers', { name: '100分满意X商店', numbers: [{ raw: '400-820-8820' }] });
    await agent.post('/customers', { name: 'Acme [Test] Ltd', contacts: [{ name: 'Ann O’Neill' }] });
    await agent.post('/customers', { name: 'ＡＣＭＥ（广州）' });
  });
  afterAll(() => server.dispose());

  const names = async (q: string, more: Record<string, string | number> = {}) =>
    (await agent.get('/customers', { q, ...more })).as(CustomerPage).items.map((item) => item.name);
  const YUNLING = '云岭市政管网有限公司';

  it.each([
    '13912345678',
    '139 1234 5678',
    '139-1234-5678',
    '+86 139 1234 5678',
    '0086 13912345678',
    '013912345678',
    '１３９１２３４５６７８',
    '12345678',
    '1391234',
  ])('finds a mobile number written %s', async (q) => {
    expect(await names(q)).toEqual([YUNLING]);
  });

  it.each([
    ['020-88880035', ['海棠测绘院']],
    ['02088880035', ['海棠测绘院']],
    ['88880035', ['海棠测绘院']],
    ['(020) 8888 0035', ['海棠测绘院']],
    ['0755 8888', ['青石通信工程有限公司']],
    ['4008208820', ['100分满意X商店']],
    ['00852 6123 4567', ['100%满意_商店']],
    ['61234567', ['100%满意_商店']],
  ])('finds a fixed, service or foreign number written %s', async (q, expected) => {
    expect(await names(q)).toEqual(expected);
  });

  it('finds by customer, contact and customer number, or several words together', async () => {
    expect(await names('测绘')).toEqual(['海棠测绘院']);
    expect(await names('吴海')).toEqual([YUNLING]);
    expect((await names('云岭')).toSorted()).toEqual([YUNLING, '云岭燃气有限公司'].toSorted());
    expect(await names('云岭 陆文斌')).toEqual(['云岭燃气有限公司']);
    expect(await names('云岭 13900000023')).toEqual(['云岭燃气有限公司']);
    expect(await names('C000003')).toEqual(['海棠测绘院']);
    expect(await names('c000003')).toEqual(['海棠测绘院']);
    expect(await names('没有这个客户')).toEqual([]);
  });

  it('keeps to the scope', async () => {
    expect(await names('吴海燕', { scope: 'name' })).toEqual([YUNLING]);
    expect(await names('吴海燕', { scope: 'company' })).toEqual([]);
    expect(await names('吴海燕', { scope: 'number' })).toEqual([]);
    expect(await names('13912345678', { scope: 'company' })).toEqual([]);
    expect(await names('13912345678', { scope: 'number' })).toEqual([YUNLING]);
    expect((await agent.get('/customers', { q: 'x', scope: 'everything' })).fieldCodes).toEqual(['scope: invalid_choice']);
  });

  it('is exact when asked: whole names and whole numbers', async () => {
    expect(await names('云岭', { exact: 'true' })).toEqual([]);
    expect(await names(YUNLING, { exact: 'true' })).toEqual([YUNLING]);
    expect(await names('吴海燕', { exact: 'true' })).toEqual([YUNLING]);
    expect(await names('12345678', { exact: 'true', scope: 'number' })).toEqual([]);
    expect(await names('139 1234 5678', { exact: 'true' })).toEqual([YUNLING]);
    expect(await names('C00000', { exact: 'true' })).toEqual([]);
  });

  it('ignores case and width', async () => {
    expect((await names('acme')).toSorted()).toEqual(['Acme [Test] Ltd', 'ＡＣＭＥ（广州）'].toSorted());
    expect(await names('ACME(广州)')).toEqual(['ＡＣＭＥ（广州）']);
  });

  it('takes the wildcards of SQL for what they are', async () => {
    expect(await names('100%')).toEqual(['100%满意_商店']);
    expect(await names('意_商')).toEqual(['100%满意_商店']);
    expect(await names('[Test]')).toEqual(['Acme [Test] Ltd']);
    expect(await names('[a-z]')).toEqual([]);
    expect(await names('_')).toEqual(['100%满意_商店']);
    expect(await names('\\')).toEqual([]);
    expect(await names("' OR 1=1 --")).toEqual([]);
    expect(await names('<script>')).toEqual([]);
    expect(await names('没有\u0000')).toEqual([]);
    expect(await names('\u0000海\u200b棠')).toEqual(['海棠测绘院']);
  });

  it('survives whatever is typed', async () => {
    for (const q of ['+', '()', '转', '---', '0', '00000000000', '1'.repeat(100), '👩‍💻', 'a '.repeat(50), '%'.repeat(100), '\ud83d']) {
      expect((await agent.get('/customers', { q })).status).toBe(200);
    }
    expect((await agent.get('/customers', { q: 'x'.repeat(101) })).fieldCodes).toEqual(['q: too_long']);
    expect((await agent.get('/customers', { limit: 0 })).fieldCodes).toEqual(['limit: too_small']);
    expect((await agent.get('/customers', { limit: 201 })).fieldCodes).toEqual(['limit: too_big']);
    expect((await agent.get('/customers?q=a&q=b')).status).toBe(422);
  });

  it('pages through everything once, newest first, also among customers of the same moment', async () => {
    server.setClock(new Date(Date.now() + 60_000));
    const made: string[] = [];
    for (let index = 0; index < 7; index++)
      made.push((await agent.post('/customers', { name: `同刻客户 ${index}` })).as(Customer).customerId);
    server.setClock(null);
    const seen: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const page: CustomerPage = (await agent.get('/customers', { q: '同刻客户', limit: 3, ...(cursor === '' ? {} : { cursor }) })).as(
        CustomerPage,
      );
      seen.push(...page.items.map((item) => item.customerId));
      cursor = page.nextCursor;
    }
    expect(seen.toSorted()).toEqual(made.toSorted());
    expect(seen).toHaveLength(7);
  });

  it('shows who to speak to and how', async () => {
    const [item] = (await agent.get('/customers', { q: '江湾' })).as(CustomerPage).items;
    expect(item).toMatchObject({
      primaryContact: '秦岳',
      primaryNumber: { display: '139 0000 0068' },
      level: 'A',
      type: 'target',
      city: '江湾',
    });
  });

  it('is for people who are signed in', async () => {
    expect((await server.client().get('/customers')).status).toBe(401);
    expect((await server.gateway().get('/customers')).status).toBe(403);
  });
});
