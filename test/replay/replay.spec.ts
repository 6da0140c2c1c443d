import { CallLogRow } from '../../crm-core/contract/calls';
import { expectedRows, recordingBytes, recordingNames, replay } from './recordings';

/**
 * The rows were written by hand from what a person reads in the summaries. Their times are differences of the summaries' offsets, which
 * are times of arrival at the recorder; ours are Asterisk's own. In these recordings the two differ by no more than this.
 */
const ARRIVAL_MS = 25;

describe('a recorded stream gives the call log rows that a person reads in it', () => {
  test.each(recordingNames())('%s', (name) => {
    const { rows } = replay([recordingBytes(name)]);
    const expected = expectedRows(name);
    expect(rows.map((row) => row.callId)).toEqual(expected.map((row) => row.callId));
    expected.forEach((row, index) => agrees(rows[index], row, name));
  });

  test.each(recordingNames())('%s: every row is one that crm-core takes, in the documented order of fields', (name) => {
    for (const row of replay([recordingBytes(name)]).rows) {
      expect(CallLogRow.parse(row)).toEqual(row);
      expect(Object.keys(row)).toEqual(
        Object.keys(CallLogRow.shape).filter((name) => name !== 'exitReason' || row.exitReason !== undefined),
      );
    }
  });

  test.each(recordingNames())('%s: begins, is answered and ends when Asterisk says so', (name) => {
    const events = plainEvents(name);
    const at = (event: string, fits: (text: string) => boolean) =>
      events.filter((text) => text.includes(`Event: ${event}\r\n`) && fits(text)).map(atMs);
    for (const row of replay([recordingBytes(name)]).rows) {
      const ofCall = (text: string) => row.linkedIds.some((linkedId) => text.includes(`\r\nLinkedid: ${linkedId}\r\n`));
      const begun = at('Newchannel', (text) => text.includes(`\r\nUniqueid: ${row.callId}\r\n`));
      if (begun.length > 0) expect(Date.parse(row.startedAt)).toBe(begun[0]);
      const hungUp = at('Hangup', ofCall);
      if (row.complete && hungUp.length > 0)
        expect(Math.abs(Date.parse(row.endedAt) - Math.max(...hungUp))).toBeLessThanOrEqual(ARRIVAL_MS);
      const [connected] = at('AgentConnect', ofCall);
      if (row.answeredAt !== null && connected !== undefined)
        expect(Math.abs(Date.parse(row.answeredAt) - connected)).toBeLessThanOrEqual(ARRIVAL_MS);
    }
  });

  test('a call without an end in the recording is not given one', () => {
    const { rows, open } = replay([recordingBytes('50-core-restart-now')]);
    expect(rows).toEqual([]);
    expect(open).toHaveLength(1);
    expect(open[0]).toMatchObject({ phase: 'connected', remoteNumber: '491701234567', outcome: null, endedAtMs: null });
  });

  test('snapshots in the stream are not taken for events', () => {
    const { rows, open } = replay([recordingBytes('53-resync-snapshots-during-call')]);
    expect(rows).toHaveLength(2);
    expect(open).toEqual([]);
  });

  test('channels that are no telephones are counted, not shown', () => {
    const { ignored } = replay([recordingBytes('61-ari-snoop-and-record-on-dialplan-queue-call')]);
    expect(ignored.not_a_leg).toBeGreaterThan(0);
  });
});

/** The events as text, cut and read without anything of ours. */
function plainEvents(name: string): string[] {
  return recordingBytes(name)
    .toString('latin1')
    .split('\r\n\r\n')
    .map((text) => `${text}\r\n`);
}

function atMs(text: string): number {
  return Math.floor(Number(/\r\nTimestamp: ([\d.]+)\r\n/.exec(text)?.[1]) * 1_000);
}

/** Every field that the expectation has; durations within {@link ARRIVAL_MS}, lists in full length. */
function agrees(actual: unknown, expected: unknown, where: string): void {
  if (Array.isArray(expected)) {
    if (!Array.isArray(actual)) throw new Error(`${where}: not a list`);
    expect(actual).toHaveLength(expected.length);
    expected.forEach((item, index) => agrees(actual[index], item, `${where}[${index}]`));
    return;
  }
  if (expected === null || typeof expected !== 'object') {
    expect({ where, value: actual }).toEqual({ where, value: expected });
    return;
  }
  for (const [field, value] of Object.entries(expected)) {
    const found = (actual as Record<string, unknown>)[field];
    if (field.endsWith('Ms') && Math.abs(Number(found) - Number(value)) <= ARRIVAL_MS) continue;
    agrees(found, value, `${where}.${field}`);
  }
}
