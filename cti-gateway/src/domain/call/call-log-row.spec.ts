import { PbxScript, START_MS } from '../../../../test/fixtures/pbx-script';
import { CallLogRow } from '../../../../crm-core/contract/calls';
import { toCallLogRow } from './call-log-row';

const whole = (): PbxScript =>
  new PbxScript()
    .callsIn('c')
    .at(1)
    .joinsQueue('c')
    .at(2)
    .queueCalls('c', 'a', '1001')
    .at(3)
    .rings('a')
    .at(5)
    .leavesQueue('c')
    .answers('a', 'c', 'b')
    .set('a', { recording: '2026/11/21/c.wav' })
    .at(7)
    .holds('a')
    .at(8)
    .resumes('a')
    .at(15)
    .hangsUp('c')
    .ends('a')
    .ends('c');

const at = (seconds: number): string => new Date(START_MS + seconds * 1_000).toISOString();

test('the whole row of a call, in the order of the contract', () => {
  const row = whole().row;
  expect(row).toEqual({
    callId: 'c',
    linkedIds: ['c'],
    direction: 'inbound',
    line: '02066668888',
    areaCode: '20',
    trunk: 'trunk',
    context: 'external',
    remoteNumber: '13912345678',
    remoteName: null,
    queue: 'hotline',
    agentExtension: '1001',
    dialId: null,
    startedAt: at(0),
    answeredAt: at(5),
    endedAt: at(15),
    outcome: 'answered',
    endedBy: 'customer',
    cause: 16,
    waitMs: 4_000,
    talkMs: 9_000,
    holdMs: 1_000,
    recording: '2026/11/21/c.wav',
    complete: true,
    legs: [
      {
        channelId: 'c',
        role: 'customer',
        endpoint: 'PJSIP/trunk',
        extension: null,
        startedAt: at(0),
        alertingAt: null,
        answeredAt: at(0),
        endedAt: at(15),
        ringMs: 0,
        talkMs: 9_000,
        holdMs: 1_000,
        result: 'answered',
        cause: 16,
      },
      {
        channelId: 'a',
        role: 'agent',
        endpoint: 'PJSIP/1001',
        extension: '1001',
        startedAt: at(2),
        alertingAt: at(3),
        answeredAt: at(5),
        endedAt: at(15),
        ringMs: 2_000,
        talkMs: 9_000,
        holdMs: 1_000,
        result: 'answered',
        cause: 16,
      },
    ],
    queueVisits: [{ queue: 'hotline', joinedAt: at(1), leftAt: at(5), waitMs: 4_000, result: 'connected' }],
    transfers: [],
    parkings: [],
    conference: false,
    voicemail: null,
    recordings: ['2026/11/21/c.wav'],
    source: 'live',
  });
  // said only where the dialplan said it
  expect(Object.keys(row)).toEqual(Object.keys(CallLogRow.shape).filter((name) => name !== 'exitReason'));
  expect(CallLogRow.parse(row)).toEqual(row);
});

test('names and numbers of any length fit the contract', () => {
  const script = new PbxScript();
  script.callsIn('c', '9'.repeat(4_000)).joinsQueue('c', 'q'.repeat(500)).abandonsQueue('c', 'q'.repeat(500)).ends('c', 0);
  expect(CallLogRow.safeParse(script.row)).toMatchObject({ success: true });
});

test('a call that nobody answered has no recording, whatever the dialplan meant to record', () => {
  expect(new PbxScript().callsIn('c').set('c', { recording: 'x.wav' }).hangsUp('c').ends('c').row.recording).toBeNull();
});

test('a row never invents an end', () => {
  expect(() => toCallLogRow(new PbxScript().callsIn('c').call)).toThrow('call c has not ended');
});

test.each([
  ['outside_hours', 'outside_hours'],
  ['callback_requested', 'callback_requested'],
  ['queue_timeout', 'queue_timeout'],
  ['blocked', 'blocked'],
  ['something_newer', undefined],
])('says where the dialplan took the caller out: %s', (exit, exitReason) => {
  const row = new PbxScript().callsIn('c').at(1).joinsQueue('c').at(9).leavesQueue('c').set('c', { exit }).at(10).ends('c').row;
  expect(row.exitReason).toBe(exitReason);
  expect(CallLogRow.parse(row)).toEqual(row);
});
