import { setImmediate as turn } from 'node:timers/promises';
import type { MatchView } from '../../protocol';
import { ManualClock } from '../../../test/fakes/manual-clock';
import { makeCall } from '../../../test/fakes/pbx-call';
import type { NumberQuestion } from '../ports/crm-directory';
import { silentLog } from '../ports/log';
import { CallerMatching } from './caller-matching';
import { CrmLink } from './crm-link';
import { PopTrail } from './pop-trail';

const telemetry = { lookupDone: () => undefined } as never;
const answer = (question: NumberQuestion): MatchView => ({
  kind: 'unknown',
  raw: question.callerId,
  key: `${question.trunk} ${question.areaCode}`,
  numberClass: 'fixed',
  reason: 'fixed.line_area',
  owners: [],
});

describe('the question whose number it is', () => {
  const clock = new ManualClock();
  let asked: NumberQuestion[];
  let trail: PopTrail;
  let matching: CallerMatching;

  beforeEach(() => {
    asked = [];
    trail = new PopTrail(clock);
    const crm = {
      match: async (question: NumberQuestion) => {
        asked.push(question);
        return answer(question);
      },
    };
    const link = new CrmLink({ ping: async () => true }, clock);
    const describe = (raw: string) => ({ key: raw, numberClass: 'fixed' as const });
    matching = new CallerMatching({ crm, link, clock, log: silentLog, telemetry, trail, describe });
  });
  afterEach(() => matching.close());

  const entered = makeCall({ remoteNumber: '62345678', areaCode: null, line: '+862066668888', trunk: 'beijing' });
  const told = { ...entered, areaCode: '20', line: '02066668888' };

  it('carries line, area, trunk and context as the dialplan says them, and is asked once', async () => {
    matching.follow(entered);
    expect(asked).toEqual([]);
    matching.follow(told);
    matching.follow({ ...told, phase: 'queued' });
    await turn();
    expect(asked).toEqual([{ callerId: '62345678', line: '02066668888', areaCode: '20', trunk: 'beijing', context: 'external' }]);
    expect(matching.viewOf(told).key).toBe('beijing 20');
    expect(trail.of('c1')?.steps.filter(({ step }) => step === 'key')).toHaveLength(1);
  });

  it('does not wait for a dialplan that says no area', async () => {
    matching.follow(entered);
    clock.advance(300);
    await turn();
    expect(asked).toMatchObject([{ trunk: 'beijing', areaCode: null }]);
  });

  it('is asked again when the caller turns out to stand inside; what was found stays until then', async () => {
    matching.follow(told);
    await turn();
    matching.follow({ ...told, context: 'internal' });
    expect(matching.viewOf(told).key).toBe('beijing 20');
    await turn();
    expect(asked.map(({ context }) => context)).toEqual(['external', 'internal']);
  });

  it('is not asked for a withheld number', async () => {
    matching.follow({ ...told, remoteNumber: null });
    await turn();
    expect([asked, matching.viewOf({ ...told, remoteNumber: null }).kind]).toEqual([[], 'withheld']);
  });
});
