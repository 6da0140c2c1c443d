import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { withLock, type LockOptions } from './lock';

/** The twin runs in a Node of its own, as it does before anything is built. */
function twin(file: string, { timeoutMs }: LockOptions): { said: string; ok: boolean } {
  const module = pathToFileURL(join(__dirname, 'lock.mjs')).href;
  const script = `import('${module}').then((m) => m.withLock(${JSON.stringify(file)}, { say: console.log, timeoutMs: ${timeoutMs} }, async () => console.log('work'))).catch((error) => { console.log(error.message); process.exitCode = 1; })`;
  const { stdout, status } = spawnSync(process.execPath, ['-e', script], { encoding: 'utf8' });
  return { said: stdout, ok: status === 0 };
}

async function own(file: string, { timeoutMs }: LockOptions): Promise<{ said: string; ok: boolean }> {
  const said: string[] = [];
  const say = (line: string) => void said.push(line);
  const ok = await withLock(file, async () => say('work'), { say, timeoutMs: timeoutMs ?? 0 }).then(
    () => true,
    (error: Error) => (say(error.message), false),
  );
  return { said: said.join('\n'), ok };
}

describe.each([
  ['lock.ts', own],
  ['lock.mjs', twin],
])('the lock of %s', (_, lock) => {
  let dir: string;
  let file: string;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'lock-'));
    file = join(dir, 'the.lock');
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  it('is taken and given back', async () => {
    expect(await lock(file, { timeoutMs: 0 })).toMatchObject({ ok: true });
    expect(readdirSync(dir)).toEqual([]);
  });

  it.each([
    ['of a process that is gone', `${2 ** 22 + 1} 1\n`],
    ['of a process whose id another has now', `${process.pid} 1\n`],
  ])('is not held by the file %s', async (_case, content) => {
    writeFileSync(file, content);
    expect(await lock(file, { timeoutMs: 0 })).toMatchObject({ ok: true });
    expect(existsSync(file)).toBe(false);
  });

  it('is not held by the id of a process that is no Node, where nothing else is told', async () => {
    const other = spawn('sleep', ['20']);
    writeFileSync(file, String(other.pid));
    expect(await lock(file, { timeoutMs: 0 })).toMatchObject({ ok: true });
    other.kill();
  });

  it('is held by an empty file only for the moment in which its maker writes its name', async () => {
    writeFileSync(file, '');
    expect(await lock(file, { timeoutMs: 0 })).toMatchObject({ ok: false });
    utimesSync(file, new Date(), new Date(Date.now() - 5_000));
    expect(await lock(file, { timeoutMs: 0 })).toMatchObject({ ok: true });
  });

  it('says for whom it waits, and does not wait for ever', async () => {
    const began = readFileSync(`/proc/${process.pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ')[19];
    writeFileSync(file, `${process.pid} ${began}\n`);
    const { said, ok } = await lock(file, { timeoutMs: 1_300 });
    expect(ok).toBe(false);
    expect(said).toMatch(new RegExp(`Waiting for process ${process.pid}.*\\n.*still held by process ${process.pid}`));
    expect(existsSync(file)).toBe(true);
  });

  it('does not wait where it can never be taken', async () => {
    mkdirSync(join(dir, 'file'));
    writeFileSync(join(dir, 'file/in-the-way'), '');
    expect(await lock(join(dir, 'file/in-the-way/the.lock'), { timeoutMs: 60_000 })).toMatchObject({ ok: false });
  });
});
