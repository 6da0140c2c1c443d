import path from 'node:path';
import { SettingsReader, type Environment } from './settings-reader';
import { parseDatabaseUrl, type DatabaseTarget } from './db/url';

export interface CrmConfig {
  readonly host: string;
  readonly port: number;
  readonly logLevel: string;
  readonly dataDir: string;
  readonly database: DatabaseTarget;
  readonly internalSecret: string;
  readonly gatewayToken: string;
  /** The gateway's WebSocket: on the panel's own host at `ctiPort`, unless `ctiUrl` says otherwise. */
  readonly ctiPort: number;
  readonly ctiUrl: string | null;
  readonly panelDir: string;
  readonly adminPassword: string | null;
  readonly demo: { readonly password: string } | null;
  /** Area code without the 0, for numbers that come without one and without a line. */
  readonly areaCode: string | null;
  /** Regular expression of the whole of an internal extension. */
  readonly internalPattern: string;
  /** Digits the PBX puts before outside numbers. */
  readonly outsidePrefix: string | null;
  /** Short numbers beyond the general rules that are services too. */
  readonly serviceNumbers: readonly string[];
  /** Callers not reached are listed for this many days after their last try; 0: until they are reached. */
  readonly missedDays: number;
  /** How long the way of a call to the screens is kept. */
  readonly trailDays: number;
  /** A call's record is not done without saying how the call went. */
  readonly dispositionRequired: boolean;
  /** Where Asterisk's recordings are seen from here (its `spool/monitor`); null: nobody can listen. */
  readonly recordingsDir: string | null;
  /** Reverse proxies in front, whose X-Forwarded-* headers are believed. */
  readonly trustedProxies: number;
}

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'];
const SECRET_MIN_LENGTH = 32;
const PASSWORD_MIN_LENGTH = 10;

/** Everything the environment says, or everything that is wrong with it, each sentence beginning with a variable's name. */
export function loadConfig(env: Environment = process.env): { config: CrmConfig } | { problems: string[] } {
  const read = new SettingsReader(env);
  const dataDir = path.resolve(read.text('HOTLINE_DATA_DIR', path.join('.run', 'data')));
  const port = { min: 0, max: 65_535 };
  const config: CrmConfig = {
    host: read.text('HOTLINE_HOST', '127.0.0.1'),
    port: read.integer('HOTLINE_PORT', 8080, port),
    logLevel: logLevel(read),
    dataDir,
    database: database(read, dataDir),
    internalSecret: read.secret('HOTLINE_INTERNAL_SECRET', SECRET_MIN_LENGTH, true) ?? '',
    gatewayToken: read.secret('HOTLINE_GATEWAY_TOKEN', SECRET_MIN_LENGTH, true) ?? '',
    ctiPort: read.integer('HOTLINE_CTI_PORT', 8081, port),
    ctiUrl: read.matching('HOTLINE_CTI_URL', null, { pattern: /^wss?:\/\/[^\s'";,]+$/, hint: 'must begin with ws:// or wss://' }),
    panelDir: path.resolve(read.text('HOTLINE_PANEL_DIR', path.join('.build', 'panel'))),
    adminPassword: read.secret('HOTLINE_ADMIN_PASSWORD', PASSWORD_MIN_LENGTH, false),
    demo: demo(read),
    areaCode: areaCode(read),
    internalPattern: pattern(read, 'HOTLINE_INTERNAL_PATTERN', '\\d{3,5}'),
    outsidePrefix: read.matching('HOTLINE_OUTSIDE_PREFIX', null, { pattern: /^\d{1,4}$/, hint: 'must be 1 to 4 digits' }),
    serviceNumbers: serviceNumbers(read),
    missedDays: read.integer('HOTLINE_MISSED_DAYS', 0, { min: 0, max: 3_650 }),
    trailDays: read.integer('HOTLINE_TRAIL_DAYS', 14, { min: 1, max: 365 }),
    dispositionRequired: read.flag('HOTLINE_DISPOSITION_REQUIRED'),
    recordingsDir: recordingsDir(read),
    trustedProxies: read.integer('HOTLINE_TRUSTED_PROXIES', 0, { min: 0, max: 10 }),
  };
  return read.problems.length === 0 ? { config } : { problems: read.problems };
}

function logLevel(read: SettingsReader): string {
  const level = read.text('HOTLINE_LOG_LEVEL', 'info');
  if (!LOG_LEVELS.includes(level)) read.wrong('HOTLINE_LOG_LEVEL', `must be one of ${LOG_LEVELS.join(', ')}, not "${level}"`);
  return level;
}

function recordingsDir(read: SettingsReader): string | null {
  const folder = read.optional('HOTLINE_RECORDINGS_DIR');
  return folder === null ? null : path.resolve(folder);
}

function database(read: SettingsReader, dataDir: string): DatabaseTarget {
  const fallback = path.join(dataDir, 'hotline.db');
  const url = read.secret('DATABASE_URL', 1, false) ?? `sqlite:${fallback}`;
  const target = parseDatabaseUrl(url);
  if ('dialect' in target) return target;
  read.wrong('DATABASE_URL', target.problem);
  return { dialect: 'sqlite', file: fallback };
}

function demo(read: SettingsReader): CrmConfig['demo'] {
  const password = read.secret('HOTLINE_DEMO_PASSWORD', PASSWORD_MIN_LENGTH, false);
  if (!read.flag('HOTLINE_DEMO')) return null;
  if (password === null) read.wrong('HOTLINE_DEMO_PASSWORD', 'is required with HOTLINE_DEMO=1');
  return { password: password ?? '' };
}

function serviceNumbers(read: SettingsReader): readonly string[] {
  const rule = { pattern: /^\d{2,12}(?: *, *\d{2,12}){0,199}$/, hint: 'must be numbers of 2 to 12 digits, separated by commas, e.g. 8888,12301' };
  return [...new Set((read.matching('HOTLINE_SERVICE_NUMBERS', null, rule) ?? '').split(',').map((number) => number.trim()))].filter(Boolean);
}

function areaCode(read: SettingsReader): string | null {
  const hint = 'must be a Chinese area code, e.g. 20 or 755';
  const value = read.matching('HOTLINE_AREA_CODE', null, { pattern: /^0?(10|2\d|[3-9]\d\d)$/, hint });
  return value === null ? null : value.replace(/^0/, '');
}

function pattern(read: SettingsReader, name: string, fallback: string): string {
  const value = read.text(name, fallback);
  try {
    new RegExp(`^(?:${value})$`);
  } catch {
    read.wrong(name, 'must be a regular expression');
  }
  return value;
}
