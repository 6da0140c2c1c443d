import { flushPromises } from '@vue/test-utils';
import type { User, UserPatch } from '../../../../crm-core/contract';
import { ApiError } from '../../app/api-client';
import { runKeyAction } from '../../app/keys';
import { applyLocale } from '../../i18n';
import { mountPage } from '../../test-support/mount-page';
import { useNoticeStore } from '../cti/notice.store';
import { useSessionStore } from '../session/session.store';
import UsersView from './UsersView.vue';

const user = (over: Partial<User> = {}): User => ({
  userId: 'u2',
  username: '1002',
  displayName: '何静',
  role: 'agent',
  extension: '1002',
  enabled: true,
  createdAt: '2025-11-21T14:00:00.000Z',
  version: 3,
  ...over,
});
const ADMIN = user({ userId: 'u9', username: 'admin', displayName: '系统管理员', role: 'administrator', extension: null });
const SECRET = 'k7mq-2xyz-abcd-efgh';

type Asked = { readonly method: string; readonly path: string; readonly body: unknown };
const crmCore = ({ method, path, body }: Asked): unknown => {
  if (method === 'POST') return { ...user({ userId: 'u10', version: 1 }), ...(body as object) };
  if (method === 'PATCH') return { ...(path.endsWith('u9') ? ADMIN : user()), ...(body as UserPatch), version: 4 };
  return path === '/users' ? { items: [user(), ADMIN], nextCursor: 'further' } : user();
};
const refusal = (fields: Record<string, string>) =>
  new ApiError(
    'validation_failed',
    422,
    Object.entries(fields).map(([path, code]) => ({ path, code, message: '' })),
  );

let leave = (): void => undefined;

async function show(answer: (asked: Asked) => unknown = crmCore) {
  const world = await mountPage(UsersView, {
    user: { userId: 'u9', username: 'admin', role: 'administrator', permissions: ['user.manage'] },
    address: '/admin/users',
    answer,
  });
  const { page, api } = world;
  leave = () => page.unmount();
  const at = (test: string) => page.find(`[data-test="${test}"]`);
  const press = async (test: string) => {
    await at(test).trigger(at(test).attributes('type') === 'submit' ? 'submit' : 'click');
    await flushPromises();
  };
  const type = (test: string, text: string) => at(test).setValue(text);
  const open = async (username: string) => {
    await page.find(`[data-username="${username}"]`).trigger('click');
    await flushPromises();
  };
  const choose = (test: string) => at(test).find('input').setValue(true);
  const value = (test: string) => (at(test).element as HTMLInputElement).value;
  const sent = (method = 'PATCH') => api.requests.filter((one) => one.method === method).map(({ body }) => body);
  const names = () => page.findAll('[data-test="user-row"] b').map((name) => name.text());
  return { ...world, at, press, type, open, choose, value, sent, names };
}
type Page = Awaited<ReturnType<typeof show>>;

async function fillNew({ press, type }: Page): Promise<void> {
  await press('user-new');
  await type('user-username', 'wang.fang');
  await type('user-displayName', '王芳');
  await type('user-password', SECRET);
}

const stored = () => JSON.stringify([{ ...sessionStorage }, { ...localStorage }]);

beforeEach(() => {
  sessionStorage.clear();
  localStorage.clear();
  applyLocale('zh-CN');
});
afterEach(() => leave());

describe('the list of users', () => {
  it('asks for the enabled ones first, for all on demand, and page by page', async () => {
    const page = await show();
    expect(page.names()).toEqual(['何静', '系统管理员']);
    await page.choose('users-all');
    await flushPromises();
    await page.press('users-more');
    expect(page.api.requests.map(({ query }) => query)).toEqual([
      { enabled: true, cursor: undefined, limit: 50 },
      { enabled: undefined, cursor: undefined, limit: 50 },
      { enabled: undefined, cursor: 'further', limit: 50 },
    ]);
  });

  it('shows names as text, whatever they are', async () => {
    const hostile = '<img src=x onerror="globalThis.hacked=1">{{ 7*7 }}';
    const { names, open, at, page } = await show((asked) =>
      asked.path === '/users' ? { items: [user({ displayName: hostile })], nextCursor: null } : null,
    );
    expect(names()).toEqual([hostile]);
    await open('1002');
    await at('user-disabled').find('input').setValue(true);
    await at('user-save').trigger('submit');
    await flushPromises();
    expect(at('user-ask').text()).toContain(hostile);
    expect(page.findAll('img')).toEqual([]);
  });
});

