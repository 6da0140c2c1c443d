import fc from 'fast-check';
import type { CallLogRow } from '../../crm-core/contract/calls';
import type { PbxEvent, PbxSnapshot } from '../../cti-gateway/src/domain/call/pbx-event';
import { anyEchoes, anyOrder, repeated, shuffled } from './disorder';
import { WatchedBook } from './invariants';
import { recordedEvents, recordingBytes, recordingNames, replay } from './recordings';

/** `HOTLINE_TEST_SEED=…` repeats a run, `HOTLINE_TEST_RUNS=…` searches longer; on failure fast-check prints seed and path of the smallest counterexample. */
const seed = Number(process.env.HOTLINE_TEST_SEED ?? 20_261_121);
const runs = { seed, numRuns: Number(process.env.HOTLINE_TEST_RUNS ?? 300) };

const names = recordingNames();
const anyName = fc.constantFrom(...names);
const streams = new Map(names.map((name) => [name, recordedEvents(name)]));
const eventsOf = (name: string): readonly PbxEvent[] => streams.get(name) ?? [];
const inOrder = new Map(names.map((name) => [name, new WatchedBook().play(eventsOf(name)).rows]));

const NOTHING: PbxSnapshot = { channels: [], queues: [], members: [], devices: [], startupKey: 'later' };

describe('recorded streams as Asterisk might have sent them', () => {
  test('in another order of topics: the same calls, ended the same way', () => {
    fc.assert(
      fc.property(anyName, anyOrder, (name, order) => {
        const { rows } = new WatchedBook().play(shuffled(eventsOf(name), order));
        expect(sorted(rows).map(judgement)).toEqual(sorted(inOrder.get(name) ?? []).map(judgement));
      }),
      runs,
    );
  });

  test('with events told twice, soon or late: the very same rows', () => {
    fc.assert(
      fc.property(anyName, anyEchoes, (name, echoes) => {
        const { rows } = new WatchedBook().play(repeated(eventsOf(name), echoes));
        expect(rows).toEqual(inOrder.get(name));
      }),
      runs,
    );
  });

  test('in chunks of any size: the very same rows', () => {
    fc.assert(
      fc.property(anyName, fc.array(fc.integer({ min: 1, max: 3_000 }), { minLength: 1, maxLength: 40 }), (name, sizes) => {
        expect(replay(chunks(recordingBytes(name), sizes)).rows).toEqual(inOrder.get(name));
      }),
      { ...runs, numRuns: 60 },
    );
  });

  test('two at once, interleaved: the calls of both', () => {
    fc.assert(
      fc.property(anyName, anyName, fc.array(fc.boolean(), { minLength: 5, maxLength: 50 }), (one, two, turns) => {
        fc.pre(one !== two && !shareTelephones(one, two));
        const { rows } = new WatchedBook().play(interleaved(eventsOf(one), eventsOf(two), turns));
        expect(sorted(rows)).toEqual(sorted([...(inOrder.get(one) ?? []), ...(inOrder.get(two) ?? [])]));
      }),
      { ...runs, numRuns: 100 },
    );
  });
});

