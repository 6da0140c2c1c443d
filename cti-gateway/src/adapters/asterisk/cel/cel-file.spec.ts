import { appendFileSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { silentLog } from '../../../ports/log';
import { CelFile } from './cel-file';
import { parseCelLine } from './cel-line';

const START = 1_795_283_190;

function line(index: number, name = ''): string {
  const at = `${START + index}.123456`;
  return `"CHAN_START","${at}","PJSIP/trunk-${index}","h-${index}","h-${index}","13912345678","${name}","02066668888","from-trunk","","","",""`;
}

describe('a line of the channel event log', () => {
  it('is read whole, with names that hold quotes and commas', () => {
    expect(parseCelLine(line(0, '""Big"", Ltd'))).toMatchObject({
      type: 'CHAN_START',
      atMs: START * 1000 + 123,
      callerName: '"Big", Ltd',
      extra: {},
    });
  });

  it('tells a user event by its name, and what it adds', () => {
    const text = line(0).replace('CHAN_START', 'CTI').replace(/""$/, '"{""extra"":""a|b""}"');
    expect(parseCelLine(text)).toMatchObject({ type: 'USER_DEFINED', name: 'CTI', extra: { extra: 'a|b' } });
  });

  it.each([
    '',
    '"CHAN_START"',
    line(0).slice(0, 60),
    line(0).replace(/^"/, ''),
    line(0).replace(String(START), 'soon'),
    'x'.repeat(10_000),
  ])('that is not whole is none: %.40j', (text) => {
    expect(parseCelLine(text)).toBeNull();
  });

  it('with JSON that is none adds nothing', () => {
    expect(parseCelLine(line(0).replace(/""$/, '"{broken"'))).toMatchObject({ extra: {} });
  });
});

describe('the channel event log', () => {
  let dir: string;
  let file: string;
  beforeEach(() => {
    dir = mkdtempSync(path.join(os.tmpdir(), 'hotline-cel-'));
    file = path.join(dir, 'calls.csv');
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  const cel = (more: { maxBytes?: number; rotateBytes?: number; keepDays?: number } = {}): CelFile =>
    new CelFile({ path: file, log: silentLog, ...more });

  it('is found from a time on in a long file, without the line that is being written', async () => {
    writeFileSync(file, `${Array.from({ length: 20_000 }, (_, index) => line(index)).join('\n')}\n"CHAN_START","18`);
    const records = await cel().since((START + 19_990) * 1000);
    expect(records[0]?.channelId).toBe('h-19985');
    expect(records.at(-1)?.channelId).toBe('h-19999');
    expect(await cel().since((START + 30_000) * 1000)).toEqual([]);
    expect(await cel().since(0)).toHaveLength(20_000);
  });

  it('is empty when it is not there', async () => {
    expect(await cel().since(0)).toEqual([]);
  });

  it('of too much gives the newest', async () => {
    writeFileSync(file, `${Array.from({ length: 5_000 }, (_, index) => line(index)).join('\n')}\n`);
    const records = await cel({ maxBytes: 10_000 }).since(0);
    expect(records.length).toBeLessThan(100);
    expect(records.at(-1)?.channelId).toBe('h-4999');
  });

  it('is put aside when large, read on, and deleted when old', async () => {
    writeFileSync(file, `${line(0)}\n`);
    const atMs = (START + 10) * 1000;
    await cel({ rotateBytes: 10 }).tidy(atMs);
    appendFileSync(file, `${line(20)}\n`);
    utimesSync(file, START, START);
    expect((await cel().since(0)).map((record) => record.channelId)).toEqual(['h-0', 'h-20']);
    await cel({ rotateBytes: 1_000_000, keepDays: 1 }).tidy(atMs + 2 * 86_400_000);
    expect(readdirSync(dir)).toEqual(['calls.csv']);
  });

  it('is left alone when somebody else cares for it', async () => {
    writeFileSync(file, `${line(0)}\n`);
    await cel({ rotateBytes: 1, keepDays: 0 }).tidy(Date.now());
    expect(readdirSync(dir)).toEqual(['calls.csv']);
  });
});
