import { DataSource } from 'typeorm';
import { Database } from './database';

const TARGET = { host: 'h', port: 1433, username: 'u', password: 'p', database: 'd', encrypt: true, trustServerCertificate: false };
const open = () => Database.open({ dialect: 'mssql', ...TARGET });

describe('the start on SQL Server', () => {
  /** What was done on which connections, told by how long a request on them may take. */
  let done: string[];

  function watch(method: 'initialize' | 'runMigrations' | 'destroy', work: () => Promise<unknown> = async () => undefined): void {
    jest.spyOn(DataSource.prototype, method).mockImplementation(async function (this: DataSource) {
      done.push(`${method} ${String(Reflect.get(this.options, 'requestTimeout'))}`);
      return (await work()) as never;
    });
  }

  beforeEach(() => {
    done = [];
    for (const method of ['initialize', 'runMigrations', 'destroy'] as const) watch(method);
  });
  afterEach(() => jest.restoreAllMocks());

  it('lets migrations take as long as they take, and nothing else', async () => {
    const db = await open();
    expect(done).toEqual(['initialize 0', 'runMigrations 0', 'destroy 0', 'initialize 5000']);
    await db.close();
    expect(done.slice(4)).toEqual(['destroy 5000']);
  });

  it('leaves no connection behind when a migration fails', async () => {
    watch('runMigrations', () => Promise.reject(new Error('no such column')));
    await expect(open()).rejects.toThrow('no such column');
    expect(done).toEqual(['initialize 0', 'runMigrations 0', 'destroy 0']);
  });
});
