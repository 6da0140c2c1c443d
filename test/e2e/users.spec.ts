import { eventually } from '../support/eventually';
import { Hotline } from '../support/hotline';
import type { AgentBrowser } from '../support/agent-browser';

jest.setTimeout(120_000);

/** Every extension of `dialplans/agents.conf` is somebody's in the demo: the new person takes over that of one who leaves. */
describe('user accounts', () => {
  let hotline: Hotline;
  let admin: AgentBrowser;
  let agent: AgentBrowser;
  let password = '';

  beforeAll(async () => {
    hotline = await Hotline.start({ env: { HOTLINE_SIGNOUT_AFTER_MS: '2000' } });
    [admin, agent] = await Promise.all([hotline.browser(), hotline.browser()]);
    await admin.signIn('admin', hotline.password);
    await admin.at('nav-admin').click();
    await row('1003').waitFor();
  });
  afterAll(async () => hotline?.stop());

  const row = (username: string) => admin.page.locator(`[data-test="user-row"][data-username="${username}"]`);
  const disabled = (username: string) => admin.page.locator(`[data-test="user-row"][data-username="${username}"][data-enabled="false"]`);

  async function disable(username: string, before: () => Promise<void> = async () => undefined): Promise<void> {
    await row(username).click();
    await before();
    await admin.at('user-disabled').click();
    await admin.page.keyboard.press('Control+s');
    await admin.at('user-disable').click();
    await disabled(username).waitFor();
  }

  it('are refused in words where an extension is still another’s, and made once it is free', async () => {
    await admin.at('user-new').click();
    await admin.at('user-username').fill('wang.fang');
    await admin.at('user-displayName').fill('王芳');
    await admin.at('user-extension').fill('1003');
    await admin.at('user-password-make').click();
    password = await admin.at('user-password').inputValue();
    await admin.at('user-save').click();
    await admin.at('user-extension-error').waitFor();
    expect(await admin.at('user-extension-error').textContent()).toContain('已被其他用户占用');

    await disable('1003', () => admin.at('user-extension').fill(''));
    await admin.at('user-new').click();
    expect(await admin.at('user-displayName').inputValue()).toBe('王芳');
    expect(await admin.at('user-password').inputValue()).toBe(password);
    await admin.at('user-save').dblclick();
    await row('wang.fang').waitFor();
    expect(await row('wang.fang').count()).toBe(1);
    expect(await admin.page.evaluate('JSON.stringify([{ ...sessionStorage }, { ...localStorage }])')).not.toContain(password);
  });

  it('let the new person sign in and be ready, with the password that was shown', async () => {
    await agent.goReady('wang.fang', password);
    expect(await agent.page.locator('.bar').first().textContent()).not.toContain('没有分机');
  });

  it('that are disabled end the person’s session, take them from the queue, and let nobody in again', async () => {
    const inQueue = async () => (await hotline.pbx.rx('queue show hotline')).includes('PJSIP/1003');
    expect(await inQueue()).toBe(true);
    await disable('wang.fang');
    expect(await agent.page.evaluate("fetch('/api/v1/customers').then((answer) => answer.status)")).toBe(401);
    // The panel asks for something every few seconds by itself.
    await agent.at('signin-submit').waitFor();
    expect(await agent.at('signin-username').inputValue()).toBe('wang.fang');
    await agent.at('signin-password').fill(password);
    await agent.at('signin-submit').click();
    await agent.at('signin-error').waitFor();
    expect(await agent.at('signin-error').textContent()).toContain('账号已停用');
    await eventually('no caller waits for them', async () => !(await inQueue()), 60_000);
  });

  it('keep the last administrator', async () => {
    await row('admin').click();
    await admin.at('user-role-agent').click();
    await admin.at('user-role-warning').waitFor();
    await admin.at('user-save').click();
    await admin.at('user-role-error').waitFor();
    expect(await admin.at('user-role-error').textContent()).toContain('系统管理员');
    await row('1001').click();
    expect(admin.errors.filter((error) => !/status of 4(09|22)/.test(error))).toEqual([]);
  });
});
