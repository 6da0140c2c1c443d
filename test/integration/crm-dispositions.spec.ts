import { CallLogEntry, CallLogPage } from '../../crm-core/contract/calls';
import { DispositionList } from '../../crm-core/contract/dispositions';
import { HotlineRecord } from '../../crm-core/contract/hotline-records';
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
  beforeAll(async () => {
    server = await TestServer.start({ database, env: { HOTLINE_DISPOSITION_REQUIRED: '1' } });
    gateway = server.gateway();
    [agent, other, supervisor] = [await server.signedIn('1001'), await server.signedIn('1002'), await server.signedIn('zhuguan')];
  });
  afterAll(() => server.dispose());

  const begun = async (callId: string): Promise<HotlineRecord> =>
    (await agent.put(`/hotline-records/by-call/${callId}`, { direction: 'inbound', remoteNumber: freshMobile(), occurredAt: AT })).as(HotlineRecord);
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
    expect((await say('went-2', 'made_up')).fieldCodes).toEqual(['disposition: invalid_value']);
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
    await gateway.put('/calls/went-6', callRow('went-6'));
    expect((await entry('went-6')).disposition).toBe('technical_support');
  });
});
