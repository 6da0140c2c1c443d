import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { LaunchError } from '../launch-error';
import { trackChild } from '../processes';

const execute = promisify(execFile);

export interface CommandOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly timeoutMs?: number;
}

/** Runs a program without a shell and gives its standard output; the error carries what it wrote to stderr. */
export async function run(program: string, args: readonly string[], options: CommandOptions = {}): Promise<string> {
  try {
    const running = execute(program, [...args], {
      maxBuffer: 64 * 1024 * 1024,
      encoding: 'utf8',
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
      ...(options.env === undefined ? {} : { env: options.env }),
      ...(options.timeoutMs === undefined ? {} : { timeout: options.timeoutMs }),
    });
    // An apt-get must not run on when the person ends the start that wanted it.
    trackChild(running.child);
    return (await running).stdout;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw new LaunchError(`The program "${program}" is needed and was not found; please install it.`);
    const stderr = (error as { stderr?: string }).stderr ?? '';
    throw new Error(`${program} ${args[0] ?? ''} failed: ${stderr.trim().split('\n').slice(-3).join(' | ') || String(error)}`);
  }
}

/** The same, with null for any failure: for asking whether something is there. */
export async function tryRun(program: string, args: readonly string[], options: CommandOptions = {}): Promise<string | null> {
  try {
    return await run(program, args, options);
  } catch {
    return null;
  }
}
