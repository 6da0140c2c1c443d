import { spawn, type ChildProcess } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { chromium, type Browser, type BrowserContext, type Locator, type Page } from 'playwright-core';
import { wavTone } from './audio';
import { eventually } from './eventually';

const CANDIDATES = [process.env.CHROMIUM_PATH, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

export interface AgentBrowserOptions {
  readonly workDir: string;
  readonly panelUrl: string;
  /** Frequency of the tone in the fake microphone. */
  readonly microphoneHz?: number;
  readonly locale?: string;
  readonly microphone?: 'granted' | 'denied';
  /** What the browser keeps stays in this folder, also when it is killed; a later one with the same folder goes on with it. */
  readonly profileDir?: string;
}

/** A headless Chromium that is one agent's workplace: the panel and, through WebRTC, their telephone. */
export class AgentBrowser {
  private constructor(
    private readonly browser: Browser,
    readonly context: BrowserContext,
    readonly page: Page,
    private readonly options: AgentBrowserOptions,
    /** Messages of the page's console of level error, and uncaught exceptions. */
    readonly errors: string[],
    private readonly child: ChildProcess | null = null,
  ) {}

  static async launch(options: AgentBrowserOptions): Promise<AgentBrowser> {
    const executablePath = CANDIDATES.find((file) => file && fs.existsSync(file));
    if (!executablePath) throw new Error('No Chromium found');
    const frequencyHz = options.microphoneHz ?? 440;
    const microphone = path.join(options.workDir, `microphone-${frequencyHz}.wav`);
    fs.writeFileSync(microphone, wavTone(frequencyHz, 10));
    const args = [
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      '--disable-gpu', '--disable-dev-shm-usage', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync',
      '--use-fake-device-for-media-stream', ...(options.microphone === 'denied' ? [] : ['--use-fake-ui-for-media-stream']),
      `--use-file-for-fake-audio-capture=${microphone}`, '--autoplay-policy=no-user-gesture-required', '--allow-loopback-in-peer-connection',
    ];
    if (options.profileDir !== undefined) return AgentBrowser.withProfile(options, { executablePath, args, profileDir: options.profileDir });
    const browser = await chromium.launch({ executablePath, args });
    const context = await browser.newContext({
      viewport: { width: 1440, height: 900 },
      locale: options.locale ?? 'zh-CN',
      timezoneId: 'Asia/Shanghai',
      permissions: options.microphone === 'denied' ? [] : ['microphone'],
    });
    return AgentBrowser.opened(browser, context, options, null);
  }

  /** A process of our own, which a test can kill. */
  private static async withProfile(
    options: AgentBrowserOptions,
    { executablePath, args, profileDir }: { executablePath: string; args: readonly string[]; profileDir: string },
  ): Promise<AgentBrowser> {
    const portFile = path.join(profileDir, 'DevToolsActivePort');
    fs.mkdirSync(profileDir, { recursive: true });
    fs.rmSync(portFile, { force: true });
    const own = ['--headless', '--remote-debugging-port=0', `--user-data-dir=${profileDir}`, '--lang=zh-CN', '--accept-lang=zh-CN', '--window-size=1440,900'];
    const child = spawn(executablePath, [...args, ...own, 'about:blank'], { stdio: 'ignore' });
    const port = await eventually('the browser', () => fs.existsSync(portFile) && fs.readFileSync(portFile, 'utf8').split('\n')[0], 20_000);
    const browser = await chromium.connectOverCDP(`http://127.0.0.1:${port}`);
    const [context] = browser.contexts();
    if (context === undefined) throw new Error('The browser has no context');
    return AgentBrowser.opened(browser, context, options, child);
  }

  private static async opened(browser: Browser, context: BrowserContext, options: AgentBrowserOptions, child: ChildProcess | null): Promise<AgentBrowser> {
    // Every peer connection is kept, so that a test can ask it for its audio level.
    await context.addInitScript(rememberPeerConnections);
    const page = await context.newPage();
    const errors: string[] = [];
    watchErrors(page, errors);
    return new AgentBrowser(browser, context, page, options, errors, child);
  }

  at(name: string): Locator {
    return this.page.locator(`[data-test="${name}"]`);
  }

  async signIn(username: string, password: string): Promise<void> {
    await this.page.goto(this.options.panelUrl);
    await this.at('signin-username').fill(username);
    await this.at('signin-password').fill(password);
    await this.at('signin-submit').click();
  }

  /** Signs in and waits until the agent's browser phone is registered and the agent ready for queue calls. */
  async goReady(username: string, password: string): Promise<void> {
    await this.signIn(username, password);
    await this.barState('offline', 'paused', 'ready');
    if ((await this.state()) !== 'ready') await this.press('bar-main');
    await this.barState('ready');
  }

  /** Presses a slot of the call bar. The bar ignores input for 600 ms after each change of state, so that nobody presses what has just changed. */
  async press(slot: 'bar-main' | 'bar-end' | 'bar-hold'): Promise<void> {
    await this.page.waitForTimeout(700);
    await this.at(slot).click();
  }

  /** After a call: fills in what a record must have, saves it and is ready for the next call. */
  async finishWrapUp(problem = '咨询产品使用'): Promise<void> {
    await this.barState('ended');
    await this.at('record-problem').fill(problem);
    await this.at('record-solved-solved').click();
    await this.press('bar-main');
    await this.barState('ready');
  }

  async state(): Promise<string | null> {
    return this.at('bar').getAttribute('data-state');
  }

  /** Waits until the call bar is in one of these states. */
  async barState(...states: string[]): Promise<void> {
    const selector = states.map((state) => `[data-test="bar"][data-state="${state}"]`).join(', ');
    try {
      await this.page.locator(selector).waitFor({ timeout: 20_000 });
    } catch (error) {
      if (process.env.TEST_SCREENSHOTS !== undefined) await this.screenshot(path.join(process.env.TEST_SCREENSHOTS, `${Date.now()}.png`));
      const text = async (name: string) => (await this.at(name).allInnerTexts()).join(' ').replace(/\s+/g, ' ');
      throw new Error(`The bar is not ${states.join(' or ')} but ${await this.state()}: “${await text('bar')}”; record: “${await text('record')}”`, { cause: error });
    }
  }

  /** Highest level, 0…1, of what this browser hears over the given time. */
  async heardLevel(overMs: number): Promise<number> {
    return this.page.evaluate(highestInboundLevel, overMs);
  }

  async screenshot(file: string): Promise<void> {
    await this.page.screenshot({ path: file });
  }

  async openTab(): Promise<Page> {
    const page = await this.context.newPage();
    watchErrors(page, this.errors);
    await page.goto(this.options.panelUrl);
    return page;
  }

  /** As the system does it to a tab that nobody looks at: nothing runs in it any more, until it is thawed. */
  async freeze(frozen: boolean): Promise<void> {
    const session = await this.context.newCDPSession(this.page);
    await session.send('Page.setWebLifecycleState', { state: frozen ? 'frozen' : 'active' });
    await session.detach();
  }

  /** SIGKILL; only with a profile. */
  async kill(): Promise<void> {
    if (this.child === null) throw new Error('Only a browser with a profile of its own can be killed');
    const { child } = this;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await gone;
    await this.browser.close().catch(() => undefined);
  }

  async close(): Promise<void> {
    await this.browser.close().catch(() => undefined);
    if (this.child !== null && this.child.exitCode === null && this.child.signalCode === null) {
      const { child } = this;
      const gone = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGKILL');
      await gone;
    }
  }
}

function watchErrors(page: Page, errors: string[]): void {
  // Asking whether somebody is signed in is answered 401 until somebody is; Chromium reports that as an error.
  const expected = /status of 401/;
  page.on('console', (message) => message.type() === 'error' && !expected.test(message.text()) && errors.push(message.text()));
  page.on('pageerror', (error) => errors.push(String(error)));
}

// The two functions below run inside the page.

interface PeerConnection {
  readonly connectionState: string;
  getStats(): Promise<{ forEach(callback: (report: { type: string; kind?: string; audioLevel?: number }) => void): void }>;
}

interface PageWithConnections {
  RTCPeerConnection: new (configuration?: unknown) => PeerConnection;
  __peerConnections: PeerConnection[];
}

function rememberPeerConnections(): void {
  const page = globalThis as unknown as PageWithConnections;
  const Native = page.RTCPeerConnection;
  page.__peerConnections = [];
  page.RTCPeerConnection = class extends Native {
    constructor(configuration?: unknown) {
      super(configuration);
      page.__peerConnections.push(this);
    }
  };
}

async function highestInboundLevel(overMs: number): Promise<number> {
  const { __peerConnections: connections } = globalThis as unknown as PageWithConnections;
  let highest = 0;
  for (const end = Date.now() + overMs; Date.now() < end; await new Promise((resolve) => setTimeout(resolve, 100))) {
    for (const connection of connections) {
      if (connection.connectionState !== 'connected') continue;
      (await connection.getStats()).forEach((report) => {
        if (report.type === 'inbound-rtp' && report.kind === 'audio') highest = Math.max(highest, report.audioLevel ?? 0);
      });
    }
  }
  return highest;
}
