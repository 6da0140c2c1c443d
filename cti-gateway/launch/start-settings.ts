import { EXTENSION } from '../src/domain/agent/extension';
import { LaunchError } from './launch-error';
import type { PhoneKind } from './agents';

/** Settings of `npm start` itself; everything else in the environment goes to the services as it is. */
export interface StartSettings {
  readonly host: string;
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
];
/** The rest has defaults, see config.ts of cti-gateway. */
const NEEDED = ['ASTERISK_AMI_SECRET', 'ASTERISK_ARI_PASSWORD'];

/** Reads and checks the environment; every wrong value is named, all at once. */
export function readStartSettings(env: NodeJS.ProcessEnv): StartSettings {
  const problems: string[] = [];
  const whole = (name: string, most: number): number | null => {
    const text = env[name];
    if (text === undefined || text === '') return null;
    if (!/^\d+$/.test(text) || Number(text) < 1 || Number(text) > most)
      problems.push(`${name} must be a whole number from 1 to ${most}, not "${text}"`);
    return Number(text);
  };
  const deskPhones = (env.HOTLINE_DESK_PHONES ?? '')
    .split(',')
    .map((text) => text.trim())
    .filter((text) => text !== '');
  if (deskPhones.some((extension) => !EXTENSION.test(extension)))
    problems.push('HOTLINE_DESK_PHONES must be extensions separated by commas, e.g. 1002,1003');
  const settings: StartSettings = {
    host: env.HOTLINE_HOST || '127.0.0.1',
    panelPort: whole('HOTLINE_PORT', 65_535) ?? 8080,
    ctiPort: whole('HOTLINE_CTI_PORT', 65_535) ?? 8081,
    sipHost: env.HOTLINE_SIP_HOST || '127.0.0.1',
    sipPort: whole('HOTLINE_SIP_PORT', 65_535),
    mediaAddress: env.HOTLINE_MEDIA_ADDRESS || null,
    ringSeconds: whole('HOTLINE_QUEUE_RING_SECONDS', 300),
    openHours: openHoursOf(env, problems),
    deskPhones,
    external: externalAsterisk(env, problems),
  };
  if (settings.panelPort === settings.ctiPort)
    problems.push(`HOTLINE_PORT and HOTLINE_CTI_PORT must differ, both are ${settings.panelPort}`);
  if (problems.length > 0) throw new LaunchError(`Please correct: ${problems.join('; ')}.`);
  return settings;
}

/** `HH:MM-HH:MM,weekdays,days,months`; each may be `*`, weekdays and months are English names of three letters. */
const OPEN_HOURS = /^(?:\*|\d\d:\d\d-\d\d:\d\d),(?:\*|[a-z]{3}(?:-[a-z]{3})?(?:&[a-z]{3}(?:-[a-z]{3})?)*),(?:\*|[\d&-]+),(?:\*|[a-z&-]+)$/;

function openHoursOf(env: NodeJS.ProcessEnv, problems: string[]): string | null {
  const text = env.HOTLINE_OPEN_HOURS?.trim() ?? '';
  if (text === '') return null;
  if (!OPEN_HOURS.test(text))
    problems.push(`HOTLINE_OPEN_HOURS must be times,weekdays,days,months, e.g. 09:00-18:00,mon-fri,*,*, not "${text}"`);
  return text;
}

/** One of the settings given means: that Asterisk. Then all that are needed must be there. */
function externalAsterisk(env: NodeJS.ProcessEnv, problems: string[]): Record<string, string> | null {
  const has = (name: string): boolean => Boolean(env[name]) || Boolean(env[`${name}_FILE`]);
  if (!EXTERNAL.some(has)) return null;
  const missing = NEEDED.filter((name) => !has(name));
  if (missing.length > 0) problems.push(`${missing.join(', ')} must be set too, to use the Asterisk you named`);
  return Object.fromEntries(EXTERNAL.filter((name) => env[name]).map((name) => [name, env[name] ?? '']));
}

/** Which telephone an extension has, and how to find its wish in the settings. */
export function phoneKindOf(settings: StartSettings, extension: string, standard: PhoneKind): PhoneKind {
  return settings.deskPhones.includes(extension) ? 'desk' : standard;
}
