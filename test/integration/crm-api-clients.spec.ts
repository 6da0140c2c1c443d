import { ApiClient, ApiClientList, ApiClientWithToken, ApiScope } from '../../crm-core/contract/api-clients';
import { AuditPage } from '../../crm-core/contract/audit';
import { CallLogEntry, CallLogPage } from '../../crm-core/contract/calls';
import { callRow } from './crm-samples';
import { DATABASES, GATEWAY_TOKEN, TestServer } from './crm-server';
import type { CrmClient } from './crm-test-client';

jest.setTimeout(60_000);

describe.each(DATABASES)('other programs on %s', (database) => {
  let server: TestServer;
  let admin: CrmClient;
  beforeAll(async () => {
    server = await TestServer.start({ database });
    admin = await server.signedIn('admin');
    for (const callId of ['seen-1', 'seen-2']) await server.gateway().put(`/calls/${callId}`, callRow(callId));
  });
  afterAll(() => server.dispose());

  let names = 0;
  const make = async (scopes: readonly ApiScope[] = ['calls.view'], name = `程序 ${(names += 1)}`) =>
    (await admin.post('/api-clients', { name, scopes })).as(ApiClientWithToken);
  const list = async () => (await admin.get('/api-clients')).as(ApiClientList).items;

  it('read the call log with a token of their own, and cannot write it', async () => {
    const program = server.gateway((await make(['calls.view'])).token);
    const page = (await program.get('/calls', { limit: 1, outcome: 'answered' })).as(CallLogPage);
    expect(page.items).toHaveLength(1);
    const next = (await program.get('/calls', { limit: 1, cursor: page.nextCursor ?? '' })).as(CallLogPage);
    expect(next.items[0]?.callId).not.toBe(page.items[0]?.callId);
    expect((await program.get('/calls/seen-1')).as(CallLogEntry).callId).toBe('seen-1');
    expect((await program.put('/calls/seen-1', callRow('seen-1'))).error.code).toBe('forbidden');
    expect((await program.post('/match', { callerId: '13912345678' })).error.code).toBe('forbidden');
  });

  it.each<[ApiScope, readonly string[]]>([
    ['match', ['POST /match']],
    ['calls.view', ['GET /calls', 'GET /calls/seen-1']],
    ['customers.view', ['GET /customers']],
    ['hotline.view', ['GET /hotline-records']],
    ['missed.view', ['GET /missed-calls', 'GET /missed-calls?list=mine', 'GET /missed-calls/counts']],
    ['agents.view', ['GET /agents']],
    ['caller_marks.view', ['GET /caller-marks?active=true']],
  ])('may with %s do that and nothing else', async (scope, allowed) => {
    const program = server.gateway((await make([scope])).token);
    const everything = [
      'POST /match',
      'GET /calls',
      'GET /calls/seen-1',
      'GET /customers',
      'GET /hotline-records',
      'GET /missed-calls',
    ].concat(
      ['GET /missed-calls?list=mine', 'GET /missed-calls/counts', 'GET /agents', 'GET /caller-marks?active=true', 'GET /caller-marks'],
      [
        'GET /audit',
        'GET /users',
        'GET /api-clients',
        'GET /numbering',
        'GET /calls/seen-1/recordings/0',
        'POST /customers',
        'POST /users',
      ],
    );
    const done: string[] = [];
    for (const what of everything) {
      const [method = '', at = ''] = what.split(' ');
      const answer = await program.send(method, at, method === 'POST' ? { callerId: '13912345678' } : undefined);
      if (answer.status === 200) done.push(what);
      else expect([what, answer.status]).toEqual([what, 403]);
    }
    expect(done).toEqual(allowed);
  });

  it('see everything of what they may see, as nobody’s colleague', async () => {
    const program = server.gateway((await make(['hotline.view', 'missed.view', 'customers.view'])).token);
    const agent = await server.signedIn('1001');
    const begun = await agent.put('/hotline-records/by-call/seen-1', {
      direction: 'inbound',
      remoteNumber: '13700000001',
      occurredAt: '2026-03-02T01:00:00.000Z',
    });
    const { recordId } = begun.json as { recordId: string };
    expect((await program.get(`/hotline-records/${recordId}`)).status).toBe(200);
    expect((await program.get('/hotline-records', { callId: 'seen-1' })).json).toMatchObject({ items: [{ recordId }] });
    expect((await program.get('/missed-calls/counts')).json).toMatchObject({ mine: 0 });
    const { items } = (await program.get('/customers', { q: '吴海燕' })).json as { items: { customerId: string }[] };
    expect((await program.get(`/customers/${items[0]?.customerId}`)).status).toBe(200);
  });

  it('are made by administrators only, their token shown once', async () => {
    const made = await make(['match', 'calls.view', 'match'], '工单系统');
    expect(made).toMatchObject({
      name: '工单系统',
      scopes: ['match', 'calls.view'],
      enabled: true,
      configured: false,
      createdBy: '系统管理员',
    });
    expect(made.token).toMatch(/^[\w-]{43}$/);
    const listed = await admin.get('/api-clients');
    expect(listed.text).not.toContain(made.token);
    const { token: _token, ...client } = made;
    expect(listed.as(ApiClientList).items).toContainEqual(client);
    const rows = JSON.stringify(await server.running.app.db.read.query('SELECT * FROM api_clients'));
    expect(rows).not.toContain(made.token);
    expect((await (await server.signedIn('zhuguan')).get('/api-clients')).error.code).toBe('forbidden');
    expect((await (await server.signedIn('zhuguan')).post('/api-clients', { name: 'x', scopes: ['match'] })).status).toBe(403);
  });

  it.each([
    [{ name: ' ', scopes: ['match'] }, ['name: required']],
    [{ name: 'x', scopes: [] }, ['scopes: too_few']],
    [{ name: 'x', scopes: ['call.intake'] }, ['scopes.0: invalid_choice']],
    [{ name: 'x', scopes: ['everything'] }, ['scopes.0: invalid_choice']],
    [{ name: 'cti-gateway', scopes: ['match'] }, ['name: already_taken']],
  ])('are refused as %j', async (body, fields) => {
    expect((await admin.post('/api-clients', body)).fieldCodes).toEqual(fields);
  });

  it('are changed, disabled, enabled, and given another token; each change is on the audit, no token is', async () => {
    const made = await make(['match'], '看板');
    const at = `/api-clients/${made.clientId}`;
    const program = server.gateway(made.token);
    const change = (version: number, patch: object) => admin.patch(at, { version, ...patch });
    expect((await change(1, { scopes: ['calls.view'], name: '大屏' })).as(ApiClient)).toMatchObject({
      name: '大屏',
      scopes: ['calls.view'],
      version: 2,
    });
    expect([(await program.get('/calls')).status, (await program.post('/match', {})).status]).toEqual([200, 403]);
    expect((await change(2, { enabled: false })).as(ApiClient).enabled).toBe(false);
    expect((await program.get('/calls')).error.code).toBe('not_signed_in');
    await change(3, { enabled: true });
    expect((await program.get('/calls')).status).toBe(200);
    const renewed = (await admin.post(`${at}/token`, { version: 4 })).as(ApiClientWithToken);
    expect([(await program.get('/calls')).status, (await server.gateway(renewed.token).get('/calls')).status]).toEqual([401, 200]);
    expect((await change(1, { enabled: false })).error).toMatchObject({ code: 'version_conflict', current: { version: 5 } });
    const audit = await admin.get('/audit');
    const { items } = audit.as(AuditPage);
    const actions = items
      .filter(({ after }) => (after as { clientId?: string } | null)?.clientId === made.clientId)
      .map(({ action }) => action);
    expect(actions).toEqual([
      'api_client.token_renewed',
      'api_client.changed',
      'api_client.changed',
      'api_client.changed',
      'api_client.created',
    ]);
    for (const { token } of [made, renewed]) expect(audit.text).not.toContain(token);
  });

  it('are not the gateway, which is listed and stays as it is configured', async () => {
    const gateway = (await list()).find(({ configured }) => configured);
    expect(gateway).toMatchObject({ name: 'cti-gateway', enabled: true, createdBy: null });
    const at = `/api-clients/${gateway?.clientId}`;
    expect((await admin.patch(at, { version: gateway?.version, enabled: false })).error.code).toBe('forbidden');
    expect((await admin.post(`${at}/token`, { version: gateway?.version })).error.code).toBe('forbidden');
    expect((await server.gateway(GATEWAY_TOKEN).post('/match', { callerId: null })).status).toBe(200);
  });

  it('are still let in after a restart', async () => {
    const { token, clientId } = await make(['agents.view']);
    await server.stop();
    await server.open();
    expect((await server.gateway(token).get('/agents')).status).toBe(200);
    expect((await list()).map((client) => client.clientId)).toContain(clientId);
    expect((await list()).filter(({ configured }) => configured)).toHaveLength(1);
  });
});
