import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { loadConfig } from './config';

const SECRETS = { HOTLINE_INTERNAL_SECRET: 'i'.repeat(32), HOTLINE_GATEWAY_TOKEN: 'g'.repeat(32) };
const configOf = (env: Record<string, string>) => {
  const loaded = loadConfig({ ...SECRETS, ...env });
  if ('problems' in loaded) throw new Error(loaded.problems.join('\n'));
  return loaded.config;
};
const problemsOf = (env: Record<string, string>) => {
  const loaded = loadConfig(env);
  return 'problems' in loaded ? loaded.problems : [];
};

describe('configuration', () => {
  it('has documented defaults', () => {
    expect(configOf({})).toMatchObject({
      host: '127.0.0.1',
      port: 8080,
      logLevel: 'info',
      dataDir: path.resolve('.run/data'),
      database: { dialect: 'sqlite', file: path.resolve('.run/data/hotline.db') },
      ctiPort: 8081,
      ctiUrl: null,
      panelDir: path.resolve('.build/panel'),
      adminPassword: null,
      demo: null,
      areaCode: null,
      missedDays: 0,
      trailDays: 14,
      dispositionRequired: false,
      recordingsDir: null,
      outsidePrefix: null,
      internalPattern: '\\d{3,5}',
      serviceNumbers: [],
      trustedProxies: 0,
    });
  });

  it('names everything that is wrong at once, and no secret', () => {
    const problems = problemsOf({
      HOTLINE_PORT: '80800',
      HOTLINE_CTI_PORT: 'x',
      HOTLINE_CTI_URL: 'http://wrong',
      HOTLINE_INTERNAL_SECRET: 'too short secret',
      HOTLINE_LOG_LEVEL: 'loud',
      HOTLINE_DEMO: 'yes',
      HOTLINE_ADMIN_PASSWORD: 'short pw',
      HOTLINE_AREA_CODE: '12345',
      HOTLINE_INTERNAL_PATTERN: '(',
      HOTLINE_TRUSTED_PROXIES: '-1',
      HOTLINE_MISSED_DAYS: 'never',
      HOTLINE_TRAIL_DAYS: '0',
      HOTLINE_DISPOSITION_REQUIRED: 'yes',
      HOTLINE_OUTSIDE_PREFIX: 'nine',
      HOTLINE_SERVICE_NUMBERS: '8888,x',
      DATABASE_URL: 'mysql://root:hunter2@db/x',
    });
    const names = [
      'HOTLINE_PORT',
      'HOTLINE_CTI_PORT',
      'HOTLINE_CTI_URL',
      'HOTLINE_INTERNAL_SECRET',
      'HOTLINE_GATEWAY_TOKEN',
      'HOTLINE_LOG_LEVEL',
    ];
    names.push(
      'HOTLINE_DEMO',
      'HOTLINE_ADMIN_PASSWORD',
      'HOTLINE_AREA_CODE',
      'HOTLINE_INTERNAL_PATTERN',
      'HOTLINE_TRUSTED_PROXIES',
      'HOTLINE_MISSED_DAYS',
      'HOTLINE_TRAIL_DAYS',
      'HOTLINE_DISPOSITION_REQUIRED',
      'HOTLINE_OUTSIDE_PREFIX',
      'HOTLINE_SERVICE_NUMBERS',
      'DATABASE_URL',
    );
    expect(problems.map((problem) => problem.split(' ', 1)[0]).toSorted()).toEqual(names.toSorted());
    expect(problems.join('\n')).not.toMatch(/too short secret|hunter2|short pw/);
  });

  it('takes any secret from a file', () => {
    const file = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'hotline-config-')), 'secret');
    fs.writeFileSync(file, `${'f'.repeat(40)}\n`);
    expect(configOf({ HOTLINE_INTERNAL_SECRET: '', HOTLINE_INTERNAL_SECRET_FILE: file }).internalSecret).toBe('f'.repeat(40));
    const [problem] = problemsOf({ ...SECRETS, HOTLINE_ADMIN_PASSWORD_FILE: '/not/there' });
    expect(problem).toMatch(/^HOTLINE_ADMIN_PASSWORD_FILE cannot be read: .*ENOENT/);
  });

  it('takes a secret from one place only, without the blanks around it, and names an empty file once', () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'hotline-config-'));
    const [secret, empty] = [path.join(folder, 'secret'), path.join(folder, 'empty')];
    fs.writeFileSync(secret, ` ${'f'.repeat(40)} \r\n\n`);
    fs.writeFileSync(empty, ' \n');
    expect(configOf({ HOTLINE_INTERNAL_SECRET: '', HOTLINE_INTERNAL_SECRET_FILE: secret }).internalSecret).toBe('f'.repeat(40));
    expect(problemsOf({ ...SECRETS, HOTLINE_INTERNAL_SECRET_FILE: secret })).toEqual([
      'HOTLINE_INTERNAL_SECRET and HOTLINE_INTERNAL_SECRET_FILE are both set: only one of them may be',
    ]);
    const empties = { DATABASE_URL_FILE: empty, HOTLINE_GATEWAY_TOKEN: '', HOTLINE_GATEWAY_TOKEN_FILE: empty };
    expect(problemsOf({ ...SECRETS, ...empties, HOTLINE_DEMO: '1', HOTLINE_DEMO_PASSWORD_FILE: empty })).toEqual([
      'DATABASE_URL_FILE names a file with nothing in it',
      'HOTLINE_GATEWAY_TOKEN_FILE names a file with nothing in it',
      'HOTLINE_DEMO_PASSWORD_FILE names a file with nothing in it',
    ]);
  });

  it.each([
    ['HOTLINE_CTI_URL', 'ws://host:99999'],
    ['HOTLINE_CTI_URL', 'ws://['],
    ['HOTLINE_CTI_URL', 'ws://host:0/cti'],
    ['HOTLINE_CTI_URL', "ws://a'b/cti"],
    ['HOTLINE_CTI_URL', 'wss://cti.example/cti#now'],
    ['HOTLINE_CTI_URL', 'wss://user:word@cti.example/cti'],
    ['HOTLINE_HOST', 'not a host'],
    ['HOTLINE_HOST', 'http://127.0.0.1'],
    ['HOTLINE_CTI_PORT', '8080'],
    ['HOTLINE_CTI_PORT', '0'],
    ['HOTLINE_INTERNAL_PATTERN', '8\\d+'],
    ['HOTLINE_INTERNAL_PATTERN', '((\\d?){20}){20}8'],
    ['HOTLINE_DATA_DIR', '/dev/null/data'],
    ['HOTLINE_DATA_DIR', '/etc/hostname'],
    ['DATABASE_URL', 'sqlite:/dev/null/hotline.db'],
  ])('refuses %s=%s by its name', (name, value) => {
    expect(problemsOf({ ...SECRETS, [name]: value })).toEqual([expect.stringMatching(new RegExp(`^${name} m`))]);
  });

  it('takes what looks unusual and is right', () => {
    expect(configOf({ HOTLINE_HOST: '::1', HOTLINE_CTI_URL: 'wss://[::1]:8443/cti' })).toMatchObject({
      host: '::1',
      ctiUrl: 'wss://[::1]:8443/cti',
    });
    // Where the gateway has an address of its own, its port there is nobody's business here.
    expect(configOf({ HOTLINE_CTI_PORT: '8080', HOTLINE_CTI_URL: 'wss://hotline.example/cti' }).ctiPort).toBe(8080);
    // With a server there is nothing to write.
    expect(configOf({ HOTLINE_DATA_DIR: '/dev/null/data', DATABASE_URL: 'mssql://sa:x@db/h' }).database.dialect).toBe('mssql');
  });

  it('asks how each call went where that is configured, and finds recordings where they are', () => {
    expect(configOf({ HOTLINE_DISPOSITION_REQUIRED: '1' }).dispositionRequired).toBe(true);
    expect(configOf({ HOTLINE_DISPOSITION_REQUIRED: '0' }).dispositionRequired).toBe(false);
    expect(configOf({ HOTLINE_RECORDINGS_DIR: 'spool/monitor' }).recordingsDir).toBe(path.resolve('spool/monitor'));
  });

  it('takes service numbers with commas between', () => {
    expect(configOf({ HOTLINE_SERVICE_NUMBERS: '8888, 12301,8888' }).serviceNumbers).toEqual(['8888', '12301']);
  });

  it('wants a password for the demo, and takes empty variables for absent ones', () => {
    expect(problemsOf({ ...SECRETS, HOTLINE_DEMO: '1' })).toEqual(['HOTLINE_DEMO_PASSWORD is required with HOTLINE_DEMO=1']);
    expect(configOf({ HOTLINE_DEMO: '1', HOTLINE_DEMO_PASSWORD: 'long enough' }).demo).toEqual({ password: 'long enough' });
    expect(configOf({ HOTLINE_PORT: ' ', HOTLINE_DEMO: '', HOTLINE_AREA_CODE: '020' })).toMatchObject({
      port: 8080,
      demo: null,
      areaCode: '20',
    });
  });

  it.each([
    ['sqlite:data/x.db', { dialect: 'sqlite', file: path.resolve('data/x.db') }],
    ['sqlite:///tmp/x.db', { dialect: 'sqlite', file: '/tmp/x.db' }],
    ['sqlite:/tmp/new/x.db', { dialect: 'sqlite', file: '/tmp/new/x.db' }],
    [
      'mssql://sa:p%40ss%2Fword@db.example/hotline',
      {
        dialect: 'mssql',
        host: 'db.example',
        port: 1433,
        username: 'sa',
        password: 'p@ss/word',
        database: 'hotline',
        encrypt: true,
        trustServerCertificate: false,
      },
    ],
    [
      'mssql://sa:x@db:11433/h?encrypt=false&trustServerCertificate=true',
      {
        dialect: 'mssql',
        host: 'db',
        port: 11433,
        username: 'sa',
        password: 'x',
        database: 'h',
        encrypt: false,
        trustServerCertificate: true,
      },
    ],
    [
      'mssql://sa:x@[::1]:1433/h',
      {
        dialect: 'mssql',
        host: '::1',
        port: 1433,
        username: 'sa',
        password: 'x',
        database: 'h',
        encrypt: true,
        trustServerCertificate: false,
      },
    ],
  ])('reads DATABASE_URL=%s', (url, target) => {
    expect(configOf({ DATABASE_URL: url }).database).toEqual(target);
  });

  it.each([
    'sqlite:',
    'sqlite::memory:',
    'sqlite://data/x.db',
    'sqlite:x.db?mode=ro',
    'mssql://',
    'mssql://host/db',
    'mssql://sa:x@host',
    'mssql://sa@host/db',
    'mssql://sa:x@host:0/db',
    'mssql://sa:x@host/db/other',
    'mssql://sa:100%sure@host/db',
    'mssql://sa:x@host/db?encrypt=no&trustServerCertificate=yes',
    'mssql://sa:x@host/db?encrypt=true&foo=1',
    'mssql://sa:x@host/db?encrypt=true&encrypt=false',
    'postgres://a:b@c/d',
    'hotline.db',
  ])('refuses DATABASE_URL=%s', (url) => {
    const [problem, ...others] = problemsOf({ ...SECRETS, DATABASE_URL: url });
    expect(problem).toMatch(/^DATABASE_URL (?:must|names|may|has) /);
    expect([problem, others]).toEqual([expect.not.stringMatching(/sure|sa:/), []]);
  });
});
