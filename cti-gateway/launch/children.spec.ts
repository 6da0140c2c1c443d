import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { eventually } from '../../test/support/eventually';
import { processIsAlive } from './processes';

/** A command in a Node of its own that waits for a program which takes a moment to end, as npm does. */
function command(program: string): ReturnType<typeof spawn> {
  const module = pathToFileURL(join(__dirname, 'children.mjs')).href;
  const script = `import('${module}').then(async (m) => { console.log('code', await m.runToEnd('sh', ['-c', ${JSON.stringify(program)}], { stdio: 'ignore' })); })`;
  return spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
}

describe('a program that a command waits for', () => {
  const dir = mkdtempSync(join(tmpdir(), 'children-'));
  afterAll(() => rmSync(dir, { recursive: true, force: true }));

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('ends by %s to the command, with what it started, before the command does', async (signal, code) => {
    const file = join(dir, signal);
    const child = command(`sleep 60 & echo $! > ${file}; trap 'sleep 0.3; echo tidied >> ${file}; exit 1' INT TERM; wait`);
    let said = '';
    child.stdout?.on('data', (data) => (said += data));
    const inner = await eventually('the program', () => /^\d+\n/.test(readOrEmpty(file)) && Number.parseInt(readOrEmpty(file), 10));
    child.kill(signal);
    expect(await once(child, 'exit')).toEqual([code, null]);
    expect(readOrEmpty(file)).toContain('tidied');
    expect(processIsAlive(Number(inner))).toBe(false);
    // What comes after the program, e.g. a second attempt, does not begin.
    expect(said).toBe('');
  });

  it('gives its exit code', async () => {
    const child = command('exit 3');
    let said = '';
    child.stdout?.on('data', (data) => (said += data));
    expect(await once(child, 'exit')).toEqual([0, null]);
    expect(said).toBe('code 3\n');
  });
});

function readOrEmpty(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
