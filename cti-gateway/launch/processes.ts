import type { ChildProcess } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

export function processIsAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return !isZombie(pid);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/**
 * Ended, but nobody has asked for its exit code: in a container without an init. The first thread of a program that was killed is gone
 * before the others, which keep its sockets until they are gone, too.
 */
function isZombie(pid: number): boolean {
  try {
    return /\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8')) && readdirSync(`/proc/${pid}/task`).length <= 1;
  } catch {
    return false;
  }
}

/** Waits until the process is gone; false when it is still there after `timeoutMs`. */
export async function waitForExit(pid: number, timeoutMs: number): Promise<boolean> {
  const deadline = Date.now() + timeoutMs;
  while (processIsAlive(pid)) {
    if (Date.now() > deadline) return false;
    await delay(20);
  }
  return true;
}

/** Asks a process to end, and ends it by force when it has not after `graceMs`. */
export async function endProcess(pid: number, graceMs: number): Promise<void> {
  signal(pid, 'SIGTERM');
  if (await waitForExit(pid, graceMs)) return;
  signal(pid, 'SIGKILL');
  await waitForExit(pid, 2000);
}

export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // gone already
  }
}

export function writePidFile(file: string, pid: number): void {
  writeFileSync(file, `${pid}\n`, { mode: 0o600 });
}

/**
 * Ends what an earlier run left behind, when that run was killed. A process counts as left behind only if its command
 * line still names `mark` (a path of ours): process ids are used again.
 */
export async function endLeftover(pidFile: string, mark: string): Promise<boolean> {
  const pid = readPid(pidFile);
  if (pid === null) return false;
  const ours = commandLine(pid).includes(mark);
  if (ours) await endProcess(pid, 3000);
  rmSync(pidFile, { force: true });
  return ours;
}

function readPid(file: string): number | null {
  try {
    return Number.parseInt(readFileSync(file, 'utf8'), 10) || null;
  } catch {
    return null;
  }
}

/** Empty where the system does not tell (no /proc). */
export function commandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return '';
  }
}

/** When a process began, in ticks since the machine did (proc(5), stat, field 22); null where the system does not tell. */
export function beganAt(pid: number): string | null {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /s, '').split(' ')[19] ?? null;
  } catch {
    return null;
  }
}

const children = new Set<ChildProcess>();
let watchesExit = false;

/** Remembers a process of ours until it ends, so that none outlives this process, whatever way that goes. */
export function trackChild(child: ChildProcess): void {
  if (!watchesExit) process.once('exit', signalChildren);
  watchesExit = true;
  children.add(child);
  child.once('exit', () => children.delete(child));
}

/** Ends every process of ours that still runs, e.g. one that was being started when the person pressed Ctrl-C. */
export async function endTrackedChildren(graceMs: number): Promise<void> {
  await Promise.all([...children].map(({ pid }) => (pid === undefined ? null : endProcess(pid, graceMs))));
}

function signalChildren(): void {
  for (const { pid } of children) if (pid !== undefined) signal(pid, 'SIGTERM');
}