describe('a new user', () => {
  it('is made, stands at the head of the list, and what was further down stays', async () => {
    const page = await show();
    await page.press('users-more');
    const before = page.names().length;
    await fillNew(page);
    await page.type('user-extension', '1003');
    await page.press('user-save');
    expect(page.sent('POST')).toEqual([{ username: 'wang.fang', displayName: '王芳', role: 'agent', extension: '1003', password: SECRET }]);
    expect(page.names()).toHaveLength(before + 1);
    expect(page.names()[0]).toBe('王芳');
    expect(page.at('user-form').exists()).toBe(false);
    expect(useNoticeStore().toasts[0]?.words).toEqual({ key: 'user.made', params: { name: '王芳' } });
  });

  it('gets a password that is made here and shown', async () => {
    const { press, at, value } = await show();
    await press('user-new');
    expect(at('user-password').attributes('type')).toBe('password');
    await press('user-password-make');
    expect(value('user-password')).toMatch(/^\w{4}(-\w{4}){3}$/);
    expect(at('user-password').attributes('type')).toBe('text');
  });

  it('copies the password where the browser lets it', async () => {
    const { press, type, at } = await show();
    const writeText = jest.fn().mockResolvedValue(undefined);
    Object.defineProperty(navigator, 'clipboard', { configurable: true, value: { writeText } });
    await press('user-new');
    await type('user-password', SECRET);
    await press('user-password-copy');
    expect(writeText).toHaveBeenCalledWith(SECRET);
    expect(at('user-password-copy').text()).toBe('已复制');
  });

  it('is made once, however often the button is pressed', async () => {
    let answered = (): void => undefined;
    const page = await show((asked) =>
      asked.method === 'POST' ? new Promise((resolve) => (answered = () => resolve(crmCore(asked)))) : crmCore(asked),
    );
    await fillNew(page);
    await page.at('user-save').trigger('submit');
    await page.at('user-save').trigger('submit');
    runKeyAction('save');
    await page.open('1002');
    answered();
    await flushPromises();
    expect(page.sent('POST')).toHaveLength(1);
    expect(page.at('user-form').exists()).toBe(false);
  });

  it('is asked for what is missing, without asking crm-core', async () => {
    const { press, at, sent } = await show();
    await press('user-new');
    await press('user-save');
    for (const field of ['username', 'displayName', 'password']) expect(at(`user-${field}-error`).text()).toBe('请填写');
    expect(document.activeElement).toBe(at('user-username').element);
    expect(sent('POST')).toEqual([]);
  });

  it.each([
    ['username', 'already_taken', '此用户名已被使用', 'This user name is taken'],
    ['username', 'invalid_format', '只用字母、数字', 'Only letters, digits'],
    ['displayName', 'control_characters', '不允许的字符', 'forbidden characters'],
    ['extension', 'already_taken', '已被其他用户占用', 'Another user has it'],
    ['extension', 'invalid_format', '2 至 10 位数字', '2 to 10 digits'],
    ['password', 'too_short', '至少 10 个字符', 'At least 10 characters'],
    ['password', 'contains_username', '不能有用户名', 'must not contain the user name'],
    ['role', 'invalid_choice', '不是可选的值', 'Not one of the choices'],
  ])('is refused at the field, in words: %s %s', async (field, code, zh, en) => {
    const page = await show((asked) => {
      if (asked.method === 'POST') throw refusal({ [field]: code });
      return crmCore(asked);
    });
    await fillNew(page);
    await page.press('user-save');
    expect(page.at(`user-${field}-error`).text()).toContain(zh);
    expect(page.at('user-failure').exists()).toBe(false);
    expect(page.value('user-displayName')).toBe('王芳');
    applyLocale('en');
    await flushPromises();
    expect(page.at(`user-${field}-error`).text().toLowerCase()).toContain(en.toLowerCase());
  });

  it('stays as typed when crm-core is not reached, and is made when it is', async () => {
    let reached = false;
    const page = await show((asked) => {
      if (asked.method === 'POST' && !reached) throw new ApiError('network', 0);
      return crmCore(asked);
    });
    await fillNew(page);
    await page.press('user-save');
    expect(page.at('user-failure').text()).toContain('连不上客户资料服务');
    expect([page.value('user-username'), page.value('user-password')]).toEqual(['wang.fang', SECRET]);
    reached = true;
    expect(runKeyAction('save')).toBe(true);
    await flushPromises();
    expect(page.sent('POST')).toHaveLength(2);
    expect(page.at('user-form').exists()).toBe(false);
  });

  it('is found again after a call has led elsewhere; the password is nowhere', async () => {
    const first = await show();
    await fillNew(first);
    await flushPromises();
    expect(stored()).toContain('王芳');
    expect(stored()).not.toContain(SECRET);
    first.page.unmount();
    expect(stored()).not.toContain(SECRET);
    const again = await show();
    expect([again.value('user-displayName'), again.value('user-password')]).toEqual(['王芳', '']);
    await again.press('user-cancel');
    expect(stored()).not.toContain('王芳');
  });

  it('is not put away by Esc once there is text', async () => {
    const { press, type, at } = await show();
    await press('user-new');
    await type('user-displayName', '王');
    expect(runKeyAction('escape')).toBe(false);
    expect(at('user-form').exists()).toBe(true);
    await type('user-displayName', '');
    expect(runKeyAction('escape')).toBe(true);
    await flushPromises();
    expect(at('user-form').exists()).toBe(false);
  });
});

