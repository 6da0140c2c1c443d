import { setImmediate as turn } from 'node:timers/promises';
import type { ActiveCallerMark, ActiveCallerMarks } from '../../../crm-core/contract/caller-marks';
import { ManualClock } from '../../../test/fakes/manual-clock';
import { FakePbx } from '../../../test/fakes/pbx';
import { silentLog } from '../ports/log';
import { CallerMarks } from './caller-marks';
import { CrmLink } from './crm-link';

const NOW = Date.parse('2026-11-21T08:00:00.000Z');
const mark = (form: string, more: Partial<ActiveCallerMark> = {}): ActiveCallerMark => ({
  key: `+86${form}`,
  numberClass: 'mobile',
  dialForms: [form],
  mark: 'blocked',
  until: null,
  ...more,
});

describe('marked callers', () => {
  const clock = new ManualClock(NOW);
  let list: ActiveCallerMarks;
  let answers: boolean;
  /** Whether this crm-core keeps a question open until there is news. */
  let waits: boolean;
  let tellNews: (() => void) | null;
  let pbx: FakePbx;
  let link: CrmLink;
  let marks: CallerMarks;

  /** Lets what has begun come to its end. */
  const settle = async (): Promise<void> => {
    for (let i = 0; i < 20; i += 1) await turn();
  };
  const pass = async (ms: number): Promise<void> => {
    for (let at = 0; at < ms; at += 1_000) {
      clock.advance(1_000);
      await settle();
    }
  };
  /** What the dialplan would find. */
  const believed = (): string[] => {
    if (pbx.believed === null || pbx.believed.untilSec * 1000 <= clock.nowMs()) return [];
    const { run } = pbx.believed;
    return [...pbx.marks].flatMap(([form, entry]) => (entry.endsWith(`:${run}`) ? [`${form} ${entry.slice(0, -run.length - 1)}`] : []));
  };

  beforeEach(async () => {
    list = { items: [mark('13700000001'), mark('13700000002', { mark: 'vip', until: '2026-11-22T00:00:00.000Z' })], version: '1' };
    answers = true;
    waits = false;
    pbx = new FakePbx(clock);
    link = new CrmLink({ ping: async () => answers }, clock);
    tellNews = null;
    const crm = {
      callerMarks: async (known: string | null, { waitMs = 0, signal }: { waitMs?: number; signal?: AbortSignal } = {}) => {
        if (!answers) throw new Error('no answer');
        if (waits && waitMs > 0 && known === list.version) {
          await new Promise<void>((resolve, reject) => {
            tellNews = resolve;
            signal?.addEventListener('abort', () => reject(new Error('aborted')));
          });
        }
        return known === list.version ? ('unchanged' as const) : list;
      },
    };
    marks = new CallerMarks({ pbx, crm, link, clock, log: silentLog, validSec: 60 });
    link.start();
    marks.start();
    await pbx.start();
    await settle();
    await pass(6_000);
  });
  afterEach(async () => {
    await marks.close();
    await marks.close();
    link.close();
  });

  it('tells the dialplan what crm-core says, and follows it', async () => {
    expect(believed()).toEqual(['13700000001 blocked:0', '13700000002 vip:1795305600']);
    list = { items: [mark('13700000003')], version: '2' };
    await pass(6_000);
    expect(believed()).toEqual(['13700000003 blocked:0']);
    expect([...pbx.marks.keys()]).toEqual(['13700000003']);
  });

  it('tells a change as soon as crm-core tells it', async () => {
    waits = true;
    await pass(6_000);
    list = { items: [mark('13700000003')], version: '2' };
    tellNews?.();
    await settle();
    expect(believed()).toEqual(['13700000003 blocked:0']);
    await pass(1);
    list = { items: [], version: '3' };
    tellNews?.();
    await settle();
    expect(believed()).toEqual([]);
  });

  it('does not wait for news when Asterisk has come back', async () => {
    waits = true;
    await pass(6_000);
    expect(tellNews).not.toBeNull();
    pbx.marks.clear();
    pbx.setLink('ami', 'down');
    pbx.setLink('ami', 'up');
    await settle();
    expect(believed()).toHaveLength(2);
  });

  it('is believed as long as crm-core answers, and not much longer', async () => {
    await pass(300_000);
    expect(believed()).toHaveLength(2);
    answers = false;
    await pass(61_000);
    expect(believed()).toEqual([]);
    answers = true;
    await pass(6_000);
    expect(believed()).toHaveLength(2);
  });

  it('tells all of it anew when the connection comes back, as another run', async () => {
    const run = pbx.believed?.run;
    pbx.marks.clear();
    pbx.setLink('ami', 'down');
    pbx.setLink('ami', 'up');
    await settle();
    expect(pbx.believed?.run).not.toBe(run);
    expect(believed()).toHaveLength(2);
  });

  it('moves the time on only when everything is there', async () => {
    list = { items: [mark('13700000003')], version: '2' };
    pbx.failures.queue = 'timeout';
    await pass(6_000);
    expect(believed()).toHaveLength(2);
    delete pbx.failures.queue;
    await pass(6_000);
    expect(believed()).toEqual(['13700000003 blocked:0']);
  });
});
