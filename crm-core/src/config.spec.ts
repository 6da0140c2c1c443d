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
    expect(configOf({ HOTLINE_INTERNAL_SECRET_FILE: file }).internalSecret).toBe('f'.repeat(40));
    const [problem] = problemsOf({ ...SECRETS, HOTLINE_ADMIN_PASSWORD_FILE: '/not/there' });
    expect(problem).toMatch(/^HOTLINE_ADMIN_PASSWORD_FILE cannot be read: .*ENOENT/);
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
    ['sqlite:///var/lib/x.db', { dialect: 'sqlite', file: '/var/lib/x.db' }],
    ['sqlite:/var/lib/x.db', { dialect: 'sqlite', file: '/var/lib/x.db' }],
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
  ])('reads DATABASE_URL=%s', (url, target) => {
    expect(configOf({ DATABASE_URL: url }).database).toEqual(target);
  });

  it.each(['sqlite:', 'mssql://', 'mssql://host/db', 'mssql://sa:x@host', 'postgres://a:b@c/d', 'hotline.db'])(
    'refuses DATABASE_URL=%s',
    (url) => {
      expect(problemsOf({ ...SECRETS, DATABASE_URL: url })).toEqual([expect.stringMatching(/^DATABASE_URL /)]);
    },
  );
});
