import { EXTENSION } from '../src/domain/agent/extension';
import { addressProblems } from './addresses';
import type { PhoneKind } from './agents';
import { LaunchError } from './launch-error';
import { isOpenHours } from './open-hours';
import { oncePerVariable, serviceProblems } from './service-settings';

/** Settings of `npm start` itself; everything else in the environment goes to the services as it is. */
export interface StartSettings {
  readonly host: string;
  /** Default: `host`. */
  readonly ctiHost: string;
  readonly panelPort: number;
  readonly ctiPort: number;
  /** Address for desk phones; 127.0.0.1 keeps the telephone system to this machine. */
  readonly sipHost: string;
  readonly sipPort: number | null;
  /** Address that browsers on other machines send their audio to. */
  readonly mediaAddress: string | null;
  /** How long the queue rings one agent; null: the default. */
  readonly ringSeconds: number | null;
  /** When the lines are open, as Asterisk's GotoIfTime reads it; null: always. */
  readonly openHours: string | null;
  /** Extensions that have a desk phone instead of the browser. */
  readonly deskPhones: readonly string[];
  /** Database, journal, logs; null: in the run folder. */
  readonly dataDir: string | null;
  /** Whether an empty database is filled with the demo: what a start without any settings is for. */
  readonly demo: boolean;
  /** Environment of an Asterisk that runs elsewhere, or null: bring one up. */
  readonly external: Record<string, string> | null;
}

const EXTERNAL = [
  'ASTERISK_AMI_HOST',
  'ASTERISK_AMI_PORT',
  'ASTERISK_AMI_USER',
  'ASTERISK_AMI_SECRET',
  'ASTERISK_AMI_FEED_USER',
  'ASTERISK_AMI_FEED_SECRET',
  'ASTERISK_ARI_URL',
  'ASTERISK_ARI_USER',
  'ASTERISK_ARI_PASSWORD',
  'ASTERISK_SIP_WS_URL',
];
/** What the Asterisk that `npm start` brings up decides itself. */
const OWN_ASTERISK = ['HOTLINE_PHONES_FILE', 'HOTLINE_CEL_FILE', 'HOTLINE_RECORDINGS_DIR'];
/** The rest has defaults, see config.ts of cti-gateway. */
const NEEDED = ['ASTERISK_AMI_SECRET', 'ASTERISK_ARI_PASSWORD'];

/**
 * Reads and checks the environment, also what it says to the services; every wrong value is named, all at once.
 * @throws LaunchError
 */
export async function demandStartSettings(env: NodeJS.ProcessEnv): Promise<StartSettings> {
  const { settings, problems } = readStartSettings(env);
  const all = [
    ...problems,
    ...(await addressProblems(settings)),
    ...(await serviceProblems(env, { external: settings.external !== null })),
  ];
  if (all.length > 0) throw new LaunchError(['Please correct:', ...oncePerVariable(all).map((problem) => `  ${problem}`)].join('\n'));
  return settings;
}

export function readStartSettings(env: NodeJS.ProcessEnv): { settings: StartSettings; problems: string[] } {
  const problems: string[] = [];
  const text = (name: string): string | null => env[name]?.trim() || null;
  const whole = (name: string, most: number): number | null => {
    const value = text(name);
    if (value === null) return null;
    if (!/^\d+$/.test(value) || Number(value) < 1 || Number(value) > most)
      problems.push(`${name} must be a whole number from 1 to ${most}, not "${value}"`);
    return Number(value);
  };
  const deskPhones = (env.HOTLINE_DESK_PHONES ?? '')
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
  if (deskPhones.some((extension) => !EXTENSION.test(extension)))
    problems.push('HOTLINE_DESK_PHONES must be extensions separated by commas, e.g. 1002,1003');
  const settings: StartSettings = {
    host: text('HOTLINE_HOST') ?? '127.0.0.1',
    ctiHost: text('HOTLINE_CTI_HOST') ?? text('HOTLINE_HOST') ?? '127.0.0.1',
    panelPort: whole('HOTLINE_PORT', 65_535) ?? 8080,
    ctiPort: whole('HOTLINE_CTI_PORT', 65_535) ?? 8081,
    sipHost: text('HOTLINE_SIP_HOST') ?? '127.0.0.1',
    sipPort: whole('HOTLINE_SIP_PORT', 65_535),
    mediaAddress: text('HOTLINE_MEDIA_ADDRESS'),
    ringSeconds: whole('HOTLINE_QUEUE_RING_SECONDS', 300),
    openHours: openHoursOf(env, problems),
    deskPhones,
    dataDir: text('HOTLINE_DATA_DIR'),
    demo: text('HOTLINE_DEMO') !== '0',
    external: externalAsterisk(env, problems),
  };
  if (!['0', '1', null].includes(text('HOTLINE_DEMO'))) problems.push(`HOTLINE_DEMO must be 0 or 1, not "${text('HOTLINE_DEMO')}"`);
  if (settings.panelPort === settings.ctiPort)
    problems.push(`HOTLINE_PORT and HOTLINE_CTI_PORT must differ, both are ${settings.panelPort}`);
  return { settings, problems };
}

function openHoursOf(env: NodeJS.ProcessEnv, problems: string[]): string | null {
  const text = env.HOTLINE_OPEN_HOURS?.trim() ?? '';
  if (text === '') return null;
  if (!isOpenHours(text))
    problems.push(`HOTLINE_OPEN_HOURS must be times,weekdays,days,months, e.g. 09:00-18:00,mon-fri,*,*, not "${text}"`);
  return text;
}

/** One of the settings given means: that Asterisk. Then all that are needed must be there. */
function externalAsterisk(env: NodeJS.ProcessEnv, problems: string[]): Record<string, string> | null {
  const has = (name: string): boolean => Boolean(env[name]) || Boolean(env[`${name}_FILE`]);
  if (!EXTERNAL.some(has)) {
    for (const name of OWN_ASTERISK.filter(has))
      problems.push(`${name} is for an Asterisk of your own (see ASTERISK_AMI_*); the one of npm start has its own`);
    return null;
  }
  const missing = NEEDED.filter((name) => !has(name));
  if (missing.length > 0) problems.push(`${missing.join(', ')} must be set too, to use the Asterisk you named`);
  return Object.fromEntries(EXTERNAL.filter((name) => env[name]).map((name) => [name, env[name] ?? '']));
}

/** Which telephone an extension has, and how to find its wish in the settings. */
export function phoneKindOf(settings: StartSettings, extension: string, standard: PhoneKind): PhoneKind {
  return settings.deskPhones.includes(extension) ? 'desk' : standard;
}
