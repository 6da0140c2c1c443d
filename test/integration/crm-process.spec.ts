import { spawn, type ChildProcess } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { CustomerPage } from '../../crm-core/contract/customers';
import { CrmClient } from './crm-test-client';
import { GATEWAY_TOKEN, INTERNAL_SECRET, PASSWORD } from './crm-server';

const MAIN = path.resolve(__dirname, '../../.build/crm-core/src/main.js');

/** The service as it is started in earnest: the built program in a process of its own. */
class Process {
  output = '';
  readonly exited: Promise<number | NodeJS.Signals | null>;

  private constructor(readonly child: ChildProcess) {
    for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', (chunk) => (this.output += String(chunk)));
    this.exited = new Promise((resolve) => child.once('close', (code, signal) => resolve(code ?? signal)));
  }

  static start(env: Record<string, string>): Process {
    if (!fs.existsSync(MAIN)) throw new Error(`${MAIN} is missing. Run: npm run build`);
    return new Process(spawn(process.execPath, [MAIN], { env: { PATH: process.env.PATH, ...env }, stdio: ['ignore', 'pipe', 'pipe'] }));
  }

  /** The port it says it listens on. */
  async port(): Promise<number> {
    for (;;) {
      const found = /"port":(\d+).*"msg":"listening"/.exec(this.output);
      if (found !== null) return Number(found[1]);
      const over = await Promise.race([this.exited, new Promise<'waiting'>((resolve) => setTimeout(() => resolve('waiting'), 20))]);
      if (over !== 'waiting') throw new Error(`It ended with ${over}: ${this.output}`);
    }
  }
}

describe('the process of crm-core', () => {
  let directory: string;
  let env: Record<string, string>;
  const started: Process[] = [];
  const start = (changes: Record<string, string> = {}) => {
    const one = Process.start({ ...env, ...changes });
    started.push(one);
    return one;
  };
  beforeEach(() => {
    directory = fs.mkdtempSync(path.join(os.tmpdir(), 'hotline-process-'));
    env = {
      HOTLINE_PORT: '0',
      HOTLINE_DATA_DIR: directory,
      HOTLINE_INTERNAL_SECRET: INTERNAL_SECRET,
      HOTLINE_GATEWAY_TOKEN: GATEWAY_TOKEN,
      HOTLINE_DEMO: '1',
      HOTLINE_DEMO_PASSWORD: PASSWORD,
    };
  });
  afterEach(async () => {
    for (const { child } of started) child.kill('SIGKILL');
    await Promise.all(started.splice(0).map((one) => one.exited));
    fs.rmSync(directory, { recursive: true, force: true });
  });

  it('names everything that is wrong with its settings and ends with 1', async () => {
    const one = start({ HOTLINE_INTERNAL_SECRET: 'short', HOTLINE_PORT: 'eighty', DATABASE_URL: 'oracle:x' });
    expect(await one.exited).toBe(1);
    expect(one.output.split('\n').filter((line) => line !== '')).toEqual([
      'crm-core cannot start:',
      expect.stringMatching(/^ {2}HOTLINE_PORT must be a whole number from 0 to 65535/),
      expect.stringMatching(/^ {2}DATABASE_URL must be sqlite:/),
      expect.stringMatching(/^ {2}HOTLINE_INTERNAL_SECRET must have at least 32 characters/),
    ]);
  });

  it('says in one sentence that its port is taken, or its database is none', async () => {
    const holder = net.createServer();
    const port = await new Promise<number>((resolve) =>
      holder.listen(0, '127.0.0.1', () => resolve((holder.address() as net.AddressInfo).port)),
    );
    const taken = start({ HOTLINE_PORT: String(port) });
    expect(await taken.exited).toBe(1);
    expect(taken.output).toContain(`crm-core cannot start: port ${port} is taken by another program. Set HOTLINE_PORT to a free one.`);
    holder.close();
    const file = path.join(directory, 'text.db');
    fs.writeFileSync(file, 'not a database\n'.repeat(100));
    const broken = start({ DATABASE_URL: `sqlite:${file}` });
    expect(await broken.exited).toBe(1);
    expect(broken.output).toContain(`crm-core cannot start: the database ${file} cannot be used: file is not a database.`);
  });

  it('names the setting when its folder cannot be written, its host is none of this machine, or its database’s address is wrong', async () => {
    const said = async (changes: Record<string, string>) => {
      const one = start(changes);
      expect(await one.exited).toBe(1);
      return one.output;
    };
    const [folder, host, database] = await Promise.all([
      said({ HOTLINE_DATA_DIR: '/dev/null/data' }),
      said({ HOTLINE_HOST: '192.0.2.1' }),
      said({ DATABASE_URL: 'mssql://sa:100%sure@db/h' }),
    ]);
    expect(folder).toMatch(/^crm-core cannot start:\n {2}HOTLINE_DATA_DIR must be .*\n$/);
    expect(host).toMatch(/^crm-core cannot start: "192.0.2.1" is no address of this machine .*HOTLINE_HOST.*\n$/m);
    expect(database).toMatch(/^crm-core cannot start:\n {2}DATABASE_URL has a %.*\n$/);
  }, 30_000);

  it('ends by itself on SIGTERM', async () => {
    const one = start();
    await one.port();
    one.child.kill('SIGTERM');
    expect(await one.exited).toBe(0);
    expect(one.output).toContain('"msg":"stopped"');
  });

  it('has everything it said was saved after it was killed in the middle of writing', async () => {
    const first = start();
    const port = await first.port();
    const client = new CrmClient(() => `http://127.0.0.1:${port}`);
    await client.signIn('1001', PASSWORD);
    const saved: string[] = [];
    const writing = Array.from({ length: 4 }, async (_, writer) => {
      for (let index = 0; index < 1_000; index++) {
        const name = `断电 ${writer}-${index}`;
        const answer = await client.post('/customers', { name, numbers: [{ raw: `1590${writer}${String(index).padStart(6, '0')}` }] });
        if (answer.status === 201) saved.push(name);
        if (saved.length === 60) first.child.kill('SIGKILL');
      }
    });
    await Promise.allSettled(writing);
    await first.exited;
    expect(saved.length).toBeGreaterThanOrEqual(60);

    const second = start();
    const again = new CrmClient(() => `http://127.0.0.1:${secondPort}`);
    const secondPort = await second.port();
    await again.signIn('1001', PASSWORD);
    const found: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const page: CustomerPage = (await again.get('/customers', { q: '断电', limit: 200, ...(cursor === '' ? {} : { cursor }) })).as(
        CustomerPage,
      );
      found.push(...page.items.map((item) => item.name));
      expect(page.items.every((item) => item.primaryNumber !== null)).toBe(true);
      cursor = page.nextCursor;
    }
    expect(found).toEqual(expect.arrayContaining(saved));
    expect(found.length - saved.length).toBeLessThanOrEqual(4);
  }, 30_000);
});
