import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { ensureAsterisk } from '../../cti-gateway/launch/asterisk/distribution';
import { startPbx, type PbxInstance } from '../../cti-gateway/launch/pbx';
import type { PhoneAccount } from '../../cti-gateway/protocol';
import { AgentBrowser } from '../support/agent-browser';
import { readWav, toneShare } from '../support/audio';
import { eventually } from '../support/eventually';
import { Sipp } from '../support/sipp';

jest.setTimeout(90_000);

const TRUNK_HOST = '127.0.0.2';
const AGENT_TONE_HZ = 440;

type PhoneOrder =
  | { readonly type: 'answer' | 'reject' | 'hangup' }
  | { readonly type: 'hold'; readonly held: boolean }
  | { readonly type: 'mute'; readonly muted: boolean }
  | { readonly type: 'digits'; readonly digits: string };

interface PhoneStatus {
  readonly registration: { readonly state: string };
  readonly session: { readonly state: string } | null;
}

/** What the page puts into its window: the panel's softphone and leadership, as far as they are asked here. */
interface PhonePage {
  phone: { status: PhoneStatus; levels(): Promise<{ outbound: number | null }> };
  events: { readonly type: string }[];
  leadership: { role: string; perform(order: PhoneOrder): Promise<unknown>; bringHere(): Promise<unknown> };
  begin(account: PhoneAccount, origin: string): void;
}

