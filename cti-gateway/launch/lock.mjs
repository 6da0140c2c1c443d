/** One process at a time, by a file that names it. Twin of lock.ts, for before anything is built: uses nothing but Node. */
import fs from 'node:fs';
import path from 'node:path';

const SAY_AFTER_MS = 1_000;
/** A file without a name in it was made this instant, or by a process that ended at once. */
const EMPTY_COUNTS_MS = 3_000;

/**
 * Runs `work` while no other process of this machine does.
 * @param {string} file
 * @param {{ say: (line: string) => void, timeoutMs?: number }} options
 * @param {() => Promise<unknown>} work
 */
export async function withLock(file, { say, timeoutMs = 1_200_000 }, work) {
  fs.mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  await take(file, say, timeoutMs);
  const release = () => fs.rmSync(file, { force: true });
  process.once('exit', release);
  try {
    return await work();
  } finally {
    process.removeListener('exit', release);
    release();
  }
}

async function take(file, say, timeoutMs) {
  const started = Date.now();
  let said = false;
  while (!create(file)) {
    const content = read(file);
    if (content !== null && isStale(file, content)) {
      drop(file, content);
      continue;
    }
    const owner = Number.parseInt(content ?? '', 10) || 'another';
    if (Date.now() - started > timeoutMs)
      throw Object.assign(
        new Error(`${file} is still held by process ${owner}; end that process, or delete the file if it is none of this checkout.`),
        { name: 'LaunchError' },
      );
    if (!said && Date.now() - started > SAY_AFTER_MS) {
      say(`Waiting for process ${owner}, which is at the same work …`);
      said = true;
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

function create(file) {
  try {
    fs.writeFileSync(file, `${process.pid} ${startOf(process.pid) ?? ''}\n`, { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
}

function isStale(file, content) {
  const [pid, start] = content.trim().split(' ');
  if (!pid) return Date.now() - (fs.statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0) > EMPTY_COUNTS_MS;
  return !isAlive(Number(pid)) || !isSame(Number(pid), start);
}

/** Process ids are used again: the owner is the one that began when the file says, or where it does not say, at least a Node. */
function isSame(pid, start) {
  const now = startOf(pid);
  if (now === null) return true;
  return start ? now === start : /\bnode\b/.test(read(`/proc/${pid}/cmdline`) ?? '');
}

/** Takes the file away unless another has taken the place of what was read; then that one is put back. */
function drop(file, content) {
  const aside = `${file}.${process.pid}`;
  try {
    fs.renameSync(file, aside);
    if (read(aside) !== content) fs.linkSync(aside, file);
  } catch (error) {
    if (error.code !== 'ENOENT' && error.code !== 'EEXIST') throw error;
  }
  fs.rmSync(aside, { force: true });
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return !/\) Z /.test(read(`/proc/${pid}/stat`) ?? '');
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** When a process began, in ticks since the machine did (proc(5), stat, field 22); null where the system does not tell. */
function startOf(pid) {
  return (
    read(`/proc/${pid}/stat`)
      ?.replace(/^.*\) /s, '')
      .split(' ')[19] ?? null
  );
}

function read(file) {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}
