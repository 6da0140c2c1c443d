import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { LaunchError } from './launch-error';
import { lastWords } from './last-words';
import { endLeftover, endProcess, signal, trackChild, waitForExit, writePidFile } from './processes';

export interface ManagedChildOptions {
  readonly name: string;
  /** Compiled program. */
  readonly program: string;
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** Answers 2xx when the program serves. */
  readonly readyUrl: string;
  readonly readyTimeoutMs?: number;
  readonly logFile: string;
  readonly pidFile: string;
}

const STOP_GRACE_MS = 8000;

/** One of our services as a child process: started until it serves, its output in a log file, ended in order or by force. */
export class ManagedChild {
  private child: ChildProcess | null = null;
  private closing = false;
  /** Where in the log file this run's lines begin. */
  private logBegins = 0;
  private readonly exitListeners = new Set<(code: number | null) => void>();

  constructor(private readonly options: ManagedChildOptions) {}

  get pid(): number | null {
    return this.child?.pid ?? null;
  }

  get logFile(): string {
    return this.options.logFile;
  }

  /** Resolves when the service answers; rejects with its last words when it ends instead. */
  async start(): Promise<void> {
    const { program, env, cwd, logFile, pidFile, name } = this.options;
    if (!existsSync(program)) throw new LaunchError(`${name} is not built (${program}); run "npm run build".`);
    for (const file of [logFile, pidFile]) mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    await endLeftover(pidFile, program);
    const log = openSync(logFile, 'a', 0o600);
    this.logBegins = statSync(logFile).size;
    this.closing = false;
    const child = spawn(process.execPath, [program], { cwd, env: { ...process.env, ...env }, stdio: ['ignore', log, log], detached: true });
    closeSync(log);
    this.child = child;
    trackChild(child);
    child.once('exit', (code) => this.exited(child, code));
    if (child.pid === undefined) throw new Error(`${name} could not be started`);
    writePidFile(pidFile, child.pid);
    await this.waitUntilReady(child);
  }

  /** Called each time the process ends without having been asked to. Returns the unsubscribe function. */
  onExit(listener: (code: number | null) => void): () => void {
    this.exitListeners.add(listener);
    return () => this.exitListeners.delete(listener);
  }

  async stop(): Promise<void> {
    await this.end((pid) => endProcess(pid, STOP_GRACE_MS));
  }

  /** SIGKILL, as a crash. Listeners of `onExit` are not called. */
  async kill(): Promise<void> {
    await this.end(async (pid) => {
      signal(pid, 'SIGKILL');
      await waitForExit(pid, 2000);
    });
  }

  async restart(): Promise<void> {
    await this.stop();
    await this.start();
  }

  private async end(how: (pid: number) => Promise<void>): Promise<void> {
    const pid = this.child?.pid;
    this.closing = true;
    this.child = null;
    if (pid !== undefined) await how(pid);
    rmSync(this.options.pidFile, { force: true });
  }

  private exited(child: ChildProcess, code: number | null): void {
    if (this.child !== child) return;
    this.child = null;
    rmSync(this.options.pidFile, { force: true });
    if (!this.closing) for (const listener of [...this.exitListeners]) listener(code);
  }

  private async waitUntilReady(child: ChildProcess): Promise<void> {
    const { name, readyUrl, readyTimeoutMs = 45_000 } = this.options;
    const deadline = Date.now() + readyTimeoutMs;
    while (!(await answers(readyUrl))) {
      if (child.exitCode !== null || child.signalCode !== null) throw new LaunchError(`${name} ended while starting: ${this.lastWords()}`);
      if (Date.now() > deadline) {
        await this.stop();
        throw new LaunchError(`${name} did not get ready within ${readyTimeoutMs / 1000} s; its log: ${this.options.logFile}`);
      }
      await delay(50);
    }
  }

  private lastWords(): string {
    const ofThisRun = readFileSync(this.options.logFile).subarray(this.logBegins).toString('utf8');
    return `${lastWords(ofThisRun).join('\n  ')}\n  (whole log: ${this.options.logFile})`;
  }
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url, { signal: AbortSignal.timeout(2000) })).ok;
  } catch {
    return false;
  }
}

export function servicesLogFile(dataDir: string, name: string): string {
  return join(dataDir, 'logs', `${name}.log`);
}
