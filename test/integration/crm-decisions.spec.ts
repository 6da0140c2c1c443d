import { AuditPage } from '../../crm-core/contract/audit';
import { CallLogEntry, CallLogPage } from '../../crm-core/contract/calls';
import { Customer } from '../../crm-core/contract/customers';
import { MatchResult } from '../../crm-core/contract/match';
import { MatchDecision } from '../../crm-core/contract/match-decisions';
import { eventually } from '../support/eventually';
import { callRow, freshMobile } from './crm-samples';
import { DATABASES, TestServer } from './crm-server';
import type { CrmClient } from './crm-test-client';

jest.setTimeout(60_000);

describe.each(DATABASES)('what agents say of callers, on %s', (database) => {
  let server: TestServer;
  let gateway: CrmClient;
  let agent: CrmClient;
  let supervisor: CrmClient;
  beforeAll(async () => {
    server = await TestServer.start({ database });
    gateway = server.gateway();
    agent = await server.signedIn('1001');
    supervisor = await server.signedIn('zhuguan');
  });
  afterAll(() => server.dispose());

  const match = async (callerId: string) => (await gateway.post('/match', { callerId })).as(MatchResult);
  const customer = async (name: string, more: object = {}) => (await agent.post('/customers', { name, ...more })).as(Customer);
  const decide = async (body: object) => (await agent.post('/match-decisions', body)).as(MatchDecision);
  const call = async (callId: string) => (await gateway.get(`/calls/${callId}`)).as(CallLogEntry);

  it('offers a customer no longer for a number that is not theirs, until it is undone', async () => {
    const raw = freshMobile();
    const key = `+86${raw}`;
    const { customerId } = await customer('旧机主', { numbers: [{ raw }] });
    await gateway.put('/calls/not-this', callRow('not-this', { remoteNumber: raw }));
    expect(await call('not-this')).toMatchObject({ customerId });
    const { decisionId } = await decide({ decision: 'not_this', key, customerId, callId: 'not-this' });
    expect(await match(raw)).toMatchObject({
      kind: 'unknown',
      owners: [],
      decisions: [{ decisionId, decision: 'not_this', customerName: '旧机主', decidedBy: '林晓' }],
    });
    expect(await call('not-this')).toMatchObject({ customerId: null });
    await gateway.put('/calls/not-this-2', callRow('not-this-2', { remoteNumber: raw }));
    expect(await call('not-this-2')).toMatchObject({ customerId: null });
    expect((await agent.delete(`/match-decisions/${decisionId}`)).status).toBe(204);
    expect(await match(raw)).toMatchObject({ kind: 'known', decisions: [], owners: [{ customerId, matchedBy: 'stored_number' }] });
    expect(await call('not-this-2')).toMatchObject({ customerId });
    expect((await agent.delete(`/match-decisions/${decisionId}`)).status).toBe(404);
  });

  it('knows a caller an agent has named, and gives them the call and its past', async () => {
    const raw = freshMobile();
    const { customerId, contacts } = await customer('经人指认', { contacts: [{ name: '陆明' }] });
    const contactId = contacts[0]?.contactId ?? '';
    for (const callId of ['named-1', 'named-2']) await gateway.put(`/calls/${callId}`, callRow(callId, { remoteNumber: raw }));
    const { decisionId } = await decide({ decision: 'is_this', key: `+86${raw}`, customerId, contactId, callId: 'named-2' });
    expect(await match(raw)).toMatchObject({
      kind: 'known',
      owners: [{ customerId, contactId, contactName: '陆明', matchedBy: 'decision' }],
    });
    expect(await call('named-1')).toMatchObject({ customerId, contactId });
    expect(await call('named-2')).toMatchObject({ customerId, contactId });
    await agent.delete(`/match-decisions/${decisionId}`);
    expect((await match(raw)).kind).toBe('unknown');
    expect(await call('named-1')).toMatchObject({ customerId: null });
    expect(await call('named-2')).toMatchObject({ customerId: null });
  });

  it('gives a call that is still going on to whom it was said to be, when it is over', async () => {
    const raw = freshMobile();
    const { customerId } = await customer('通话中指认');
    await decide({ decision: 'is_this', key: `+86${raw}`, customerId, callId: 'later' });
    await gateway.put('/calls/later', callRow('later', { remoteNumber: raw }));
    expect(await call('later')).toMatchObject({ customerId });
  });

  it('takes the later word, and the earlier one again when that is undone', async () => {
    const raw = freshMobile();
    const key = `+86${raw}`;
    const { customerId } = await customer('反复', { numbers: [{ raw }] });
    await decide({ decision: 'not_this', key, customerId });
    const { decisionId } = await decide({ decision: 'is_this', key, customerId });
    expect((await match(raw)).kind).toBe('known');
    await agent.delete(`/match-decisions/${decisionId}`);
    expect((await match(raw)).kind).toBe('unknown');
  });

  it('says shared, not known, where a number is stored for one and said to be another’s', async () => {
    const raw = freshMobile();
    await customer('存有号码', { numbers: [{ raw }] });
    const { customerId } = await customer('被指认');
    await decide({ decision: 'is_this', key: `+86${raw}`, customerId });
    const result = await match(raw);
    expect(result.kind).toBe('shared');
    expect(result.owners.map(({ customerName, matchedBy }) => [customerName, matchedBy]).toSorted()).toEqual([
      ['存有号码', 'stored_number'],
      ['被指认', 'decision'],
    ]);
  });

  it('stores a number by one word, takes it back, and never one of a delivery platform', async () => {
    const raw = freshMobile();
    const { customerId } = await customer('添加号码');
    const { decisionId, numberId } = await decide({ decision: 'add_number', key: `+86${raw}`, customerId, raw: `0${raw}` });
    expect(numberId).not.toBeNull();
    expect((await agent.get(`/customers/${customerId}`)).as(Customer).numbers).toMatchObject([{ raw: `0${raw}`, key: `+86${raw}` }]);
    expect(await match(raw)).toMatchObject({ kind: 'known', owners: [{ number: { label: 'mobile', ordinal: 1, count: 1 } }] });
    await agent.delete(`/match-decisions/${decisionId}`);
    expect((await agent.get(`/customers/${customerId}`)).as(Customer).numbers).toEqual([]);
    expect((await match(raw)).kind).toBe('unknown');

    const body = { decision: 'add_number', key: '+8617012345678', customerId, raw: '17012345678-1234' };
    expect((await agent.post('/match-decisions', body)).fieldCodes).toEqual(['raw: privacy_number']);
    expect((await decide({ decision: 'add_number', key: 'svc:95588', customerId })).numberId).not.toBeNull();
    expect(await match('02095588')).toMatchObject({ kind: 'known', key: 'svc:95588' });
  });

  it('never knows a caller by a privacy number, though somebody has the number behind it', async () => {
    await customer('虚商用户', { numbers: [{ raw: '17112340001' }] });
    expect((await match('17112340001')).kind).toBe('known');
    expect(await match('17112340001-4321')).toMatchObject({ kind: 'unknown', privacy: true, key: null, owners: [] });
    await gateway.put('/calls/private', callRow('private', { remoteNumber: '17112340001,4321' }));
    expect(await call('private')).toMatchObject({ customerId: null, numberKey: null });
  });

  it('writes down who said what, for supervisors', async () => {
    const raw = freshMobile();
    const { customerId } = await customer('留痕', { numbers: [{ raw }] });
    const { decisionId } = await decide({ decision: 'not_this', key: `+86${raw}`, customerId });
    await agent.delete(`/match-decisions/${decisionId}`);
    const audit = async (subject: string) => (await supervisor.get('/audit', { subject })).as(AuditPage).items;
    expect(await audit(`number:+86${raw}`)).toMatchObject([
      { action: 'match.undone', by: '林晓', customerId, before: { decision: 'not_this' }, after: [] },
      { action: 'match.not_this', by: '林晓', customerId, before: [], after: { decision: 'not_this', customerId } },
    ]);
    expect((await audit(`customer:${customerId}`)).length).toBe(2);
    expect((await agent.get('/audit')).status).toBe(403);
    expect((await supervisor.get('/audit', { subject: 'nonsense' })).status).toBe(422);
  });

  it('refuses what names nobody', async () => {
    const { customerId } = await customer('甲方');
    const other = await customer('乙方', { contacts: [{ name: '乙' }] });
    const key = '+8613900001111';
    const post = async (body: object) => (await agent.post('/match-decisions', { decision: 'is_this', key, ...body })).fieldCodes;
    expect(await post({ customerId: '00000000-0000-7000-8000-000000000000' })).toEqual(['customerId: not_found']);
    expect(await post({ customerId, contactId: other.contacts[0]?.contactId })).toEqual(['contactId: not_of_customer']);
    expect(await post({ customerId, key: '13900001111' })).toEqual(['key: invalid_format']);
  });

  it('links and unlinks hundreds of past calls in the background, the newest at once', async () => {
    const raw = freshMobile();
    const calls = Array.from({ length: 250 }, (_, index) => {
      const startedAt = new Date(Date.UTC(2026, 0, 1) + index * 60_000).toISOString();
      return callRow(`many-${index}`, { remoteNumber: raw, startedAt, answeredAt: null, outcome: 'abandoned', agentExtension: null });
    });
    for (const row of calls)
      await server.running.app.db.write(() => Promise.resolve()).then(() => gateway.put(`/calls/${row.callId}`, row));
    const made = await customer('来电很多', { numbers: [{ raw }] });
    const linked = async () => {
      let count = 0;
      let cursor: string | undefined;
      do {
        const query = { customerId: made.customerId, limit: '200', ...(cursor === undefined ? {} : { cursor }) };
        const page = (await supervisor.get('/calls', query)).as(CallLogPage);
        count += page.items.length;
        cursor = page.nextCursor ?? undefined;
      } while (cursor !== undefined);
      return count;
    };
    expect((await call('many-249')).customerId).toBe(made.customerId);
    await eventually('all calls linked', async () => (await linked()) === 250, 30_000);
    await supervisor.delete(`/customers/${made.customerId}`);
    await eventually('all calls unlinked', async () => (await linked()) === 0, 30_000);
  });

  it('merges a customer into another, keeping every number, contact, record and call', async () => {
    const [own, shared] = [freshMobile(), freshMobile()];
    const into = await customer('保留方', { numbers: [{ raw: shared }] });
    const from = await customer('并入方', { numbers: [{ raw: own }, { raw: shared }], contacts: [{ name: '丙' }], city: '佛山' });
    await gateway.put('/calls/merge-1', callRow('merge-1', { remoteNumber: own }));
    await agent.put('/hotline-records/by-call/merge-2', {
      direction: 'inbound',
      remoteNumber: own,
      occurredAt: '2026-04-01T02:00:00.000Z',
      customerId: from.customerId,
    });
    const path = `/customers/${into.customerId}/merge`;
    expect((await agent.post(path, { customerId: from.customerId, version: into.version })).status).toBe(403);
    expect((await supervisor.post(path, { customerId: from.customerId, version: into.version + 7 })).status).toBe(409);
    expect((await supervisor.post(path, { customerId: into.customerId, version: into.version })).fieldCodes).toEqual([
      'customerId: same_customer',
    ]);
    const current = (await agent.get(`/customers/${into.customerId}`)).as(Customer);
    const merged = (await supervisor.post(path, { customerId: from.customerId, version: current.version })).as(Customer);
    expect(merged).toMatchObject({ name: '保留方', city: '佛山', contacts: [{ name: '丙' }] });
    expect(merged.numbers.map(({ key }) => key)).toEqual([`+86${shared}`, `+86${own}`]);
    expect(await match(own)).toMatchObject({ kind: 'known', owners: [{ customerId: into.customerId }] });
    expect((await match(shared)).kind).toBe('known');
    expect((await call('merge-1')).customerId).toBe(into.customerId);
    expect((await agent.get(`/customers/${from.customerId}`)).status).toBe(404);
    expect((await agent.get('/hotline-records', { customerId: into.customerId })).text).toContain(into.customerId);
  });

  describe('after merging two customers who', () => {
    const merge = async (into: Customer, from: Customer) => {
      const { version } = (await agent.get(`/customers/${into.customerId}`)).as(Customer);
      await supervisor.post(`/customers/${into.customerId}/merge`, { customerId: from.customerId, version });
    };

    it.each(['the one that goes', 'the one that stays'])('have one number, which was said not to be that of %s: is known', async (whom) => {
      const raw = freshMobile();
      const into = await customer('合并保留', { numbers: [{ raw }] });
      const from = await customer('合并离开', { numbers: [{ raw }] });
      const { customerId } = whom === 'the one that goes' ? from : into;
      const { decisionId } = await decide({ decision: 'not_this', key: `+86${raw}`, customerId });
      expect((await match(raw)).kind).toBe('known');
      await gateway.put(`/calls/merged-${raw}`, callRow(`merged-${raw}`, { remoteNumber: raw }));
      await merge(into, from);
      expect(await match(raw)).toMatchObject({ kind: 'known', owners: [{ customerId: into.customerId }], decisions: [] });
      expect(await call(`merged-${raw}`)).toMatchObject({ customerId: into.customerId });
      expect((await agent.delete(`/match-decisions/${decisionId}`)).status).toBe(404);
    });

    it('have a number that was said to be neither’s: is as unknown as before', async () => {
      const raw = freshMobile();
      const [into, from] = [await customer('都不是甲', { numbers: [{ raw }] }), await customer('都不是乙', { numbers: [{ raw }] })];
      for (const { customerId } of [into, from]) await decide({ decision: 'not_this', key: `+86${raw}`, customerId });
      await merge(into, from);
      const result = await match(raw);
      expect(result).toMatchObject({ kind: 'unknown', decisions: [{ decision: 'not_this', customerId: into.customerId }] });
      await agent.delete(`/match-decisions/${result.decisions[0]?.decisionId}`);
      expect((await match(raw)).kind).toBe('unknown');
    });

    it('have a number that is not that of one, nor of a contact of the other: is as unknown as before', async () => {
      const raw = freshMobile();
      const into = await customer('公司不是', { numbers: [{ raw }] });
      const from = await customer('其人不是', { contacts: [{ name: '戊', numbers: [{ raw }] }] });
      await decide({ decision: 'not_this', key: `+86${raw}`, customerId: into.customerId });
      const contactId = from.contacts[0]?.contactId;
      await decide({ decision: 'not_this', key: `+86${raw}`, customerId: from.customerId, contactId });
      await merge(into, from);
      expect((await match(raw)).kind).toBe('unknown');
    });

    it('have one number, not that of a contact: is known, and still not theirs', async () => {
      const raw = freshMobile();
      const into = await customer('合并公司', { numbers: [{ raw }] });
      const from = await customer('并入公司', { contacts: [{ name: '离职者', numbers: [{ raw }] }] });
      const contactId = from.contacts[0]?.contactId;
      await decide({ decision: 'not_this', key: `+86${raw}`, customerId: from.customerId, contactId });
      await merge(into, from);
      expect(await match(raw)).toMatchObject({ kind: 'known', owners: [{ customerId: into.customerId, contactId: null }] });
    });

    it('were both said to be the caller: the newer word is in force', async () => {
      const raw = freshMobile();
      const [into, from] = [await customer('指认保留'), await customer('指认离开', { contacts: [{ name: '丁' }] })];
      const contactId = from.contacts[0]?.contactId;
      await decide({ decision: 'is_this', key: `+86${raw}`, customerId: into.customerId });
      const { decisionId } = await decide({ decision: 'is_this', key: `+86${raw}`, customerId: from.customerId, contactId });
      await merge(into, from);
      expect(await match(raw)).toMatchObject({
        kind: 'known',
        owners: [{ customerId: into.customerId, contactId }],
        decisions: [{ decisionId }],
      });
      await agent.delete(`/match-decisions/${decisionId}`);
      expect(await match(raw)).toMatchObject({ kind: 'known', owners: [{ customerId: into.customerId, contactId: null }] });
    });
  });

  it('offers the company and its people where a switchboard calls, each with the reason', async () => {
    const made = await customer('总机公司', {
      numbers: [{ raw: '0769-22334455', label: 'office' }],
      contacts: [{ name: '前台' }, { name: '经理', numbers: [{ raw: '0769-22334400转801' }] }],
    });
    const result = await match('076922334455');
    expect(result).toMatchObject({ kind: 'shared', switchboard: true, place: { province: '广东', city: '东莞' } });
    expect(result.owners.map(({ contactName, matchedBy }) => [contactName, matchedBy]).toSorted()).toEqual(
      [
        [null, 'stored_number'],
        ['前台', 'switchboard'],
        ['经理', 'switchboard'],
      ].toSorted(),
    );
    const behind = await match('076922334400');
    expect(behind).toMatchObject({ kind: 'shared', switchboard: true });
    expect(behind.owners.find(({ contactName }) => contactName === '经理')).toMatchObject({ number: { extension: '801' } });
    await gateway.put('/calls/behind', callRow('behind', { remoteNumber: '076922334400' }));
    expect(await call('behind')).toMatchObject({ customerId: made.customerId, contactId: null });
  });
});
