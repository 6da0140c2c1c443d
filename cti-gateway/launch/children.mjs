/**
 * Programs that a command waits for. A signal to the command is passed on to them, and the command ends when they have ended: an npm or
 * apt-get that runs on would be in the way of the next start. Uses nothing but Node.
 */
import { spawn } from 'node:child_process';

const SIGNALS = { SIGINT: 2, SIGTERM: 15, SIGHUP: 1 };
/** A program that has not ended by then is ended by force. */
const GRACE_MS = 10_000;
const own = process.platform !== 'win32';

/** @type {Set<import('node:child_process').ChildProcess>} */
const running = new Set();
let ending = false;

/**
 * Runs a program to its end, in a process group of its own, so that what it started ends with it.
 * @param {string} command
 * @param {string[]} args
 * @param {import('node:child_process').SpawnOptions & { onStart?: (pid: number) => void }} options
 * @returns {Promise<number | null>} its exit code; never comes when this process is ending
 * @throws what spawn says, e.g. that there is no such program
 */
export function runToEnd(command, args, { onStart, ...options }) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { shell: !own, detached: own, ...options });
    const settle = (act) => {
      leave(child);
      if (!ending) act();
    };
    enter(child);
    child.once('error', (error) => settle(() => reject(error)));
    child.once('exit', (code) => settle(() => resolve(code)));
    if (child.pid !== undefined) onStart?.(child.pid);
  });
}

/** Only while there is somebody to pass signals on to: whoever runs afterwards has listeners of its own. */
function enter(child) {
  if (running.size === 0) for (const name of Object.keys(SIGNALS)) process.on(name, passOn);
  running.add(child);
}

function leave(child) {
  running.delete(child);
  if (running.size === 0 && !ending) for (const name of Object.keys(SIGNALS)) process.removeListener(name, passOn);
}

function passOn(name) {
  for (const child of running) send(child, name);
  if (ending) return;
  ending = true;
  process.stderr.write('\nEnding …\n');
  const started = Date.now();
  const children = [...running];
  setInterval(() => {
    const left = children.filter(groupIsAlive);
    // What the program has started ignores the signal of a terminal when it was put in the background.
    for (const child of left) if (!running.has(child)) send(child, 'SIGTERM');
    const late = Date.now() - started > GRACE_MS;
    if (late) for (const child of left) send(child, 'SIGKILL');
    if (late || left.length === 0) process.exit(128 + SIGNALS[name]);
  }, 50);
}

function send(child, name) {
  try {
    process.kill(own ? -child.pid : child.pid, name);
  } catch {
    // gone already
  }
}

function groupIsAlive(child) {
  try {
    process.kill(own ? -child.pid : child.pid, 0);
    return true;
  } catch {
    return false;
  }
}
