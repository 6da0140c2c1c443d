import { PASSWORD, TestServer } from './crm-server';
import type { Answer, CrmClient } from './crm-test-client';

jest.setTimeout(60_000);

const LIMITS = { searchesPerMinute: 4, machineSearchesPerMinute: 8, passwordTries: 3, signInPerName: 3 };

describe('what may be done only so often', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await TestServer.start({ rateLimits: LIMITS });
  });
  afterAll(() => server.dispose());

  const statuses = async (times: number, ask: (index: number) => Promise<Answer>): Promise<number[]> => {
    const found: number[] = [];
    for (let index = 0; index < times; index++) found.push((await ask(index)).status);
    return found;
  };
  const retryAfter = (answer: Answer) => Number(answer.headers.get('retry-after'));

  it.each<[string, (client: CrmClient) => Promise<Answer>]>([
    ['customers', (client) => client.get('/customers', { q: '云岭' })],
    ['customers without words', (client) => client.get('/customers')],
    ['hotline records by words', (client) => client.get('/hotline-records', { q: '云岭' })],
    ['hotline records by number', (client) => client.get('/hotline-records', { number: '13912345678' })],
    ['calls by number', (client) => client.get('/calls', { number: '13912345678' })],
    ['whose number it is', (client) => client.post('/match', { callerId: '13912345678' })],
  ])('searching: %s', async (_what, ask) => {
    const fresh = await TestServer.start({ rateLimits: LIMITS });
    const client = await fresh.signedIn('1003');
    expect(await statuses(5, () => ask(client))).toEqual([200, 200, 200, 200, 429]);
    const refused = await ask(client);
    expect(refused.error.code).toBe('too_many_requests');
    expect((await (await fresh.signedIn('1002')).get('/customers', { q: '云岭' })).status).toBe(200);
    await fresh.dispose();
  });

  it('searching: all of it together, whatever else stands in the cookie, and signed in anew', async () => {
    const client = await server.signedIn('1001');
    const ways = [
      () => client.get('/customers', { q: 'x' }),
      () => client.get('/hotline-records', { q: 'x' }),
      () => client.get('/calls', { number: '13912345678' }),
      () => client.post('/match', { callerId: '13912345678' }),
    ];
    expect(await statuses(4, (index) => (ways[index] ?? fail)())).toEqual([200, 200, 200, 200]);
    const disguised = (index: number) => client.send('GET', '/customers?q=x', undefined, { cookie: `${client.cookie}; n=${index}` });
    expect(await statuses(3, disguised)).toEqual([429, 429, 429]);
    const again = await server.signedIn('1001');
    expect((await again.get('/customers', { q: 'x' })).status).toBe(429);
    // Reading lists and records goes on.
    expect(await statuses(8, () => client.get('/hotline-records'))).not.toContain(429);
    expect(await statuses(8, () => client.get('/calls', { limit: 1 }))).not.toContain(429);
  });

  it('not the gateway’s questions, one for every call', async () => {
    const gateway = server.gateway();
    expect(await statuses(40, () => gateway.post('/match', { callerId: '13912345678' }))).not.toContain(429);
  });

  it('another program’s, more than a person’s', async () => {
    const admin = await server.signedIn('admin');
    const { token } = (await admin.post('/api-clients', { name: '批量', scopes: ['match'] })).json as { token: string };
    const program = server.gateway(token);
    expect(await statuses(9, () => program.post('/match', { callerId: '13912345678' }))).toEqual([...Array<number>(8).fill(200), 429]);
  });

  it('guessing the own password', async () => {
    const client = await server.signedIn('1002');
    const change = (currentPassword: string, newPassword: string) => client.put('/session/password', { currentPassword, newPassword });
    // What is no guess does not count.
    expect(await statuses(5, () => change(PASSWORD, 'short'))).toEqual([422, 422, 422, 422, 422]);
    expect(await statuses(5, (index) => change(`guess ${index}`, 'a new password 1'))).toEqual([422, 422, 422, 429, 429]);
    const refused = await change(PASSWORD, 'a new password 1');
    expect(refused.error.code).toBe('too_many_requests');
    const elsewhere = await server.signedIn('1002');
    expect((await elsewhere.put('/session/password', { currentPassword: 'guess', newPassword: 'a new password 1' })).status).toBe(429);
    expect((await client.get('/session')).status).toBe(200);
  });

  it('and says for how long it is refused: what is left of the time, not all of it', async () => {
    const client = await server.signedIn('1003');
    await statuses(4, () => client.get('/customers', { q: 'x' }));
    const guess = () => server.client().post('/session', { username: 'zhuguan', password: 'guess' });
    await statuses(3, guess);
    const before = [retryAfter(await client.get('/customers', { q: 'x' })), retryAfter(await guess())];
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    const after = [retryAfter(await client.get('/customers', { q: 'x' })), retryAfter(await guess())];
    expect(before[0]).toBeLessThanOrEqual(60);
    expect(before[1]).toBeLessThanOrEqual(900);
    expect(after[0]).toBeLessThan(before[0] ?? 0);
    expect(after[1]).toBeLessThan(before[1] ?? 0);
    expect(Math.min(...after)).toBeGreaterThan(0);
  });
});

function fail(): never {
  throw new Error('There is no such way.');
}
