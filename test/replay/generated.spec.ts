import fc from 'fast-check';
import { rebuildCalls } from '../../cti-gateway/src/adapters/asterisk/cel/rebuild-calls';
import type { CallLogRow } from '../../crm-core/contract/calls';
import type { PbxEvent } from '../../cti-gateway/src/domain/call/pbx-event';
import { anyEchoes, anyOrder, repeated, shuffled } from './disorder';
import { generate, type Generated } from './generated-calls';
import { anyPlans, type Truth } from './generated-plans';
import { GatewayLife, Disk } from './gateway-life';
import { WatchedBook } from './invariants';
import { MODEL } from './recordings';

/** As in `disorder.spec.ts`. */
const seed = Number(process.env.HOTLINE_TEST_SEED ?? 20_261_121);
const runs = { seed, numRuns: Number(process.env.HOTLINE_TEST_RUNS ?? 150) };
/** A moment of the whole, in thousandths of its time. */
const anyMoment = fc.nat(1_000);

describe('calls made up, whose every row is known before', () => {
  test('in another order, with events told twice: every call once, as it was', () => {
    fc.assert(
      fc.property(anyPlans, anyOrder, anyEchoes, (plans, order, echoes) => {
        const { events, truths } = generate(plans);
        const watched = new WatchedBook().play(repeated(shuffled(events, order), echoes));
        expect(judged(watched.rows)).toEqual(known(truths));
        expect(watched.rows.every((row) => row.complete)).toBe(true);
        expect(watched.book.size()).toMatchObject({ calls: 0, index: 0 });
      }),
      runs,
    );
  });

  test('from the channel event log alone, lines a little out of order and twice: the same rows', () => {
    fc.assert(
      fc.property(anyPlans, anyOrder, (plans, order) => {
        const { cel, truths } = generate(plans);
        expect(judged(rebuildCalls(disordered(cel, order), MODEL))).toEqual(known(truths));
      }),
      runs,
    );
  });

  test('with the wire cut for any time: every call once, none for ever, how it went known from the log', async () => {
    await fc.assert(
      fc.asyncProperty(anyPlans, anyMoment, anyMoment, anyOrder, async (plans, one, other, order) => {
        const made = generate(plans);
        const [cutMs, backMs] = [at(made, Math.min(one, other)), at(made, Math.max(one, other))];
        const life = new GatewayLife(made, new Disk(), at(made, 0) - 1_000);
        await life.connect(at(made, 0) - 1_000);
        life.hear(between(shuffled(made.events, order), -Infinity, cutMs));
        life.cut(cutMs);
        await life.connect(backMs);
        life.hear(between(made.events, backMs, Infinity));
        expect(judged(life.rows)).toEqual(known(made.truths));
        expect(life.live).toBe(0);
      }),
      runs,
    );
  });

  test('with the gateway killed and started again at any time: every call once, by whichever life', async () => {
    await fc.assert(
      fc.asyncProperty(anyPlans, fc.array(fc.tuple(anyMoment, fc.nat(300)), { minLength: 1, maxLength: 3 }), async (plans, kills) => {
        const made = generate(plans);
        const disk = new Disk();
        const rows: CallLogRow[] = [];
        let fromMs = at(made, 0) - 1_000;
        for (const [moment, downFor] of [...kills].sort(([a], [b]) => a - b)) {
          const killedMs = Math.max(at(made, moment), fromMs);
          const life = new GatewayLife(made, disk, fromMs);
          await life.connect(fromMs);
          life.hear(between(made.events, fromMs, killedMs));
          rows.push(...life.rows);
          fromMs = killedMs + downFor * 20;
        }
        const last = new GatewayLife(made, disk, fromMs);
        await last.connect(fromMs);
        last.hear(between(made.events, fromMs, Infinity));
        rows.push(...last.rows);
        expect(judged(rows)).toEqual(known(made.truths));
        expect(last.live).toBe(0);
      }),
      runs,
    );
  });

  test('with Asterisk killed at any time: what lived then lost contact, everything else is as it was', async () => {
    await fc.assert(
      fc.asyncProperty(anyPlans, anyMoment, async (plans, moment) => {
        const made = generate(plans);
        const killedMs = at(made, moment);
        const life = new GatewayLife(
          { ...made, cel: made.cel.filter((record) => record.atMs <= killedMs) },
          new Disk(),
          at(made, 0) - 1_000,
        );
        await life.connect(at(made, 0) - 1_000);
        life.hear(between(made.events, -Infinity, killedMs));
        life.cut(killedMs);
        await life.connect(killedMs + 3_000, { restarted: true });
        const begun = made.truths.filter((truth) => truth.startedAtMs <= killedMs);
        const [over, living] = [begun.filter((truth) => truth.endedAtMs <= killedMs), begun.filter((truth) => truth.endedAtMs > killedMs)];
        expect(judged(life.rows)).toEqual(byId([...known(over), ...living.map(lost)]));
        expect(life.live).toBe(0);
      }),
      runs,
    );
  });
});

/** What must be right in every row, whatever happened to the gateway. Of a call that was lost, what had been told until then is known. */
function judged(rows: readonly CallLogRow[]): unknown[] {
  return byId(
    rows.map(({ callId, direction, remoteNumber: number, outcome, endedBy, agentExtension: agent }) =>
      outcome === 'lost_contact' ? { callId, outcome, endedBy } : { callId, direction, number, outcome, endedBy, agent },
    ),
  );
}

function known(truths: readonly Truth[]): { readonly callId: string }[] {
  return byId(truths.map(({ startedAtMs: _from, endedAtMs: _until, ...truth }) => truth));
}

function lost({ callId }: Truth): Pick<Truth, 'callId' | 'outcome' | 'endedBy'> {
  return { callId, outcome: 'lost_contact', endedBy: 'unknown' };
}

function byId<T extends { readonly callId: string }>(rows: readonly T[]): T[] {
  return [...rows].sort((a, b) => (a.callId < b.callId ? -1 : a.callId > b.callId ? 1 : 0));
}

function at({ events }: Generated, thousandths: number): number {
  const [first, last] = [events[0]?.atMs ?? 0, events.at(-1)?.atMs ?? 0];
  return Math.round(first + ((last - first) * thousandths) / 1_000);
}

function between(events: readonly PbxEvent[], fromMs: number, untilMs: number): PbxEvent[] {
  return events.filter(({ atMs }) => atMs > fromMs && atMs <= untilMs);
}

/** Threads of Asterisk write side by side: neighbours of different channels within a moment change places. */
function disordered<T extends { readonly atMs: number; readonly channelId: string }>(
  records: readonly T[],
  choices: readonly boolean[],
): T[] {
  const result = [...records];
  for (let index = 0; index + 1 < result.length; index += 1) {
    const [one, other] = [result[index] as T, result[index + 1] as T];
    const exchange = choices[index % choices.length] === true && one.channelId !== other.channelId && other.atMs - one.atMs <= 1;
    if (exchange) [result[index], result[index + 1]] = [other, one];
  }
  return result;
}
