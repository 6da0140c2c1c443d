import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { LaunchError, silent, type Say } from './launch-error';
import { beganAt, commandLine, processIsAlive } from './processes';

const SAY_AFTER_MS = 1_000;
/** A file without a name in it was made this instant, or by a process that ended at once. */
const EMPTY_COUNTS_MS = 3_000;

export interface LockOptions {
  readonly say?: Say;
  readonly timeoutMs?: number;
}

/**
 * Runs `work` while no other process of this machine does, by a file that names the one that does. Twin of lock.mjs, which serves before
 * anything is built.
 */
export async function withLock<T>(
  file: string,
  work: () => Promise<T>,
  { say = silent, timeoutMs = 1_200_000 }: LockOptions = {},
): Promise<T> {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  await take(file, say, timeoutMs);
  const release = (): void => rmSync(file, { force: true });
  process.once('exit', release);
  try {
    return await work();
  } finally {
    process.removeListener('exit', release);
    release();
  }
}

async function take(file: string, say: Say, timeoutMs: number): Promise<void> {
  const startedAtMs = Date.now();
  let said = false;
  while (!create(file)) {
    const content = read(file);
    if (content !== null && isStale(file, content)) {
      drop(file, content);
      continue;
    }
    const owner = Number.parseInt(content ?? '', 10) || 'another';
    if (Date.now() - startedAtMs > timeoutMs)
      throw new LaunchError(
        `${file} is still held by process ${owner}; end that process, or delete the file if it is none of this checkout.`,
      );
    if (!said && Date.now() - startedAtMs > SAY_AFTER_MS) {
      say(`Waiting for process ${owner}, which is at the same work …`);
      said = true;
    }
    await delay(200);
  }
}

function create(file: string): boolean {
  try {
    writeFileSync(file, `${process.pid} ${beganAt(process.pid) ?? ''}\n`, { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function isStale(file: string, content: string): boolean {
  const [pid, began] = content.trim().split(' ');
  if (!pid) return Date.now() - (statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0) > EMPTY_COUNTS_MS;
  return !processIsAlive(Number(pid)) || !isSame(Number(pid), began);
}

/** Process ids are used again: the owner is the one that began when the file says, or where it does not say, at least a Node. */
function isSame(pid: number, began: string | undefined): boolean {
  const now = beganAt(pid);
  if (now === null) return true;
  return began ? now === began : /\bnode\b/.test(commandLine(pid));
}

/** Takes the file away unless another has taken the place of what was read; then that one is put back. */
function drop(file: string, content: string): void {
  const aside = `${file}.${process.pid}`;
  try {
    renameSync(file, aside);
    if (read(aside) !== content) linkSync(aside, file);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT' && code !== 'EEXIST') throw error;
  }
  rmSync(aside, { force: true });
}

function read(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}
