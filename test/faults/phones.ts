import { spawn, type ChildProcess } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { repositoryRoot } from '../../cti-gateway/launch/repository';

export interface PhonesOptions {
  readonly binary: string;
  /** File in `test/faults/sipp` without `.xml`. */
  readonly scenario: string;
  readonly dir: string;
  readonly ip: string;
  readonly port: number;
  readonly values?: Readonly<Record<string, number>>;
  /** Numbers that call, one after another; without them the telephones are called. */
  readonly numbers?: readonly string[];
  readonly args: readonly string[];
}

/** One SIPp process that is many telephones, and its own account of what they went through. */
export class Phones {
  private readonly child: ChildProcess;
  private readonly logFile: string;
  readonly finished: Promise<number | null>;

  constructor({ binary, scenario, dir, ip, port, values = {}, numbers, args }: PhonesOptions) {
    fs.mkdirSync(dir, { recursive: true });
    const text = fs.readFileSync(path.join(repositoryRoot(), 'test/faults/sipp', `${scenario}.xml`), 'utf8');
    fs.writeFileSync(
      path.join(dir, 'scenario.xml'),
      text.replace(/@([A-Z_]+)@/g, (_, name: string) => String(values[name])),
    );
    if (numbers !== undefined) fs.writeFileSync(path.join(dir, 'numbers.csv'), `SEQUENTIAL\n${numbers.join('\n')}\n`);
    this.logFile = path.join(dir, 'told.log');
    const own = ['-sf', 'scenario.xml', '-i', ip, '-p', String(port), '-mi', ip, '-nostdin', '-trace_logs', '-log_file', this.logFile];
    const calls = numbers === undefined ? [] : ['-inf', 'numbers.csv', '-m', String(numbers.length)];
    const output = fs.openSync(path.join(dir, 'output.log'), 'w');
    const errors = ['-trace_err', '-error_file', path.join(dir, 'errors.log')];
    this.child = spawn(binary, [...own, ...errors, ...calls, ...args], {
      cwd: dir,
      stdio: ['ignore', output, output],
      env: { ...process.env, TERM: 'dumb' },
    });
    fs.closeSync(output);
    this.finished = new Promise((resolve) => this.child.once('exit', resolve));
  }

  /** How often each number was told of with this word (`INVITE`, `TALK`, `BYE`, `LINE`). */
  told(word: string): ReadonlyMap<string, number> {
    const counts = new Map<string, number>();
    const lines = fs.existsSync(this.logFile) ? fs.readFileSync(this.logFile, 'utf8').split('\n') : [];
    for (const line of lines) {
      const [said, number = ''] = line.trim().split(' ');
      if (said === word) counts.set(number, (counts.get(number) ?? 0) + 1);
    }
    return counts;
  }

  async stop(): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) this.child.kill('SIGKILL');
    await this.finished;
  }
}
