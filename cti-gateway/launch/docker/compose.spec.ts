import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { loadConfig as crmConfig } from '../../../crm-core/src/config';
import { composeFile, composeText, composeVariables, envExample, type ComposeService } from '../../../test/support/compose-file';
import { loadConfig as gatewayConfig } from '../../src/config';

const root = resolve(__dirname, '../../..');
const entrypoint = join(root, 'dialplans/docker/entrypoint.sh');

/** What a person fills in at least. */
const filledIn: Record<string, string> = {
  HOTLINE_INTERNAL_SECRET: 'i'.repeat(48), HOTLINE_GATEWAY_TOKEN: 'g'.repeat(48), AMI_SECRET: 'ami', AMI_FEED_SECRET: 'feed', ARI_PASSWORD: 'ari',
  MSSQL_IMAGE: 'registry.example/mssql/server:2022-latest', MSSQL_SA_PASSWORD: 'Abc12345', HOTLINE_ADMIN_PASSWORD: 'first-sign-in',
};

/** Rows of README's table that .env does not set, and why. */
const NOT_IN_ENV: Record<string, string> = {
  HOTLINE_HOST: 'inside a container always 0.0.0.0; HOTLINE_BIND is the address outside',
  HOTLINE_CTI_HOST: 'as HOTLINE_HOST',
  HOTLINE_DATA_DIR: 'a volume',
  HOTLINE_RECORDINGS_DIR: 'a volume',
  HOTLINE_PHONES_FILE: 'a volume',
  HOTLINE_CEL_FILE: 'a volume',
  HOTLINE_PANEL_DIR: 'in the image',
  HOTLINE_CRM_URL: 'the other container',
  DATABASE_URL: 'the SQL Server beside it, made from MSSQL_SA_PASSWORD',
  ASTERISK_AMI_HOST: 'the Asterisk beside it', ASTERISK_AMI_PORT: 'the Asterisk beside it', ASTERISK_AMI_USER: 'the Asterisk beside it',
  ASTERISK_AMI_SECRET: 'AMI_SECRET, for both sides', ASTERISK_AMI_FEED_USER: 'the Asterisk beside it', ASTERISK_AMI_FEED_SECRET: 'AMI_FEED_SECRET, for both sides',
  ASTERISK_ARI_URL: 'the Asterisk beside it', ASTERISK_ARI_USER: 'the Asterisk beside it', ASTERISK_ARI_PASSWORD: 'ARI_PASSWORD, for both sides',
  ASTERISK_SIP_WS_URL: 'from the ARI URL',
  HOTLINE_SIP_HOST: 'npm start only; HOTLINE_SIP_BIND here', HOTLINE_SIP_PORT: 'npm start only', HOTLINE_DESK_PHONES: 'npm start only; agents.conf here',
};

