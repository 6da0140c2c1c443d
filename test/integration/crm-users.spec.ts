import { AuditPage } from '../../crm-core/contract/audit';
import { Session } from '../../crm-core/contract/session';
import { AgentList, User, UserPage } from '../../crm-core/contract/users';
import type { CrmClient } from './crm-test-client';
import { DATABASES, PASSWORD, TestServer } from './crm-server';

describe.each(DATABASES)('users on %s', (database) => {
  let server: TestServer;
  let admin: CrmClient;
  beforeAll(async () => {
    server = await TestServer.start({ database });
    admin = await server.signedIn('admin');
  });
  afterAll(() => server.dispose());

  const make = async (changes: object) =>
    (await admin.post('/users', { username: 'someone', displayName: '某人', role: 'agent', password: PASSWORD, ...changes })).as(User);

  it.each(['1001', 'zhuguan'])('are managed by administrators only, not by %s', async (username) => {
    const client = await server.signedIn(username);
    expect((await client.get('/users')).error.code).toBe('forbidden');
    expect((await client.post('/users', {})).error.code).toBe('forbidden');
    expect((await client.patch('/users/0190b2b4-0000-7000-8000-000000000000', { version: 1 })).error.code).toBe('forbidden');
    expect((await server.gateway().get('/users')).error.code).toBe('forbidden');
  });

  it('can sign in once made, with the name in lower case', async () => {
    const made = await make({ username: 'Li.Na', displayName: '李娜', extension: '1010' });
    expect(made).toMatchObject({ username: 'li.na', displayName: '李娜', extension: '1010', enabled: true, version: 1 });
    expect((await admin.get(`/users/${made.userId}`)).as(User)).toEqual(made);
    await server.signedIn('LI.NA');
  });

  it('have a name and an extension of their own; several have none', async () => {
    await make({ username: 'no.phone.1' });
    await make({ username: 'no.phone.2' });
    const again = (changes: object) =>
      admin.post('/users', { username: 'x.y', displayName: 'x', role: 'agent', password: PASSWORD, ...changes });
    expect((await again({ username: 'NO.PHONE.1' })).fieldCodes).toEqual(['username: already_taken']);
    expect((await again({ extension: '1001' })).fieldCodes).toEqual(['extension: already_taken']);
  });

  it.each([
    [{ username: 'a' }, 'username: invalid_format'],
    [{ username: "o'; DROP TABLE users" }, 'username: invalid_format'],
    [{ displayName: '  ' }, 'displayName: required'],
    [{ displayName: 'a\u0007b' }, 'displayName: control_characters'],
    [{ displayName: '名'.repeat(121) }, 'displayName: too_long'],
    [{ role: 'root' }, 'role: invalid_choice'],
    [{ extension: '10x1' }, 'extension: invalid_format'],
    [{ password: 'short' }, 'password: too_short'],
    [{ password: 'my-someone-password' }, 'password: contains_username'],
  ])('are refused with %j', async (changes, code) => {
    const answer = await admin.post('/users', { username: 'someone', displayName: 'x', role: 'agent', password: PASSWORD, ...changes });
    expect(answer.status).toBe(422);
    expect(answer.fieldCodes).toEqual([code]);
  });

  it('lose their session with a new password, a new role or a disabled account', async () => {
    const { userId } = await make({ username: 'ending' });
    let version = 1;
    for (const change of [{ password: 'another password' }, { role: 'supervisor' }, { enabled: false }]) {
      const client = await server.signedIn('ending', version === 1 ? PASSWORD : 'another password');
      version = (await admin.patch(`/users/${userId}`, { version, ...change })).as(User).version;
      expect((await client.get('/session')).status).toBe(401);
    }
    expect((await server.client().post('/session', { username: 'ending', password: 'another password' })).error.code).toBe(
      'account_disabled',
    );
    await admin.patch(`/users/${userId}`, { version, enabled: true });
    await server.signedIn('ending', 'another password');
  });

  it('cannot be given a password with their name in it', async () => {
    const { userId } = await make({ username: 'careless' });
    const answer = await admin.patch(`/users/${userId}`, { version: 1, password: 'so-Careless-1' });
    expect(answer.fieldCodes).toEqual(['password: contains_username']);
    expect((await admin.patch(`/users/${userId}`, { version: 1, password: 'careful enough' })).status).toBe(200);
  });

  it('are made and changed on the audit: who, what and when, never the password', async () => {
    const { userId } = await make({ username: 'watched', extension: '1019' });
    const change = (version: number, body: object) => admin.patch(`/users/${userId}`, { version, ...body });
    await change(1, { role: 'supervisor', enabled: false });
    await change(2, { password: 'another password' });
    expect((await change(2, { role: 'agent' })).status).toBe(409);
    const { items } = (await admin.get('/audit', { limit: 3 })).as(AuditPage);
    const [password, role, made] = items;
    const common = { userId, username: 'watched', displayName: '某人', extension: '1019' };
    expect(made).toMatchObject({
      action: 'user.created',
      by: '系统管理员',
      before: null,
      after: { ...common, role: 'agent', enabled: true },
    });
    expect(role).toMatchObject({
      action: 'user.changed',
      before: { role: 'agent', enabled: true },
      after: { role: 'supervisor', enabled: false },
    });
    expect(password).toMatchObject({ action: 'user.changed', before: { userId }, after: { userId, passwordReset: true } });
    expect(role?.after).not.toHaveProperty('passwordReset');
    expect(JSON.stringify(items)).not.toMatch(/another password|argon2/);
  });

  it('are not changed by somebody who saw an older version', async () => {
    const { userId } = await make({ username: 'contested' });
    const answers = await Promise.all(['甲', '乙'].map((displayName) => admin.patch(`/users/${userId}`, { version: 1, displayName })));
    expect(answers.map((answer) => answer.status).sort()).toEqual([200, 409]);
    const refused = answers.find((answer) => answer.status === 409);
    expect(refused?.error.code).toBe('version_conflict');
    expect(User.parse(refused?.error.current)).toMatchObject({ version: 2 });
  });

  it('keep at least one administrator', async () => {
    const me = (await admin.get('/users', { limit: 200 })).as(UserPage).items.find((user) => user.username === 'admin');
    const change = (body: object) => admin.patch(`/users/${me?.userId}`, { version: me?.version, ...body });
    expect((await change({ enabled: false })).fieldCodes).toEqual(['enabled: last_administrator']);
    expect((await change({ role: 'agent' })).fieldCodes).toEqual(['role: last_administrator']);
  });

  it('keep one administrator of two who disable each other at once', async () => {
    const { userId: otherId } = await make({ username: 'admin.two', role: 'administrator' });
    const administrators = async () =>
      (await server.running.app.db.read.query("SELECT user_id, version FROM users WHERE role = 'administrator' AND enabled = 1")) as {
        user_id: string;
        version: number;
      }[];
    const { userId: ownId } = (await admin.get('/session')).as(Session).user;
    for (let round = 0; round < 5; round++) {
      const clients = [await server.signedIn('admin'), await server.signedIn('admin.two')];
      const versions = new Map((await administrators()).map(({ user_id, version }) => [user_id, version]));
      await Promise.all(
        [otherId, ownId].map((userId, index) =>
          clients[index]?.patch(`/users/${userId}`, { version: versions.get(userId), enabled: false }),
        ),
      );
      expect(await administrators()).toHaveLength(1);
      await server.running.app.db.write((tx) => tx.query("UPDATE users SET enabled = 1 WHERE role = 'administrator'"));
    }
    admin = await server.signedIn('admin');
    await admin.patch(`/users/${otherId}`, { version: (await admin.get(`/users/${otherId}`)).as(User).version, role: 'agent' });
  });

  it('are not found under an id that is none, or nobody’s', async () => {
    expect((await admin.get('/users/1')).fieldCodes).toEqual(['userId: invalid_format']);
    expect((await admin.get('/users/0190b2b4-0000-7000-8000-000000000000')).status).toBe(404);
  });

  it('are listed page by page, each once', async () => {
    const seen: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const page: UserPage = (await admin.get('/users', { limit: 3, ...(cursor === '' ? {} : { cursor }) })).as(UserPage);
      seen.push(...page.items.map((user) => user.username));
      cursor = page.nextCursor;
    }
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen).toEqual(expect.arrayContaining(['1001', '1002', '1003', 'zhuguan', 'admin']));
    expect((await admin.get('/users', { cursor: 'nonsense' })).error.code).toBe('bad_cursor');
  });

  it('can be looked up as agents by everybody, the gateway too, without account details', async () => {
    const { items } = (await (await server.signedIn('1001')).get('/agents')).as(AgentList);
    expect(items.find((agent) => agent.extension === '1002')).toEqual({
      userId: expect.any(String),
      displayName: '何静',
      extension: '1002',
      role: 'agent',
    });
    expect((await server.gateway().get('/agents')).status).toBe(200);
    expect((await server.client().get('/agents')).status).toBe(401);
  });
});
