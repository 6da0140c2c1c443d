import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { loadConfig, type GatewayConfig } from './config';

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'hotline-config-'));
const file = (name: string, text: string): string => {
  fs.writeFileSync(path.join(folder, name), text);
  return path.join(folder, name);
};
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

const secret = 's'.repeat(32);
const least = { HOTLINE_INTERNAL_SECRET: secret, HOTLINE_GATEWAY_TOKEN: secret, ASTERISK_AMI_SECRET: 'a', ASTERISK_ARI_PASSWORD: 'b' };

const good = (env: Record<string, string>): GatewayConfig => {
  const loaded = loadConfig({ ...least, ...env });
  if ('problems' in loaded) throw new Error(loaded.problems.join('\n'));
  return loaded.config;
};
const problems = (env: Record<string, string>): string[] => {
  const loaded = loadConfig(env);
  return 'problems' in loaded ? loaded.problems : [];
};

it('has a documented default for everything that is not a secret', () => {
  expect(good({})).toMatchObject({
    host: '127.0.0.1',
    port: 8081,
    logLevel: 'info',
    crmUrl: 'http://127.0.0.1:8080',
    panelPort: 8080,
    allowedOrigins: [],
    ami: { host: '127.0.0.1', port: 5038, username: 'gateway' },
    ari: { url: 'http://127.0.0.1:8088', username: 'gateway' },
    sipWsUrl: 'ws://127.0.0.1:8088/ws',
    queue: 'hotline',
    trunks: ['trunk'],
    lines: [],
    dialPerMinute: 12,
    signOutAfterMs: 15_000,
    demoCarrierUrl: null,
    wrapUpMs: 60_000,
    wrapUpMaxMs: 300_000,
    queueRingSec: null,
    callerMarksValidSec: 600,
    celFile: null,
    celKeepDays: 90,
  });
});

it('lets the event feed have an account of its own', () => {
  expect(good({}).amiFeed).toEqual(good({}).ami);
  const own = { ASTERISK_AMI_FEED_SECRET_FILE: file('feed', 'feed-secret\n') };
  expect(good({ ...own, ASTERISK_AMI_HOST: 'pbx' }).amiFeed).toEqual({
    host: 'pbx',
    port: 5038,
    username: 'gateway-feed',
    secret: 'feed-secret',
  });
  expect(problems({ ...least, ASTERISK_AMI_FEED_USER: 'gateway-feed' })).toEqual([
    'ASTERISK_AMI_FEED_SECRET is required (or ASTERISK_AMI_FEED_SECRET_FILE)',
  ]);
});

it('names every wrong value at once, and never a secret', () => {
  const wrong = {
    HOTLINE_CTI_PORT: '99999',
    HOTLINE_LOG_LEVEL: 'loud',
    HOTLINE_INTERNAL_SECRET: 'short-secret',
    HOTLINE_CRM_URL: 'ftp://x',
    HOTLINE_PORT: '1.5',
    HOTLINE_ALLOWED_ORIGINS: 'https://ok.example,https://no.example/path',
    ASTERISK_AMI_PORT: 'x',
    ASTERISK_AMI_USER: 'a b',
    ASTERISK_ARI_URL: 'http://u:topsecret@h:1',
    ASTERISK_SIP_WS_URL: 'http://x',
    HOTLINE_QUEUE: 'a,b',
    HOTLINE_TRUNKS: 'one,t/wo',
    HOTLINE_PHONES_FILE: file('phones.json', '{"1001": {"password": 5, "x": "topsecret"}}'),
    HOTLINE_LINES: 'x=y',
    HOTLINE_AREA_CODE: '1',
    HOTLINE_DIAL_PER_MINUTE: '0',
    HOTLINE_SIGNOUT_AFTER_MS: '10',
    HOTLINE_DEMO_CARRIER_URL: 'gopher://u:topsecret@h',
    HOTLINE_GATEWAY_TOKEN_FILE: path.join(folder, 'nowhere'),
    HOTLINE_OUTSIDE_PREFIX: 'nine',
    HOTLINE_QUEUE_RING_SECONDS: '0',
  };
  const found = problems(wrong);
  const named = new Set(found.map((problem) => problem.split(' ')[0]));
  for (const name of [...Object.keys(wrong), 'ASTERISK_AMI_SECRET', 'ASTERISK_ARI_PASSWORD']) expect(named).toContain(name);
  expect(found.join('\n')).not.toMatch(/topsecret|short-secret/);
});

