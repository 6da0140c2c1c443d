import { rebuildCalls } from '../../cti-gateway/src/adapters/asterisk/cel/rebuild-calls';
import { CallLogRow } from '../../crm-core/contract/calls';
import { MODEL, recordedCel, recordingBytes, recordingNames, replay } from './recordings';

const withCel = recordingNames().filter((name) => recordedCel(name).length > 0);

/** What CEL is as exact about as the event stream; the two stamp one moment within this. */
const SAME_MS = 100;

/**
 * What CEL does not have: that a telephone never rang (15); which number a channel made by ARI dialled (31); that a command and not the
 * telephone system ended a telephone's ringing (34); that of two telephones rung one after another by Dial the first did not answer (95). With the product's own dialplan the number is told by a user event.
 */
const NOT_TOLD: Readonly<Record<string, Partial<Judgement>>> = {
  '15-member-unreachable': { legs: [] },
  '31-click2dial-ari-create-dial-early': { number: null },
  '34-ari-originate-bad-endpoint': { endedBy: 'unknown' },
  '95-hotline-refer-returned': { legs: [] },
};

describe('the call log made anew from the channel event log agrees with the live one', () => {
  test('there are recordings of both', () => expect(withCel.length).toBeGreaterThan(20));

  test.each(withCel)('%s', (name) => {
    const live = replay([recordingBytes(name)]).rows;
    const rebuilt = rebuildCalls(recordedCel(name), MODEL);
    expect(rebuilt.map((row) => ({ ...judgement(row), ...NOT_TOLD[name] }))).toEqual(
      live.map((row) => ({ ...judgement(row), ...NOT_TOLD[name] })),
    );
    rebuilt.forEach((row, index) => {
      const other = live[index] as CallLogRow;
      expect({ name, ...times(row, other) }).toEqual({ name, ...times(other, other) });
      expect(row).toMatchObject({ complete: false, source: 'cel' });
      expect(CallLogRow.parse(row)).toEqual(row);
    });
  });
});

type Judgement = ReturnType<typeof judgement>;

function judgement(row: CallLogRow) {
  return {
    callId: row.callId,
    linkedIds: row.linkedIds,
    direction: row.direction,
    line: row.line,
    number: row.remoteNumber,
    name: row.remoteName,
    queue: row.queue,
    agent: row.agentExtension,
    outcome: row.outcome,
    endedBy: row.endedBy,
    cause: row.cause,
    legs: row.legs.map((leg) => [leg.channelId, leg.role, leg.result, leg.cause]),
    queues: row.queueVisits.map((visit) => [visit.queue, visit.result]),
    transfers: row.transfers.map(({ at: _at, ...transfer }) => transfer),
    // CEL does not name the place.
    parkings: row.parkings.map(({ byExtension, toExtension, result }) => [byExtension, toExtension, result]),
    recordings: row.recordings,
    voicemail: row.voicemail,
  };
}

/** Figures of `row`, those within {@link SAME_MS} of `other` given as its. */
function times(row: CallLogRow, other: CallLogRow): Record<string, unknown> {
  const near = (mine: number, theirs: number): number => (Math.abs(mine - theirs) <= SAME_MS ? theirs : mine);
  const date = (mine: string | null, theirs: string | null): number | null =>
    mine === null || theirs === null ? (mine === theirs ? null : NaN) : near(Date.parse(mine), Date.parse(theirs));
  return {
    startedAt: date(row.startedAt, other.startedAt),
    answeredAt: date(row.answeredAt, other.answeredAt),
    endedAt: date(row.endedAt, other.endedAt),
    waitMs: near(row.waitMs, other.waitMs),
    talkMs: near(row.talkMs, other.talkMs),
    holdMs: near(row.holdMs, other.holdMs),
    legs: row.legs.map((leg, index) => near(leg.talkMs, other.legs[index]?.talkMs ?? -1)),
    visits: row.queueVisits.map((visit, index) => near(visit.waitMs, other.queueVisits[index]?.waitMs ?? -1)),
  };
}
