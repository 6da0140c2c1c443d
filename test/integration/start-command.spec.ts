import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { Checkout, type Command } from '../support/checkout';
import { eventually } from '../support/eventually';
import { RestClient } from '../support/rest-client';

jest.setTimeout(180_000);

/** What a newcomer does: `npm start`, signing in with what it says, `npm run call`, Ctrl-C, and all of it again. */
describe('npm start', () => {
  let checkout: Checkout;
  let ports: Record<string, string>;
  let running: Command;
  let url = '';
  let password = '';

  beforeAll(async () => {
    checkout = new Checkout();
    ports = { HOTLINE_PORT: await freePort(), HOTLINE_CTI_PORT: await freePort() };
  });
  afterAll(() => checkout.dispose());

  async function start(): Promise<void> {
    running = checkout.run(['start'], ports);
    await running.says(/Ctrl-C ends everything/);
    url = /The hotline is up \([\d.]+ s\): +(\S+)/.exec(running.output)?.[1] ?? '';
    password = /Password +(\S+)/.exec(running.output)?.[1] ?? '';
  }
  const nothingRuns = () => eventually('nothing is left running', () => checkout.processes().length === 0, 20_000);

  /** What listens to the simulated public network. */
  async function applications(): Promise<unknown> {
    const { carrierUrl } = JSON.parse(fs.readFileSync(path.join(checkout.folder, '.run/demo.json'), 'utf8')) as { carrierUrl: string };
    const { username, password: secret, origin, pathname } = new URL(carrierUrl);
    const authorization = `Basic ${Buffer.from(`${username}:${secret}`).toString('base64')}`;
    return (await fetch(`${origin}${pathname}/applications`, { headers: { authorization } })).json();
  }

  it('names every setting that is wrong, at once, and starts nothing', async () => {
    const wrong = {
      HOTLINE_PORT: 'abc',
      HOTLINE_WRAPUP_SECONDS: 'x',
      DATABASE_URL: 'foo',
      HOTLINE_LOG_LEVEL: 'loud',
      HOTLINE_OPEN_HOURS: '99:99-1,x,y,z',
    };
    const refused = checkout.run(['start'], wrong);
    expect(await refused.ended()).not.toBe(0);
    for (const name of Object.keys(wrong)) expect(refused.output).toContain(name);
    expect(refused.output).not.toMatch(/^\s+at /m);
    await nothingRuns();
  });

  it('says of a port that is taken which one, and what to do', async () => {
    const other = net.createServer().listen(Number(ports.HOTLINE_PORT), '127.0.0.1');
    const refused = checkout.run(['start'], ports);
    expect(await refused.ended()).not.toBe(0);
    other.close();
    expect(refused.output).toMatch(new RegExp(`Port ${ports.HOTLINE_PORT} .*another program has it.*HOTLINE_PORT=\\d+ npm start`));
    await nothingRuns();
  });

  it('brings everything up and says where to click, as whom, and how to get a call', async () => {
    await start();
    expect(running.output).toContain('npm run call -- 13912345678');
    expect((await fetch(url)).status).toBe(200);
    for (const username of ['1001', '1002', '1003', 'zhuguan', 'admin']) await RestClient.signIn(url, username, password);
  });

  it('is there once in a checkout', async () => {
    const second = checkout.run(['start'], { HOTLINE_PORT: await freePort(), HOTLINE_CTI_PORT: await freePort() });
    expect(await second.ended()).not.toBe(0);
    expect(second.output).toContain(url);
  });

  it('takes a test call, which hangs up when told and is on the log', async () => {
    const call = checkout.run(['run', 'call', '--', '13912345678']);
    await call.says(/answered by the hotline/);
    // Who listens to states of devices can lock up Asterisk's applications (22.10), and no test call is placed after that.
    expect(await applications()).toEqual([expect.objectContaining({ endpoint_ids: ['PJSIP/hotline'], device_names: [] })]);
    call.interrupt();
    await call.says(/hung up/);
    expect(await call.ended()).toBe(0);
    const wrong = checkout.run(['run', 'call', '--', '13700009999', '999']);
    await wrong.says(/no such number/);
    await wrong.ended();
    const supervisor = await RestClient.signIn(url, 'zhuguan', password);
    const row = await eventually('the call is on the log', async () => (await supervisor.calls('number=13912345678')).find(isNew));
    expect(row).toMatchObject({ direction: 'inbound', outcome: 'abandoned', endedBy: 'customer' });
    expect(row.customerName).toContain('云岭');
  });

  it('ends with Ctrl-C, leaves nothing running, and finds its data again', async () => {
    running.interrupt();
    expect(await running.ended()).toBe(0);
    await nothingRuns();
    const before = password;
    await start();
    expect(password).toBe(before);
    const supervisor = await RestClient.signIn(url, 'zhuguan', password);
    expect((await supervisor.calls('number=13912345678')).filter(isNew)).toHaveLength(1);
  });

  it('leaves nothing running either when npm alone is told to end', async () => {
    running.child.kill('SIGTERM');
    await running.ended();
    await nothingRuns();
  });

  it('tidies up after a run that was killed', async () => {
    await start();
    process.kill(checkout.launcher(), 'SIGKILL');
    await running.ended();
    await start();
    expect(running.output).toContain('Ended what an earlier run had left behind');
    running.interrupt();
    await running.ended();
    await nothingRuns();
  });
});

/** Not of the demo data, whose calls are of the days before. */
function isNew({ startedAt }: { startedAt: string }): boolean {
  return Date.now() - Date.parse(startedAt) < 600_000;
}

async function freePort(): Promise<string> {
  const server = net.createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as net.AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return String(port);
}
