import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import type { CrmClient } from './crm-test-client';
import { GATEWAY_TOKEN, PASSWORD, TestServer } from './crm-server';

describe('the HTTP side of crm-core', () => {
  let server: TestServer;
  let client: CrmClient;
  beforeAll(async () => {
    server = await TestServer.start();
    const panel = server.config.panelDir;
    fs.mkdirSync(path.join(panel, 'assets'), { recursive: true });
    fs.writeFileSync(path.join(panel, 'index.html'), '<!doctype html><title>panel</title>');
    fs.writeFileSync(path.join(panel, 'assets', 'index-a1B2c3D4.js'), 'export {}');
    fs.writeFileSync(path.join(panel, 'favicon.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>');
    fs.writeFileSync(path.join(server.directory, 'secret.txt'), 'secret');
    client = await server.signedIn('1001');
  });
  afterAll(() => server.dispose());

  describe('the panel', () => {
    const page = (at: string, headers: Record<string, string> = {}) =>
      server.client().send('GET', `/${at}`, undefined, { accept: 'text/html', ...headers });

    it.each(['/', '/customers/0190b2b4-0000-7000-8000-000000000000', '/calls?q=1', '/calls/hotline-1795288966.7'])(
      'answers %s with its start page, asked for anew each time',
      async (at) => {
        const answer = await page(at);
        expect(answer.status).toBe(200);
        expect(answer.text).toContain('<title>panel</title>');
        expect(answer.headers.get('cache-control')).toBe('no-cache');
      },
    );

    it('lets files with a hash in their name be kept for ever, and no others', async () => {
      expect((await page('/assets/index-a1B2c3D4.js')).headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
      expect((await page('/favicon.svg')).headers.get('cache-control')).toBe('no-cache');
    });

    it('has no start page for a missing file, a script or another method', async () => {
      expect((await page('/assets/gone-12345678.js')).error.code).toBe('not_found');
      expect((await page('/anything', { accept: 'application/json' })).status).toBe(404);
      expect((await server.client().send('POST', '//anything')).status).toBe(404);
    });

    it('gives no file outside its folder', async () => {
      const raw = (target: string) =>
        new Promise<string>((resolve, reject) => {
          const socket = net.connect(server.running.port, '127.0.0.1', () =>
            socket.write(`GET ${target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`),
          );
          let text = '';
          socket
            .setEncoding('utf8')
            .on('data', (chunk) => (text += String(chunk)))
            .on('end', () => resolve(text))
            .on('error', reject);
        });
      for (const target of ['/../secret.txt', '/%2e%2e/secret.txt', '/..%2fsecret.txt', '/assets/..%5c..%5csecret.txt', '/%00', '/%']) {
        const text = await raw(target);
        expect(text).toMatch(/^HTTP\/1\.1 4\d\d|<title>panel/);
        expect(text).not.toMatch(/\r\n\r\nsecret/);
      }
    });

    it('says what to do when it is not built', async () => {
      const bare = await TestServer.start({ env: { HOTLINE_PANEL_DIR: '/nowhere/at/all' } });
      const answer = await bare.client().send('GET', '//', undefined, { accept: 'text/html' });
      expect([answer.status, answer.text]).toEqual([503, 'The panel is not built. Run: npm run build\n']);
      await bare.dispose();
    });
  });

  describe('headers', () => {
    it('let scripts come from here only, sockets go to the gateway only, and nobody frame the panel', async () => {
      const answer = await server.client().send('GET', '//', undefined, { accept: 'text/html' });
      const policy = answer.headers.get('content-security-policy') ?? '';
      expect(policy.split(';')).toEqual(
        expect.arrayContaining([
          "script-src 'self'",
          "connect-src 'self' ws://127.0.0.1:8081 http://127.0.0.1:8081 wss://127.0.0.1:8081 https://127.0.0.1:8081",
          "frame-ancestors 'none'",
          "object-src 'none'",
        ]),
      );
      expect(policy).not.toContain('unsafe-eval');
      expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
      expect(answer.headers.get('permissions-policy')).toContain('microphone=(self)');
      expect(answer.headers.get('x-powered-by')).toBeNull();
    });

    it('name the gateway that is configured', async () => {
      const other = await TestServer.start({ env: { HOTLINE_CTI_URL: 'wss://cti.example:8443/cti' } });
      const answer = await other.client().send('GET', '//healthz');
      expect(answer.headers.get('content-security-policy')).toContain(
        "connect-src 'self' wss://cti.example:8443 https://cti.example:8443;",
      );
      const agent = await other.signedIn('1001');
      expect((await agent.post('/session/ticket')).json).toMatchObject({ url: 'wss://cti.example:8443/cti' });
      await other.dispose();
    });

    it('give every answer the number it was asked with, or a new one', async () => {
      const kept = await server.client().send('GET', '/session', undefined, { 'x-request-id': 'trace-12345678' });
      expect(kept.headers.get('x-request-id')).toBe('trace-12345678');
      expect(kept.error.requestId).toBe('trace-12345678');
      const made = await server.client().send('GET', '/session', undefined, { 'x-request-id': '<script>' });
      expect(made.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
    });
  });

  describe('requests that are none', () => {
    it.each([
      ['malformed JSON', '{"a":', {}, 400, 'malformed_body'],
      ['JSON that is no object', '"text"', {}, 400, 'malformed_body'],
      ['a form', 'a=b', { 'content-type': 'application/x-www-form-urlencoded' }, 415, 'unsupported_media_type'],
      ['an unknown charset', '{}', { 'content-type': 'application/json; charset=koi8-x' }, 415, 'unsupported_media_type'],
      ['a megabyte too much', `{"name":"${'x'.repeat(1_100_000)}"}`, {}, 413, 'body_too_large'],
      ['an array', '[]', {}, 422, 'validation_failed'],
      ['nothing', undefined, {}, 422, 'validation_failed'],
      ['__proto__', '{"__proto__":{"name":"x"},"constructor":{"name":"x"}}', {}, 422, 'validation_failed'],
    ])('%s', async (_what, body, headers, status, code) => {
      const answer = await client.send('POST', '/customers', body, headers as Record<string, string>);
      expect(answer.status).toBe(status);
      expect(answer.error.code).toBe(code);
    });

    it('get JSON under /api, whatever they ask for', async () => {
      const missing = await server.client().send('GET', '/nothing/here', undefined, { accept: 'text/html' });
      expect([missing.status, missing.error.code]).toEqual([404, 'not_found']);
      expect((await server.client().send('GET', '//api/v2/session')).error.code).toBe('not_found');
      const method = await client.send('PUT', '/customers', {});
      expect([method.status, method.error.code, method.headers.get('allow')]).toEqual([405, 'method_not_allowed', 'GET, POST']);
      expect((await client.get('/customers/%E0%A4%A')).status).toBe(400);
      expect((await client.get('/customers/1%00')).status).toBe(422);
    });
  });

  describe('what the house sees', () => {
    it('is alive and ready, and not ready without its database', async () => {
      const other = await TestServer.start();
      expect((await other.client().send('GET', '//healthz')).json).toEqual({ status: 'ok' });
      const ready = await other.client().send('GET', '//readyz');
      expect([ready.status, ready.json]).toEqual([200, { status: 'ready', database: 'up', stopping: false }]);
      await other.running.app.db.close();
      const unready = await other.client().send('GET', '//readyz');
      expect([unready.status, unready.json]).toEqual([503, { status: 'not ready', database: 'down', stopping: false }]);
      expect((await other.client().send('GET', '//healthz')).status).toBe(200);
      expect((await other.client().post('/session', { username: '1001', password: PASSWORD })).error.code).toBe('shutting_down');
      await other.dispose();
    });

    it('counts requests by pattern, matches by kind, calls by novelty', async () => {
      await server.gateway().post('/match', { callerId: '13912345678' });
      await client.get('/customers/0190b2b4-0000-7000-8000-000000000000');
      const { text } = await server.client().send('GET', '//metrics');
      expect(text).toMatch(/hotline_crm_request_duration_seconds_count\{method="GET",route="\/customers\/:customerId",status="404"\} \d/);
      expect(text).toMatch(/hotline_crm_matches_total\{kind="known"\} \d/);
      expect(text).toMatch(/hotline_crm_calls_taken_in_total\{result="new"\} \d/);
      expect(text).not.toContain('13912345678');
    });

    it('logs every request without numbers, names, bodies, queries, tokens or passwords', async () => {
      await client.get('/customers', { q: '13912345678' });
      await client.get('/customers', { q: '吴海燕' });
      await client.post('/customers', { name: '绝密客户', numbers: [{ raw: '13955556666' }] });
      await client.get('/calls/13955556666');
      await server.client().post('/session', { username: '1001', password: 'a wrong password' });
      const log = server.logged.join('');
      expect(log).toContain('"route":"/customers"');
      for (const secret of [
        '13912345678',
        '13955556666',
        '吴海燕',
        '绝密客户',
        'a wrong password',
        PASSWORD,
        GATEWAY_TOKEN,
        client.csrfToken ?? 'x',
        client.cookie ?? 'x',
      ]) {
        expect(log).not.toContain(secret);
      }
    });

    it('finishes what has begun before it stops, and stops twice', async () => {
      const other = await TestServer.start();
      const agent = await other.signedIn('1001');
      const answers = Array.from({ length: 10 }, (_, index) => agent.post('/customers', { name: `关机前 ${index}` }));
      const all = Promise.allSettled(answers);
      await answers[0];
      const { running } = other;
      await Promise.all([running.close(), running.close()]);
      const settled = await all;
      const created = settled.filter((one) => one.status === 'fulfilled' && one.value.status === 201).length;
      await other.stop();
      await other.open();
      const found = await (await other.signedIn('1001')).get('/customers', { q: '关机前' });
      expect((found.json as { items: unknown[] }).items).toHaveLength(created);
      await other.dispose();
    });
  });
});
