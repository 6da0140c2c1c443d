import { spawn, type ChildProcess } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { eventually } from './eventually';

const ROOT = path.resolve(__dirname, '../..');
const SOURCES = ['agent-panel', 'crm-core', 'cti-gateway', 'dialplans', 'test', 'package.json', 'package-lock.json', 'tsconfig.json'];

/** A command of the product that runs in a checkout, as a person starts it in a terminal. */
export class Command {
  output = '';
  /** Exit code; null while it runs. */
  code: number | null = null;

  constructor(readonly child: ChildProcess) {
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => (this.output += chunk.toString('utf8')));
    child.once('close', (code, signal) => (this.code = code ?? (signal === null ? 0 : 128)));
  }

  says(pattern: RegExp, withinMs = 60_000): Promise<RegExpExecArray> {
    return eventually(`it says ${pattern}`, () => pattern.exec(this.output), withinMs).catch((error: Error) => this.tell(error));
  }

  /** @returns its exit code. */
  async ended(withinMs = 60_000): Promise<number> {
    await eventually('its end', () => this.code !== null, withinMs).catch((error: Error) => this.tell(error));
    return this.code ?? -1;
  }

  private tell(error: Error): never {
    throw new Error(`${error.message}; it said: ${this.output}`, { cause: error });
  }

  /** Ctrl-C: the terminal tells everything that runs in its foreground. */
  interrupt(): void {
    if (this.child.pid !== undefined) process.kill(-this.child.pid, 'SIGINT');
  }
}

/** A checkout of its own, built and with an Asterisk already, so that one in use beside it is not touched. */
export class Checkout {
  readonly folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'hotline-checkout-')));

  constructor() {
    for (const name of SOURCES) fs.cpSync(path.join(ROOT, name), path.join(this.folder, name), { recursive: true });
    fs.cpSync(path.join(ROOT, '.build'), path.join(this.folder, '.build'), { recursive: true });
    fs.symlinkSync(path.join(ROOT, 'node_modules'), path.join(this.folder, 'node_modules'));
    fs.mkdirSync(path.join(this.folder, '.run'));
    const asterisk = path.join(ROOT, '.run/asterisk');
    if (fs.existsSync(asterisk)) fs.symlinkSync(asterisk, path.join(this.folder, '.run/asterisk'));
  }

  run(args: readonly string[], env: Readonly<Record<string, string>> = {}): Command {
    const environment = { ...process.env, ...env };
    return new Command(spawn('npm', args, { cwd: this.folder, env: environment, detached: true, stdio: ['ignore', 'pipe', 'pipe'] }));
  }

  /** Process ids of everything that was started from here and still runs. */
  processes(): number[] {
    return fs.readdirSync('/proc').flatMap((name) => {
      const pid = Number(name);
      const isOurs = Number.isInteger(pid) && (commandLine(pid).includes(this.folder) || workingFolder(pid).startsWith(this.folder));
      return isOurs ? [pid] : [];
    });
  }

  /** Process id of the launcher of the `npm start` that runs here. */
  launcher(): number {
    return Number(fs.readFileSync(path.join(this.folder, '.run/start.pid'), 'utf8'));
  }

  dispose(): void {
    for (const pid of this.processes()) process.kill(pid, 'SIGKILL');
    fs.rmSync(this.folder, { recursive: true, force: true });
  }
}

function commandLine(pid: number): string {
  try {
    return fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return '';
  }
}

function workingFolder(pid: number): string {
  try {
    return fs.readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return '';
  }
}
