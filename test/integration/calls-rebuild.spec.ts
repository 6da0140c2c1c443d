import { execFile } from 'node:child_process';
import path from 'node:path';
import Database from 'better-sqlite3';
import { CallLogEntry } from '../../crm-core/contract/calls';
import { callRow } from './crm-samples';
import { GATEWAY_TOKEN, TestServer } from './crm-server';

const ROOT = path.resolve(__dirname, '../..');
/** Asterisk's own log of nine calls through the product's dialplan; the last one has not ended. */
const RECORDED = path.join(ROOT, 'test/fixtures/asterisk-22.10/hotline-calls.cel.csv');
const TIME = ['--from', '2026-11-21T22:00Z', '--to', '2026-11-21T23:00Z'];

/** Read in the log by a person. */
const CALLS: Readonly<Record<string, Partial<CallLogEntry>>> = {
  'dial-click-0000': {
    outcome: 'no_answer',
    direction: 'outbound',
    remoteNumber: '13730000000',
    agentExtension: '1001',
    endedBy: 'system',
    dialId: 'click-0000',
  },
  'hotline-1795298745.2': {
    outcome: 'answered',
    direction: 'inbound',
    remoteNumber: '13910000000',
    agentExtension: '1011',
    endedBy: 'customer',
    queue: 'hotline',
  },
  'hotline-1795298745.3': {
    outcome: 'answered',
    direction: 'inbound',
    remoteNumber: '13920000001',
    agentExtension: '1012',
    endedBy: 'agent',
  },
  'dial-click-0001': {
    outcome: 'answered',
    direction: 'outbound',
    remoteNumber: '13710000001',
    agentExtension: '1002',
    endedBy: 'customer',
  },
  'hotline-1795298748.8': {
    outcome: 'abandoned',
    direction: 'inbound',
    remoteNumber: '13910000002',
    agentExtension: null,
    endedBy: 'customer',
  },
  'hotline-1795298749.11': {
    outcome: 'abandoned',
    direction: 'inbound',
    remoteNumber: '13930000003',
    agentExtension: null,
    endedBy: 'customer',
  },
  'hotline-1795298755.19': {
    outcome: 'abandoned',
    direction: 'inbound',
    remoteNumber: '13940000008',
    agentExtension: null,
    endedBy: 'customer',
  },
  'dial-click-0003': {
    outcome: 'unreachable',
    direction: 'outbound',
    remoteNumber: '13740000003',
    agentExtension: '1001',
    endedBy: 'system',
  },
};
const ANSWERED = 'hotline-1795298745.2';

jest.setTimeout(120_000);

