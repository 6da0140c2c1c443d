import { chmodSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LaunchError, messageOf, type Say } from '../launch-error';
import { run } from './commands';
import { missingLibraries } from './library-check';
import { inspectHost, OTHER_WAYS, privateApt, type DebianHost } from './private-apt';

/**
 * A private copy of Asterisk 22 and SIPp from the machine's own Debian mirror: packages of the next release, checked
 * against the keyring of this machine, unpacked into a folder and run by that folder's own loader. Needs no root and
 * touches neither dpkg nor apt of the machine.
 */

/** What Asterisk needs with the modules of `dialplans/modules.conf`; when the list no longer fits, all dependencies are taken. */
const PACKAGES = [
  ...['asterisk', 'asterisk-modules', 'asterisk-core-sounds-en-gsm', 'sip-tester', 'libc6', 'libgcc-s1', 'libstdc++6', 'zlib1g', 'libzstd1'],
  ...['libbsd0', 'libmd0', 'libcap2', 'libcrypt1', 'libedit2', 'libtinfo6', 'libjansson4', 'liburiparser1', 'libuuid1', 'libsqlite3-0'],
  ...['libsystemd0', 'libxml2-16', 'libxslt1.1', 'libssl3t64', 'libsrtp2-1', 'libnss3', 'libnspr4', 'libgsm1', 'libogg0', 'libopus0'],
  ...['libopusenc0', 'libopusfile0', 'libgsl28', 'libgslcblas0', 'libncursesw6', 'libpcap0.8t64', 'libpugixml1v5', 'libsctp1', 'libdbus-1-3'],
];
const ROOTS = ['asterisk', 'asterisk-modules', 'asterisk-core-sounds-en-gsm', 'sip-tester'];
const SUITES = ['forky', 'sid'];
const UNWANTED = ['doc', 'man', 'locale', 'info', 'lintian', 'perl', 'gcc', 'gdb'];

export interface DebianCopy {
  readonly folder: string;
  readonly triplet: string;
}

/** Makes the copy at `folder` (replaced as a whole at the end, so a broken attempt leaves nothing). */
export async function makeDebianCopy(folder: string, modules: readonly string[], say: Say): Promise<DebianCopy> {
  const host = await inspectHost();
  const work = `${folder}.work`;
  const problems: string[] = [];
  try {
    for (const suite of SUITES) {
      rmSync(work, { recursive: true, force: true });
      say(`Asterisk: reading the package index of Debian "${suite}" from this machine's own mirror …`);
      try {
        const apt = await privateApt(join(work, 'apt'), host, suite);
        await fill(join(work, 'copy'), apt, { host, modules, say });
        rmSync(folder, { recursive: true, force: true });
        renameSync(join(work, 'copy'), folder);
        return { folder, triplet: host.triplet };
      } catch (error) {
        if (error instanceof LaunchError) throw error;
        problems.push(`${suite}: ${messageOf(error)}`);
      }
    }
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  throw new LaunchError(`Asterisk could not be fetched from this machine's Debian mirror; is the network up? ${OTHER_WAYS} (${problems.join('; ')})`);
}

interface FillOptions {
  readonly host: DebianHost;
  readonly modules: readonly string[];
  readonly say: Say;
}

async function fill(copy: string, apt: NodeJS.ProcessEnv, options: FillOptions): Promise<void> {
  try {
    await unpack(copy, apt, PACKAGES, options);
  } catch (error) {
    options.say(`Asterisk: the short list of packages no longer fits (${messageOf(error)}); taking all dependencies …`);
    const simulated = await run('apt-get', ['-qq', '-y', '--simulate', 'install', ...ROOTS], { env: apt });
    const all = [...simulated.matchAll(/^Inst (\S+)/gm)].map((match) => match[1] ?? '');
    await unpack(copy, apt, all, options);
  }
}

async function unpack(copy: string, apt: NodeJS.ProcessEnv, packages: readonly string[], { host, modules, say }: FillOptions): Promise<void> {
  rmSync(copy, { recursive: true, force: true });
  const downloads = `${copy}.debs`;
  mkdirSync(downloads, { recursive: true });
  mkdirSync(copy, { recursive: true });
  const sizes = await run('apt-get', ['-qq', '--print-uris', 'download', ...packages], { env: apt, cwd: downloads });
  const bytes = [...sizes.matchAll(/^\S+ \S+ (\d+) /gm)].reduce((sum, match) => sum + Number(match[1]), 0);
  say(`Asterisk: downloading ${packages.length} packages (${(bytes / 1e6).toFixed(0)} MB), signatures checked …`);
  await run('apt-get', ['-qq', 'download', ...packages], { env: apt, cwd: downloads, timeoutMs: 900_000 });
  say('Asterisk: unpacking …');
  for (const name of readdirSync(downloads)) await run('dpkg-deb', ['-x', join(downloads, name), copy]);
  rmSync(downloads, { recursive: true, force: true });
  for (const name of UNWANTED) rmSync(join(copy, 'usr/share', name), { recursive: true, force: true });
  const sounds = join(copy, 'usr/share/asterisk/sounds');
  if (!existsSync(join(sounds, 'en'))) symlinkSync('en_US_f_Allison', join(sounds, 'en'));
  writeWrapper(copy, host.triplet, 'usr/sbin/asterisk');
  writeWrapper(copy, host.triplet, 'usr/bin/sipp');
  const missing = await missingLibraries(copy, host.triplet, modules);
  if (missing !== null) throw new Error(missing);
}

/**
 * Runs a program of the copy by the copy's loader and libraries. `--argv0` names the wrapper, because Asterisk restarts
 * itself (`core restart now`) by running its own name again.
 */
function writeWrapper(copy: string, triplet: string, program: string): void {
  const name = program.replace(/^.*\//, '');
  const lines = [
    '#!/bin/sh',
    'R=$(cd "$(dirname "$0")/.." && pwd)',
    `L=$R/usr/lib/${triplet}`,
    `exec "$L"/ld-linux-*.so.* --inhibit-cache --library-path "$L" --argv0 "$R/bin/${name}" "$R/${program}" "$@"`,
  ];
  mkdirSync(join(copy, 'bin'), { recursive: true });
  writeFileSync(join(copy, 'bin', name), `${lines.join('\n')}\n`);
  chmodSync(join(copy, 'bin', name), 0o755);
}
