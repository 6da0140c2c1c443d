import { setImmediate as turn } from 'node:timers/promises';
import type { LinkState } from '../../protocol';
import type { CallIntake } from '../../../crm-core/contract/calls';
import { ManualClock } from '../../../test/fakes/manual-clock';
import { callRow } from '../../../test/integration/crm-samples';
import type { CallJournal } from '../ports/call-journal';
import { CrmError } from '../ports/crm-directory';
import { silentLog, type Log } from '../ports/log';
import { silentTelemetry } from '../ports/telemetry';
import { CallDelivery } from './call-delivery';
import { CrmLink } from './crm-link';

type Answer = 'takes' | 'refuses' | 'stumbles' | 'hangs';

/** A journal whose disk can be full, for rows or for what was refused. */
class MemoryJournal implements CallJournal {
  readonly rows = new Map<string, CallIntake>();
  readonly refused: string[] = [];
  full = false;
  noRoomForRefused = false;
  private readonly handedOut = new Map<string, CallIntake>();

  async append(row: CallIntake): Promise<void> {
    if (this.full) throw new Error('ENOSPC');
    this.rows.set(row.callId, row);
  }
  async pending(limit: number, wanted: (callId: string) => boolean = () => true): Promise<readonly CallIntake[]> {
    const rows = [...this.rows.values()].filter(({ callId }) => wanted(callId)).slice(0, limit);
    for (const row of rows) this.handedOut.set(row.callId, row);
    return rows;
  }
  async settle(callId: string, result: 'accepted' | 'refused'): Promise<void> {
    if (this.rows.get(callId) !== this.handedOut.get(callId)) return;
    if (result === 'refused' && this.noRoomForRefused) throw new Error('ENOSPC');
    if (result === 'refused') this.refused.push(callId);
    this.rows.delete(callId);
  }
  backlog(): number {
    return this.rows.size;
  }
  async close(): Promise<void> {}
}

