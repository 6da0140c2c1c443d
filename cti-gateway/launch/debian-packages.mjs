/**
 * Packages of this machine's own Debian, installed where that is possible without asking: as root. Uses nothing but Node.
 */
import fs from 'node:fs';
import path from 'node:path';
import { runToEnd } from './children.mjs';

/** Whether `program` stands in one of the folders of PATH. */
export function hasProgram(program) {
  return (process.env.PATH ?? '').split(path.delimiter).some((folder) => folder !== '' && fs.existsSync(path.join(folder, program)));
}

/**
 * Installs packages by apt-get, as root on Debian; elsewhere does nothing.
 * @param {string[]} packages
 * @param {(line: string) => void} say
 * @returns {Promise<boolean>} whether they were installed
 */
export async function installDebianPackages(packages, say) {
  if (process.getuid?.() !== 0 || !fs.existsSync('/usr/bin/apt-get')) return false;
  say(`Installing ${packages.join(', ')} (apt-get) …`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const apt = async (...args) => (await runToEnd('apt-get', ['-qq', ...args], { stdio: ['ignore', 'ignore', 'inherit'], env })) === 0;
  // An index that cannot be renewed may still be good enough.
  await apt('update');
  return apt('install', '-y', '--no-install-recommends', ...packages);
}
