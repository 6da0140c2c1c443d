import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { processIsAlive } from './processes';

/** Runs `work` while no other process of this machine does, by a file with our process id in it. */
export async function withLock<T>(file: string, work: () => Promise<T>, timeoutMs = 600_000): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  mkdirSync(dirname(file), { recursive: true });
  while (!take(file)) {
    if (Date.now() > deadline) throw new Error(`${file} is held by another process`);
    await delay(200);
  }
  try {
    return await work();
  } finally {
    rmSync(file, { force: true });
  }
}

function take(file: string): boolean {
  try {
    writeFileSync(file, String(process.pid), { flag: 'wx' });
    return true;
  } catch {
    if (!processIsAlive(ownerOf(file))) rmSync(file, { force: true });
    return false;
  }
}

/** An empty file was created this instant by a process that has not written its id yet: taken as ours, i.e. alive. */
function ownerOf(file: string): number {
  try {
    return Number(readFileSync(file, 'utf8')) || process.pid;
  } catch {
    return process.pid;
  }
}
