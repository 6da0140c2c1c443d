import path from 'node:path';
import { z } from 'zod';
import { EXTENSION } from './domain/agent/extension';
import { SettingsReader, type Environment } from './settings-reader';

/** Everything the gateway is told by its environment. The only reader of `process.env` in this package. */
export interface GatewayConfig {
  readonly host: string;
  readonly port: number;
  readonly logLevel: string;
  readonly dataDir: string;
  readonly internalSecret: string;
  readonly gatewayToken: string;
  readonly crmUrl: string;
  /** Where the panel is served; its origin may open the WebSockets. */
  readonly panelPort: number;
  readonly allowedOrigins: readonly string[];
  readonly ami: ManagerAccount;
  /** Account of the event feed; one of its own may read and nothing else. Default: `ami`. */
  readonly amiFeed: ManagerAccount;
  readonly ari: { readonly url: string; readonly username: string; readonly password: string };
  readonly sipWsUrl: string;
  readonly queue: string;
  /** How long the queue rings one agent (`timeout` in queues.conf), which Asterisk does not tell; null: not known. */
  readonly queueRingSec: number | null;
  readonly trunks: readonly string[];
  /** Passwords of browser phones by extension. */
  readonly phones: ReadonlyMap<string, string>;
  readonly lines: readonly { readonly number: string; readonly label: string }[];
  /** Area code without the 0 for numbers written without one; null: that of the first line. */
  readonly areaCode: string | null;
  /** Digits the PBX puts before outside numbers. */
  readonly outsidePrefix: string | null;
  readonly dialPerMinute: number;
  readonly signOutAfterMs: number;
  /** How long the dialplan believes the list of marked callers when nobody keeps it up to date. */
  readonly callerMarksValidSec: number;
  /** Wrap-up after each call; 0: none. */
  readonly wrapUpMs: number;
  /** Longest wrap-up, extensions included; never less than `wrapUpMs`. */
  readonly wrapUpMaxMs: number;
  readonly demoCarrierUrl: string | null;
  /** Asterisk's channel event log (cel_custom.conf), read after a gap; null: what happened in a gap stays unknown. */
  readonly celFile: string | null;
  /** The log is put aside when large, and deleted after so long; 0: left alone. */
  readonly celKeepDays: number;
}

export interface ManagerAccount {
  readonly host: string;
  readonly port: number;
  readonly username: string;
  readonly secret: string;
}

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'];
const SECRET_MIN_LENGTH = 32;
const PORT = { min: 0, max: 65_535 };
const HTTP = { protocols: ['http://', 'https://'] };
const NAME = { pattern: /^[A-Za-z0-9_-]{1,64}$/, hint: 'must be a name of letters, digits, - and _' };
const Phones = z.record(z.string().regex(EXTENSION), z.object({ password: z.string().min(1).max(256) }));

/** The configuration, or everything that is wrong with it, each sentence beginning with a variable's name. */
export function loadConfig(env: Environment = process.env): { config: GatewayConfig } | { problems: string[] } {
  const read = new SettingsReader(env);
  const ari = ariOf(read);
  const ami = amiOf(read);
  const config: GatewayConfig = {
    host: read.host('HOTLINE_CTI_HOST', '127.0.0.1'),
    ...portsOf(read),
    logLevel: read.oneOf('HOTLINE_LOG_LEVEL', 'info', LOG_LEVELS),
    dataDir: read.folder('HOTLINE_DATA_DIR', path.join('.run', 'data')),
    internalSecret: read.secret('HOTLINE_INTERNAL_SECRET', SECRET_MIN_LENGTH),
    gatewayToken: read.secret('HOTLINE_GATEWAY_TOKEN', SECRET_MIN_LENGTH),
    crmUrl: withoutSlash(read.url('HOTLINE_CRM_URL', 'http://127.0.0.1:8080', HTTP)),
    ami,
    amiFeed: amiFeedOf(read, ami),
    ari,
    sipWsUrl: withoutSlash(read.url('ASTERISK_SIP_WS_URL', `${ari.url.replace(/^http/, 'ws')}/ws`, { protocols: ['ws://', 'wss://'] })),
    queue: read.matching('HOTLINE_QUEUE', 'hotline', NAME),
    queueRingSec:
      read.optional('HOTLINE_QUEUE_RING_SECONDS') === null ? null : read.integer('HOTLINE_QUEUE_RING_SECONDS', 0, { min: 1, max: 600 }),
    trunks: trunksOf(read),
    phones: phonesOf(read),
    lines: linesOf(read),
    areaCode: areaCodeOf(read),
    outsidePrefix: read.matching('HOTLINE_OUTSIDE_PREFIX', null, { pattern: /^\d{1,4}$/, hint: 'must be 1 to 4 digits' }),
    dialPerMinute: read.integer('HOTLINE_DIAL_PER_MINUTE', 12, { min: 1, max: 600 }),
    signOutAfterMs: read.integer('HOTLINE_SIGNOUT_AFTER_MS', 15_000, { min: 1_000, max: 3_600_000 }),
    callerMarksValidSec: read.integer('HOTLINE_CALLER_MARKS_VALID_SECONDS', 600, { min: 5, max: 86_400 }),
    ...wrapUpOf(read),
    demoCarrierUrl: demoCarrierOf(read),
    celFile: read.optional('HOTLINE_CEL_FILE'),
    celKeepDays: read.integer('HOTLINE_CEL_KEEP_DAYS', 90, { min: 0, max: 3_650 }),
  };
  return read.problems.length === 0 ? { config } : { problems: read.problems };
}