describe('the delivery of finished calls', () => {
  let clock: ManualClock;
  let journal: MemoryJournal;
  let link: CrmLink;
  let linkStates: LinkState[];
  let delivery: CallDelivery;
  let answers: Map<string, Answer>;
  /** Whether crm-core can be reached at all. */
  let there: boolean;
  /** What happens while the request of a call is on its way. */
  let duringPut: Map<string, () => Promise<void>>;
  let puts: { callId: string; cause: number | null; atMs: number }[];
  let taken: Map<string, number | null>;
  let said: { level: 'error' | 'info'; message: string; callId: unknown }[];

  const row = (callId: string, changes: Partial<CallIntake> = {}): CallIntake => ({ ...callRow(callId), ...changes });
  const ids = (name: string, count: number): string[] => Array.from({ length: count }, (_, index) => `${name}${index}`);
  const putsOf = (callId: string): number[] => puts.filter((put) => put.callId === callId).map(({ atMs }) => atMs);
  const errorsOf = (callId: string): number => said.filter((line) => line.level === 'error' && line.callId === callId).length;
  /** Lets what has begun come to its end. */
  const settle = async (): Promise<void> => {
    for (let i = 0; i < 20; i += 1) await turn();
  };
  const pass = async (ms: number, stepMs = 1_000): Promise<void> => {
    for (let at = 0; at < ms; at += stepMs) {
      clock.advance(stepMs);
      await settle();
    }
  };

  async function put(sent: CallIntake): Promise<{ status: 'accepted' } | { status: 'refused'; message: string }> {
    const { callId, cause } = sent;
    puts.push({ callId, cause, atMs: clock.nowMs() });
    await duringPut.get(callId)?.();
    const answer = there ? (answers.get(callId) ?? 'takes') : 'hangs';
    if (answer === 'hangs') throw new CrmError('unreachable', 'TimeoutError');
    if (answer === 'stumbles') throw new CrmError('misbehaved', 'crm-core answered 500 internal');
    if (answer === 'refuses') return { status: 'refused', message: 'no' };
    taken.set(callId, cause);
    return { status: 'accepted' };
  }

  beforeEach(async () => {
    clock = new ManualClock();
    journal = new MemoryJournal();
    answers = new Map();
    there = true;
    duringPut = new Map();
    puts = [];
    taken = new Map();
    said = [];
    linkStates = [];
    link = new CrmLink({ ping: async () => there }, clock);
    link.onState((state) => linkStates.push(state));
    const say = (level: 'error' | 'info') => (fields: object, message: string) =>
      void said.push({ level, message, callId: (fields as { callId?: unknown }).callId });
    const log: Log = { ...silentLog, error: say('error'), info: say('info') };
    const channel = { send: () => 0 };
    delivery = new CallDelivery({ journal, crm: { deliverCall: put }, channel, link, clock, log, telemetry: silentTelemetry });
    link.start();
    await settle();
  });
  afterEach(async () => {
    await delivery.close();
    link.close();
    expect(clock.pending).toBe(0);
  });

  /** Left by an earlier run. */
  async function waiting(...callIds: string[]): Promise<void> {
    for (const callId of callIds) await journal.append(row(callId));
    delivery.start();
    await settle();
  }

  describe('a row that crm-core stumbles over', () => {
    beforeEach(async () => {
      answers.set('bad', 'stumbles');
      await waiting('bad', ...ids('good', 45));
    });

    it('keeps none of those behind it waiting', () => {
      expect([...taken.keys()]).toEqual(ids('good', 45));
      expect([...journal.rows.keys()]).toEqual(['bad']);
    });

    it('is tried ever more rarely, every few minutes in the end, and never given up', async () => {
      await pass(3_600_000, 5_000);
      const times = putsOf('bad');
      const gaps = times.slice(1).map((atMs, index) => atMs - (times[index] ?? 0));
      expect(Math.max(...gaps)).toBeLessThanOrEqual(305_000);
      expect(gaps.at(-1)).toBeGreaterThanOrEqual(300_000);
      expect(times.length).toBeLessThan(25);
      expect(delivery.backlog()).toBe(1);
      expect(journal.refused).toEqual([]);
    });

    it('is said to a person once, and when it is taken after all', async () => {
      await pass(600_000, 5_000);
      expect(errorsOf('bad')).toBe(1);
      answers.delete('bad');
      await pass(300_000, 5_000);
      expect(taken.has('bad')).toBe(true);
      expect(delivery.backlog()).toBe(0);
      expect(said.filter(({ level, callId }) => level === 'info' && callId === 'bad')).toHaveLength(1);
      expect(errorsOf('bad')).toBe(1);
    });

    it('says nothing of the link', async () => {
      await pass(600_000, 5_000);
      expect(linkStates).toEqual(['up']);
    });

    it('does not make a call that ends now wait', async () => {
      await pass(60_000);
      await delivery.add(row('new'));
      await settle();
      expect(taken.has('new')).toBe(true);
    });

    it('is tried at once when it is corrected', async () => {
      await pass(120_000);
      answers.delete('bad');
      await delivery.add(row('bad', { cause: 17 }));
      await settle();
      expect(taken.get('bad')).toBe(17);
      expect(delivery.backlog()).toBe(0);
    });
  });

  it('says nothing of an error that is gone a moment later', async () => {
    answers.set('c1', 'stumbles');
    await waiting('c1');
    await pass(1_000);
    answers.delete('c1');
    await pass(3_000);
    expect(taken.has('c1')).toBe(true);
    expect(said).toEqual([]);
  });

  it('comes to the good rows behind very many bad ones, and tries each of these again and again, without a flood', async () => {
    const bad = ids('bad', 300);
    for (const callId of bad) answers.set(callId, 'stumbles');
    await waiting(...bad, ...ids('good', 5));
    await pass(120_000);
    expect([...taken.keys()]).toEqual(ids('good', 5));
    const before = puts.length;
    await pass(900_000, 1_000);
    expect(puts.length - before).toBeLessThan(900 * 5);
    for (const callId of bad) expect(putsOf(callId).length).toBeGreaterThanOrEqual(3);
    await delivery.add(row('new'));
    await settle();
    expect(taken.has('new')).toBe(true);
    expect(delivery.backlog()).toBe(300);
    for (const callId of bad) answers.delete(callId);
    await pass(310_000, 1_000);
    expect(delivery.backlog()).toBe(0);
  });

  it('does not try them all on a crm-core that answers each with an error', async () => {
    const all = ids('c', 200);
    for (const callId of all) answers.set(callId, 'stumbles');
    await waiting(...all);
    expect(puts.length).toBeLessThanOrEqual(20);
  });

  it('goes on behind a row that gets no answer, when its turn is over', async () => {
    answers.set('bad', 'hangs');
    await waiting('bad', ...ids('good', 5));
    expect(puts.map(({ callId }) => callId)).toEqual(['bad']);
    await pass(2_000);
    expect([...taken.keys()]).toEqual(ids('good', 5));
    await pass(600_000, 5_000);
    expect(putsOf('bad').length).toBeGreaterThan(5);
    expect(linkStates).toEqual(['up']);
  });

  it('waits while crm-core is not there, and delivers everything in order when it is back', async () => {
    there = false;
    await waiting(...ids('c', 30));
    expect(puts).toHaveLength(1);
    await pass(600_000, 5_000);
    expect(puts.length).toBeLessThan(5);
    expect(linkStates).toEqual(['up', 'down']);
    there = true;
    await pass(20_000);
    expect(taken.size).toBe(30);
    expect(said).toEqual([]);
  });

  it('goes on behind a refused row for which there is no room aside', async () => {
    journal.noRoomForRefused = true;
    answers.set('bad', 'refuses');
    await waiting('bad', 'good');
    expect([...taken.keys()]).toEqual(['good']);
    expect(delivery.backlog()).toBe(1);
    journal.noRoomForRefused = false;
    await pass(5_000);
    expect(journal.refused).toEqual(['bad']);
    expect(delivery.backlog()).toBe(0);
  });

  describe('on a full disk', () => {
    beforeEach(() => {
      journal.full = true;
    });

    it('goes on behind a row in memory that crm-core stumbles over', async () => {
      answers.set('bad', 'stumbles');
      await delivery.add(row('bad'));
      await delivery.add(row('good'));
      await settle();
      expect([...taken.keys()]).toEqual(['good']);
      await pass(60_000);
      expect(putsOf('bad').length).toBeLessThan(8);
      expect(delivery.backlog()).toBe(1);
      journal.full = false;
      await pass(5_000);
      expect([...journal.rows.keys()]).toEqual(['bad']);
    });

    it('keeps a corrected row when the one before is taken meanwhile', async () => {
      duringPut.set('c1', async () => {
        duringPut.clear();
        await delivery.add(row('c1', { cause: 17 }));
      });
      await delivery.add(row('c1'));
      await settle();
      expect(taken.get('c1')).toBe(17);
      expect(delivery.backlog()).toBe(0);
    });

    it('does not write an older row over the one that corrects it', async () => {
      there = false;
      await delivery.add(row('c1'));
      journal.full = false;
      const append = journal.append.bind(journal);
      journal.append = async (sent) => {
        // Written one after the other, as files are.
        journal.append = async (next) => append(next);
        await append(sent);
        clock.advance(10_000);
      };
      await delivery.add(row('c1', { cause: 17 }));
      await settle();
      expect(journal.rows.get('c1')?.cause).toBe(17);
    });

    it('does not write an older row over the one that corrects it, when others are written before', async () => {
      there = false;
      await delivery.add(row('c0'));
      await delivery.add(row('c1'));
      journal.full = false;
      const append = journal.append.bind(journal);
      journal.append = async (sent) => {
        journal.append = async (next) => append(next);
        await delivery.add(row('c1', { cause: 17 }));
        await append(sent);
      };
      await pass(10_000);
      expect(journal.rows.get('c1')?.cause).toBe(17);
      expect(journal.rows.has('c0')).toBe(true);
    });

    it('keeps a refused row until it can be put aside', async () => {
      answers.set('c1', 'refuses');
      await delivery.add(row('c1'));
      await pass(60_000);
      expect(delivery.backlog()).toBe(1);
      journal.full = false;
      await pass(120_000);
      expect(journal.refused).toEqual(['c1']);
      expect(delivery.backlog()).toBe(0);
    });
  });
});