describe('a user who is changed', () => {
  it('sends what was changed, and stands in the list as it is now', async () => {
    const { open, type, choose, press, sent, names, at } = await show();
    await open('1002');
    expect(at('user-save').attributes('disabled')).toBeDefined();
    await type('user-displayName', '何静静');
    await choose('user-role-supervisor');
    await type('user-extension', '');
    await press('user-save');
    expect(sent()).toEqual([{ version: 3, displayName: '何静静', role: 'supervisor', extension: null }]);
    expect(names()).toEqual(['何静静', '系统管理员']);
  });

  it('is disabled only after asking again, and stays in sight', async () => {
    const { open, choose, press, sent, at, page } = await show();
    await open('1002');
    await choose('user-disabled');
    await press('user-save');
    expect(at('user-ask').text()).toContain('登录立即结束');
    runKeyAction('save');
    await press('user-keep');
    expect([sent(), at('user-ask').exists()]).toEqual([[], false]);
    await press('user-save');
    await press('user-disable');
    expect(sent()).toEqual([{ version: 3, enabled: false }]);
    expect(page.find('[data-username="1002"]').attributes('data-enabled')).toBe('false');
    expect(useNoticeStore().toasts[0]?.words.key).toBe('user.disabledNow');
  });

  it('gets a new password, which is not kept in the browser', async () => {
    const { open, press, type, sent, at } = await show();
    await open('1002');
    expect(at('user-password').exists()).toBe(false);
    await press('user-reset');
    await type('user-password', SECRET);
    await flushPromises();
    expect(stored()).not.toContain(SECRET);
    await press('user-save');
    expect(sent()).toEqual([{ version: 3, password: SECRET }]);
    expect(stored()).not.toContain(SECRET);
  });

  it('keeps what was typed while another one is looked at, the password too', async () => {
    const { open, press, type, value } = await show();
    await open('1002');
    await type('user-displayName', '何静静');
    await press('user-reset');
    await type('user-password', SECRET);
    await open('admin');
    expect(value('user-displayName')).toBe('系统管理员');
    await open('1002');
    expect([value('user-displayName'), value('user-password')]).toEqual(['何静静', SECRET]);
  });

  it('shows what somebody else has changed meanwhile, keeps what was typed, and lets it stand when asked again', async () => {
    const theirs = user({ displayName: '何小静', extension: '1008', version: 7 });
    let asked = 0;
    const { open, type, press, sent, at, value, names } = await show((request) => {
      if (request.method === 'PATCH' && (asked += 1) === 1) throw new ApiError('version_conflict', 409, [], null, '', theirs);
      return crmCore(request);
    });
    await open('1002');
    await type('user-displayName', '何静静');
    await press('user-save');
    expect(at('user-conflict').text()).toContain('刚被他人修改');
    expect(at('user-displayName-now').text()).toBe('现为：何小静');
    expect([value('user-displayName'), value('user-extension')]).toEqual(['何静静', '1008']);
    expect(names()).toContain('何小静');
    await press('user-save');
    expect(sent()[1]).toEqual({ version: 7, displayName: '何静静' });
  });

  it('is found again with the text of before, over what it has become since', async () => {
    const first = await show();
    await first.open('1002');
    await first.type('user-displayName', '何静静');
    await flushPromises();
    first.page.unmount();
    const later = user({ displayName: '何小静', version: 5 });
    const again = await show((asked) => (asked.path === '/users/u2' && asked.method === 'GET' ? later : crmCore(asked)));
    expect(again.value('user-displayName')).toBe('何静静');
    expect(again.at('user-conflict').exists()).toBe(true);
  });

  it('warns of what one does to one’s own account, and follows one’s new name at once', async () => {
    const { open, choose, type, press, at, page } = await show();
    await open('1002');
    await choose('user-role-supervisor');
    expect(at('user-role-warning').exists()).toBe(false);
    await open('admin');
    await choose('user-role-agent');
    expect(at('user-role-warning').text()).toContain('您自己的账号');
    await choose('user-role-administrator');
    await press('user-reset');
    expect(at('user-password-warning').text()).toContain('您自己的账号');
    await page.find('.user-form .label .link:last-child').trigger('click');
    await type('user-displayName', '管理员');
    await press('user-save');
    expect(useSessionStore().user?.displayName).toBe('管理员');
  });

  it.each([
    ['enabled', 'user-disabled'],
    ['role', 'user-role-agent'],
  ])('cannot be the last administrator who goes: %s', async (field, choice) => {
    const { open, choose, press, at } = await show((asked) => {
      if (asked.method === 'PATCH') throw refusal({ [field]: 'last_administrator' });
      return crmCore(asked);
    });
    await open('admin');
    await choose(choice);
    await press('user-save');
    if (at('user-disable').exists()) await press('user-disable');
    expect(at(`user-${field}-error`).text()).toContain('至少要保留一名启用的系统管理员');
  });
});