/** Variables of README's table; `_PORT` after `ASTERISK_AMI_HOST` is `ASTERISK_AMI_PORT`. */
function documented(): string[] {
  const rows = readFileSync(join(root, 'README.md'), 'utf8').split('\n').filter((line) => /^\| `[A-Z]/.test(line));
  return rows.flatMap((row) => {
    let full = '';
    return [...(row.split(' | ')[0] ?? '').matchAll(/`([A-Z_]+)`/g)].map(([, name = '']) => {
      if (name.startsWith('_')) return full.replace(/_[A-Z]+$/, name);
      return (full = name);
    });
  });
}

const service = (name: string, env: Record<string, string> = {}): ComposeService => composeFile({ ...filledIn, ...env }).services[name] ?? {};
const envOf = (name: string, env: Record<string, string> = {}): Record<string, string> => ({ ...service(name, env).environment });

describe('docker-compose.yml', () => {
  it('takes every variable of the table in README, but those that are named here', () => {
    const names = documented();
    expect(names.length).toBeGreaterThan(45);
    const settable = composeVariables();
    expect(names.filter((name) => !settable.has(name)).sort()).toEqual(Object.keys(NOT_IN_ENV).sort());
  });

  it('is explained by env.example: what must be set is there, and everything else by name', () => {
    const { needed, optional } = envExample();
    const required = new Set([...composeText.matchAll(/\$\{([A-Z_]+):\?/g)].map((match) => match[1] ?? ''));
    expect(needed.sort()).toEqual([...required, 'HOTLINE_ADMIN_PASSWORD'].sort());
    expect([...composeVariables()].filter((name) => !needed.includes(name) && !optional.includes(name))).toEqual([]);
    expect(optional.filter((name) => !composeVariables().has(name))).toEqual([]);
    for (const name of required) expect(() => composeFile({ ...filledIn, [name]: '' })).toThrow(name);
  });

  it('starts both services with no more than must be filled in; what is left empty has its default', () => {
    const crm = crmConfig(envOf('crm-core'));
    expect(crm).toMatchObject({ config: { host: '0.0.0.0', port: 8080, ctiPort: 8081, areaCode: '20', internalPattern: '\\d{3,5}', missedDays: 0, trailDays: 14, dispositionRequired: false, trustedProxies: 0, demo: null, database: { dialect: 'mssql' } } });
    const gateway = gatewayConfig({ ...envOf('cti-gateway'), HOTLINE_PHONES_FILE: '' });
    expect(gateway).toMatchObject({ config: { host: '0.0.0.0', port: 8081, panelPort: 8080, queue: 'hotline', trunks: ['trunk'], wrapUpMs: 60_000, wrapUpMaxMs: 300_000, dialPerMinute: 12, signOutAfterMs: 15_000, callerMarksValidSec: 600, demoCarrierUrl: null } });
  });

  it('hands what is set to the service that reads it', () => {
    const set = {
      HOTLINE_TRUSTED_PROXIES: '2', HOTLINE_TRUNKS: 'trunk,second', HOTLINE_QUEUE: 'sales', HOTLINE_WRAPUP_SECONDS: '30', HOTLINE_WRAPUP_MAX_SECONDS: '90', HOTLINE_DISPOSITION_REQUIRED: '1',
      HOTLINE_MISSED_DAYS: '7', HOTLINE_TRAIL_DAYS: '3', HOTLINE_CALLER_MARKS_VALID_SECONDS: '60', HOTLINE_OUTSIDE_PREFIX: '9', HOTLINE_INTERNAL_PATTERN: '8\\d{3}', HOTLINE_SERVICE_NUMBERS: '8888',
      HOTLINE_DIAL_PER_MINUTE: '5', HOTLINE_SIGNOUT_AFTER_MS: '20000', HOTLINE_PORT: '9080', HOTLINE_CTI_PORT: '9081', HOTLINE_AREA_CODE: '0755', HOTLINE_QUEUE_RING_SECONDS: '15', HOTLINE_CEL_KEEP_DAYS: '5',
    };
    expect(crmConfig(envOf('crm-core', set))).toMatchObject({
      config: { trustedProxies: 2, dispositionRequired: true, missedDays: 7, trailDays: 3, outsidePrefix: '9', internalPattern: '8\\d{3}', serviceNumbers: ['8888'], port: 8080, ctiPort: 9081, areaCode: '755' },
    });
    expect(gatewayConfig({ ...envOf('cti-gateway', set), HOTLINE_PHONES_FILE: '' })).toMatchObject({
      config: { trunks: ['trunk', 'second'], queue: 'sales', wrapUpMs: 30_000, wrapUpMaxMs: 90_000, callerMarksValidSec: 60, outsidePrefix: '9', dialPerMinute: 5, signOutAfterMs: 20_000, port: 8081, panelPort: 9080, areaCode: '755', queueRingSec: 15, celKeepDays: 5 },
    });
    expect(service('crm-core', set).ports).toEqual(['127.0.0.1:9080:8080']);
    expect(service('cti-gateway', { ...set, HOTLINE_BIND: '0.0.0.0' }).ports).toEqual(['0.0.0.0:9081:8081']);
  });

  it('names what a service is told wrongly', () => {
    expect(crmConfig(envOf('crm-core', { HOTLINE_MISSED_DAYS: 'x', HOTLINE_DISPOSITION_REQUIRED: 'yes' }))).toMatchObject({ problems: [expect.stringContaining('HOTLINE_MISSED_DAYS'), expect.stringContaining('HOTLINE_DISPOSITION_REQUIRED')] });
  });

  let dir: string;
  beforeEach(() => (dir = mkdtempSync(join(tmpdir(), 'compose-'))));
  afterEach(() => rmSync(dir, { recursive: true, force: true }));
  const renders = (name: string, env: Record<string, string> = {}) =>
    spawnSync('sh', [entrypoint, 'render'], {
      encoding: 'utf8',
      env: { PATH: process.env.PATH ?? '', BASE: join(dir, name), PHONES: join(dir, 'phones'), MODULES: '/modules', DATA: dir, ...envOf(name, env), ...(name === 'asterisk' ? { CEL: join(dir, 'cel') } : {}) },
    });

  it.each(['asterisk', 'carrier'])('gives the %s what its entrypoint needs', (name) => {
    expect(renders(name)).toMatchObject({ status: 0, stderr: '' });
  });

  it('gives Asterisk the accounts that the gateway uses, and recognises the carrier as the trunk', () => {
    expect(renders('asterisk', { HOTLINE_AREA_CODE: '0755' }).status).toBe(0);
    const gateway = gatewayConfig({ ...envOf('cti-gateway'), HOTLINE_PHONES_FILE: '' });
    if (!('config' in gateway)) throw new Error(gateway.problems.join());
    const { ami, amiFeed, ari } = gateway.config;
    const manager = readFileSync(join(dir, 'asterisk/etc/manager.conf'), 'utf8');
    expect(manager).toContain(`[${ami.username}](hotline)\nsecret = ${ami.secret}\n`);
    expect(manager).toContain(`[${amiFeed.username}](hotline)\nsecret = ${amiFeed.secret}\n`);
    expect(readFileSync(join(dir, 'asterisk/etc/ari.conf'), 'utf8')).toMatch(new RegExp(`\\[${ari.username}\\][^[]*password = ${ari.password}\\n`));
    const { services } = composeFile(filledIn);
    const address = (name: string): string => (services[name]?.networks as Record<string, { ipv4_address: string }>).pbx?.ipv4_address ?? '';
    expect(readFileSync(join(dir, 'asterisk/etc/pjsip.d/trunk.conf'), 'utf8')).toContain(`match = ${address('carrier')}\n`);
    expect(envOf('asterisk').OWN_ADDRESS).toBe(address('asterisk'));
    expect(envOf('carrier').HOTLINE_MATCH).toBe(address('asterisk'));
  });

  it('waits for what a service needs, on networks that reach it', () => {
    const { services, volumes, networks } = composeFile(filledIn);
    expect(Object.keys(services).sort()).toEqual(['asterisk', 'carrier', 'crm-core', 'cti-gateway', 'database', 'mssql']);
    const netsOf = (name: string): string[] => { const nets = services[name]?.networks ?? {}; return Array.isArray(nets) ? nets : Object.keys(nets); };
    for (const [name, { depends_on, volumes: mounts, build }] of Object.entries(services)) {
      for (const [other, { condition }] of Object.entries(depends_on ?? {})) {
        expect(Object.keys(services)).toContain(other);
        if (condition === 'service_healthy') expect(services[other]?.healthcheck).toBeDefined();
        expect(netsOf(name).some((net) => netsOf(other).includes(net))).toBe(true);
      }
      for (const net of netsOf(name)) expect(Object.keys(networks)).toContain(net);
      for (const mount of mounts ?? []) expect(Object.keys(volumes)).toContain(mount.split(':')[0]);
      if (build) expect(existsSync(join(root, build.context, build.dockerfile))).toBe(true);
    }
    expect(Object.entries(services).filter(([, { profiles }]) => profiles !== undefined).map(([name]) => name)).toEqual(['carrier']);
    // no way from the network of the telephone system to the database
    expect(netsOf('mssql')).toEqual(['data']);
    expect(netsOf('asterisk')).toEqual(['pbx']);
    const hostOf = (url = '') => new URL(url).hostname;
    for (const host of [hostOf(envOf('cti-gateway').HOTLINE_CRM_URL), hostOf(envOf('cti-gateway').ASTERISK_ARI_URL), envOf('cti-gateway').ASTERISK_AMI_HOST, hostOf(envOf('crm-core').DATABASE_URL)]) expect(Object.keys(services)).toContain(host);
    for (const name of ['crm-core', 'cti-gateway', 'asterisk', 'carrier']) expect(services[name]).toMatchObject({ init: true, restart: 'unless-stopped', security_opt: ['no-new-privileges:true'] });
    for (const name of ['crm-core', 'cti-gateway']) expect(services[name]).toMatchObject({ read_only: true, tmpfs: ['/tmp'] });
  });

  it('gives Asterisk, the gateway and crm-core the same files, and writes only where a volume is', () => {
    const { services } = composeFile(filledIn);
    const mounts = (name: string) => new Map((services[name]?.volumes ?? []).map((mount) => { const [volume = '', path = '', mode = 'rw'] = mount.split(':'); return [volume, { path, mode }]; }));
    const [asterisk, gateway, crm] = ['asterisk', 'cti-gateway', 'crm-core'].map(mounts);
    expect(asterisk?.get('cel')?.path).toBe(envOf('asterisk').CEL);
    expect(gateway?.get('cel')).toEqual({ path: dirname(envOf('cti-gateway').HOTLINE_CEL_FILE ?? ''), mode: 'rw' });
    expect(gateway?.get('phones')).toEqual({ path: dirname(envOf('cti-gateway').HOTLINE_PHONES_FILE ?? ''), mode: 'ro' });
    expect(crm?.get('recordings')).toEqual({ path: envOf('crm-core').HOTLINE_RECORDINGS_DIR, mode: 'ro' });
    expect(asterisk?.get('recordings')?.path).toBe(`${asterisk?.get('pbx')?.path}/spool/monitor`);
    for (const name of ['crm-core', 'cti-gateway']) expect([...mounts(name).values()].map(({ path }) => path)).toContain(envOf(name).HOTLINE_DATA_DIR);
    // made in the image, so that the volumes belong to the user of all
    const made = /install -d -o hotline -g hotline (.*)/.exec(readFileSync(join(root, 'dialplans/docker/Dockerfile'), 'utf8'))?.[1]?.split(' ') ?? [];
    for (const { path } of asterisk?.values() ?? []) expect(made).toContain(path);
  });

  it('starts programs that the build makes', () => {
    for (const name of ['crm-core', 'cti-gateway']) {
      const program = service(name).command?.[1] ?? '';
      expect(existsSync(join(root, program.replace(/^\.build\//, '').replace(/\.js$/, '.ts')))).toBe(true);
    }
  });

  it('has no secret of its own', () => {
    expect(composeText).not.toMatch(/(SECRET|PASSWORD|TOKEN): (?!\$\{)\S/);
  });

  const plugin = spawnSync('docker', ['compose', 'version']).status === 0;
  it(`is read by docker compose${plugin ? '' : ' (not tried: this machine has no docker compose)'}`, () => {
    if (!plugin) return;
    const file = join(dir, '.env');
    writeFileSync(file, Object.entries(filledIn).map(([name, value]) => `${name}=${value}\n`).join(''));
    const { status, stdout, stderr } = spawnSync('docker', ['compose', '-f', join(root, 'docker-compose.yml'), '--env-file', file, '--profile', 'demo', 'config', '--format', 'json'], { encoding: 'utf8' });
    expect([status, stderr]).toEqual([0, '']);
    const read = (JSON.parse(stdout) as { services: Record<string, { environment?: Record<string, string> }> }).services;
    for (const [name, { environment }] of Object.entries(composeFile(filledIn).services)) expect(read[name]?.environment ?? {}).toEqual(environment ?? {});
  });
});
