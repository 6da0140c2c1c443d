import { Hotline } from '../support/hotline';
import type { AgentBrowser } from '../support/agent-browser';

jest.setTimeout(60_000);

describe('signing in', () => {
  let hotline: Hotline;
  let agent: AgentBrowser;

  beforeAll(async () => {
    hotline = await Hotline.start();
    agent = await hotline.browser();
  });
  afterAll(async () => hotline?.stop());

  it('speaks the other language at once, before anybody has signed in', async () => {
    await agent.page.goto(hotline.panelUrl);
    await agent.page.locator('[data-test="signin-submit"]', { hasText: '登录' }).waitFor();
    await agent.at('locale-en').click();
    await agent.page.locator('[data-test="signin-submit"]', { hasText: 'Sign in' }).waitFor();
    await agent.at('locale-zh-CN').click();
  });

  it('refuses a wrong password in words, keeps the name typed, and lets the right one in', async () => {
    await agent.signIn('1001', 'not-the-password');
    await agent.at('signin-error').waitFor();
    expect(await agent.at('signin-error').textContent()).toMatch(/用户名或密码/);
    expect(await agent.at('signin-username').inputValue()).toBe('1001');
    await agent.at('signin-password').fill(hotline.password);
    await agent.at('signin-submit').click();
    await agent.barState('offline', 'ready', 'paused');
  });

  it('switches the language of a signed-in person in place, and remembers it', async () => {
    await agent.page.goto(`${hotline.panelUrl}/settings`);
    await agent.at('locale-en').click();
    await agent.page.locator('[data-test="nav-calls"]', { hasText: 'Calls' }).waitFor();
    await agent.page.reload();
    await agent.page.locator('[data-test="nav-calls"]', { hasText: 'Calls' }).waitFor();
    await agent.at('locale-zh-CN').click();
    await agent.page.locator('[data-test="nav-calls"]', { hasText: '通话' }).waitFor();
  });
});
