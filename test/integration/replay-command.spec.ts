import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { expectedRows, recordingBytes } from '../replay/recordings';

const ROOT = path.resolve(__dirname, '../..');
const RECORDING = '05-queue-ringnoanswer-then-second-agent';

function replay(args: readonly string[], input?: Buffer) {
  const { status, stdout, stderr } = spawnSync('npm', ['run', '--silent', 'replay', '--', ...args], { cwd: ROOT, encoding: 'utf8', input });
  return { status, rows: stdout.split('\n').filter(Boolean), said: stderr };
}

describe('npm run replay', () => {
  it('prints one line of JSON for each call of a recorded stream, from a file or from standard input', () => {
    const file = replay([`test/fixtures/asterisk-22.10/${RECORDING}.ami.raw`]);
    expect(file).toMatchObject({ status: 0, said: '' });
    const expected = expectedRows(RECORDING).map((row) => row.callId);
    expect(file.rows.map((line) => (JSON.parse(line) as { callId: string }).callId)).toEqual(expected);
    expect(replay(['-'], recordingBytes(RECORDING)).rows).toEqual(file.rows);
  });

  it('says which calls were still up', () => {
    const { status, rows, said } = replay(['test/fixtures/asterisk-22.10/50-core-restart-now.ami.raw']);
    expect([status, rows]).toEqual([0, []]);
    expect(said).toMatch(/still up at the end of the recording: \S+ \(inbound, connected\)/);
  });

  it('does not pass for true what has no times', () => {
    const untimed = recordingBytes(RECORDING)
      .toString('latin1')
      .replace(/^Timestamp: .*\r\n/gm, '');
    const { status, said } = replay(['-'], Buffer.from(untimed, 'latin1'));
    expect(status).toBe(1);
    expect(said).toMatch(/timestampevents/);
  });

  it('names a file that is not there, and what it takes', () => {
    expect(replay(['nothing.raw'])).toMatchObject({ status: 1, said: expect.stringContaining('nothing.raw') });
    expect(replay([])).toMatchObject({ status: 2, said: expect.stringContaining('FILE') });
  });
});