describe('the browser as a telephone, at a real Asterisk', () => {
  const workDir = fs.mkdtempSync(path.join(os.tmpdir(), 'softphone-'));
  let pbx: PbxInstance;
  let server: http.Server;
  let agent: AgentBrowser;
  let nextPort = 21_500 + (process.pid % 500) * 16;
  const sipps: Sipp[] = [];

  beforeAll(async () => {
    pbx = await startPbx({ dir: path.join(workDir, 'pbx'), trunk: { host: TRUNK_HOST, port: nextPort } });
    server = await servePage(path.join(workDir, 'page'));
    const panelUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    agent = await AgentBrowser.launch({ workDir, panelUrl, microphoneHz: AGENT_TONE_HZ });
    await agent.page.addInitScript(rememberSockets);
    await openPhone(agent.page, panelUrl);
    await registered(agent.page);
    await pbx.rx('queue add member PJSIP/1001 to hotline');
  });

  afterAll(async () => {
    await agent?.close();
    await Promise.all(sipps.map((sipp) => sipp.stop()));
    server?.close();
    await pbx?.stop();
    fs.rmSync(workDir, { recursive: true, force: true });
  });

  const account = (): PhoneAccount => ({
    extension: '1001',
    sipUri: 'sip:1001@hotline',
    authorizationUser: '1001',
    password: (JSON.parse(fs.readFileSync(pbx.phonesFile, 'utf8')) as Record<string, { password: string }>)['1001']?.password ?? '',
    webSocketPath: '/ws',
    iceServers: [],
  });

  async function openPhone(page: Page, url: string): Promise<void> {
    await page.goto(url);
    await begin(page);
  }

  async function begin(page: Page): Promise<void> {
    await page.waitForFunction(() => 'begin' in globalThis);
    await page.evaluate(([given, origin]) => (globalThis as unknown as PhonePage).begin(given, origin), [
      account(),
      new URL(pbx.sipWsUrl).origin,
    ] as const);
  }

  const status = (page: Page): Promise<PhoneStatus> => page.evaluate(() => (globalThis as unknown as PhonePage).phone.status);
  const events = (page: Page): Promise<PhonePage['events']> => page.evaluate(() => (globalThis as unknown as PhonePage).events);
  const order = (page: Page, command: PhoneOrder) =>
    page.evaluate((given) => (globalThis as unknown as PhonePage).leadership.perform(given), command);
  const lineState = async (page: Page): Promise<string | undefined> => (await status(page)).session?.state;
  const registered = (page: Page) =>
    eventually('the telephone is registered', async () => (await status(page)).registration.state === 'registered');

  async function customer(options: { hangUpAfterMs: number }): Promise<Sipp> {
    const { sipp: binary } = await ensureAsterisk({ privateOnly: true });
    nextPort += 1;
    const args = [
      '-key',
      'caller',
      '13912345678',
      '-key',
      'name',
      'Wu',
      '-s',
      pbx.lines[0]?.number ?? '',
      `${pbx.sip.host}:${pbx.sip.port}`,
    ];
    const sipp = new Sipp({
      binary: binary ?? 'sipp',
      scenario: 'caller',
      workDir,
      localIp: TRUNK_HOST,
      localPort: nextPort,
      values: { HANGUP_MS: options.hangUpAfterMs },
      args,
      toneHz: 1000,
    });
    sipps.push(sipp);
    return sipp;
  }

  async function inCall(page: Page, hangUpAfterMs = 60_000): Promise<Sipp> {
    const caller = await customer({ hangUpAfterMs });
    await eventually('it rings', async () => (await lineState(page)) === 'ringing');
    expect(await order(page, { type: 'answer' })).toEqual({ ok: true });
    await eventually('it is answered', async () => (await lineState(page)) === 'active');
    return caller;
  }

  async function bridged(): Promise<string[]> {
    const lines = (await pbx.rx('core show channels concise')).split('\n').filter((line) => line.startsWith('PJSIP/'));
    return lines.map((line) => line.split('!')[0]?.replace(/-[0-9a-f]{8}$/, '') ?? '').sort();
  }

  it('rings with the number, answers with sound both ways, holds, mutes, sends digits and hangs up', async () => {
    const { page } = agent;
    const caller = await customer({ hangUpAfterMs: 60_000 });
    await eventually('it rings', async () => (await lineState(page)) === 'ringing');
    expect((await status(page)).session).toMatchObject({ remoteNumber: '13912345678', dialId: null });
    const clickedAtMs = Date.now();
    expect(await order(page, { type: 'answer' })).toEqual({ ok: true });
    expect(Date.now() - clickedAtMs).toBeLessThan(2_000);
    expect(await agent.heardLevel(1_500)).toBeGreaterThan(0);
    await eventually(
      'the microphone is heard',
      async () => ((await page.evaluate(() => (globalThis as unknown as PhonePage).phone.levels())).outbound ?? 0) > 0.01,
    );

    expect(await order(page, { type: 'hold', held: true })).toEqual({ ok: true });
    expect((await status(page)).session).toMatchObject({ state: 'active', held: true });
    expect(await order(page, { type: 'hold', held: false })).toEqual({ ok: true });
    expect(await order(page, { type: 'mute', muted: true })).toEqual({ ok: true });
    expect(await order(page, { type: 'mute', muted: false })).toEqual({ ok: true });
    expect(await order(page, { type: 'digits', digits: '12#' })).toEqual({ ok: true });

    expect(await order(page, { type: 'hangup' })).toEqual({ ok: true });
    expect(await caller.finished()).toBe(0);
    expect((await events(page)).map(({ type }) => type)).toEqual(['ringing', 'answered', 'held', 'unheld', 'muted', 'unmuted', 'ended']);
    expect((await status(page)).session).toBeNull();
  });

  it('keeps the call when its socket is cut, and still hears that the customer hangs up', async () => {
    const { page } = agent;
    const caller = await inCall(page, 7_000);
    await page.evaluate(() => (globalThis as unknown as { sockets: WebSocketLike[] }).sockets.at(-1)?.close());
    await eventually('the cut is noticed', async () => (await status(page)).registration.state !== 'registered');
    await registered(page);
    expect(await lineState(page)).toBe('active');
    expect(await agent.heardLevel(1_000)).toBeGreaterThan(0);
    await eventually('the customer’s BYE has come', async () => (await lineState(page)) === undefined, 10_000);
    expect((await events(page)).at(-1)).toMatchObject({ type: 'ended', reason: 'remote' });
    await caller.finished();
  });

  it('is back in the call after a reload, held and muted as before', async () => {
    const { page } = agent;
    const caller = await inCall(page);
    await order(page, { type: 'mute', muted: true });
    await order(page, { type: 'hold', held: true });

    const reloadedAtMs = Date.now();
    await page.reload();
    await begin(page);
    await eventually('the call is back', async () => (await events(page)).some(({ type }) => type === 'resumed'));
    // the customer hears a gap of about this length; Asterisk would wait 10 s (rtp_timeout)
    expect(Date.now() - reloadedAtMs).toBeLessThan(4_000);
    await eventually('held again', async () => (await events(page)).some(({ type }) => type === 'held'));
    expect((await status(page)).session).toMatchObject({ state: 'active', held: true, muted: true, remoteNumber: '13912345678' });
    expect(await bridged()).toEqual(['PJSIP/1001', 'PJSIP/trunk']);

    await order(page, { type: 'hold', held: false });
    await order(page, { type: 'mute', muted: false });
    expect(await agent.heardLevel(1_500)).toBeGreaterThan(0);
    // longer than rtp_timeout (10 s): the new channel has its own sound
    await new Promise((resolve) => setTimeout(resolve, 12_000));
    expect(await bridged()).toEqual(['PJSIP/1001', 'PJSIP/trunk']);
    await order(page, { type: 'hangup' });
    await caller.finished();
    const { samples, rateHz } = readWav(newestRecording());
    // the agent's microphone is processed against noise, which a steady tone is: little is left of it after some seconds
    expect(toneShare(samples.subarray(-6 * rateHz), rateHz, AGENT_TONE_HZ)).toBeGreaterThan(0.004);
  });

  it('answers after a reload what rang before it', async () => {
    const { page } = agent;
    const caller = await customer({ hangUpAfterMs: 60_000 });
    await eventually('it rings', async () => (await lineState(page)) === 'ringing');
    await page.reload();
    await begin(page);
    await registered(page);
    expect(await order(page, { type: 'answer' })).toEqual({ ok: true });
    expect(await agent.heardLevel(1_500)).toBeGreaterThan(0);
    expect(await bridged()).toEqual(['PJSIP/1001', 'PJSIP/trunk']);
    await order(page, { type: 'hangup' });
    expect(await caller.finished()).toBe(0);
  });

  it('moves the living call into the other window when its own is closed', async () => {
    const caller = await inCall(agent.page);
    const other = await agent.openTab();
    await begin(other);
    await eventually(
      'the other window follows',
      async () => (await other.evaluate(() => (globalThis as unknown as PhonePage).leadership.role)) === 'follower',
    );
    expect(await other.evaluate(() => (globalThis as unknown as PhonePage).leadership.bringHere())).toEqual({
      ok: false,
      reason: 'in_call',
    });
    expect(await order(other, { type: 'mute', muted: true })).toEqual({ ok: true });
    await agent.page.close();
    await eventually('the call is back', async () => (await events(other)).some(({ type }) => type === 'resumed'));
    await eventually('muted as it was', async () => (await status(other)).session?.state === 'active');
    expect((await status(other)).session).toMatchObject({ state: 'active', muted: true });
    expect(await bridged()).toEqual(['PJSIP/1001', 'PJSIP/trunk']);
    await order(other, { type: 'hangup' });
    await caller.finished();
  });

  /** Recordings are closed a moment after the call. */
  function newestRecording(): Buffer {
    const files = fs
      .readdirSync(pbx.recordingsDir, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.wav'))
      .map((name) => path.join(pbx.recordingsDir, name));
    const newest = files.sort((a, b) => fs.statSync(b).mtimeMs - fs.statSync(a).mtimeMs)[0];
    if (newest === undefined) throw new Error('No recording');
    return fs.readFileSync(newest);
  }
});

interface WebSocketLike {
  close(): void;
}

/** Runs inside the page: a test can cut its connections. */
function rememberSockets(): void {
  const page = globalThis as unknown as { WebSocket: new (url: string, protocols?: string) => WebSocketLike; sockets: WebSocketLike[] };
  const Native = page.WebSocket;
  page.sockets = [];
  page.WebSocket = class extends Native {
    constructor(url: string, protocols?: string) {
      super(url, protocols);
      page.sockets.push(this);
    }
  };
}

/** Builds the page as the panel is built and serves it on loopback. */
async function servePage(outDir: string): Promise<http.Server> {
  const root = path.join(__dirname, '../../agent-panel/src/softphone/testing/page');
  const vite = path.join(path.dirname(require.resolve('vite/package.json')), 'bin/vite.js');
  const built = spawnSync(process.execPath, [vite, 'build', root, '--outDir', outDir, '--emptyOutDir', '--logLevel', 'error'], {
    encoding: 'utf8',
  });
  if (built.status !== 0) throw new Error(`The page cannot be built: ${built.stderr}`);
  const server = http.createServer((request, response) => {
    const name = request.url === '/' ? 'index.html' : path.normalize(request.url ?? '').replace(/^\/+/, '');
    const file = path.join(outDir, name);
    if (!file.startsWith(outDir) || !fs.existsSync(file)) return void response.writeHead(404).end();
    response.writeHead(200, { 'content-type': name.endsWith('.js') ? 'text/javascript' : 'text/html' }).end(fs.readFileSync(file));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}