it.each([
  [{ HOTLINE_WRAPUP_SECONDS: '0' }, 0, 300_000],
  [{ HOTLINE_WRAPUP_SECONDS: '30', HOTLINE_WRAPUP_MAX_SECONDS: '90' }, 30_000, 90_000],
  // a longer one makes room for itself
  [{ HOTLINE_WRAPUP_SECONDS: '900' }, 900_000, 900_000],
])('wraps up as %j says', (env, wrapUpMs, wrapUpMaxMs) => {
  expect(good(env)).toMatchObject({ wrapUpMs, wrapUpMaxMs });
});

it.each([
  [{ HOTLINE_WRAPUP_SECONDS: '3601' }, 'HOTLINE_WRAPUP_SECONDS must be a whole number from 0 to 3600, not "3601"'],
  [{ HOTLINE_WRAPUP_SECONDS: 'long' }, 'HOTLINE_WRAPUP_SECONDS must be a whole number from 0 to 3600, not "long"'],
  [
    { HOTLINE_WRAPUP_SECONDS: '120', HOTLINE_WRAPUP_MAX_SECONDS: '60' },
    'HOTLINE_WRAPUP_MAX_SECONDS must not be less than HOTLINE_WRAPUP_SECONDS (120)',
  ],
  [{ HOTLINE_CEL_KEEP_DAYS: '-1' }, 'HOTLINE_CEL_KEEP_DAYS must be a whole number from 0 to 3650, not "-1"'],
  [{ HOTLINE_CALLER_MARKS_VALID_SECONDS: '1' }, 'HOTLINE_CALLER_MARKS_VALID_SECONDS must be a whole number from 5 to 86400, not "1"'],
])('says what is wrong with %j', (env, problem) => {
  expect(problems({ ...least, ...env })).toEqual([problem]);
});

it.each([
  ['HOTLINE_CTI_HOST', 'no host'],
  ['HOTLINE_CTI_PORT', '8080'],
  ['HOTLINE_CRM_URL', 'http://crm:99999'],
  ['HOTLINE_CRM_URL', 'http://crm:0'],
  ['HOTLINE_CRM_URL', 'http:/crm'],
  ['HOTLINE_CRM_URL', 'http://crm:8080/?x=1'],
  ['ASTERISK_ARI_URL', 'http://['],
  ['ASTERISK_SIP_WS_URL', 'ws://pbx#x'],
  ['ASTERISK_AMI_HOST', 'pbx:5038'],
  ['HOTLINE_DATA_DIR', '/dev/null/data'],
  ['HOTLINE_DATA_DIR', '/etc/hostname'],
])('refuses %s=%s by its name alone', (name, value) => {
  expect(problems({ ...least, [name]: value })).toEqual([expect.stringMatching(new RegExp(`^${name} must `))]);
});

it('lets the panel have the same port on another machine', () => {
  expect(good({ HOTLINE_CTI_PORT: '8080', HOTLINE_ALLOWED_ORIGINS: 'https://hotline.example' }).port).toBe(8080);
});

it('takes a secret from one place only', () => {
  expect(problems({ ...least, ASTERISK_AMI_SECRET_FILE: file('twice', 'b') })).toEqual([
    'ASTERISK_AMI_SECRET and ASTERISK_AMI_SECRET_FILE are both set: only one of them may be',
  ]);
});

it('takes secrets from files, lines and phones from their own forms', () => {
  const config = good({
    ASTERISK_AMI_SECRET: '',
    ASTERISK_AMI_SECRET_FILE: file('ami', ' from-file \r\n'),
    HOTLINE_LINES: '02066668888=产品热线, 01066668888',
    HOTLINE_PHONES_FILE: file('good.json', '{"1001":{"password":"p1"}}'),
    HOTLINE_AREA_CODE: '020',
    ASTERISK_ARI_URL: 'https://pbx.example:8089/',
  });
  expect(config.ami.secret).toBe('from-file');
  expect(config.lines).toEqual([
    { number: '02066668888', label: '产品热线' },
    { number: '01066668888', label: '01066668888' },
  ]);
  expect(config.phones.get('1001')).toBe('p1');
  expect(config).toMatchObject({ areaCode: '20', sipWsUrl: 'wss://pbx.example:8089/ws' });
});