/** The command as an administrator runs it, on a crm-core that serves and a real database. */
describe('npm run calls -- rebuild', () => {
  let server: TestServer;
  beforeAll(async () => (server = await TestServer.start()));
  afterAll(() => server.dispose());

  const rebuild = (...more: string[]): Promise<{ code: number; out: string; err: string }> =>
    new Promise((resolve) => {
      const env = { ...process.env, HOTLINE_CEL_FILE: RECORDED, HOTLINE_CRM_URL: server.url, HOTLINE_GATEWAY_TOKEN: GATEWAY_TOKEN };
      execFile(process.execPath, ['cti-gateway/launch/calls.mjs', 'rebuild', ...TIME, ...more], { cwd: ROOT, env }, (error, out, err) =>
        resolve({ code: error === null ? 0 : Number(error.code), out, err }),
      );
    });
  const kept = async (callId: string): Promise<CallLogEntry | null> => {
    const answer = await server.gateway().get(`/calls/${callId}`);
    return answer.status === 404 ? null : answer.as(CallLogEntry);
  };
  const database = <T>(work: (db: Database.Database) => T): T => {
    const db = new Database(server.file);
    try {
      return work(db);
    } finally {
      db.close();
    }
  };
  /** Every row of the call log but the demo's, as the database has it. */
  const wholeLog = (): unknown =>
    database((db) => db.prepare("SELECT * FROM calls WHERE call_id NOT LIKE 'demo-%' ORDER BY call_id").all());

  it('says first what is missing, and changes nothing', async () => {
    const { code, out } = await rebuild();
    expect(code).toBe(0);
    for (const [callId, { outcome, direction }] of Object.entries(CALLS))
      expect(out).toMatch(new RegExp(`^${callId} .* ${direction} ${outcome}\\n +missing`, 'm'));
    expect(out).toContain('8 calls in the channel event log: 0 as in the call log, 8 missing there, 0 different');
    expect(out).toContain('nothing changed');
    expect(wholeLog()).toEqual([]);
  });

  it('writes them when told to: each once, right, and marked', async () => {
    expect(await rebuild('--apply')).toMatchObject({ code: 0, out: expect.stringContaining('8 written') });
    for (const [callId, expected] of Object.entries(CALLS))
      expect(await kept(callId)).toMatchObject({ ...expected, callId, complete: false, source: 'cel', line: '02066668888' });
    // figures of one of them, from the stamps: entered .700580, bridged 1.628403, gone 3.712374
    const row = await kept(ANSWERED);
    expect(row).toMatchObject({
      startedAt: '2026-11-21T22:05:45.700Z',
      answeredAt: '2026-11-21T22:05:46.628Z',
      recording: '2026/11/21/hotline-1795298745.2.wav',
    });
    expect(Math.abs((row?.talkMs ?? 0) - 2_084)).toBeLessThan(5);
    expect(wholeLog()).toHaveLength(8);
  });

  it('done again it changes nothing', async () => {
    const before = wholeLog();
    expect(await rebuild('--apply')).toMatchObject({
      code: 0,
      out: expect.stringContaining('8 as in the call log, 0 missing there, 0 different, 0 different but seen as they happened; 0 written'),
    });
    expect(wholeLog()).toEqual(before);
  });

  it('a row deleted and one spoilt are shown and made right again; others are left alone', async () => {
    const before = wholeLog();
    const gone = 'hotline-1795298745.3';
    database((db) => {
      for (const table of ['call_agents', 'calls']) db.prepare(`DELETE FROM ${table} WHERE call_id = ?`).run(gone);
      db.prepare("UPDATE calls SET outcome = 'lost_contact', talk_ms = 0, answered_at = NULL WHERE call_id = ?").run(ANSWERED);
    });
    const shown = await rebuild();
    expect(shown.out).toMatch(new RegExp(`^${gone} .*\\n +missing`, 'm'));
    expect(shown.out).toMatch(
      new RegExp(
        `^${ANSWERED} .*\\n +outcome: lost_contact → answered\\n +answeredAt: – → 2026-11-21T22:05:46.628Z\\n +talkMs: 0 → 20\\d\\d`,
        'm',
      ),
    );
    expect(shown.out).toContain('6 as in the call log, 1 missing there, 1 different');
    expect(await kept(ANSWERED)).toMatchObject({ outcome: 'lost_contact' });
    expect((await rebuild('--apply')).out).toContain('2 written');
    expect(withoutTime(wholeLog())).toEqual(withoutTime(before));
    expect((await rebuild('--apply')).out).toContain('0 written');
  });

  it('what was seen as it happened is shown and stays', async () => {
    const seen = callRow('dial-click-0003', { ...CALLS['dial-click-0003'], outcome: 'cancelled', complete: true });
    expect((await server.gateway().put('/calls/dial-click-0003', seen)).status).toBe(200);
    const { out } = await rebuild('--apply');
    expect(out).toMatch(/^dial-click-0003 .*\n +seen as it happened, stays: (.+\n +)*outcome: cancelled → unreachable/m);
    expect(out).toContain('1 different but seen as they happened; 0 written');
    expect(await kept('dial-click-0003')).toMatchObject({ outcome: 'cancelled', complete: true });
  });

  it('a crm-core that is not there, or does not know the token, is named in one sentence', async () => {
    const { url } = server;
    await server.stop();
    expect(
      await new Promise((resolve) => {
        const env = { ...process.env, HOTLINE_CEL_FILE: RECORDED, HOTLINE_CRM_URL: url, HOTLINE_GATEWAY_TOKEN: GATEWAY_TOKEN };
        execFile(process.execPath, ['cti-gateway/launch/calls.mjs', 'rebuild', ...TIME], { cwd: ROOT, env }, (error, _out, err) =>
          resolve({ code: error?.code, err }),
        );
      }),
    ).toEqual({ code: 1, err: expect.stringMatching(/^crm-core at http.* does not answer .*HOTLINE_CRM_URL says where it is\.\n$/) });
    await server.open();
  });
});

/** When a row was taken in is not what it says of the call. */
function withoutTime(rows: unknown): unknown {
  return (rows as Record<string, unknown>[]).map(({ received_at: _, ...row }) => row);
}
