/**
 * Packages of this machine's own Debian, installed where that is possible without asking: as root. Uses nothing but Node.
 */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

/** Whether `program` stands in one of the folders of PATH. */
export function hasProgram(program) {
  return (process.env.PATH ?? '').split(path.delimiter).some((folder) => folder !== '' && fs.existsSync(path.join(folder, program)));
}

/**
 * Installs packages by apt-get, as root on Debian; elsewhere does nothing.
 * @param {string[]} packages
 * @param {(line: string) => void} say
 * @returns {boolean} whether they were installed
 */
export function installDebianPackages(packages, say) {
  if (process.getuid?.() !== 0 || !fs.existsSync('/usr/bin/apt-get')) return false;
  say(`Installing ${packages.join(', ')} (apt-get) …`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const apt = (...args) => spawnSync('apt-get', ['-qq', ...args], { stdio: ['ignore', 'ignore', 'inherit'], env }).status === 0;
  // An index that cannot be renewed may still be good enough.
  apt('update');
  return apt('install', '-y', '--no-install-recommends', ...packages);
}
