import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LaunchError } from '../launch-error';
import { run, tryRun } from './commands';
import { INDEX_TARGETS_FORMAT, likeliestArchive, mirrorFromIndexTargets, urisOfDeb822, urisOfList } from './debian-sources';

const KEYRINGS = ['/usr/share/keyrings/debian-archive-keyring.pgp', '/usr/share/keyrings/debian-archive-keyring.gpg'];
const TRIPLETS: Readonly<Record<string, string>> = { amd64: 'x86_64-linux-gnu', arm64: 'aarch64-linux-gnu' };

/** What else a person can do where no private copy can be made. */
export const OTHER_WAYS = 'Install Asterisk 18–22 (then it is used), set ASTERISK_AMI_* and ASTERISK_ARI_* to one that runs, or use Docker: `cp cti-gateway/launch/docker/env.example .env`, fill it in, `docker compose up`.';

/** What a private copy needs to know of this machine. */
export interface DebianHost {
  readonly architecture: string;
  readonly triplet: string;
  readonly mirror: string;
  readonly keyring: string;
}

/** @throws LaunchError where no private copy can be made */
export async function inspectHost(): Promise<DebianHost> {
  const architecture = (await tryRun('dpkg', ['--print-architecture']))?.trim();
  const triplet = TRIPLETS[architecture ?? ''];
  const keyring = KEYRINGS.find((path) => existsSync(path));
  if (process.platform !== 'linux' || architecture === undefined || keyring === undefined || triplet === undefined) {
    throw new LaunchError(`No Asterisk here, and a private copy can be made on Debian (amd64, arm64) only. ${OTHER_WAYS}`);
  }
  for (const [program, args] of [['apt-get', ['--version']], ['dpkg-deb', ['--version']], ['tar', ['--version']]] as const) await run(program, args);
  const mirror = await findMirror();
  if (mirror === null) throw new LaunchError(`No Debian mirror is set in this machine's apt sources. ${OTHER_WAYS}`);
  return { architecture, triplet, mirror, keyring };
}

async function findMirror(): Promise<string | null> {
  const targets = await tryRun('apt-get', ['indextargets', '--format', INDEX_TARGETS_FORMAT]);
  const known = mirrorFromIndexTargets(targets ?? '');
  if (known !== null) return known;
  // Before the first `apt-get update` apt lists no targets: read its sources.
  const files = ['/etc/apt/sources.list', ...filesIn('/etc/apt/sources.list.d')].filter((path) => existsSync(path));
  return likeliestArchive(
    files.flatMap((path) => {
      if (path.endsWith('.sources')) return urisOfDeb822(readFileSync(path, 'utf8'));
      return path.endsWith('.list') ? urisOfList(readFileSync(path, 'utf8')) : [];
    }),
  );
}

function filesIn(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : [];
}

/** An apt of our own: own state, own sources, the machine's settings for fetching (proxy, validity of the index). */
export async function privateApt(folder: string, host: DebianHost, suite: string): Promise<NodeJS.ProcessEnv> {
  for (const path of ['etc/apt.conf.d', 'etc/preferences.d', 'etc/trusted.gpg.d', 'etc/sources.list.d', 'state/lists/partial', 'cache/archives/partial', 'log']) {
    mkdirSync(join(folder, path), { recursive: true });
  }
  const acquire = ((await tryRun('apt-config', ['dump'])) ?? '').split('\n').filter((line) => /^Acquire::(Check-Valid-Until|http|https|ftp|Retries|ForceIPv4)\b/i.test(line));
  writeFileSync(join(folder, 'state/status'), '');
  writeFileSync(join(folder, 'etc/sources.list'), `deb [arch=${host.architecture} signed-by=${host.keyring}] ${host.mirror} ${suite} main\n`);
  const settings = [
    `Dir "${folder}"; Dir::Etc "${folder}/etc"; Dir::State "${folder}/state"; Dir::State::status "${folder}/state/status";`,
    // Passwords of the mirror, where it wants some.
    'Dir::Etc::netrc "/etc/apt/auth.conf"; Dir::Etc::netrcparts "/etc/apt/auth.conf.d";',
    `Dir::Cache "${folder}/cache"; Dir::Log "${folder}/log";`,
    `APT::Architecture "${host.architecture}"; APT::Architectures { "${host.architecture}"; };`,
    'APT::Install-Recommends "false"; APT::Install-Suggests "false"; APT::Sandbox::User ""; APT::Get::AllowUnauthenticated "false";',
    'Acquire::Languages "none"; Acquire::PDiffs "false"; Acquire::Retries "3"; Acquire::AllowInsecureRepositories "false";',
    ...acquire,
  ];
  writeFileSync(join(folder, 'apt.conf'), `${settings.join('\n')}\n`);
  const env = { ...process.env, APT_CONFIG: join(folder, 'apt.conf'), LC_ALL: 'C' };
  // apt answers 0 when an index could not be read but an older one is there; here there is none, so ask for errors.
  await run('apt-get', ['-qq', '-o', 'APT::Update::Error-Mode=any', 'update'], { env, timeoutMs: 180_000 });
  return env;
}
