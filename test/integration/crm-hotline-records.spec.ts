import { CallLogEntry, type CallLogRow } from '../../crm-core/contract/calls';
import { Customer } from '../../crm-core/contract/customers';
import { HotlineRecord, HotlineRecordPage } from '../../crm-core/contract/hotline-records';
import { MatchResult } from '../../crm-core/contract/match';
import type { CrmClient } from './crm-test-client';
import { callRow, freshMobile } from './crm-samples';
import { DATABASES, TestServer } from './crm-server';

/** A leg of the second agent beside the first one's: the call was passed on. */
function passedOn(callId: string, changes: Partial<CallLogRow> = {}): CallLogRow {
  const row = callRow(callId, changes);
  const second = row.legs.map((leg) => ({ ...leg, channelId: `${callId}-second`, endpoint: 'PJSIP/1002', extension: '1002' }));
  return { ...row, agentExtension: '1002', legs: [...row.legs, ...second] };
}

const AT = '2026-04-01T02:00:00.000Z';

describe.each(DATABASES)('hotline records on %s', (database) => {
  let server: TestServer;
  let agent: CrmClient;
  let other: CrmClient;
  let supervisor: CrmClient;
  beforeAll(async () => {
    server = await TestServer.start({ database });
    [agent, other, supervisor] = [await server.signedIn('1001'), await server.signedIn('1002'), await server.signedIn('zhuguan')];
  });
  afterAll(() => server.dispose());

  const begin = (callId: string, changes: object = {}, client = agent) =>
    client.put(`/hotline-records/by-call/${callId}`, { direction: 'inbound', remoteNumber: freshMobile(), occurredAt: AT, ...changes });
  const begun = async (callId: string, changes: object = {}) => (await begin(callId, changes)).as(HotlineRecord);
  const change = (recordId: string, patch: object, client = agent) => client.patch(`/hotline-records/${recordId}`, patch);
  const newCustomer = async (body: object) => (await agent.post('/customers', body)).as(Customer);

  describe('of a call', () => {
    it('have the key of their call, which knows by which line and trunk it came', async () => {
      const { customerId } = await newCustomer({ name: '只打过电话', numbers: [] });
      const record = await begun('keyed-1', { remoteNumber: '83334444', customerId });
      const gateway = server.gateway();
      const match = async (callerId: string) => (await gateway.post('/match', { callerId })).as(MatchResult);
      expect((await match('01083334444')).kind).toBe('unknown');
      await gateway.put('/calls/keyed-1', callRow('keyed-1', { remoteNumber: '83334444', areaCode: '10', line: '01066668888' }));
      expect(await match('01083334444')).toMatchObject({ kind: 'maybe', owners: [{ customerId, matchedBy: 'earlier_record' }] });
      expect((await match('02083334444')).kind).toBe('unknown');
      expect((await agent.get(`/hotline-records/${record.recordId}`)).as(HotlineRecord)).toMatchObject({
        customerId,
        version: record.version,
      });
    });

    it('begin with call, agent, time, number and the customer whose number it is', async () => {
      const answer = await begin('begin-1', { remoteNumber: '13912345678' });
      expect(answer.status).toBe(201);
      expect(answer.as(HotlineRecord)).toMatchObject({
        callId: 'begin-1',
        direction: 'inbound',
        remoteNumber: '13912345678',
        customerName: '云岭市政管网有限公司',
        contactName: '吴海燕',
        servedByName: '林晓',
        occurredAt: AT,
        method: 'phone',
        status: 'draft',
        problem: '',
        solved: null,
        version: 1,
      });
    });

    it('have no customer where the number does not decide', async () => {
      for (const remoteNumber of ['02088880001', '+13912345678', freshMobile(), null, 'anonymous']) {
        expect(await begun(`begin-none-${remoteNumber}`, { remoteNumber })).toMatchObject({ customerId: null, contactId: null });
      }
    });

    it('take a local number in the area of its line, and without a line for nobody’s', async () => {
      const local = { remoteNumber: '88880035' };
      expect((await begun('begin-area-1', { ...local, line: '02066668888' })).customerName).toBe('海棠测绘院');
      expect((await begun('begin-area-2', { ...local, line: '01066668888' })).customerName).toBeNull();
      expect((await begun('begin-area-3', local)).customerName).toBeNull();
    });

    it('are one, however often and however simultaneously they are begun', async () => {
      const answers = await Promise.all(Array.from({ length: 8 }, () => begin('begin-2', { remoteNumber: '13700009999' })));
      expect(answers.map((answer) => answer.status).sort()).toEqual([...Array<number>(7).fill(200), 201]);
      expect(new Set(answers.map((answer) => answer.as(HotlineRecord).recordId)).size).toBe(1);
      const again = await begin('begin-2', { remoteNumber: '13700000000', occurredAt: '2026-04-01T09:00:00.000Z' });
      expect(again.status).toBe(200);
      expect(again.as(HotlineRecord)).toMatchObject({ remoteNumber: '13700009999', occurredAt: AT });
    });

    it('are one for each agent who spoke', async () => {
      const mine = await begun('begin-3');
      const theirs = (await begin('begin-3', {}, other)).as(HotlineRecord);
      expect(theirs.recordId).not.toBe(mine.recordId);
      expect(theirs.servedByName).toBe('何静');
    });

    it('have the direction, number and moment of their call, not those that were sent', async () => {
      const remoteNumber = freshMobile();
      const sent = { direction: 'outbound', remoteNumber: '110', occurredAt: '2001-01-01T00:00:00.000Z' };
      const facts = { direction: 'inbound', remoteNumber, occurredAt: '2026-03-02T01:00:07.250Z', version: 1 };
      const numberOf = async (number: string) =>
        (await agent.get('/hotline-records', { number })).as(HotlineRecordPage).items.map((record) => record.callId);
      await server.gateway().put('/calls/facts-1', callRow('facts-1', { remoteNumber }));
      expect(await begun('facts-1', sent)).toMatchObject(facts);
      const { customerId } = await newCustomer({ name: '记录与通话一致', numbers: [{ raw: freshMobile() }] });
      const early = await begun('facts-2', { ...sent, customerId });
      expect(early).toMatchObject(sent);
      await server.gateway().put('/calls/facts-2', callRow('facts-2', { remoteNumber }));
      expect((await agent.get(`/hotline-records/${early.recordId}`)).as(HotlineRecord)).toMatchObject(facts);
      expect(await numberOf(remoteNumber)).toEqual(expect.arrayContaining(['facts-1', 'facts-2']));
      expect(await numberOf('110')).toEqual([]);
    });

    it('happen when their own agent began to talk', async () => {
      const first = await begun('facts-3');
      const second = (await begin('facts-3', {}, other)).as(HotlineRecord);
      const row = passedOn('facts-3');
      const answered = '2026-03-02T01:01:30.000Z';
      const legs = row.legs.map((leg) => (leg.extension === '1002' ? { ...leg, answeredAt: answered } : leg));
      await server.gateway().put('/calls/facts-3', { ...row, legs });
      const at = async (recordId: string) => (await agent.get(`/hotline-records/${recordId}`)).as(HotlineRecord).occurredAt;
      expect([await at(first.recordId), await at(second.recordId)]).toEqual(['2026-03-02T01:00:07.250Z', answered]);
    });

    it('are quoted by the moment of their call', async () => {
      const { customerId } = await newCustomer({ name: '引用最新', numbers: [] });
      const late = await begun('facts-4', { customerId, occurredAt: '2001-01-01T00:00:00.000Z' });
      await change(late.recordId, { version: 1, problem: '后来的问题' });
      const early = await begun('facts-5', { customerId, occurredAt: '2025-01-01T00:00:00.000Z' });
      await change(early.recordId, { version: 1, problem: '先前的问题' });
      await server.gateway().put('/calls/facts-4', callRow('facts-4'));
      const [owner] = (await agent.post('/match', { callerId: '13700000001' })).as(MatchResult).owners;
      expect(owner).toMatchObject({ customerId, matchedBy: 'earlier_record', lastContactSummary: '后来的问题' });
    });

    it('are refused with a number or call id that could not be kept as it is', async () => {
      for (const remoteNumber of ['139\u0000123', '139\ud800', '139\n123'])
        expect((await begin('facts-6', { remoteNumber })).fieldCodes).toEqual(['remoteNumber: control_characters']);
      expect((await begin('facts-6%00')).fieldCodes).toEqual(['callId: control_characters']);
      expect((await agent.put('/calls/a%01/disposition', { disposition: null })).fieldCodes).toEqual(['callId: control_characters']);
      const made = await agent.post('/customers', { name: '无效通话', callId: 'a\ud800' });
      expect(made.fieldCodes).toEqual(['callId: control_characters']);
    });

    it('never happen in the future', async () => {
      const record = await begun('begin-4', { occurredAt: '2099-01-01T00:00:00.000Z' });
      expect(Math.abs(new Date(record.occurredAt).getTime() - Date.now())).toBeLessThan(60_000);
    });

    it('are refused for a customer or contact that is not there', async () => {
      const { customerId } = await newCustomer({ name: '记录客户' });
      const stranger = await newCustomer({ name: '别的客户', contacts: [{ name: '外人' }] });
      expect((await begin('begin-5', { customerId: 'nobody' })).fieldCodes).toEqual(['customerId: not_found']);
      const contactId = stranger.contacts[0]?.contactId;
      expect((await begin('begin-5', { customerId, contactId })).fieldCodes).toEqual(['contactId: not_of_customer']);
      expect((await begin('begin-5', { direction: 'up' })).fieldCodes).toEqual(['direction: invalid_choice']);
    });

    it('go to the customer that is recorded during the call, and so does the call', async () => {
      const remoteNumber = freshMobile();
      const record = await begun('begin-6', { remoteNumber });
      await server.gateway().put('/calls/begin-6', callRow('begin-6', { remoteNumber }));
      const made = await newCustomer({ name: '通话中新建', numbers: [{ raw: remoteNumber }], callId: 'begin-6' });
      const after = (await agent.get(`/hotline-records/${record.recordId}`)).as(HotlineRecord);
      expect(after).toMatchObject({ customerId: made.customerId, customerName: '通话中新建', version: 2 });
      expect((await agent.get('/calls/begin-6')).as(CallLogEntry)).toMatchObject({
        customerId: made.customerId,
        hotlineRecordId: record.recordId,
      });
      expect((await agent.post('/match', { callerId: remoteNumber })).as(MatchResult)).toMatchObject({ kind: 'known' });
    });

    it('take their call along when a person says whose it was', async () => {
      const { customerId } = await newCustomer({ name: '事后认出' });
      await server.gateway().put('/calls/begin-7', callRow('begin-7', { remoteNumber: null }));
      const record = await begun('begin-7', { remoteNumber: null });
      await change(record.recordId, { version: 1, customerId });
      expect((await agent.get('/calls/begin-7')).as(CallLogEntry)).toMatchObject({ customerName: '事后认出' });
    });
  });

  describe('whose customer is taken away', () => {
    const entry = async (callId: string) => (await supervisor.get(`/calls/${callId}`)).as(CallLogEntry);
    const clear = ({ recordId, version }: HotlineRecord) => change(recordId, { version, customerId: null, contactId: null });

    it.each([
      ['to whom its number belongs', true],
      ['to nobody where the number is nobody’s', false],
    ])('give their call back %s', async (_title, owned) => {
      const remoteNumber = freshMobile();
      const owner = owned ? await newCustomer({ name: '号码主人', numbers: [{ raw: remoteNumber }] }) : null;
      const wrong = await newCustomer({ name: '认错的客户' });
      const callId = `cleared-${owned}`;
      await server.gateway().put(`/calls/${callId}`, callRow(callId, { remoteNumber }));
      const record = await begun(callId, { customerId: wrong.customerId });
      expect((await entry(callId)).customerId).toBe(wrong.customerId);
      expect((await clear(record)).as(HotlineRecord)).toMatchObject({ customerId: null, contactId: null });
      expect((await entry(callId)).customerId).toBe(owner?.customerId ?? null);
      await server.gateway().put(`/calls/${callId}`, callRow(callId, { remoteNumber }));
      expect((await entry(callId)).customerId).toBe(owner?.customerId ?? null);
      const later = await newCustomer({ name: '后来的主人', numbers: [{ raw: remoteNumber }] });
      expect((await entry(callId)).customerId).toBe((owner ?? later).customerId);
    });

    it('leave it with whom a colleague of the call has said', async () => {
      const [first, second] = [await newCustomer({ name: '第一位说' }), await newCustomer({ name: '第二位说' })];
      await server.gateway().put('/calls/cleared-2', passedOn('cleared-2', { remoteNumber: freshMobile() }));
      const mine = await begun('cleared-2', { customerId: first.customerId });
      const theirs = (await begin('cleared-2', { customerId: second.customerId }, other)).as(HotlineRecord);
      await clear(mine);
      expect((await entry('cleared-2')).customerId).toBe(second.customerId);
      await change(mine.recordId, { version: 2, customerId: first.customerId });
      await change(mine.recordId, { version: 3, customerId: null });
      expect((await entry('cleared-2')).customerId).toBe(second.customerId);
      await change(theirs.recordId, { version: 1, customerId: null }, other);
      expect((await entry('cleared-2')).customerId).toBeNull();
    });
  });

  describe('of a call that others had', () => {
    const gateway = () => server.gateway();
    const entry = async (callId: string) => (await supervisor.get(`/calls/${callId}`)).as(CallLogEntry);

    it('are not begun, and nothing else is said of it, once its row tells whose it was', async () => {
      const remoteNumber = freshMobile();
      const owner = await newCustomer({ name: '来电客户', numbers: [{ raw: remoteNumber }] });
      await gateway().put('/calls/foreign-1', callRow('foreign-1', { remoteNumber }));
      expect((await begin('foreign-1', {}, other)).status).toBe(404);
      const made = await other.post('/customers', { name: '抢来的', callId: 'foreign-1' });
      expect([made.status, made.fieldCodes]).toEqual([422, ['callId: not_found']]);
      const { customerId } = await newCustomer({ name: '另一客户' });
      const decision = { decision: 'is_this', key: `+86${remoteNumber}`, customerId, callId: 'foreign-1' };
      expect((await other.post('/match-decisions', decision)).fieldCodes).toEqual(['callId: not_found']);
      expect((await other.put('/calls/foreign-1/disposition', { disposition: 'enquiry' })).status).toBe(404);
      expect(await entry('foreign-1')).toMatchObject({ customerId: owner.customerId, hotlineRecordId: null, disposition: null });
      expect((await begin('foreign-1')).status).toBe(201);
    });

    it('are begun by whoever had a leg in it, and by supervisors', async () => {
      await gateway().put('/calls/ours-1', passedOn('ours-1'));
      for (const client of [agent, other, supervisor]) expect((await begin('ours-1', {}, client)).status).toBe(201);
    });

    it('stay without the call that they were begun for while nobody knew whose it was', async () => {
      const remoteNumber = freshMobile();
      const owner = await newCustomer({ name: '真正的客户', numbers: [{ raw: remoteNumber }] });
      const wrong = await newCustomer({ name: '被塞进来的' });
      const own = await begun('foreign-2', { remoteNumber });
      const record = (await begin('foreign-2', { customerId: wrong.customerId }, other)).as(HotlineRecord);
      const decision = { decision: 'is_this', key: `+86${freshMobile()}`, customerId: wrong.customerId, callId: 'foreign-2' };
      expect((await other.post('/match-decisions', decision)).status).toBe(201);
      expect((await other.put('/calls/foreign-2/disposition', { disposition: 'enquiry' })).status).toBe(200);
      await gateway().put('/calls/foreign-2', callRow('foreign-2', { remoteNumber }));
      const whose = { customerId: owner.customerId, hotlineRecordId: own.recordId, disposition: null };
      expect(await entry('foreign-2')).toMatchObject(whose);
      const patch = { version: record.version, problem: '仍可写', customerId: null };
      const changed = (await change(record.recordId, patch, other)).as(HotlineRecord);
      const again = { version: changed.version, customerId: wrong.customerId };
      expect((await change(record.recordId, again, other)).as(HotlineRecord)).toMatchObject({ customerId: wrong.customerId });
      const said = { version: changed.version + 1, disposition: 'enquiry' };
      expect((await change(record.recordId, said, other)).fieldCodes).toEqual(['disposition: not_found']);
      expect((await other.put('/calls/foreign-2/disposition', { disposition: 'enquiry' })).status).toBe(404);
      const finished = { version: changed.version + 1, solved: 'solved', status: 'done' };
      expect((await change(record.recordId, finished, other)).as(HotlineRecord)).toMatchObject({ status: 'done' });
      await gateway().put('/calls/foreign-2', callRow('foreign-2', { remoteNumber }));
      expect(await entry('foreign-2')).toMatchObject(whose);
    });

    it('speak for the call of a colleague who passed it on, as theirs does', async () => {
      const remoteNumber = freshMobile();
      const { customerId } = await newCustomer({ name: '转接后认出' });
      await begun('ours-2', { remoteNumber });
      const record = (await begin('ours-2', { remoteNumber, customerId }, other)).as(HotlineRecord);
      await other.put('/calls/ours-2/disposition', { disposition: 'enquiry' });
      await gateway().put('/calls/ours-2', passedOn('ours-2', { remoteNumber }));
      expect(await entry('ours-2')).toMatchObject({ customerId, hotlineRecordId: record.recordId, disposition: 'enquiry' });
      const another = await newCustomer({ name: '更正' });
      await change(record.recordId, { version: record.version, customerId: another.customerId, disposition: 'complaint' }, other);
      expect(await entry('ours-2')).toMatchObject({ customerId: another.customerId, disposition: 'complaint' });
    });
  });

  describe('writing', () => {
    it('saves what is named, counts the version and signs it', async () => {
      const record = await begun('write-1');
      server.setClock(new Date('2026-09-09T09:09:09.009Z'));
      const saved = (
        await change(record.recordId, {
          version: 1,
          problem: '第一行\n第二行 <b>😀</b>',
          solved: 'to_verify',
          sourceContact: '其同事，内线 12',
        })
      ).as(HotlineRecord);
      server.setClock(null);
      expect(saved).toMatchObject({
        problem: '第一行\n第二行 <b>😀</b>',
        solution: '',
        solved: 'to_verify',
        sourceContact: '其同事，内线 12',
        version: 2,
      });
      expect(saved.updatedAt).toBe('2026-09-09T09:09:09.009Z');
      expect(saved.servedByName).toBe('林晓');
    });

    it('cannot be told who served or when', async () => {
      const record = await begun('write-2');
      const patch = {
        version: 1,
        servedByUserId: 'x',
        servedByName: 'x',
        occurredAt: '2020-01-01T00:00:00.000Z',
        callId: 'other',
        problem: 'p',
      };
      expect((await change(record.recordId, patch)).as(HotlineRecord)).toMatchObject({
        servedByName: '林晓',
        occurredAt: AT,
        callId: 'write-2',
      });
    });

    it('is done only with a problem and an answer to "solved?"', async () => {
      const record = await begun('write-3');
      const finish = (patch: object) => change(record.recordId, { version: 1, status: 'done', ...patch });
      expect((await finish({})).fieldCodes).toEqual(['problem: required', 'solved: required']);
      expect((await finish({ problem: ' \n ', solved: 'solved' })).fieldCodes).toEqual(['problem: required']);
      expect((await finish({ problem: '问题' })).fieldCodes).toEqual(['solved: required']);
      expect((await finish({ problem: '问题', solved: 'solved' })).as(HotlineRecord)).toMatchObject({ status: 'done', version: 2 });
      expect((await change(record.recordId, { version: 2, problem: '' })).fieldCodes).toEqual(['problem: required']);
    });

    it('lets one of two win and shows the other what is there now', async () => {
      const record = await begun('write-4');
      const answers = await Promise.all(['甲', '乙', '丙'].map((problem) => change(record.recordId, { version: 1, problem })));
      expect(answers.map((answer) => answer.status).sort()).toEqual([200, 409, 409]);
      const winner = answers.find((answer) => answer.status === 200)?.as(HotlineRecord);
      for (const loser of answers.filter((answer) => answer.status === 409))
        expect(HotlineRecord.parse(loser.error.current)).toEqual(winner);
    });

    it('belongs to who served, and to supervisors', async () => {
      const record = await begun('write-5');
      expect((await change(record.recordId, { version: 1, problem: 'x' }, other)).error.code).toBe('forbidden');
      expect((await other.get(`/hotline-records/${record.recordId}`)).status).toBe(200);
      expect((await change(record.recordId, { version: 1, problem: '主管补充' }, supervisor)).as(HotlineRecord).servedByName).toBe('林晓');
    });

    it('drops the contact of a customer it no longer belongs to', async () => {
      const first = await newCustomer({ name: '先', contacts: [{ name: '先的人' }] });
      const second = await newCustomer({ name: '后' });
      const record = await begun('write-6', { customerId: first.customerId, contactId: first.contacts[0]?.contactId });
      expect(record.contactName).toBe('先的人');
      const moved = (await change(record.recordId, { version: 1, customerId: second.customerId })).as(HotlineRecord);
      expect(moved).toMatchObject({ customerName: '后', contactId: null });
    });

    it('takes a contact only together with its customer', async () => {
      const [first, second] = [await newCustomer({ name: '甲', contacts: [{ name: '甲的人' }] }), await newCustomer({ name: '乙' })];
      const contactId = first.contacts[0]?.contactId;
      const record = await begun('write-10', { customerId: first.customerId, contactId });
      const codes = async (patch: object) => (await change(record.recordId, { version: 1, ...patch })).fieldCodes;
      expect(await codes({ customerId: second.customerId, contactId })).toEqual(['contactId: not_of_customer']);
      expect(await codes({ customerId: null, contactId })).toEqual(['contactId: not_of_customer']);
      expect(await codes({ contactId: 'garbage' })).toEqual(['contactId: not_found']);
      for (const remoteNumber of [freshMobile(), '82345678', '13912345678']) {
        const sent = { remoteNumber, customerId: null };
        expect((await begin('write-11', { ...sent, contactId })).fieldCodes).toEqual(['contactId: not_of_customer']);
        expect((await begin('write-11', { ...sent, contactId: 'garbage' })).fieldCodes).toEqual(['contactId: not_found']);
      }
      const saved = await change(record.recordId, { version: 1, customerId: first.customerId, contactId, problem: '照旧' });
      expect(saved.as(HotlineRecord)).toMatchObject({ contactName: '甲的人', version: 2 });
    });

    it.each([
      [{ problem: 'a\u0000b' }, 'problem: control_characters'],
      [{ problem: '长'.repeat(20_001) }, 'problem: too_long'],
      [{ sourceContact: 'a\nb' }, 'sourceContact: control_characters'],
      [{ solved: 'perhaps' }, 'solved: invalid_choice'],
      [{ status: 'archived' }, 'status: invalid_choice'],
      [{ method: 'pigeon' }, 'method: invalid_choice'],
      [{ customerId: 'nobody' }, 'customerId: not_found'],
    ])('refuses %j', async (patch, code) => {
      const record = await begun('write-7');
      expect((await change(record.recordId, { version: 1, ...patch })).fieldCodes).toEqual([code]);
    });

    it('keeps twenty thousand characters', async () => {
      const record = await begun('write-8');
      const problem = '问题描述😀'.repeat(3_000);
      expect((await change(record.recordId, { version: 1, problem })).as(HotlineRecord).problem).toBe(problem);
    });

    it('shows the last problem and the open records on the next pop', async () => {
      const remoteNumber = freshMobile();
      const { customerId } = await newCustomer({ name: '弹屏摘要', numbers: [{ raw: remoteNumber }] });
      const record = await begun('write-9', { remoteNumber });
      expect(record.customerId).toBe(customerId);
      const problem = `${'很长的问题'.repeat(30)}\n第二行`;
      await change(record.recordId, { version: 1, problem, solved: 'unsolved' });
      const owner = async () => (await agent.post('/match', { callerId: remoteNumber })).as(MatchResult).owners[0];
      expect(await owner()).toMatchObject({ openRecordCount: 1, lastContactAt: AT });
      expect((await owner())?.lastContactSummary).toBe(`${'很长的问题'.repeat(15)}很长的问…`);
      await change(record.recordId, { version: 2, solved: 'solved' });
      expect((await owner())?.openRecordCount).toBe(0);
    });
  });

  describe('without a call', () => {
    it('are recorded for a customer', async () => {
      const { customerId } = await newCustomer({ name: '远程服务' });
      const answer = await agent.post('/hotline-records', { customerId, method: 'remote', problem: 'p', solved: 'solved', status: 'done' });
      expect(answer.status).toBe(201);
      expect(answer.as(HotlineRecord)).toMatchObject({
        callId: null,
        direction: null,
        method: 'remote',
        customerName: '远程服务',
        status: 'done',
      });
      expect((await agent.post('/hotline-records', { customerId: 'nobody' })).fieldCodes).toEqual(['customerId: not_found']);
      expect((await agent.post('/hotline-records', { customerId, status: 'done' })).fieldCodes).toEqual([
        'problem: required',
        'solved: required',
      ]);
    });
  });

  describe('reading', () => {
    it('filters, and pages through records of the same moment, each once', async () => {
      const { customerId } = await newCustomer({ name: '很多记录' });
      const made: string[] = [];
      for (let index = 0; index < 5; index++) made.push((await begun(`list-${index}`, { customerId })).recordId);
      await change(made[0] ?? '', { version: 1, problem: '打印 100% 缺字_', solved: 'unsolved' });
      const list = async (query: Record<string, string | number>) =>
        (await agent.get('/hotline-records', { customerId, ...query })).as(HotlineRecordPage);
      const first = await list({ limit: 3 });
      const second = await list({ limit: 3, cursor: first.nextCursor ?? '' });
      expect([...first.items, ...second.items].map((record) => record.recordId)).toEqual(made.toReversed());
      expect(second.nextCursor).toBeNull();
      const ids = async (query: Record<string, string | number>) => (await list(query)).items.map((record) => record.recordId);
      expect(await ids({ solved: 'unsolved' })).toEqual([made[0]]);
      expect(await ids({ q: '0%' })).toEqual([made[0]]);
      expect(await ids({ q: '字_' })).toEqual([made[0]]);
      expect(await ids({ q: '0_' })).toEqual([]);
      expect(await ids({ q: '多记录' })).toEqual(made.toReversed());
      expect(await ids({ callId: 'list-2' })).toEqual([made[2]]);
      expect(await ids({ status: 'done' })).toEqual([]);
      expect(await ids({ from: '2026-04-01T02:00:00.001Z' })).toEqual([]);
      expect(await ids({ from: AT, to: '2026-04-01T02:00:00.001Z' })).toHaveLength(5);
      const me = (await agent.get('/session')).json as { user: { userId: string } };
      expect(await ids({ servedByUserId: me.user.userId })).toHaveLength(5);
      expect(await ids({ servedByUserId: 'somebody-else' })).toEqual([]);
    });

    it('answers 404 to ids of nothing', async () => {
      expect((await agent.get('/hotline-records/0190b2b4-0000-7000-8000-000000000000')).status).toBe(404);
      expect((await change('0190b2b4-0000-7000-8000-000000000000', { version: 1 })).status).toBe(404);
      expect((await agent.get('/hotline-records/by-call')).fieldCodes).toEqual(['recordId: invalid_format']);
    });
  });
});
