import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { eventExamples } from '../../../protocol/examples';
import { silentLog } from '../../ports/log';
import { MarksFile } from './marks-file';

describe('the marks of live calls', () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'hotline-marks-'));
  const file = path.join(folder, 'marks.json');
  const passedOn = eventExamples['call.changed'].call.passedOn ?? null;
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('are as the run before left them, the last word of many', async () => {
    const first = await MarksFile.open(file, silentLog);
    expect(first.last().size).toBe(0);
    for (const recordingPaused of [true, false, true]) first.save(new Map([['c1', { recordingPaused, passedOn }]]));
    await first.close();
    const second = await MarksFile.open(file, silentLog);
    expect([...second.last()]).toEqual([['c1', { recordingPaused: true, passedOn }]]);
    expect(passedOn).not.toBeNull();
  });

  test.each([
    ['damaged', () => '{"v":1'],
    ['of another kind', () => '{"v":2,"marks":{}}'],
    ['of yesterday', () => readFileSync(file, 'utf8').replace(/"savedAtMs":\d+/, '"savedAtMs":1')],
  ])('are none when the file is %s', async (_title, text) => {
    const other = path.join(folder, 'other.json');
    writeFileSync(other, text());
    expect((await MarksFile.open(other, silentLog)).last().size).toBe(0);
  });

  test('cannot be written: the calls go on', async () => {
    const marks = await MarksFile.open(path.join(folder, 'no', 'folder.json'), silentLog);
    marks.save(new Map());
    await expect(marks.close()).resolves.toBeUndefined();
  });
});
