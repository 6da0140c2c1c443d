import { existsSync, mkdirSync, readFileSync, readdirSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { repositoryRoot, runFolder } from '../repository';
import { silent, type Say } from '../launch-error';
import { withLock } from '../lock';
import { run, tryRun } from './commands';
import { makeDebianCopy } from './debian-copy';

/** An Asterisk that can be started: programs and the folders its instances share. */
export interface Distribution {
  readonly origin: 'installed' | 'private';
  readonly asterisk: string;
  /** Null with an installed Asterisk on a machine without SIPp. */
  readonly sipp: string | null;
  readonly version: string;
  readonly moduleFolder: string;
  /** Holds documentation/, rest-api/, sounds/. */
  readonly dataFolder: string;
}

const OLDEST = 18;
const NEWEST = 22;

/** `Asterisk 22.10.1~dfsg…` → `22.10.1`; null when it is none of the releases this product is made for. */
export function supportedVersion(output: string): string | null {
  const match = /^Asterisk (?:certified[-/])?((\d+)(?:\.\d+)*)/.exec(output.trim());
  const major = Number(match?.[2]);
  return match?.[1] !== undefined && major >= OLDEST && major <= NEWEST ? match[1] : null;
}

/** Names of the modules that a file of `dialplans/modules.d/` loads. */
export function wantedModules(text: string): string[] {
  return [...text.matchAll(/^load\s*=>?\s*(\S+\.so)/gm)].map((match) => match[1] ?? '');
}

export interface EnsureOptions {
  readonly say?: Say;
  readonly root?: string;
  /** Take the private copy even where Asterisk is installed. */
  readonly privateOnly?: boolean;
}

/**
 * An Asterisk to start: the installed one where it is of a supported release, else a private copy, made on the first use.
 * Two processes may call this at once; one makes the copy, the other waits for it.
 */
export async function ensureAsterisk(options: EnsureOptions = {}): Promise<Distribution> {
  const root = options.root ?? repositoryRoot();
  const installed = options.privateOnly === true ? null : await installedAsterisk(options.say ?? silent);
  if (installed !== null) return installed;
  const folder = join(runFolder(root), 'asterisk');
  const ready = await privateAsterisk(folder);
  if (ready !== null) return ready;
  mkdirSync(runFolder(root), { recursive: true, mode: 0o700 });
  const say = options.say ?? silent;
  const make = async (): Promise<Distribution> => {
    const made = await privateAsterisk(folder);
    if (made !== null) return made;
    const lists = join(root, 'dialplans/modules.d');
    const modules = readdirSync(lists).flatMap((name) => wantedModules(readFileSync(join(lists, name), 'utf8')));
    await makeDebianCopy(folder, modules, say);
    const fresh = await privateAsterisk(folder);
    if (fresh === null) throw new Error(`the private copy of Asterisk in ${folder} does not run`);
    return fresh;
  };
  return withLock(`${folder}.lock`, make, { say });
}

async function privateAsterisk(folder: string): Promise<Distribution | null> {
  const asterisk = join(folder, 'bin/asterisk');
  if (!existsSync(asterisk)) return null;
  const version = supportedVersion((await tryRun(asterisk, ['-V'])) ?? '');
  const triplet = readdirSync(join(folder, 'usr/lib')).find((name) => name.endsWith('-linux-gnu'));
  if (version === null || triplet === undefined) return null;
  return {
    origin: 'private',
    asterisk,
    sipp: join(folder, 'bin/sipp'),
    version,
    moduleFolder: join(folder, 'usr/lib', triplet, 'asterisk/modules'),
    dataFolder: join(folder, 'usr/share/asterisk'),
  };
}

/** One that is there and cannot be used is not passed over without a word. */
async function installedAsterisk(say: Say): Promise<Distribution | null> {
  const asterisk = findProgram('asterisk', ['/usr/sbin', '/usr/local/sbin']);
  if (asterisk === null) return null;
  const told = ((await tryRun(asterisk, ['-V'])) ?? '').trim();
  const version = supportedVersion(told);
  const prefix = asterisk.startsWith('/usr/local/') ? '/usr/local' : '/usr';
  const machine = (await run('uname', ['-m'])).trim();
  const moduleFolder = [`/usr/lib/${machine}-linux-gnu`, `${prefix}/lib`, `${prefix}/lib64`, '/usr/lib', '/usr/lib64'].map((path) => join(path, 'asterisk/modules')).find((path) => existsSync(join(path, 'chan_pjsip.so')));
  const dataFolder = ['/usr/share/asterisk', '/var/lib/asterisk', join(prefix, 'share/asterisk')].find((path) => existsSync(join(path, 'rest-api')));
  if (version === null || moduleFolder === undefined || dataFolder === undefined) {
    const why = version === null ? `it says "${told}", and releases ${OLDEST} to ${NEWEST} are supported` : 'it lacks chan_pjsip or the files of ARI';
    say(`The installed ${asterisk} is not used: ${why}.`);
    return null;
  }
  return { origin: 'installed', asterisk, sipp: findProgram('sipp', []), version, moduleFolder, dataFolder };
}

function findProgram(name: string, more: readonly string[]): string | null {
  const folders = [...(process.env.PATH ?? '').split(delimiter), ...more].filter((folder) => folder !== '');
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path) && dirname(path) !== '') ?? null;
}
