import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Contact, Customer } from '../../crm-core/contract/customers';
import type { HotlineRecord } from '../../crm-core/contract/hotline-records';
import { callRow, freshMobile } from './crm-samples';
import { PASSWORD, TestServer } from './crm-server';
import type { Answer, CrmClient } from './crm-test-client';

jest.setTimeout(60_000);

interface Schema {
  $ref?: string;
  properties?: Record<string, unknown>;
  required?: string[];
}
interface Operation {
  operationId: string;
  requestBody?: { content: { 'application/json': { schema: Schema } } };
  responses: Record<string, { content?: { 'application/json'?: { schema: Schema } }; headers?: Record<string, unknown> }>;
  security: Record<string, unknown>[];
  parameters?: { name: string; in: string; required: boolean }[];
}
interface Document {
  openapi: string;
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema> };
}

describe('/api/v1/openapi.json', () => {
  let server: TestServer;
  let recordings: string;
  let document: Document;
  beforeAll(async () => {
    recordings = fs.mkdtempSync(path.join(os.tmpdir(), 'hotline-openapi-'));
    fs.writeFileSync(path.join(recordings, 'one.wav'), 'RIFF and more');
    server = await TestServer.start({ env: { HOTLINE_RECORDINGS_DIR: recordings } });
    document = (await server.client().get('/openapi.json')).json as Document;
  });
  afterAll(async () => {
    await server.dispose();
    fs.rmSync(recordings, { recursive: true });
  });

  const operation = (method: string, at: string): Operation => {
    const found = document.paths[`/api/v1${at}`]?.[method];
    if (found === undefined) throw new Error(`${method} ${at} is not documented`);
    return found;
  };
  const successes = ({ responses }: Operation) => Object.keys(responses).filter((status) => status !== 'default' && Number(status) < 400);
  const parameters = (method: string, at: string) => operation(method, at).parameters?.map(({ name, required }) => ({ name, required }));

  it('has every route, each by its own name', () => {
    expect(document.openapi).toBe('3.1.0');
    expect(Object.keys(document.paths).toSorted()).toEqual(ROUTES.map((at) => `/api/v1${at}`).toSorted());
    const ids = Object.values(document.paths).flatMap((item) => Object.values(item).map(({ operationId }) => operationId));
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('refers only to schemas it contains', async () => {
    const { text } = await server.client().get('/openapi.json');
    const known = new Set(Object.keys(document.components.schemas));
    const references = [...text.matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g)].map((match) => match[1] ?? '');
    expect(references.length).toBeGreaterThan(20);
    expect(references.filter((name) => !known.has(name))).toEqual([]);
    expect(text).not.toMatch(/"\$ref":"(?!#\/components\/schemas\/)/);
  });

  it('says who may ask, and with which headers', () => {
    expect(operation('put', '/calls/{callId}').security).toEqual([{ machine: [] }]);
    expect(operation('post', '/session').security).toEqual([]);
    expect(parameters('post', '/customers')).toEqual([{ name: 'x-csrf-token', required: true }]);
    // A machine has none.
    expect(parameters('post', '/match')).toEqual([{ name: 'x-csrf-token', required: false }]);
    expect(parameters('post', '/session')).toBeUndefined();
    expect(parameters('put', '/calls/{callId}')).toEqual([{ name: 'callId', required: true }]);
    expect(parameters('get', '/calls')?.map(({ name }) => name)).toContain('cursor');
    expect(parameters('get', '/calls')?.map(({ name }) => name)).not.toContain('x-csrf-token');
    expect(parameters('get', '/caller-marks')?.map(({ name }) => name)).toContain('If-None-Match');
    expect(operation('get', '/caller-marks').responses['200']?.headers).toHaveProperty('ETag');
  });

  it('has requests as they may be sent, and answers as they come', () => {
    const { schemas } = document.components;
    const body = (method: string, at: string) => operation(method, at).requestBody?.content['application/json'].schema.$ref;
    const answer = (method: string, at: string, status: number) =>
      operation(method, at).responses[status]?.content?.['application/json']?.schema.$ref;
    expect(body('post', '/customers')).toBe('#/components/schemas/NewCustomer');
    expect(schemas.NewCustomer?.required).toEqual(['name']);
    expect(answer('get', '/calls/{callId}', 200)).toBe('#/components/schemas/CallLogEntry');
    // It has a default, for rows of before: it need not be handed over and is always answered.
    expect(schemas.CallLogEntry?.required).toEqual(expect.arrayContaining(['agents', 'recordings', 'source', 'trunk']));
    expect(schemas.CallLogEntry?.required).not.toContain('exitReason');
    expect(schemas.CallIntake?.required).not.toContain('source');
    expect(schemas.MatchOwner?.required).toContain('matchedBy');
    // Of both: the rules that are saved are those that were read.
    expect(body('put', '/numbering')).toBe('#/components/schemas/NumberingChange');
    expect(JSON.stringify(schemas.NumberingChange)).toContain('#/components/schemas/NumberingRulesInput');
    expect(schemas.NumberingRules?.required).toContain('countryCode');
    expect(schemas.NumberingRulesInput?.required).not.toContain('countryCode');
    expect(Object.keys(schemas)).not.toContain('CustomerInput');
  });

  describe('documents the statuses that are answered', () => {
    const answered = new Map<string, Set<string>>();
    let agent: CrmClient;
    let admin: CrmClient;
    let supervisor: CrmClient;

    /** Asks, and notes the status beside the operation it is of. */
    async function ask(client: CrmClient, what: string, { params = {}, body, query = '', headers = {} }: Ask = {}): Promise<Answer> {
      const [method = '', at = ''] = what.split(' ');
      const filled = at.replace(/\{(\w+)\}/g, (_whole, name: string) => encodeURIComponent(params[name] ?? ''));
      const answer = await client.send(method, `${filled}${query}`, body, headers);
      if (answer.status >= 400) throw new Error(`${what}: ${answer.status} ${answer.text}`);
      answered.set(what, (answered.get(what) ?? new Set()).add(String(answer.status)));
      return answer;
    }

    beforeAll(async () => {
      [agent, admin, supervisor] = [await server.signedIn('1001'), await server.signedIn('admin'), await server.signedIn('zhuguan')];
    });

    it('of sessions, people and programs', async () => {
      const visitor = server.client();
      const signedIn = await ask(visitor, 'POST /session', { body: { username: '1002', password: PASSWORD } });
      visitor.cookie = (signedIn.headers.get('set-cookie') ?? '').split(';', 1)[0] ?? null;
      visitor.csrfToken = (signedIn.json as { csrfToken: string }).csrfToken;
      await ask(visitor, 'GET /session');
      await ask(visitor, 'POST /session/ticket');
      await ask(visitor, 'PUT /session/preferences', { body: { locale: 'en' } });
      await ask(visitor, 'PUT /session/password', { body: { currentPassword: PASSWORD, newPassword: 'another one 48' } });
      await ask(visitor, 'DELETE /session');
      await ask(admin, 'GET /users');
      const body = { username: 'openapi', displayName: '文档', role: 'agent', password: 'a good one 123' };
      const user = (await ask(admin, 'POST /users', { body })).json as { userId: string; version: number };
      await ask(admin, 'GET /users/{userId}', { params: { userId: user.userId } });
      await ask(admin, 'PATCH /users/{userId}', { params: { userId: user.userId }, body: { version: user.version, enabled: false } });
      const made = { name: '文档程序', scopes: ['match'] };
      const { clientId } = (await ask(admin, 'POST /api-clients', { body: made })).json as { clientId: string };
      await ask(admin, 'GET /api-clients');
      await ask(admin, 'PATCH /api-clients/{clientId}', { params: { clientId }, body: { version: 1, enabled: false } });
      await ask(admin, 'POST /api-clients/{clientId}/token', { params: { clientId }, body: { version: 2 } });
      await ask(agent, 'GET /agents');
      await ask(supervisor, 'GET /audit');
    });

    it('of customers', async () => {
      const made = (await ask(agent, 'POST /customers', { body: { name: '文档一' } })).json as Customer;
      const params = { customerId: made.customerId };
      await ask(agent, 'GET /customers');
      await ask(agent, 'GET /customers/{customerId}', { params });
      await ask(agent, 'PATCH /customers/{customerId}', { params, body: { version: made.version, city: '广州' } });
      const withNumber = (await ask(agent, 'POST /customers/{customerId}/numbers', { params, body: { raw: freshMobile() } }))
        .json as Customer;
      const numberId = withNumber.numbers[0]?.numberId ?? '';
      await ask(agent, 'DELETE /customers/{customerId}/numbers/{numberId}', { params: { ...params, numberId } });
      const contact = (await ask(agent, 'POST /customers/{customerId}/contacts', { params, body: { name: '文档人' } })).json as Contact;
      const ofContact = { contactId: contact.contactId };
      await ask(agent, 'PATCH /contacts/{contactId}', { params: ofContact, body: { version: contact.version, remarks: 'x' } });
      await ask(agent, 'DELETE /contacts/{contactId}', { params: ofContact });
      const { customerId, version } = (await agent.get(`/customers/${made.customerId}`)).json as Customer;
      const other = (await agent.post('/customers', { name: '文档二' })).json as Customer;
      await ask(supervisor, 'POST /customers/{customerId}/merge', {
        params: { customerId },
        body: { customerId: other.customerId, version },
      });
      const decision = { decision: 'is_this', key: '+8613988880000', customerId };
      const { decisionId } = (await ask(agent, 'POST /match-decisions', { body: decision })).json as { decisionId: string };
      await ask(agent, 'DELETE /match-decisions/{decisionId}', { params: { decisionId } });
      await ask(agent, 'POST /match', { body: { callerId: '13988880000' } });
      await ask(supervisor, 'DELETE /customers/{customerId}', { params: { customerId } });
    });

    it('of calls and records', async () => {
      const params = { callId: 'documented-1', index: '0' };
      const trail = { callId: params.callId, finished: true, steps: [], stepsLeftOut: 0, offers: [], reason: null };
      const body = { ...callRow(params.callId, { recording: 'one.wav', recordings: ['one.wav'] }), trail };
      for (const _ of ['new', 'again']) await ask(server.gateway(), 'PUT /calls/{callId}', { params, body });
      await ask(agent, 'GET /calls');
      await ask(agent, 'GET /calls/{callId}', { params });
      await ask(agent, 'GET /calls/{callId}/trail', { params });
      for (const headers of [{}, { range: 'bytes=0-3' }]) await ask(agent, 'GET /calls/{callId}/recordings/{index}', { params, headers });
      const begin = { direction: 'inbound', remoteNumber: '13700000001', occurredAt: '2026-03-02T01:00:00.000Z' };
      for (const _ of ['new', 'again']) await ask(agent, 'PUT /hotline-records/by-call/{callId}', { params, body: begin });
      await ask(agent, 'PUT /calls/{callId}/disposition', { params, body: { disposition: 'enquiry' } });
      await ask(agent, 'GET /dispositions');
      const list = (await admin.get('/dispositions')).json as { version: string; items: unknown[] };
      await ask(admin, 'PUT /dispositions', { body: { version: list.version, items: list.items } });
      const { customerId } = (await agent.post('/customers', { name: '文档三' })).json as Customer;
      const record = (await ask(agent, 'POST /hotline-records', { body: { customerId } })).json as HotlineRecord;
      await ask(agent, 'GET /hotline-records');
      await ask(agent, 'GET /hotline-records/{recordId}', { params: { recordId: record.recordId } });
      const patch = { version: record.version, remarks: 'x' };
      await ask(agent, 'PATCH /hotline-records/{recordId}', { params: { recordId: record.recordId }, body: patch });
    });

    it('of missed calls', async () => {
      const missed = { remoteNumber: freshMobile(), agentExtension: null, outcome: 'abandoned', answeredAt: null, talkMs: 0 } as const;
      await server.gateway().put('/calls/documented-2', callRow('documented-2', missed));
      const { items } = (await ask(agent, 'GET /missed-calls')).json as { items: { missedCallId: string; remoteNumber: string }[] };
      const missedCallId = items.find(({ remoteNumber }) => remoteNumber === missed.remoteNumber)?.missedCallId ?? '';
      const params = { missedCallId };
      await ask(agent, 'GET /missed-calls/counts');
      const bodies = { claim: {}, schedule: { at: '2026-12-01T01:00:00.000Z', owner: 'me' }, release: {}, close: { by: 'called_back' } };
      for (const [action, body] of Object.entries(bodies)) {
        const { version } = (await ask(agent, 'GET /missed-calls/{missedCallId}', { params })).json as { version: number };
        await ask(agent, `POST /missed-calls/{missedCallId}/${action}`, { params, body: { version, ...body } });
      }
    });

    it('of numbers and their marks', async () => {
      const body = { number: freshMobile(), kind: 'vip', reason: 'x' };
      const mark = (await ask(supervisor, 'POST /caller-marks', { body })).json as { markId: string; version: number };
      await ask(supervisor, 'PATCH /caller-marks/{markId}', {
        params: { markId: mark.markId },
        body: { version: mark.version, reason: 'y' },
      });
      const query = '?active=true';
      const etag = (await ask(supervisor, 'GET /caller-marks', { query })).headers.get('etag') ?? '';
      await ask(supervisor, 'GET /caller-marks', { query, headers: { 'if-none-match': etag } });
      await ask(supervisor, 'DELETE /caller-marks/{markId}', { params: { markId: mark.markId } });
      const numbering = (await ask(admin, 'GET /numbering')).json as Record<string, unknown>;
      const { version, default: base, exceptions } = numbering;
      await ask(admin, 'PUT /numbering', { body: { version, default: base, exceptions } });
      await ask(admin, 'POST /numbering/try', { body: { callerId: '13988880000' } });
      await ask(admin, 'GET /numbering/rekeying');
    });

    it('and no others', () => {
      const documented = Object.entries(document.paths).flatMap(([at, item]) =>
        Object.entries(item).map(([method, one]) => [`${method.toUpperCase()} ${at.replace('/api/v1', '')}`, successes(one).toSorted()]),
      );
      const seen = [...answered].map(([what, statuses]) => [what, [...statuses].toSorted()]);
      expect(Object.fromEntries(seen)).toEqual(Object.fromEntries(documented));
    });
  });
});

interface Ask {
  readonly params?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly query?: string;
  readonly headers?: Record<string, string>;
}

const ROUTES = [
  '/agents',
  '/api-clients',
  '/api-clients/{clientId}',
  '/api-clients/{clientId}/token',
  '/audit',
  '/caller-marks',
  '/caller-marks/{markId}',
  '/calls',
  '/calls/{callId}',
  '/calls/{callId}/disposition',
  '/calls/{callId}/recordings/{index}',
  '/calls/{callId}/trail',
  '/contacts/{contactId}',
  '/customers',
  '/customers/{customerId}',
  '/customers/{customerId}/contacts',
  '/customers/{customerId}/merge',
  '/customers/{customerId}/numbers',
  '/customers/{customerId}/numbers/{numberId}',
  '/dispositions',
  '/hotline-records',
  '/hotline-records/by-call/{callId}',
  '/hotline-records/{recordId}',
  '/match',
  '/match-decisions',
  '/match-decisions/{decisionId}',
  '/missed-calls',
  '/missed-calls/counts',
  '/missed-calls/{missedCallId}',
  '/missed-calls/{missedCallId}/claim',
  '/missed-calls/{missedCallId}/close',
  '/missed-calls/{missedCallId}/release',
  '/missed-calls/{missedCallId}/schedule',
  '/numbering',
  '/numbering/rekeying',
  '/numbering/try',
  '/session',
  '/session/password',
  '/session/preferences',
  '/session/ticket',
  '/users',
  '/users/{userId}',
];
