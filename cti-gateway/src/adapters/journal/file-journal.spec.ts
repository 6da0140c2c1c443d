import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import type { CallIntake } from '../../../../crm-core/contract/calls';
import { callRow } from '../../../../test/integration/crm-samples';
import { silentLog, type Log } from '../../ports/log';
import { writeDurably } from './durable-file';
import { FileJournal } from './file-journal';

describe('the journal on disk', () => {
  let folder: string;
  let said: string[];
  /** What happens after a row is in its place and before its folder is forced to disk. */
  let renamed: () => Promise<unknown>;
  let journal: FileJournal;

  const files = (name: string): string[] => readdirSync(path.join(folder, name));
  const row = (callId: string, changes: Partial<CallIntake> = {}): CallIntake => ({ ...callRow(callId), ...changes });
  /** Long enough for files to be changed, if anybody does. */
  const aWhile = async (): Promise<void> => {
    for (let i = 0; i < 200; i += 1) await turn();
  };
  const open = (): Promise<FileJournal> => {
    const log: Log = { ...silentLog, error: (_fields, message) => void said.push(message) };
    const write = async (file: string, content: string): Promise<void> => {
      await writeDurably(file, content);
      await renamed();
    };
    return FileJournal.open(folder, log, { write });
  };

  beforeEach(async () => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'hotline-journal-'));
    said = [];
    renamed = async () => undefined;
    journal = await open();
  });
  afterEach(async () => {
    await journal.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('leaves a row in its place that the disk does not give now, and goes on with the others', async () => {
    for (const callId of ['c1', 'c2']) await journal.append(row(callId));
    await journal.close();
    let broken = true;
    const read = async (file: string): Promise<string> => {
      if (broken && file.includes('c1')) throw Object.assign(new Error('EMFILE: too many open files'), { code: 'EMFILE' });
      return readFileSync(file, 'utf8');
    };
    journal = await FileJournal.open(folder, silentLog, { read });
    expect(await journal.pending(20)).toEqual([row('c2')]);
    await journal.settle('c2', 'accepted');
    await expect(journal.pending(20)).rejects.toThrow('EMFILE');
    expect(files('corrupt')).toEqual([]);
    broken = false;
    expect(await journal.pending(20)).toEqual([row('c1')]);
  });

  test.each(['accepted', 'refused'] as const)('keeps a corrected row when the one before is %s while it is written', async (answer) => {
    await journal.append(row('c1'));
    await journal.pending(20);
    let answered: Promise<void> = Promise.resolve();
    renamed = async () => {
      renamed = async () => undefined;
      answered = journal.settle('c1', answer);
      await Promise.race([answered, aWhile()]);
    };
    await journal.append(row('c1', { cause: 17 }));
    await answered;
    expect(await journal.pending(20)).toEqual([row('c1', { cause: 17 })]);
    expect(files('pending')).toHaveLength(1);
    expect(files('refused')).toEqual([]);
    await journal.settle('c1', 'accepted');
    expect(files('pending')).toEqual([]);
    expect(journal.backlog()).toBe(0);
  });

  test('keeps a corrected row that ended at another time and takes its place while others are read', async () => {
    const others = Array.from({ length: 40 }, (_, index) => `other${index}`);
    for (const callId of [...others, 'c1']) await journal.append(row(callId));
    let read: Promise<unknown> = Promise.resolve();
    renamed = async () => void (read = journal.pending(100));
    const corrected = row('c1', { endedAt: '2026-03-02T01:02:05.000Z' });
    await journal.append(corrected);
    await read;
    expect(said).toEqual([]);
    expect(journal.backlog()).toBe(41);
    expect((await journal.pending(100)).at(-1)).toEqual(corrected);
    expect(files('pending')).toHaveLength(41);
  });

  test('finds by call what an earlier run has left, whoever wrote it', async () => {
    await journal.append(row('c1'));
    await journal.append(row('c/2'));
    await journal.close();
    journal = await open();
    expect((await journal.pending(20)).map(({ callId }) => callId).sort()).toEqual(['c/2', 'c1']);
    await journal.settle('c/2', 'accepted');
    await journal.settle('c1', 'refused', 'no');
    expect([files('pending'), files('refused')]).toEqual([[], [expect.stringMatching(/-c1\.json$/)]]);
  });

  test('says that a row which cannot be read could not be put aside, when it could not', async () => {
    writeFileSync(path.join(folder, 'pending', '1700000000000-c1.json'), '{"callId"');
    await journal.close();
    journal = await open();
    rmSync(path.join(folder, 'corrupt'), { recursive: true });
    expect(await journal.pending(20)).toEqual([]);
    expect(files('pending')).toEqual(['1700000000000-c1.json']);
    expect(said).toEqual([expect.stringContaining('could not be moved to corrupt/')]);
    expect(said.join()).not.toContain('kept');
  });
});
