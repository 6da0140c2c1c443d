import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { CallLogEntry, CallLogRow } from '../../crm-core/contract/calls';
import { rebuild } from './calls';
import { parseCallsArguments } from './calls-arguments';

const line = (type: string, second: string, channel: string, id: string, more: { app?: string; data?: string; extra?: string; exten?: string } = {}): string =>
  [type, `1795283190.${second}`, channel, id, 'h-1.0', channel.includes('trunk') ? '13912345678' : '1001', '', more.exten ?? '02066668888', 'line', more.app ?? '', more.data ?? '', '', more.extra ?? '']
    .map((field) => `"${field.replaceAll('"', '""')}"`)
    .join(',');
const TRUNK = 'PJSIP/trunk-00000000';
const ABANDONED = [
  line('CHAN_START', '100000', TRUNK, 'h-1.0'),
  line('CTI', '110000', TRUNK, 'h-1.0', { extra: '{"extra":"h-1.0|inbound|02066668888|20||"}' }),
  line('ANSWER', '120000', TRUNK, 'h-1.0'),
  line('APP_START', '130000', TRUNK, 'h-1.0', { app: 'Queue', data: 'hotline,t,,,600' }),
  line('APP_END', '900000', TRUNK, 'h-1.0', { app: 'Queue', data: 'hotline,t,,,600' }),
  line('HANGUP', '900000', TRUNK, 'h-1.0', { extra: `{"hangupcause":16,"hangupsource":"${TRUNK}","dialstatus":""}` }),
  line('CHAN_END', '900000', TRUNK, 'h-1.0'),
];

class FakeLog {
  readonly rows = new Map<string, CallLogRow>();

  find(callId: string): Promise<CallLogEntry | null> {
    return Promise.resolve((this.rows.get(callId) as CallLogEntry | undefined) ?? null);
  }

  put(row: CallLogRow): Promise<void> {
    this.rows.set(row.callId, row);
    return Promise.resolve();
  }
}

describe('calls rebuild', () => {
  const dir = mkdtempSync(path.join(os.tmpdir(), 'hotline-cel-'));
  const celFile = path.join(dir, 'calls.csv');
  const said: string[] = [];
  const log = new FakeLog();
  const wish = { celFile, log, trunkEndpoints: ['trunk'], fromMs: 1_795_283_000_000, toMs: 1_795_284_000_000, say: (text: string) => said.push(text) };

  beforeAll(() => writeFileSync(celFile, `${ABANDONED.join('\n')}\n"CHAN_START","17952831`));
  afterAll(() => rmSync(dir, { recursive: true, force: true }));

  it('shows what is missing and changes nothing', async () => {
    expect(await rebuild({ ...wish, apply: false })).toMatchObject({ calls: 1, missing: 1, changed: 0 });
    expect(log.rows.size).toBe(0);
    expect(said.join('\n')).toContain('nothing changed');
  });

  it('adds it when told to, and once', async () => {
    expect(await rebuild({ ...wish, apply: true })).toMatchObject({ missing: 1, changed: 1 });
    expect(log.rows.get('h-1.0')).toMatchObject({ direction: 'inbound', outcome: 'abandoned', endedBy: 'customer', remoteNumber: '13912345678', queue: 'hotline', complete: false });
    expect(await rebuild({ ...wish, apply: true })).toMatchObject({ same: 1, changed: 0 });
  });

  it('replaces what was marked incomplete, never what was seen as it happened', async () => {
    const row = log.rows.get('h-1.0') as CallLogRow;
    log.rows.set('h-1.0', { ...row, outcome: 'lost_contact', complete: true });
    expect(await rebuild({ ...wish, apply: true })).toMatchObject({ kept: 1, changed: 0 });
    log.rows.set('h-1.0', { ...row, outcome: 'lost_contact', complete: false });
    expect(await rebuild({ ...wish, apply: true })).toMatchObject({ different: 1, changed: 1 });
    expect(said.join('\n')).toContain('outcome: lost_contact → abandoned');
  });

  it('looks at calls of the time asked for only', async () => {
    expect(await rebuild({ ...wish, toMs: 1_795_283_100_000, apply: true })).toMatchObject({ calls: 0 });
  });

  it.each([
    [['rebuild'], /usage/],
    [['rebuild', '--from', 'yesterday', '--to', '2026-11-21'], /--from yesterday/],
    [['rebuild', '--from', '2026-11-22', '--to', '2026-11-21'], /earlier/],
    [['rebuild', '--all'], /--all/],
  ])('%j is refused with a reason', (argv, reason) => {
    expect(() => parseCallsArguments(argv)).toThrow(reason);
  });
});
