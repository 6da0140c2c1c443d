import jwt from 'jsonwebtoken';
import { CtiTicket, CtiTicketClaims, Session } from '../../crm-core/contract/session';
import { DATABASES, INTERNAL_SECRET, PASSWORD, TestServer } from './crm-server';

const HOUR_MS = 3_600_000;

describe.each(DATABASES)('sessions on %s', (database) => {
  let server: TestServer;
  beforeAll(async () => {
    server = await TestServer.start({ database, rateLimits: { signInWindowMs: 60_000, signInPerName: 4, signInPerAddress: 1000 } });
  });
  afterAll(() => server.dispose());
  afterEach(() => server.setClock(null));

  it('signs in with a cookie that scripts and other sites cannot use', async () => {
    const answer = await server.client().post('/session', { username: '1001', password: PASSWORD });
    const session = answer.as(Session);
    expect(session.user).toMatchObject({ username: '1001', displayName: '林晓', role: 'agent', extension: '1001', locale: 'zh-CN' });
    expect(session.user.permissions).toContain('customer.edit');
    expect(session.user.permissions).not.toContain('user.manage');
    expect(answer.headers.get('set-cookie')).toMatch(/^hotline_session=[\w-]{43}; Path=\/; Expires=.*; HttpOnly; SameSite=Strict$/);
    expect(answer.headers.get('cache-control')).toBe('no-store');
  });

  it('takes user names in any case and with blanks around them', async () => {
    expect((await server.client().signIn(' ADMIN ', PASSWORD)).user.username).toBe('admin');
  });

  it('refuses a wrong password, also of a disabled account, and an unknown name with the same words', async () => {
    const admin = await server.signedIn('admin');
    const made = await admin.post('/users', { username: 'gone.away', displayName: '离职', role: 'agent', password: PASSWORD });
    const { userId, version } = made.json as { userId: string; version: number };
    await admin.patch(`/users/${userId}`, { version, enabled: false });
    const refusals = await Promise.all(
      [
        { username: '1001', password: 'not the password' },
        { username: 'nobody', password: PASSWORD },
        { username: 'gone.away', password: 'not the password' },
      ].map((body) => server.client().post('/session', body)),
    );
    for (const refusal of refusals) {
      expect(refusal.status).toBe(401);
      expect(refusal.headers.get('set-cookie')).toBeNull();
      expect({ ...refusal.error, requestId: '' }).toEqual({ code: 'sign_in_failed', message: '用户名或密码不正确。', requestId: '' });
    }
  });

  it('says that an account is disabled to nobody but the one who knows its password', async () => {
    const admin = await server.signedIn('admin');
    const made = await admin.post('/users', { username: 'on.leave', displayName: '停用', role: 'agent', password: PASSWORD });
    const { userId, version } = made.json as { userId: string; version: number };
    await admin.patch(`/users/${userId}`, { version, enabled: false });
    const refused = await server.client().post('/session', { username: 'on.leave', password: PASSWORD });
    expect([refused.status, refused.error.code, refused.headers.get('set-cookie')]).toEqual([403, 'account_disabled', null]);
  });

  it('takes as long for a name that does not exist as for one that does', async () => {
    const time = async (username: string) => {
      const startedAt = performance.now();
      await server.client().post('/session', { username, password: 'wrong' });
      return performance.now() - startedAt;
    };
    const known: number[] = [];
    const unknown: number[] = [];
    for (let round = 0; round < 3; round++) {
      known.push(await time('1003'));
      unknown.push(await time(`nobody-${round}`));
    }
    // The least of each: whatever else the machine does can only make them longer.
    expect(Math.min(...unknown)).toBeGreaterThan(Math.min(...known) * 0.5);
  });

  it('slows guessing down for one name without shutting others out', async () => {
    for (let attempt = 0; attempt < 4; attempt++) {
      expect((await server.client().post('/session', { username: 'zhuguan', password: 'guess' })).status).toBe(401);
    }
    const limited = await server.client().post('/session', { username: 'zhuguan', password: 'guess' });
    expect(limited.status).toBe(429);
    expect(limited.error.code).toBe('too_many_requests');
    expect(Number(limited.headers.get('retry-after'))).toBeLessThanOrEqual(60);
    expect((await server.client().post('/session', { username: '1002', password: PASSWORD })).status).toBe(200);
  });

  it('knows who is signed in, and nobody after signing out', async () => {
    const client = await server.signedIn('1001');
    expect((await client.get('/session')).as(Session).csrfToken).toBe(client.csrfToken);
    const out = await client.delete('/session');
    expect(out.status).toBe(204);
    expect(out.headers.get('set-cookie')).toMatch(/^hotline_session=; Max-Age=0/);
    expect((await client.get('/session')).error.code).toBe('not_signed_in');
  });

  it('wants the CSRF token for every change', async () => {
    const client = await server.signedIn('1001');
    const token = client.csrfToken;
    client.csrfToken = null;
    expect((await client.post('/session/ticket')).error.code).toBe('csrf_failed');
    client.csrfToken = `${token}x`;
    expect((await client.post('/session/ticket')).status).toBe(403);
    client.csrfToken = (await server.signedIn('1002')).csrfToken;
    expect((await client.post('/session/ticket')).status).toBe(403);
    client.csrfToken = token;
    expect((await client.post('/session/ticket')).status).toBe(200);
  });

  it('signs nobody in from another site or from a form', async () => {
    const body = { username: '1001', password: PASSWORD };
    const foreign = await server.client().send('POST', '/session', body, { origin: 'https://elsewhere.example' });
    expect(foreign.error.code).toBe('csrf_failed');
    const form = await server.client().send('POST', '/session', 'username=1001', { 'content-type': 'application/x-www-form-urlencoded' });
    expect(form.error.code).toBe('unsupported_media_type');
    expect((await server.client().send('POST', '/session', body, { origin: server.url })).status).toBe(200);
  });

  it('ends a session that is not used, and any session after a day', async () => {
    const start = new Date('2026-05-04T00:00:00.000Z');
    server.setClock(start);
    const idle = await server.signedIn('1001');
    const busy = await server.signedIn('1001');
    for (let hours = 6; hours < 24; hours += 6) {
      server.setClock(new Date(start.getTime() + hours * HOUR_MS));
      expect((await busy.get('/session')).status).toBe(200);
    }
    expect((await idle.get('/session')).status).toBe(401);
    server.setClock(new Date(start.getTime() + 24 * HOUR_MS + 1));
    expect((await busy.get('/session')).status).toBe(401);
  });

  it('changes the own password and ends the other sessions', async () => {
    const admin = await server.signedIn('admin');
    await admin.post('/users', { username: 'changer', displayName: '改密', role: 'agent', password: PASSWORD });
    const here = await server.signedIn('changer');
    const elsewhere = await server.signedIn('changer');
    const change = (currentPassword: string, newPassword: string) => here.put('/session/password', { currentPassword, newPassword });
    expect((await change('wrong', 'a new password 1')).fieldCodes).toEqual(['currentPassword: wrong_password']);
    expect((await change(PASSWORD, 'short')).fieldCodes).toEqual(['newPassword: too_short']);
    expect((await change(PASSWORD, PASSWORD)).fieldCodes).toEqual(['newPassword: same_password']);
    expect((await change(PASSWORD, 'CHANGER-2026')).fieldCodes).toEqual(['newPassword: contains_username']);
    expect((await change(PASSWORD, 'a new password 1')).status).toBe(204);
    expect((await here.get('/session')).status).toBe(200);
    expect((await elsewhere.get('/session')).status).toBe(401);
    await server.signedIn('changer', 'a new password 1');
  });

  it('answers in the language of the browser, and of the person once signed in', async () => {
    const english = await server.client().send('GET', '/session', undefined, { 'accept-language': 'fr;q=0.9, en-GB;q=0.8' });
    expect(english.error.message).toBe('Please sign in.');
    const client = await server.signedIn('1002');
    expect((await client.put('/session/preferences', { locale: 'en' })).status).toBe(204);
    const refused = await client.send('POST', '/customers', {}, { 'accept-language': 'zh-CN' });
    expect(refused.error.fields).toEqual([{ path: 'name', code: 'required', message: 'is required' }]);
    expect((await client.put('/session/preferences', { locale: 'tlh' })).fieldCodes).toEqual(['locale: invalid_choice']);
  });

  it('gives a ticket the gateway can verify by itself, another one each time', async () => {
    const client = await server.signedIn('1001');
    const first = (await client.post('/session/ticket')).as(CtiTicket);
    const second = (await client.post('/session/ticket')).as(CtiTicket);
    const verify = (ticket: string) =>
      CtiTicketClaims.parse(jwt.verify(ticket, INTERNAL_SECRET, { algorithms: ['HS256'], audience: 'cti-gateway', issuer: 'crm-core' }));
    expect(verify(first.ticket)).toMatchObject({ name: '林晓', role: 'agent', extension: '1001' });
    expect(verify(first.ticket).jti).not.toBe(verify(second.ticket).jti);
    expect(first).toMatchObject({ url: null, port: 8081 });
    const lifetimeMs = new Date(first.expiresAt).getTime() - Date.now();
    expect(lifetimeMs).toBeGreaterThan(50_000);
    expect(lifetimeMs).toBeLessThanOrEqual(60_000);
  });

  it('keeps sessions over a restart, and nothing in the database that opens one', async () => {
    const client = await server.signedIn('1001');
    await server.stop();
    await server.open();
    expect((await client.get('/session')).status).toBe(200);
    const token = (client.cookie ?? '').split('=')[1] ?? '';
    const rows = await server.running.app.db.read.query('SELECT session_hash FROM sessions');
    expect(JSON.stringify(rows)).not.toContain(token);
    const forged = server.client();
    forged.cookie = `hotline_session=${String((rows as { session_hash: string }[])[0]?.session_hash).slice(0, 43)}`;
    expect((await forged.get('/session')).status).toBe(401);
  });
});