describe('recorded streams with parts missing', () => {
  test('cut anywhere: no promise broken, and a resync with an empty telephone system ends every call as lost, once', () => {
    fc.assert(
      fc.property(anyName, fc.nat(200), fc.nat(200), anyOrder, (name, from, length, order) => {
        const all = eventsOf(name);
        const watched = new WatchedBook({ lossy: true }).play(shuffled(all.slice(from % (all.length + 1)).slice(0, length), order));
        const open = watched.book.live().map((call) => call.callId);
        const before = watched.rows.length;
        watched.apply(resynced(all.at(-1)?.atMs ?? 0));
        const lost = watched.rows.slice(before);
        expect(lost.map((row) => row.callId).sort()).toEqual([...open].sort());
        expect(lost.every((row) => row.outcome === 'lost_contact' && row.endedBy === 'unknown' && !row.complete)).toBe(true);
        expect(watched.book.size()).toMatchObject({ calls: 0, index: 0 });
      }),
      runs,
    );
  });

  test('with events dropped at random: no promise broken, nothing kept after the resync', () => {
    fc.assert(
      fc.property(anyName, fc.array(fc.boolean(), { minLength: 8, maxLength: 64 }), anyEchoes, (name, keep, echoes) => {
        const events = repeated(eventsOf(name), echoes).filter((_, index) => keep[index % keep.length] === true);
        const watched = new WatchedBook({ lossy: true }).play(events);
        watched.apply(resynced(events.at(-1)?.atMs ?? 0));
        expect(watched.book.size()).toMatchObject({ calls: 0, index: 0 });
      }),
      runs,
    );
  });

  test('a call whose channels have all ended is over, whatever else was dropped', () => {
    fc.assert(
      fc.property(anyName, fc.array(fc.boolean(), { minLength: 8, maxLength: 64 }), anyOrder, (name, keep, order) => {
        const ends = new Set(eventsOf(name).flatMap((event) => (event.type === 'channel.ended' ? [event.channel.channelId] : [])));
        const events = shuffled(eventsOf(name), order).filter(
          (event, index) => event.type === 'channel.ended' || keep[index % keep.length] === true,
        );
        const { book } = new WatchedBook({ lossy: true }).play(events);
        for (const call of book.live()) expect(call.legs.every((leg) => ends.has(leg.channelId))).toBe(false);
      }),
      runs,
    );
  });
});

/** What a row says about people; durations may differ by what an event that came after the end would have told. */
function judgement(row: CallLogRow): unknown {
  return {
    callId: row.callId,
    direction: row.direction,
    number: row.remoteNumber,
    agent: row.agentExtension,
    outcome: row.outcome,
    endedBy: row.endedBy,
    cause: row.cause,
    complete: row.complete,
    wait: coarse(row.waitMs),
    talk: coarse(row.talkMs),
    hold: coarse(row.holdMs),
    legs: row.legs.map((leg) => [leg.channelId, leg.result, coarse(leg.ringMs), coarse(leg.talkMs)]).sort(),
    queues: row.queueVisits.map((visit) => [visit.queue, visit.result]),
    transfers: row.transfers.map(({ at: _at, ...transfer }) => transfer),
    recordings: row.recordings,
  };
}

function coarse(ms: number): number {
  return Math.round(ms / 200);
}

function resynced(atMs: number): PbxEvent {
  return { type: 'resynced', atMs: atMs + 5_000, gapFromMs: atMs, pbxRestarted: true, snapshot: NOTHING };
}

function* chunks(bytes: Buffer, sizes: readonly number[]): Generator<Buffer> {
  for (let at = 0, turn = 0; at < bytes.length; turn++) {
    const size = sizes[turn % sizes.length] ?? 1;
    yield Buffer.from(bytes.subarray(at, at + size));
    at += size;
  }
}

function interleaved(one: readonly PbxEvent[], two: readonly PbxEvent[], turns: readonly boolean[]): PbxEvent[] {
  const result: PbxEvent[] = [];
  const queues: [PbxEvent[], PbxEvent[]] = [[...one], [...two]];
  for (let turn = 0; queues[0].length + queues[1].length > 0; turn++) {
    const preferred = queues[turns[turn % turns.length] === true ? 0 : 1];
    const next = preferred.shift() ?? queues[0].shift() ?? queues[1].shift();
    if (next !== undefined) result.push(next);
  }
  return result;
}

/** The promise "in one talking call" is about one telephone system; two recordings of the same agent are two. */
function shareTelephones(one: string, two: string): boolean {
  const agents = (name: string): (string | null)[] => (inOrder.get(name) ?? []).flatMap((row) => row.legs.map((leg) => leg.extension));
  const open = (name: string): boolean => (inOrder.get(name) ?? []).length === 0;
  return open(one) || open(two) || agents(one).some((agent) => agent !== null && agents(two).includes(agent));
}

function sorted(rows: readonly CallLogRow[]): CallLogRow[] {
  return [...rows].sort((a, b) => (a.callId < b.callId ? -1 : 1));
}
