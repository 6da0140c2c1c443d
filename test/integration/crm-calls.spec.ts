import { CallLogEntry, CallLogPage } from '../../crm-core/contract/calls';
import { CallTrailView, type CallTrail } from '../../crm-core/contract/call-trail';
import { Customer } from '../../crm-core/contract/customers';
import { HotlineRecord } from '../../crm-core/contract/hotline-records';
import type { CrmClient } from './crm-test-client';
import { callRow, freshMobile } from './crm-samples';
import { DATABASES, TestServer } from './crm-server';

describe.each(DATABASES)('the call log on %s', (database) => {
  let server: TestServer;
  let gateway: CrmClient;
  let agent: CrmClient;
  let other: CrmClient;
  let supervisor: CrmClient;
  beforeAll(async () => {
    server = await TestServer.start({ database });
    gateway = server.gateway();
    [agent, other, supervisor] = [await server.signedIn('1001'), await server.signedIn('1002'), await server.signedIn('zhuguan')];
  });
  afterAll(() => server.dispose());

  const put = (callId: string, changes: Parameters<typeof callRow>[1] = {}) => gateway.put(`/calls/${callId}`, callRow(callId, changes));
  const entry = async (callId: string) => (await supervisor.get(`/calls/${callId}`)).as(CallLogEntry);
  const list = async (query: Record<string, string | number>, client = supervisor) => (await client.get('/calls', query)).as(CallLogPage);
  const idsOf = async (query: Record<string, string | number>, client = supervisor) =>
    (await list(query, client)).items.map((call) => call.callId);

  describe('the way to the screen', () => {
    const at = '2026-11-21T08:00:00.000Z';
    const offer = {
      extension: '1001',
      endpoint: 'PJSIP/1001',
      alertingAt: at,
      sentAt: null,
      shownAt: null,
      reason: 'panel_closed' as const,
    };
    const trail = (callId: string, more: Partial<CallTrail> = {}): CallTrail => ({
      callId,
      finished: true,
      steps: [{ at, step: 'endpoint', outcome: 'ok', extension: '1001', value: 'PJSIP/1001', count: null }],
      stepsLeftOut: 0,
      offers: [offer],
      reason: 'panel_closed',
      ...more,
    });
    const deliver = (callId: string, way: CallTrail | null) => gateway.put(`/calls/${callId}`, { ...callRow(callId), trail: way });

    it('comes with the call and is for those who may see it', async () => {
      expect((await deliver('trail-1', trail('trail-1'))).status).toBe(201);
      const own = (await agent.get('/calls/trail-1/trail')).as(CallTrailView);
      expect(own).toEqual({ ...trail('trail-1'), agents: { 1001: '林晓' } });
      expect((await supervisor.get('/calls/trail-1/trail')).status).toBe(200);
      expect((await other.get('/calls/trail-1/trail')).status).toBe(404);
      expect((await server.client().get('/calls/trail-1/trail')).status).toBe(401);
    });

    it('is replaced by a later one, and stays when the call comes again without', async () => {
      await deliver('trail-2', trail('trail-2'));
      await deliver('trail-2', trail('trail-2', { offers: [{ ...offer, sentAt: at, shownAt: at, reason: null }], reason: null }));
      await put('trail-2');
      expect((await agent.get('/calls/trail-2/trail')).as(CallTrailView)).toMatchObject({ reason: null, offers: [{ shownAt: at }] });
    });

    it('says that an extension is nobody’s, which the gateway cannot know', async () => {
      await deliver(
        'trail-3',
        trail('trail-3', { offers: [{ ...offer, extension: '1777', reason: 'agent_never_connected' }], reason: 'agent_never_connected' }),
      );
      expect((await supervisor.get('/calls/trail-3/trail')).as(CallTrailView)).toMatchObject({
        reason: 'no_agent_mapped',
        offers: [{ extension: '1777', reason: 'no_agent_mapped' }],
      });
    });

    it('is of the same call, and not there when none was kept', async () => {
      expect((await deliver('trail-4', trail('another'))).fieldCodes).toEqual(['trail.callId: invalid']);
      await put('trail-5');
      expect((await supervisor.get('/calls/trail-5/trail')).status).toBe(404);
      expect((await supervisor.get('/calls/never/trail')).status).toBe(404);
    });

    it('is forgotten after some days, the call is not', async () => {
      await deliver('trail-6', trail('trail-6'));
      server.setClock(new Date(Date.now() + 15 * 86_400_000));
      await deliver('trail-7', trail('trail-7'));
      expect((await gateway.get('/calls/trail-6/trail')).status).toBe(404);
      expect((await gateway.get('/calls/trail-7/trail')).status).toBe(200);
      expect((await gateway.get('/calls/trail-6')).status).toBe(200);
      server.setClock(null);
    });
  });

  describe('intake', () => {
    it('takes a call in once: the same again changes nothing, milliseconds and all', async () => {
      const first = await put('intake-1');
      const second = await put('intake-1');
      expect([first.status, second.status]).toEqual([201, 200]);
      expect(second.as(CallLogEntry)).toEqual(first.as(CallLogEntry));
      const { customerId: _c, ...stored } = await entry('intake-1');
      expect(stored).toMatchObject({ ...callRow('intake-1'), numberKey: '+8613700000001', numberClass: 'mobile', agentName: '林晓' });
    });

    it('takes the better knowledge of a later delivery', async () => {
      await put('intake-2', { complete: false, endedBy: 'unknown' });
      await put('intake-2', { complete: true, endedBy: 'agent', agentExtension: '1002' });
      expect(await entry('intake-2')).toMatchObject({ complete: true, endedBy: 'agent', agentExtension: '1002' });
      expect(await idsOf({ number: '13700000001' }, agent)).not.toContain('intake-2');
    });

    it('has one row after many deliveries at the same moment', async () => {
      const answers = await Promise.all(Array.from({ length: 10 }, () => put('intake-3')));
      expect(answers.map((answer) => answer.status).sort()).toEqual([...Array<number>(9).fill(200), 201]);
      expect((await idsOf({ number: '13700000001' })).filter((id) => id === 'intake-3')).toHaveLength(1);
    });

    it('is for machines with their token', async () => {
      const body = callRow('intake-4');
      expect((await agent.put('/calls/intake-4', body)).error.code).toBe('forbidden');
      expect((await server.client().put('/calls/intake-4', body)).status).toBe(401);
      expect((await server.gateway('x'.repeat(40)).put('/calls/intake-4', body)).status).toBe(401);
      expect((await server.client().send('PUT', '/calls/intake-4', body, { authorization: 'Basic Zm9vOmJhcg==' })).status).toBe(401);
    });

    it('names what is wrong with a row', async () => {
      expect((await gateway.put('/calls/another', callRow('intake-5'))).fieldCodes).toEqual(['callId: invalid']);
      expect((await put('intake-5', { talkMs: -1 })).fieldCodes).toEqual(['talkMs: too_small']);
      expect((await put('intake-5', { startedAt: '2026-03-02 01:00:00' })).fieldCodes).toEqual(['startedAt: invalid_time']);
      expect((await put('intake-5', { startedAt: '0000-01-01T00:00:00.000Z' })).fieldCodes).toEqual(['startedAt: invalid_time']);
      expect((await put('intake-5', { waitMs: 3_000_000_000, cause: 2 ** 31 })).fieldCodes).toEqual(['cause: too_big', 'waitMs: too_big']);
      expect((await supervisor.get('/calls/intake-5')).status).toBe(404);
    });

    it('takes strange ids and hostile names as text', async () => {
      const callId = 'pbx-1/2?x=%27;--';
      const remoteName = '<script>alert("x")</script>\u0000\u202e';
      const answer = await gateway.put(`/calls/${encodeURIComponent(callId)}`, callRow(callId, { remoteName, remoteNumber: "1' OR 1=1\u0000" }));
      const kept = { callId, remoteName: '<script>alert("x")</script>', remoteNumber: "1' OR 1=1", numberKey: null };
      expect(answer.as(CallLogEntry)).toMatchObject(kept);
      expect((await supervisor.get(`/calls/${encodeURIComponent(callId)}`)).status).toBe(200);
    });

    it('says whose a call is: known number, nobody, several, withheld, internal', async () => {
      await put('owner-known', { remoteNumber: '13912345678' });
      await put('owner-nobody', { remoteNumber: freshMobile() });
      await put('owner-several', { remoteNumber: '02088880001' });
      await put('owner-withheld', { remoteNumber: null });
      await put('owner-internal', { remoteNumber: '1002', direction: 'internal', line: null });
      expect(await entry('owner-known')).toMatchObject({ customerName: '云岭市政管网有限公司', contactName: '吴海燕' });
      for (const callId of ['owner-nobody', 'owner-several', 'owner-withheld', 'owner-internal']) {
        expect(await entry(callId)).toMatchObject({ customerId: null, contactId: null });
      }
      expect(await entry('owner-withheld')).toMatchObject({ numberKey: null, numberClass: 'withheld' });
      expect(await entry('owner-internal')).toMatchObject({ numberKey: null, numberClass: 'internal' });
    });

    it('reads a local number in the area of its line', async () => {
      await put('owner-area', { remoteNumber: '88880057', areaCode: '10', line: '01066668888' });
      expect(await entry('owner-area')).toMatchObject({ numberKey: '+861088880057', customerName: '北辰规划设计研究中心' });
    });

    it('moves the last contact forward, never back', async () => {
      const remoteNumber = freshMobile();
      await agent.post('/customers', { name: '最近联系', numbers: [{ raw: remoteNumber }] });
      const lastContact = async () =>
        (await agent.get('/customers', { q: '最近联系' })).json as { items: { lastContactAt: string | null }[] };
      await put('contact-missed', { remoteNumber, outcome: 'abandoned', answeredAt: null, agentExtension: null });
      expect((await lastContact()).items[0]?.lastContactAt).toBeNull();
      await put('contact-new', { remoteNumber, startedAt: '2026-05-02T00:00:00.000Z', answeredAt: '2026-05-02T00:00:05.123Z' });
      await put('contact-old', { remoteNumber, startedAt: '2026-05-01T00:00:00.000Z', answeredAt: '2026-05-01T00:00:05.000Z' });
      expect((await lastContact()).items[0]?.lastContactAt).toBe('2026-05-02T00:00:05.123Z');
    });
  });

  describe('past calls', () => {
    it('follow a number to the customer it is given to, and leave with it', async () => {
      const remoteNumber = freshMobile();
      await put('past-1', { remoteNumber });
      await put('past-2', { remoteNumber: `0${remoteNumber}` });
      const made = (
        await agent.post('/customers', { name: '后来认识', contacts: [{ name: '贺小满', numbers: [{ raw: remoteNumber }] }] })
      ).as(Customer);
      for (const callId of ['past-1', 'past-2'])
        expect(await entry(callId)).toMatchObject({ customerName: '后来认识', contactName: '贺小满' });
      expect(await idsOf({ customerId: made.customerId })).toEqual(['past-2', 'past-1']);
      await agent.delete(`/customers/${made.customerId}/numbers/${made.contacts[0]?.numbers[0]?.numberId}`);
      for (const callId of ['past-1', 'past-2']) expect(await entry(callId)).toMatchObject({ customerId: null, contactId: null });
    });

    it('go to nobody while two customers have the number, and to the one who keeps it', async () => {
      const remoteNumber = freshMobile();
      const first = (await agent.post('/customers', { name: '号主甲', numbers: [{ raw: remoteNumber }] })).as(Customer);
      await agent.post('/customers', { name: '号主乙', numbers: [{ raw: remoteNumber }] });
      await put('past-3', { remoteNumber });
      expect((await entry('past-3')).customerId).toBeNull();
      await agent.delete(`/customers/${first.customerId}/numbers/${first.numbers[0]?.numberId}`);
      expect((await entry('past-3')).customerName).toBe('号主乙');
    });

    it('stay with the customer a person gave them to', async () => {
      const remoteNumber = freshMobile();
      const chosen = (await agent.post('/customers', { name: '人工指定' })).as(Customer);
      const begin = { direction: 'inbound', remoteNumber, occurredAt: '2026-03-02T01:00:07.000Z', customerId: chosen.customerId };
      const record = (await agent.put('/hotline-records/by-call/past-4', begin)).as(HotlineRecord);
      await put('past-4', { remoteNumber });
      expect(await entry('past-4')).toMatchObject({ customerName: '人工指定', hotlineRecordId: record.recordId });
      const rival = (await agent.post('/customers', { name: '号码属于别人', numbers: [{ raw: remoteNumber }] })).as(Customer);
      await agent.delete(`/customers/${rival.customerId}/numbers/${rival.numbers[0]?.numberId}`);
      await put('past-4', { remoteNumber });
      expect((await entry('past-4')).customerName).toBe('人工指定');
    });

    it('are let go when their customer is deleted, and still name who a person said they were', async () => {
      const remoteNumber = freshMobile();
      const made = (await agent.post('/customers', { name: '删除后', numbers: [{ raw: remoteNumber }] })).as(Customer);
      await put('past-5', { remoteNumber });
      expect((await entry('past-5')).customerName).toBe('删除后');
      await supervisor.delete(`/customers/${made.customerId}`);
      expect((await entry('past-5')).customerId).toBeNull();
    });
  });

  describe('reading', () => {
    const number = freshMobile();
    beforeAll(async () => {
      const at = (minute: number) => ({ startedAt: `2026-06-01T00:${String(minute).padStart(2, '0')}:00.000Z` });
      await put('read-1', { remoteNumber: number, ...at(1) });
      await put('read-2', { remoteNumber: number, ...at(2), agentExtension: '1002', queue: 'vip' });
      await put('read-3', {
        remoteNumber: number,
        ...at(3),
        direction: 'outbound',
        outcome: 'busy',
        answeredAt: null,
        line: null,
        queue: null,
      });
      await put('read-4', {
        remoteNumber: number,
        ...at(4),
        agentExtension: null,
        outcome: 'abandoned',
        answeredAt: null,
        line: '01066668888',
      });
    });

    it.each([
      [{}, ['read-4', 'read-3', 'read-2', 'read-1']],
      [{ direction: 'outbound' }, ['read-3']],
      [{ outcome: 'abandoned' }, ['read-4']],
      [{ agentExtension: '1002' }, ['read-2']],
      [{ queue: 'vip' }, ['read-2']],
      [{ line: '01066668888' }, ['read-4']],
      [{ from: '2026-06-01T00:02:00.000Z', to: '2026-06-01T00:04:00.000Z' }, ['read-3', 'read-2']],
      [{ outcome: 'answered', agentExtension: '1001' }, ['read-1']],
      [{ customerId: '0190b2b4-0000-7000-8000-000000000000' }, []],
    ])('filters by %j', async (filter, expected) => {
      expect(await idsOf({ number, ...filter })).toEqual(expected);
    });

    it('finds a number in any spelling, and nothing for what is no number', async () => {
      expect(await idsOf({ number: `+86 ${number}` })).toHaveLength(4);
      expect(await idsOf({ number: `0${number}` })).toHaveLength(4);
      expect(await idsOf({ number: 'nobody' })).toEqual([]);
      expect(await idsOf({ number: '%' })).toEqual([]);
    });

    it('shows agents the calls their own telephone had a part in, and no others', async () => {
      expect(await idsOf({ number }, agent)).toEqual(['read-3', 'read-1']);
      expect(await idsOf({ number }, other)).toEqual(['read-2']);
      expect((await agent.get('/calls/read-2')).status).toBe(404);
      expect((await agent.get('/calls/read-1')).status).toBe(200);
      expect(await idsOf({ number, agentExtension: '1002' }, agent)).toEqual([]);
    });

    it('names everybody who stands in the row, and finds it by each', async () => {
      const more = freshMobile();
      const moved = callRow('read-6', { remoteNumber: more, agentExtension: '1002' });
      const leg = moved.legs[0];
      if (leg === undefined) throw new Error('no leg');
      moved.legs.push({ ...leg, channelId: 'read-6-first', endpoint: 'PJSIP/1001', extension: '1001' });
      const transfer = { at: leg.startedAt, kind: 'blind' as const, fromExtension: '1001', result: 'answered' as const };
      await put('read-6', {
        ...moved,
        transfers: [
          { ...transfer, to: '1002' },
          { ...transfer, to: '13900001111' },
        ],
      });
      expect((await entry('read-6')).agents).toEqual({ 1001: '林晓', 1002: '何静' });
      for (const agentExtension of ['1001', '1002']) expect(await idsOf({ number: more, agentExtension })).toEqual(['read-6']);
      expect(await idsOf({ number: more, agentExtension: '1003' })).toEqual([]);
    });

    it('shows an agent who was rung the call another one answered', async () => {
      const rung = callRow('read-5', { remoteNumber: number, agentExtension: '1002' });
      const leg = rung.legs[0];
      if (leg === undefined) throw new Error('no leg');
      rung.legs.push({
        ...leg,
        channelId: 'read-5-first',
        endpoint: 'PJSIP/1001',
        extension: '1001',
        answeredAt: null,
        talkMs: 0,
        result: 'no_answer',
      });
      await gateway.put('/calls/read-5', rung);
      expect(await idsOf({ number }, agent)).toContain('read-5');
    });

    it('gives an agent without a telephone nothing', async () => {
      await (
        await server.signedIn('admin')
      ).post('/users', { username: 'no.phone', displayName: '无分机', role: 'agent', password: 'correct horse 47' });
      expect(await idsOf({}, await server.signedIn('no.phone'))).toEqual([]);
    });

    it('pages through calls of the same millisecond, each once', async () => {
      const remoteNumber = freshMobile();
      for (let index = 0; index < 7; index++) await put(`page-${index}`, { remoteNumber });
      const seen: string[] = [];
      let cursor: string | null = '';
      while (cursor !== null) {
        const page: CallLogPage = await list({ number: remoteNumber, limit: 2, ...(cursor === '' ? {} : { cursor }) });
        expect(page.items.length).toBeLessThanOrEqual(2);
        seen.push(...page.items.map((call) => call.callId));
        cursor = page.nextCursor;
      }
      expect(seen).toEqual(['page-6', 'page-5', 'page-4', 'page-3', 'page-2', 'page-1', 'page-0']);
    });

    it.each([
      'x',
      'eyJhIjoxfQ',
      Buffer.from('[8.64e15,"x"]').toString('base64url'),
      Buffer.from('[1]').toString('base64url'),
      Buffer.from('["a","b"]').toString('base64url'),
      '%00',
    ])('refuses the made-up cursor %s', async (cursor) => {
      expect((await supervisor.get('/calls', { cursor })).error.code).toBe('bad_cursor');
    });

    it('names filters that make no sense', async () => {
      const answer = await supervisor.get('/calls', { from: 'yesterday', direction: 'sideways', limit: 'many' });
      expect(answer.fieldCodes).toEqual(['direction: invalid_choice', 'from: invalid_time', 'limit: invalid_type']);
      for (const from of ['0000-01-01T00:00:00Z', '0001-01-01T00:00:00Z']) {
        const early = await supervisor.get('/calls', { from });
        expect([early.status, early.fieldCodes]).toEqual([422, ['from: invalid_time']]);
      }
      expect((await supervisor.get('/calls', { from: '1900-01-01T00:00:00Z', to: '9999-12-31T23:59:59.999Z' })).status).toBe(200);
    });
  });
});
