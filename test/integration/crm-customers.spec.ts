import { Contact, Customer, CustomerPage } from '../../crm-core/contract/customers';
import type { CrmClient } from './crm-test-client';
import { freshMobile } from './crm-samples';
import { DATABASES, TestServer } from './crm-server';

describe.each(DATABASES)('customers on %s', (database) => {
  let server: TestServer;
  let agent: CrmClient;
  let supervisor: CrmClient;
  beforeAll(async () => {
    server = await TestServer.start({ database });
    agent = await server.signedIn('1001');
    supervisor = await server.signedIn('zhuguan');
  });
  afterAll(() => server.dispose());

  const create = async (body: object) => (await agent.post('/customers', body)).as(Customer);
  const read = async (customerId: string) => (await agent.get(`/customers/${customerId}`)).as(Customer);

  describe('recording', () => {
    it('keeps every field, fills in who and when, and gives the customer number', async () => {
      const body = {
        name: '测试轨道交通集团',
        enterpriseKind: '国有企业',
        legalRepresentative: '段某',
        address: '测试市一号路 1 号',
        postcode: '510000',
        website: 'https://metro.example',
        profile: '第一行\n第二行',
        email: 'info@metro.example',
        level: 'A',
        type: 'existing',
        status: '合作中',
        stage: '使用中',
        creditRating: '优',
        industry: '轨道',
        size: '1000 人以上',
        country: '中国',
        region: '华南',
        province: '广东',
        city: '广州',
        source: '展会',
        remarks: '消息来自其上级单位郭主任',
      };
      const made = await create({ ...body, numbers: [{ raw: '020-88881111', label: 'office' }] });
      expect(made).toMatchObject({ ...body, version: 1, createdBy: '林晓', contacts: [] });
      expect(made.customerNumber).toMatch(/^C\d{6}$/);
      expect(made.numbers).toMatchObject([
        { raw: '020-88881111', key: '+862088881111', numberClass: 'fixed', label: 'office', contactId: null },
      ]);
      expect(await read(made.customerId)).toEqual(made);
    });

    it('takes contacts and their numbers along', async () => {
      const mobile = freshMobile();
      const made = await create({
        name: '带联系人的客户',
        contacts: [
          {
            name: '柳青',
            sex: 'female',
            birthDate: '1988-02-29',
            decisionMaker: true,
            numbers: [{ raw: mobile }, { raw: '020-88882222转15' }],
          },
        ],
      });
      expect(made.contacts).toMatchObject([
        { name: '柳青', sex: 'female', birthDate: '1988-02-29', decisionMaker: true, department: null },
      ]);
      expect(made.contacts[0]?.numbers).toMatchObject([
        { key: `+86${mobile}`, label: 'mobile', display: `${mobile.slice(0, 3)} ${mobile.slice(3, 7)} ${mobile.slice(7)}` },
        { key: '+862088882222', extension: '15' },
      ]);
    });

    it('makes empty lines of what was left empty', async () => {
      const made = await create({ name: '  空白  ', address: '   ', level: null, remarks: '' });
      expect(made).toMatchObject({ name: '空白', address: null, level: null, remarks: null, type: null });
    });

    it('gives different numbers to customers recorded at the same moment', async () => {
      const made = await Promise.all(Array.from({ length: 12 }, (_, index) => create({ name: `同时 ${index}` })));
      expect(new Set(made.map((customer) => customer.customerNumber)).size).toBe(12);
    });

    it('records nothing when a part of it is wrong', async () => {
      const answer = await agent.post('/customers', { name: '只写了一半', contacts: [{ name: '甲', numbers: [{ raw: 'abc' }] }] });
      expect(answer.fieldCodes).toEqual(['contacts.0.numbers.0.raw: not_a_number']);
      expect((await agent.get('/customers', { q: '只写了一半' })).as(CustomerPage).items).toEqual([]);
    });

    it.each([
      ['<script>alert(1)</script>'],
      ["Robert'); DROP TABLE customers;--"],
      ['100% 公司_[a-z]\\'],
      ['表情 👩‍💻🏽 与生僻字 𠮷野家'],
      ['=HYPERLINK("http://x")'],
      ['ＡＢＣ　全角'],
    ])('keeps the name %s as it was written', async (name) => {
      const made = await create({ name, remarks: name });
      expect(await read(made.customerId)).toMatchObject({ name: name.trim(), remarks: name });
      const found = (await agent.get('/customers', { q: name })).as(CustomerPage).items;
      expect(found.map((item) => item.customerId)).toContain(made.customerId);
    });

    it('takes out what nobody sees and what came along by copying', async () => {
      const mobile = freshMobile();
      const made = await create({ name: 'user\u202Egpj.exe\ufeff', numbers: [{ raw: `\u202d${mobile}\u202c` }] });
      expect(made).toMatchObject({ name: 'usergpj.exe', numbers: [{ raw: mobile, key: `+86${mobile}` }] });
    });

    it.each([
      [{}, ['name: required']],
      [{ name: 'a\u0000b' }, ['name: control_characters']],
      [{ name: 'a\nb' }, ['name: control_characters']],
      [{ name: 'half \ud83d emoji' }, ['name: control_characters']],
      [{ name: 'x', remarks: 'a\u0008b' }, ['remarks: control_characters']],
      [{ name: '长'.repeat(201) }, ['name: too_long']],
      [{ name: 'x', profile: '长'.repeat(4001) }, ['profile: too_long']],
      [{ name: 'x', email: 'not an address' }, ['email: invalid_email']],
      [{ name: 'x', type: 'friend' }, ['type: invalid_choice']],
      [{ name: 17 }, ['name: invalid_type']],
      [{ name: 'x', numbers: [{ raw: '匿名' }] }, ['numbers.0.raw: not_a_number']],
      [{ name: 'x', numbers: [{ raw: '1'.repeat(65) }] }, ['numbers.0.raw: too_long']],
      [{ name: 'x', numbers: [{ raw: '17012345678转1234' }] }, ['numbers.0.raw: privacy_number']],
      [{ name: 'x', numbers: Array.from({ length: 21 }, () => ({ raw: '10086' })) }, ['numbers: too_many']],
      [
        { name: 'x', contacts: [{ name: '' }, { name: 'y', birthDate: '2026-02-30' }] },
        ['contacts.0.name: required', 'contacts.1.birthDate: invalid_date'],
      ],
    ])('refuses %j', async (body, codes) => {
      const answer = await agent.post('/customers', body);
      expect(answer.status).toBe(422);
      expect(answer.fieldCodes).toEqual(codes);
      expect(answer.error.fields?.every((field) => field.message.length > 0)).toBe(true);
    });
  });

  describe('changing', () => {
    it('changes what is named and leaves the rest', async () => {
      const made = await create({ name: '原名', level: 'A', city: '广州' });
      const changed = (await agent.patch(`/customers/${made.customerId}`, { version: 1, name: '新名', level: null })).as(Customer);
      expect(changed).toMatchObject({ name: '新名', level: null, city: '广州', version: 2 });
      expect((await agent.get('/customers', { q: '新名' })).as(CustomerPage).items.map((item) => item.customerId)).toContain(
        made.customerId,
      );
    });

    it('lets one of two win and shows the other what is there now', async () => {
      const made = await create({ name: '两人同时改' });
      const answers = await Promise.all(
        [agent, supervisor].map((client, index) => client.patch(`/customers/${made.customerId}`, { version: 1, city: `城市${index}` })),
      );
      expect(answers.map((answer) => answer.status).sort()).toEqual([200, 409]);
      const winner = answers.find((answer) => answer.status === 200)?.as(Customer);
      const loser = answers.find((answer) => answer.status === 409);
      expect(loser?.error.code).toBe('version_conflict');
      expect(Customer.parse(loser?.error.current)).toEqual(winner);
    });

    it('wants the version', async () => {
      const made = await create({ name: '无版本' });
      expect((await agent.patch(`/customers/${made.customerId}`, { name: 'x' })).fieldCodes).toEqual(['version: required']);
    });

    it('is deleted by supervisors only, and found by nobody afterwards', async () => {
      const mobile = freshMobile();
      const made = await create({ name: '将被删除', numbers: [{ raw: mobile }] });
      expect((await agent.delete(`/customers/${made.customerId}`)).error.code).toBe('forbidden');
      expect((await supervisor.delete(`/customers/${made.customerId}`)).status).toBe(204);
      expect((await agent.get(`/customers/${made.customerId}`)).status).toBe(404);
      expect((await agent.patch(`/customers/${made.customerId}`, { version: 2, name: 'x' })).status).toBe(404);
      expect((await supervisor.delete(`/customers/${made.customerId}`)).status).toBe(404);
      expect((await agent.get('/customers', { q: '将被删除' })).as(CustomerPage).items).toEqual([]);
      expect((await agent.get('/customers', { q: mobile })).as(CustomerPage).items).toEqual([]);
    });
  });

  describe('numbers', () => {
    it('are added to the customer or to one of its contacts, once', async () => {
      const mobile = freshMobile();
      const { customerId, contacts } = await create({ name: '加号码', contacts: [{ name: '甲' }] });
      const contactId = contacts[0]?.contactId ?? '';
      const add = (body: object) => agent.post(`/customers/${customerId}/numbers`, body);
      expect((await add({ raw: mobile })).as(Customer).numbers).toHaveLength(1);
      expect((await add({ raw: `+86 ${mobile}` })).as(Customer).numbers).toHaveLength(1);
      const both = (await add({ raw: mobile, contactId })).as(Customer);
      expect(both.numbers).toHaveLength(1);
      expect(both.contacts[0]?.numbers).toMatchObject([{ key: `+86${mobile}`, contactId }]);
    });

    it('are stored once when two requests bring the same at the same moment', async () => {
      const { customerId } = await create({ name: '同时加号码' });
      const raw = freshMobile();
      const answers = await Promise.all(Array.from({ length: 6 }, () => agent.post(`/customers/${customerId}/numbers`, { raw })));
      expect(answers.map((answer) => answer.status)).toEqual([201, 201, 201, 201, 201, 201]);
      expect((await read(customerId)).numbers).toHaveLength(1);
    });

    it('are several when several are written into one field, and take the area code of the line', async () => {
      const { customerId } = await create({ name: '多号码' });
      const added = (await agent.post(`/customers/${customerId}/numbers`, { raw: '62345678/13900001111', areaCode: '10' })).as(Customer);
      expect(added.numbers.map((number) => number.key)).toEqual(['+861062345678', '+8613900001111']);
    });

    it('go away, and only through their own customer', async () => {
      const mine = await create({ name: '甲方', numbers: [{ raw: freshMobile() }] });
      const other = await create({ name: '乙方' });
      const numberId = mine.numbers[0]?.numberId ?? '';
      expect((await agent.delete(`/customers/${other.customerId}/numbers/${numberId}`)).status).toBe(404);
      expect((await agent.delete(`/customers/${mine.customerId}/numbers/${numberId}`)).status).toBe(204);
      expect((await agent.delete(`/customers/${mine.customerId}/numbers/${numberId}`)).status).toBe(404);
      expect((await read(mine.customerId)).numbers).toEqual([]);
    });

    it('are refused for a contact of another customer', async () => {
      const mine = await create({ name: '丙方' });
      const other = await create({ name: '丁方', contacts: [{ name: '外人' }] });
      const add = (contactId: string) => agent.post(`/customers/${mine.customerId}/numbers`, { raw: freshMobile(), contactId });
      expect((await add(other.contacts[0]?.contactId ?? '')).fieldCodes).toEqual(['contactId: not_of_customer']);
      expect((await add('nobody')).fieldCodes).toEqual(['contactId: not_found']);
      expect((await agent.post('/customers/0190b2b4-0000-7000-8000-000000000000/numbers', { raw: freshMobile() })).status).toBe(404);
    });
  });

  describe('contacts', () => {
    it('are recorded, changed with a version and deleted with their numbers', async () => {
      const { customerId } = await create({ name: '联系人客户' });
      const raw = freshMobile();
      const made = (await agent.post(`/customers/${customerId}/contacts`, { name: '钱七', hobbies: '钓鱼\n象棋', numbers: [{ raw }] })).as(
        Contact,
      );
      expect(made).toMatchObject({ customerId, name: '钱七', hobbies: '钓鱼\n象棋', version: 1 });
      const at = `/contacts/${made.contactId}`;
      const answers = await Promise.all([1, 2].map((index) => agent.patch(at, { version: 1, position: `职位${index}` })));
      expect(answers.map((answer) => answer.status).sort()).toEqual([200, 409]);
      expect(Contact.parse(answers.find((answer) => answer.status === 409)?.error.current)).toMatchObject({ version: 2, name: '钱七' });
      expect((await agent.delete(at)).status).toBe(204);
      expect((await agent.delete(at)).status).toBe(404);
      expect((await agent.patch(at, { version: 2, name: 'x' })).status).toBe(404);
      expect(await read(customerId)).toMatchObject({ contacts: [], numbers: [] });
      expect((await agent.get('/customers', { q: raw })).as(CustomerPage).items).toEqual([]);
    });

    it('are as gone as their customer', async () => {
      const { customerId, contacts, numbers } = await create({
        name: '连同联系人删除',
        contacts: [{ name: '孙八' }],
        numbers: [{ raw: freshMobile() }],
      });
      const at = `/contacts/${contacts[0]?.contactId}`;
      await supervisor.delete(`/customers/${customerId}`);
      expect((await agent.patch(at, { version: 1, name: 'x' })).status).toBe(404);
      expect((await agent.patch(at, { version: 7, name: 'x' })).status).toBe(404);
      expect((await agent.delete(at)).status).toBe(404);
      expect((await agent.delete(`/customers/${customerId}/numbers/${numbers[0]?.numberId}`)).status).toBe(404);
    });

    it('belong to a customer that is there', async () => {
      expect((await agent.post('/customers/0190b2b4-0000-7000-8000-000000000000/contacts', { name: '无主' })).status).toBe(404);
    });
  });
});
