import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { endLeftover, endProcess, processIsAlive, signal, trackChild, waitForExit, writePidFile } from '../processes';
import { run } from './commands';
import { layOut, socketFolder, type InstanceOptions } from './instance-folder';
import { listenersOf } from './ports';

export type { InstanceOptions } from './instance-folder';

const BOOT_TIMEOUT_MS = 30_000;
const STOP_GRACE_MS = 6000;

/**
 * One running Asterisk. Owns the process: `stop()` and `kill()` are idempotent, `restart()` keeps configuration, ports
 * and state (queue members, registrations in astdb).
 */
export class AsteriskInstance {
  private child: ChildProcess | null = null;
  private readonly exitListeners = new Set<(code: number | null) => void>();
  private readonly runDir: string;
  private closing = false;

  private constructor(private readonly options: InstanceOptions) {
    this.runDir = socketFolder(options.dir);
  }

  static async start(options: InstanceOptions): Promise<AsteriskInstance> {
    const instance = new AsteriskInstance(options);
    layOut(options, instance.runDir);
    await endLeftover(instance.pidFile, instance.configFile);
    await instance.launch();
    return instance;
  }

  get pid(): number | null {
    return this.child?.pid ?? null;
  }

  get dir(): string {
    return this.options.dir;
  }

  get recordingsDir(): string {
    return join(this.options.dir, 'spool/monitor');
  }

  /** Runs a command of Asterisk's console and gives what it prints. */
  async rx(command: string): Promise<string> {
    return run(this.options.distribution.asterisk, ['-C', this.configFile, '-rx', command], { timeoutMs: 15_000 });
  }

  /** Called each time the process ends without having been asked to. Returns the unsubscribe function. */
  onExit(listener: (code: number | null) => void): () => void {
    this.exitListeners.add(listener);
    return () => this.exitListeners.delete(listener);
  }

  /** Ends Asterisk in order: calls are hung up, state is written. */
  async stop(): Promise<void> {
    await this.end(async (pid) => endProcess(pid, STOP_GRACE_MS));
    if (this.runDir !== join(this.options.dir, 'run')) rmSync(this.runDir, { recursive: true, force: true });
  }

  /** Ends Asterisk as a power cut would: no goodbye on SIP, AMI or ARI. */
  async kill(): Promise<void> {
    await this.end(async (pid) => {
      signal(pid, 'SIGKILL');
      await waitForExit(pid, 2000);
    });
  }

  /** Starts again after `stop()`, `kill()` or a crash; ends the running process first. */
  async restart(): Promise<void> {
    await this.end(async (pid) => endProcess(pid, STOP_GRACE_MS));
    mkdirSync(this.runDir, { recursive: true, mode: 0o700 });
    await this.launch();
  }

  private get configFile(): string {
    return join(this.options.dir, 'etc/asterisk.conf');
  }

  private get pidFile(): string {
    return join(this.options.dir, 'asterisk.pid');
  }

  private async launch(): Promise<void> {
    this.closing = false;
    const log = openSync(join(this.options.dir, 'log/console.log'), 'a', 0o600);
    // A session of its own: Ctrl-C in the terminal reaches the launcher only, which ends everything in order.
    const child = spawn(this.options.distribution.asterisk, ['-C', this.configFile, '-f', '-n'], { stdio: ['ignore', log, log], detached: true });
    closeSync(log);
    this.child = child;
    trackChild(child);
    child.once('error', () => undefined);
    child.once('exit', (code) => this.exited(child, code));
    if (child.pid === undefined) throw new Error(`${this.options.distribution.asterisk} could not be started`);
    writePidFile(this.pidFile, child.pid);
    try {
      await this.waitUntilBooted(child);
      this.checkListeners(child.pid);
    } catch (error) {
      await this.kill();
      throw error;
    }
  }

  private exited(child: ChildProcess, code: number | null): void {
    if (this.child !== child) return;
    this.child = null;
    rmSync(this.pidFile, { force: true });
    if (!this.closing) for (const listener of [...this.exitListeners]) listener(code);
  }

  private async end(how: (pid: number) => Promise<void>): Promise<void> {
    const pid = this.child?.pid;
    this.closing = true;
    if (pid !== undefined && processIsAlive(pid)) await how(pid);
    this.child = null;
    rmSync(this.pidFile, { force: true });
  }

  private async waitUntilBooted(child: ChildProcess): Promise<void> {
    const deadline = Date.now() + BOOT_TIMEOUT_MS;
    const socket = join(this.runDir, 'asterisk.ctl');
    for (;;) {
      if (child.exitCode !== null || child.signalCode !== null) throw new Error(`Asterisk ended while starting: ${this.lastWords()}`);
      if (existsSync(socket) && (await this.fullyBooted())) return;
      if (Date.now() > deadline) throw new Error(`Asterisk did not finish starting within ${BOOT_TIMEOUT_MS / 1000} s: ${this.lastWords()}`);
      await delay(30);
    }
  }

  private async fullyBooted(): Promise<boolean> {
    try {
      return (await this.rx('core waitfullybooted')).includes('fully booted');
    } catch {
      return false;
    }
  }

  private checkListeners(pid: number): void {
    const bound = listenersOf(pid);
    if (bound === null) return;
    for (const wanted of this.options.listeners) {
      if (!bound.some((listener) => listener.protocol === wanted.protocol && listener.port === wanted.port)) {
        throw new PortLostError(`Asterisk could not listen on ${wanted.protocol} port ${wanted.port}`);
      }
    }
  }

  private lastWords(): string {
    const lines = ['log/console.log', 'log/messages.log'].flatMap((name) => (existsSync(join(this.dir, name)) ? readFileSync(join(this.dir, name), 'utf8').trim().split('\n').slice(-3) : []));
    return lines.join(' | ').slice(-600);
  }
}

/** Another process took a port between the probe and the start: try again with others. */
export class PortLostError extends Error {}
