import { AuditPage } from '../../crm-core/contract/audit';
import { CallLogEntry, CallLogPage } from '../../crm-core/contract/calls';
import { DispositionList } from '../../crm-core/contract/dispositions';
import { HotlineRecord, HotlineRecordPage } from '../../crm-core/contract/hotline-records';
import type { CrmClient } from './crm-test-client';
import { callRow, freshMobile } from './crm-samples';
import { DATABASES, TestServer } from './crm-server';

const AT = '2026-04-01T02:00:00.000Z';

describe.each(DATABASES)('how calls went, on %s', (database) => {
  let server: TestServer;
  let gateway: CrmClient;
  let agent: CrmClient;
  let other: CrmClient;
  let supervisor: CrmClient;
  let admin: CrmClient;
  beforeAll(async () => {
    server = await TestServer.start({ database, env: { HOTLINE_DISPOSITION_REQUIRED: '1' } });
    gateway = server.gateway();
    admin = await server.signedIn('admin');
    [agent, other, supervisor] = [await server.signedIn('1001'), await server.signedIn('1002'), await server.signedIn('zhuguan')];
  });
  afterAll(() => server.dispose());

  const begun = async (callId: string): Promise<HotlineRecord> =>
    (await agent.put(`/hotline-records/by-call/${callId}`, { direction: 'inbound', remoteNumber: freshMobile(), occurredAt: AT })).as(
      HotlineRecord,
    );
  const say = (callId: string, disposition: string | null, client = agent) => client.put(`/calls/${callId}/disposition`, { disposition });
  const entry = async (callId: string) => (await supervisor.get(`/calls/${callId}`)).as(CallLogEntry);
  const idsOf = async (disposition: string) =>
    (await supervisor.get('/calls', { disposition })).as(CallLogPage).items.map((call) => call.callId);

  it('are a closed list with words in both languages', async () => {
    const list = (await agent.get('/dispositions')).as(DispositionList);
    expect(list.required).toBe(true);
    expect(list.items[0]).toEqual({ code: 'enquiry', zh: '咨询', en: 'Enquiry', active: true });
    expect(new Set(list.items.map((item) => item.code)).size).toBe(list.items.length);
  });

  it('are edited by an administrator: words, order, new ones, those that are no longer offered', async () => {
    const before = (await admin.get('/dispositions')).as(DispositionList);
    const [first, second, ...others] = before.items;
    const made = { code: 'warranty', zh: '保修', en: 'Warranty', active: true };
    const items = [second, { ...first, zh: '一般咨询', active: false }, made, ...others];
    const change = { version: before.version, items };
    for (const client of [agent, supervisor]) expect((await client.put('/dispositions', change)).status).toBe(403);
    const after = (await admin.put('/dispositions', change)).as(DispositionList);
    expect(after.items).toEqual(items);
    expect((await agent.get('/dispositions')).as(DispositionList)).toEqual(after);
    const conflict = await admin.put('/dispositions', { ...change, items: before.items });
    expect([conflict.status, conflict.error.code]).toEqual([409, 'version_conflict']);
    expect(DispositionList.parse(conflict.error.current)).toEqual(after);
    const [entry] = (await supervisor.get('/audit')).as(AuditPage).items;
    expect(entry).toMatchObject({
      action: 'dispositions.changed',
      by: '系统管理员',
      before: { version: before.version },
      after: { version: after.version },
    });
    expect((await admin.put('/dispositions', { version: after.version, items: before.items })).as(DispositionList).items).toEqual(
      before.items,
    );
  });

  it('are edited into nothing that could not be worked with', async () => {
    const { version, items } = (await admin.get('/dispositions')).as(DispositionList);
    const put = (changed: unknown[]) => admin.put('/dispositions', { version, items: changed });
    const extra = { code: 'extra', zh: '别的', en: 'Extra', active: true };
    expect((await put([...items, { ...extra, code: 'enquiry' }])).fieldCodes).toEqual([`items.${items.length}.code: already_exists`]);
    expect((await put([...items, { ...extra, zh: '咨询', en: 'ENQUIRY' }])).fieldCodes).toEqual([
      `items.${items.length}.en: already_exists`,
      `items.${items.length}.zh: already_exists`,
    ]);
    for (const wrong of [{ code: 'none' }, { code: 'Has Space' }, { zh: ' ' }, { en: 'a\u0000b' }])
      expect((await put([...items, { ...extra, ...wrong }])).status).toBe(422);
    expect((await put(items.map((item) => ({ ...item, active: false })))).fieldCodes).toEqual(['items: required']);
    await begun('went-0');
    expect((await say('went-0', 'cut_off')).status).toBe(200);
    const used = await put(items.filter(({ code }) => code !== 'cut_off'));
    expect([used.status, used.error.code]).toEqual([409, 'in_use']);
    expect((await admin.get('/dispositions')).as(DispositionList).items).toEqual(items);
    const inactive = (await put(items.map((item) => (item.code === 'cut_off' ? { ...item, active: false } : item)))).as(DispositionList);
    expect((await say('went-0', 'enquiry')).status).toBe(200);
    expect((await say('went-0', 'cut_off')).fieldCodes).toEqual(['disposition: invalid_choice']);
    expect((await admin.put('/dispositions', { version: inactive.version, items })).status).toBe(200);
  });

  it('are said before or after the row is there, and stay when it is taken in again', async () => {
    await begun('went-1');
    expect((await say('went-1', 'complaint')).status).toBe(200);
    await gateway.put('/calls/went-1', callRow('went-1'));
    expect((await entry('went-1')).disposition).toBe('complaint');
    await gateway.put('/calls/went-1', callRow('went-1', { endedBy: 'agent' }));
    expect(await entry('went-1')).toMatchObject({ endedBy: 'agent', disposition: 'complaint' });
    await say('went-1', 'enquiry');
    expect((await entry('went-1')).disposition).toBe('enquiry');
  });

  it('are for an agent of the call, with a code of the list', async () => {
    await gateway.put('/calls/went-2', callRow('went-2'));
    expect((await say('went-2', 'enquiry', other)).status).toBe(404);
    expect((await say('nobody-knows', 'enquiry')).status).toBe(404);
    expect((await say('went-2', 'made_up')).fieldCodes).toEqual(['disposition: invalid_choice']);
    expect((await say('went-2', 'enquiry')).status).toBe(200);
  });

  it('are looked for, also where nothing was said of a talk', async () => {
    await gateway.put('/calls/went-3', callRow('went-3'));
    await gateway.put('/calls/went-4', callRow('went-4', { outcome: 'abandoned', answeredAt: null, agentExtension: null }));
    await gateway.put('/calls/went-5', callRow('went-5'));
    await say('went-5', 'nuisance');
    expect(await idsOf('nuisance')).toEqual(['went-5']);
    const none = await idsOf('none');
    expect(none).toContain('went-3');
    expect(none).not.toContain('went-4');
    expect(none).not.toContain('went-5');
  });

  it('are part of the record of the call, which is not done without', async () => {
    const { recordId, version } = await begun('went-6');
    const done = { version, problem: '无法登录', solved: 'solved', status: 'done' };
    expect((await agent.patch(`/hotline-records/${recordId}`, done)).fieldCodes).toEqual(['disposition: required']);
    const answer = await agent.patch(`/hotline-records/${recordId}`, { ...done, disposition: 'technical_support' });
    expect(answer.as(HotlineRecord)).toMatchObject({ status: 'done', disposition: 'technical_support' });
    const number = answer.as(HotlineRecord).remoteNumber ?? '';
    await gateway.put('/calls/went-6', callRow('went-6', { remoteNumber: number }));
    expect((await entry('went-6')).disposition).toBe('technical_support');
    const found = async (query: Record<string, string>) =>
      (await supervisor.get('/hotline-records', query)).as(HotlineRecordPage).items.map(({ callId }) => callId);
    expect(await found({ number: `+86 ${number}`, disposition: 'technical_support' })).toEqual(['went-6']);
    expect(await found({ number, disposition: 'none' })).toEqual([]);
    expect(await found({ number: 'no number' })).toEqual([]);
    const silent = await begun('went-7');
    expect(await found({ number: silent.remoteNumber ?? '', disposition: 'none' })).toEqual(['went-7']);
  });
});
