import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import pino from 'pino';
import { DataSource } from 'typeorm';
import { loadConfig, type CrmConfig } from '../../crm-core/src/config';
import { CrmCore, type CrmCoreOptions } from '../../crm-core/src/crm-core';
import { parseDatabaseUrl } from '../../crm-core/src/db';
import { CrmClient } from './crm-test-client';

export const PASSWORD = 'correct horse 47';
export const GATEWAY_TOKEN = 'gateway-token-for-tests-0123456789abcdef';
export const INTERNAL_SECRET = 'internal-secret-for-tests-0123456789abcdef';

const MSSQL_URL = process.env.TEST_MSSQL_URL;

/** Servers of this file that are still there, also when the test that started one has failed. */
const alive = new Set<TestServer>();
afterAll(() => Promise.all([...alive].map((server) => server.dispose())));

/** The databases every file runs on: SQLite always, SQL Server when TEST_MSSQL_URL names one. */
export const DATABASES: readonly ('sqlite' | 'mssql')[] = MSSQL_URL === undefined ? ['sqlite'] : ['sqlite', 'mssql'];

export interface TestServerOptions extends CrmCoreOptions {
  readonly database?: 'sqlite' | 'mssql';
  /** Environment beyond the harness's own; an empty string takes a variable away. */
  readonly env?: Readonly<Record<string, string>>;
}

/** crm-core as it really runs, with the demo in it: a database of its own, Express on a free port, a clock that can be set. */
export class TestServer {
  /** What it has logged, one JSON object per line. */
  readonly logged: string[] = [];
  private clock = () => new Date();
  private core: CrmCore | undefined;

  private constructor(
    readonly config: CrmConfig,
    readonly directory: string,
    private readonly options: CrmCoreOptions,
    private readonly dropDatabase: () => Promise<void>,
  ) {}

  static async start({ database = 'sqlite', env = {}, ...options }: TestServerOptions = {}): Promise<TestServer> {
    const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'hotline-crm-'));
    const { url, drop } =
      database === 'mssql' ? await freshMssql() : { url: `sqlite:${path.join(directory, 'hotline.db')}`, drop: async () => {} };
    const loaded = loadConfig({
      HOTLINE_PORT: '0',
      HOTLINE_DATA_DIR: directory,
      DATABASE_URL: url,
      HOTLINE_INTERNAL_SECRET: INTERNAL_SECRET,
      HOTLINE_GATEWAY_TOKEN: GATEWAY_TOKEN,
      HOTLINE_DEMO: '1',
      HOTLINE_DEMO_PASSWORD: PASSWORD,
      HOTLINE_AREA_CODE: '20',
      HOTLINE_PANEL_DIR: path.join(directory, 'panel'),
      ...env,
    });
    if ('problems' in loaded) throw new Error(loaded.problems.join('\n'));
    const server = new TestServer(loaded.config, directory, options, drop);
    alive.add(server);
    await server.open();
    return server;
  }

  get running(): CrmCore {
    if (this.core === undefined) throw new Error('The server is not running.');
    return this.core;
  }

  get url(): string {
    return `http://127.0.0.1:${this.running.port}`;
  }

  /** File of the database, for tests that lock or fill it. */
  get file(): string {
    if (this.config.database.dialect !== 'sqlite') throw new Error('This server does not run on SQLite.');
    return this.config.database.file;
  }

  /** Stops time at a moment, or lets it run again. */
  setClock(at: Date | null): void {
    this.clock = at === null ? () => new Date() : () => at;
  }

  /** Starts (again) on the same database. */
  async open(): Promise<void> {
    const log = pino({ level: 'debug' }, { write: (line: string) => void this.logged.push(line) });
    this.core = await CrmCore.start(this.config, log, { checkAnswers: true, now: () => this.clock(), ...this.options });
  }

  client(): CrmClient {
    return new CrmClient(() => this.url);
  }

  /** A client signed in as one of the demo's people. */
  async signedIn(username: string, password = PASSWORD): Promise<CrmClient> {
    const client = this.client();
    await client.signIn(username, password);
    return client;
  }

  /** The CTI gateway. */
  gateway(token = GATEWAY_TOKEN): CrmClient {
    return new CrmClient(() => this.url, { authorization: `Bearer ${token}` });
  }

  async stop(): Promise<void> {
    await this.core?.close();
    this.core = undefined;
  }

  async dispose(): Promise<void> {
    if (!alive.delete(this)) return;
    await this.stop();
    await this.dropDatabase();
    fs.rmSync(this.directory, { recursive: true, force: true });
  }
}

/** A database of its own on the server that TEST_MSSQL_URL names; its user must be allowed to create databases. */
async function freshMssql(): Promise<{ url: string; drop: () => Promise<void> }> {
  const target = parseDatabaseUrl(MSSQL_URL ?? '');
  if (!('dialect' in target) || target.dialect !== 'mssql')
    throw new Error('TEST_MSSQL_URL must be mssql://user:password@host:port/database');
  const name = `hotline_test_${randomBytes(6).toString('hex')}`;
  const { host, port, username, password, database, encrypt, trustServerCertificate } = target;
  const run = async (sql: string) => {
    const source = new DataSource({
      type: 'mssql',
      host,
      port,
      username,
      password,
      database,
      options: { encrypt, trustServerCertificate },
    });
    await source.initialize();
    await source.query(sql).finally(() => source.destroy());
  };
  await run(`CREATE DATABASE [${name}]`);
  const url = new URL(MSSQL_URL ?? '');
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => run(`ALTER DATABASE [${name}] SET SINGLE_USER WITH ROLLBACK IMMEDIATE; DROP DATABASE [${name}]`) };
}
