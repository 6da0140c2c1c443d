import path from 'node:path';
import { InternalPattern } from '../contract/numbering';
import { parseDatabaseUrl, type DatabaseTarget } from './db/url';
import { canHoldFiles, SettingsReader, type Environment } from './settings-reader';

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
const PORT = { min: 0, max: 65_535 };

/** Everything the environment says, or everything that is wrong with it, each sentence beginning with a variable's name. */
export function loadConfig(env: Environment = process.env): { config: CrmConfig } | { problems: string[] } {
  const read = new SettingsReader(env);
  const config: CrmConfig = {
    host: read.host('HOTLINE_HOST', '127.0.0.1'),
    ...places(read),
    logLevel: read.oneOf('HOTLINE_LOG_LEVEL', 'info', LOG_LEVELS),
    ...storage(read),
    internalSecret: read.secret('HOTLINE_INTERNAL_SECRET', SECRET_MIN_LENGTH),
    gatewayToken: read.secret('HOTLINE_GATEWAY_TOKEN', SECRET_MIN_LENGTH),
    panelDir: path.resolve(read.text('HOTLINE_PANEL_DIR', path.join('.build', 'panel'))),
    adminPassword: read.optionalSecret('HOTLINE_ADMIN_PASSWORD', PASSWORD_MIN_LENGTH),
    demo: demo(read),
    areaCode: areaCode(read),
    internalPattern: internalPattern(read),
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

function places(read: SettingsReader): Pick<CrmConfig, 'port' | 'ctiPort' | 'ctiUrl'> {
  const port = read.integer('HOTLINE_PORT', 8080, PORT);
  const ctiPort = read.integer('HOTLINE_CTI_PORT', 8081, { ...PORT, min: 1 });
  const ctiUrl = read.url('HOTLINE_CTI_URL', null, { protocols: ['ws://', 'wss://'] });
  if (ctiUrl === null && port === ctiPort) read.wrong('HOTLINE_CTI_PORT', `must not be that of HOTLINE_PORT, ${port}`);
  return { port, ctiPort, ctiUrl };
}

function recordingsDir(read: SettingsReader): string | null {
  const folder = read.optional('HOTLINE_RECORDINGS_DIR');
  return folder === null ? null : path.resolve(folder);
}

/** The data folder is looked at only where the database is in it: with a server there is nothing to write. */
function storage(read: SettingsReader): Pick<CrmConfig, 'dataDir' | 'database'> {
  const fallback = path.join('.run', 'data');
  const dataDir = path.resolve(read.text('HOTLINE_DATA_DIR', fallback));
  const url = read.optionalSecret('DATABASE_URL', 1);
  const ownFile: DatabaseTarget = { dialect: 'sqlite', file: path.join(dataDir, 'hotline.db') };
  if (!read.has('DATABASE_URL')) read.folder('HOTLINE_DATA_DIR', fallback);
  if (url === null) return { dataDir, database: ownFile };
  const target = parseDatabaseUrl(url);
  if ('problem' in target) read.wrong('DATABASE_URL', target.problem);
  else if (target.dialect === 'sqlite' && !canHoldFiles(path.dirname(target.file)))
    read.wrong('DATABASE_URL', `must name a file in a folder that can be written, not "${target.file}"`);
  return { dataDir, database: 'problem' in target ? ownFile : target };
}

function demo(read: SettingsReader): CrmConfig['demo'] {
  const password = read.optionalSecret('HOTLINE_DEMO_PASSWORD', PASSWORD_MIN_LENGTH);
  if (!read.flag('HOTLINE_DEMO')) return null;
  if (!read.has('HOTLINE_DEMO_PASSWORD')) read.wrong('HOTLINE_DEMO_PASSWORD', 'is required with HOTLINE_DEMO=1');
  return { password: password ?? '' };
}

function serviceNumbers(read: SettingsReader): readonly string[] {
  const rule = {
    pattern: /^\d{2,12}(?: *, *\d{2,12}){0,199}$/,
    hint: 'must be numbers of 2 to 12 digits, separated by commas, e.g. 8888,12301',
  };
  return [...new Set((read.matching('HOTLINE_SERVICE_NUMBERS', null, rule) ?? '').split(',').map((number) => number.trim()))].filter(
    Boolean,
  );
}

function areaCode(read: SettingsReader): string | null {
  const hint = 'must be a Chinese area code, e.g. 20 or 755';
  const value = read.matching('HOTLINE_AREA_CODE', null, { pattern: /^0?(10|2\d|[3-9]\d\d)$/, hint });
  return value === null ? null : value.replace(/^0/, '');
}

/** The rule is that of `PUT /numbering`: what the environment says can be saved unchanged. */
function internalPattern(read: SettingsReader): string {
  const value = read.text('HOTLINE_INTERNAL_PATTERN', '\\d{3,5}');
  if (!InternalPattern.safeParse(value).success)
    read.wrong('HOTLINE_INTERNAL_PATTERN', 'must be digits, \\d, classes and counts with | between alternatives, e.g. 8\\d{3}|[1-3]\\d{2}');
  return value;
}