function amiOf(read: SettingsReader): ManagerAccount {
  return {
    host: read.host('ASTERISK_AMI_HOST', '127.0.0.1'),
    port: read.integer('ASTERISK_AMI_PORT', 5038, { min: 1, max: 65_535 }),
    username: read.matching('ASTERISK_AMI_USER', 'gateway', NAME),
    secret: read.secret('ASTERISK_AMI_SECRET', 1),
  };
}

/** A name without its secret is a mistake, not the other account. */
function amiFeedOf(read: SettingsReader, ami: ManagerAccount): ManagerAccount {
  const [user, secret] = ['ASTERISK_AMI_FEED_USER', 'ASTERISK_AMI_FEED_SECRET'] as const;
  if (!read.has(user) && !read.has(secret)) return ami;
  return { ...ami, username: read.matching(user, 'gateway-feed', NAME), secret: read.secret(secret, 1) };
}

function ariOf(read: SettingsReader): GatewayConfig['ari'] {
  return {
    url: withoutSlash(read.url('ASTERISK_ARI_URL', 'http://127.0.0.1:8088', HTTP)),
    username: read.matching('ASTERISK_ARI_USER', 'gateway', NAME),
    password: read.secret('ASTERISK_ARI_PASSWORD', 1),
  };
}

function withoutSlash(url: string): string {
  return url.replace(/\/+$/, '');
}

/** Where origins are named, the panel may be on another machine, at the same port. */
function portsOf(read: SettingsReader): Pick<GatewayConfig, 'port' | 'panelPort' | 'allowedOrigins'> {
  const port = read.integer('HOTLINE_CTI_PORT', 8081, PORT);
  const panelPort = read.integer('HOTLINE_PORT', 8080, PORT);
  const allowedOrigins = originsOf(read);
  if (allowedOrigins.length === 0 && port === panelPort && port !== 0)
    read.wrong('HOTLINE_CTI_PORT', `must not be that of HOTLINE_PORT, ${panelPort}`);
  return { port, panelPort, allowedOrigins };
}

function originsOf(read: SettingsReader): readonly string[] {
  const origins = read.list('HOTLINE_ALLOWED_ORIGINS');
  for (const origin of origins) {
    const url = URL.canParse(origin) ? new URL(origin) : null;
    if (url?.origin !== origin)
      read.wrong('HOTLINE_ALLOWED_ORIGINS', `must be origins such as https://hotline.example.com, not "${origin}"`);
  }
  return origins;
}

function trunksOf(read: SettingsReader): readonly string[] {
  const trunks = read.list('HOTLINE_TRUNKS');
  for (const trunk of trunks) if (!NAME.pattern.test(trunk)) read.wrong('HOTLINE_TRUNKS', `must be endpoint names, not "${trunk}"`);
  return trunks.length > 0 ? trunks : ['trunk'];
}

function phonesOf(read: SettingsReader): ReadonlyMap<string, string> {
  const name = 'HOTLINE_PHONES_FILE';
  const file = read.optional(name);
  const text = file === null ? null : read.file(name, file);
  if (text === null) return new Map();
  const phones = Phones.safeParse(parseJson(text));
  // Not the parser's own words: they may quote a password.
  if (!phones.success) read.wrong(name, 'must hold JSON such as { "1001": { "password": "…" } }');
  return new Map(Object.entries(phones.data ?? {}).map(([extension, { password }]) => [extension, password]));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function linesOf(read: SettingsReader): GatewayConfig['lines'] {
  return read.list('HOTLINE_LINES').map((entry) => {
    const [number = '', label = ''] = entry.split('=', 2).map((part) => part.trim());
    if (!/^\d{3,20}$/.test(number)) read.wrong('HOTLINE_LINES', `must be number=label, comma between, not "${entry}"`);
    return { number, label: label === '' ? number : label };
  });
}

function areaCodeOf(read: SettingsReader): string | null {
  const rule = { pattern: /^0?(10|2\d|[3-9]\d\d)$/, hint: 'must be a Chinese area code, e.g. 20 or 755' };
  return read.matching('HOTLINE_AREA_CODE', null, rule)?.replace(/^0/, '') ?? null;
}

function wrapUpOf(read: SettingsReader): Pick<GatewayConfig, 'wrapUpMs' | 'wrapUpMaxMs'> {
  const seconds = read.integer('HOTLINE_WRAPUP_SECONDS', 60, { min: 0, max: 3_600 });
  const most = read.integer('HOTLINE_WRAPUP_MAX_SECONDS', Math.max(300, seconds), { min: 0, max: 7_200 });
  if (most < seconds) read.wrong('HOTLINE_WRAPUP_MAX_SECONDS', `must not be less than HOTLINE_WRAPUP_SECONDS (${seconds})`);
  return { wrapUpMs: seconds * 1000, wrapUpMaxMs: most * 1000 };
}

function demoCarrierOf(read: SettingsReader): string | null {
  const name = 'HOTLINE_DEMO_CARRIER_URL';
  const value = read.url(name, null, { ...HTTP, secret: true });
  return value === null ? null : withoutSlash(value);
}
