import { createHash } from 'node:crypto';
import { existsSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Distribution } from './distribution';
import type { Listener } from './ports';
import { renderTree, type RenderTreeOptions } from './render';

/** `sun_path` of unix(7) is 108 bytes with its NUL; macOS has 104. */
const LONGEST_SOCKET_PATH = 100;

export interface InstanceOptions {
  readonly distribution: Distribution;
  /** Folder of the instance: configuration, state, recordings, logs. Kept between starts. */
  readonly dir: string;
  /** The checkout's `dialplans/`. */
  readonly dialplans: string;
  readonly render: RenderTreeOptions;
  /** Ports that must be Asterisk's after the start. */
  readonly listeners: readonly Listener[];
}

/** Makes the folders of an instance and writes its configuration; state of an earlier run stays. */
export function layOut({ dir, distribution, dialplans, render }: InstanceOptions, runDir: string): void {
  for (const folder of ['lib/agi-bin', 'lib/keys', 'cache', 'bin', 'data/sounds', 'log/cdr-csv', 'log/cel-custom', 'spool/monitor', 'spool/tmp', 'spool/recording']) {
    mkdirSync(join(dir, folder), { recursive: true, mode: 0o700 });
  }
  for (const name of ['documentation', 'rest-api', 'static-http']) link(join(distribution.dataFolder, name), join(dir, 'data', name));
  const sounds = join(distribution.dataFolder, 'sounds');
  for (const name of existsSync(sounds) ? readdirSync(sounds) : []) link(join(sounds, name), join(dir, 'data/sounds', name));
  link(join(dialplans, 'sounds/hotline'), join(dir, 'data/sounds/hotline'));
  link(join(dialplans, 'moh'), join(dir, 'data/moh'));
  const values = { BASE: dir, RUN_DIR: runDir, MODULES: distribution.moduleFolder, ...render.values };
  renderTree(dialplans, join(dir, 'etc'), { ...render, values });
}

/**
 * Folder of the control socket: inside the instance, or a short one where the instance lies too deep for a socket; always the same one, so
 * that what a killed start has left is used again.
 */
export function socketFolder(dir: string): string {
  const inside = join(dir, 'run');
  if (Buffer.byteLength(join(inside, 'asterisk.ctl')) <= LONGEST_SOCKET_PATH) {
    mkdirSync(inside, { recursive: true, mode: 0o700 });
    return inside;
  }
  const base = Buffer.byteLength(tmpdir()) < 60 ? tmpdir() : '/tmp';
  const short = join(base, `hotline-${createHash('sha256').update(dir).digest('hex').slice(0, 12)}`);
  return isOurs(short) ? short : mkdtempSync(join(base, 'hotline-'));
}

/** Anybody may have made a folder of that name there. */
function isOurs(folder: string): boolean {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const { uid, mode } = lstatSync(folder);
  return lstatSync(folder).isDirectory() && uid === process.getuid?.() && (mode & 0o077) === 0;
}

function link(target: string, path: string): void {
  rmSync(path, { force: true, recursive: true });
  if (existsSync(target)) symlinkSync(target, path);
}
