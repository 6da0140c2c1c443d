import { loggedCall } from '../../test-support/examples';
import { talksOf, timelineOf, type TimelineEntry } from './call-timeline';

const told = (entries: readonly TimelineEntry[]) =>
  entries.map((entry) => (entry.kind === 'leg' ? `leg ${entry.leg.extension ?? 'outside'} ${entry.leg.result}` : entry.kind));

describe('the way of a call', () => {
  it('is told in order, from its first moment to its last', () => {
    expect(told(timelineOf(loggedCall()))).toEqual([
      'began',
      'queue',
      'leg 1001 no_answer',
      'leg 1002 declined',
      'leg 1001 answered',
      'transfer',
      'leg 1003 answered',
      'transfer',
      'leg outside busy',
      'parking',
      'ended',
    ]);
  });

  it('has the queue before the telephones of the same moment, whatever the row has first', () => {
    const { legs, queueVisits, startedAt } = loggedCall();
    const call = loggedCall({
      legs: legs.slice(0, 2).map((leg) => ({ ...leg, startedAt, alertingAt: startedAt })),
      queueVisits: queueVisits.map((visit) => ({ ...visit, joinedAt: startedAt })),
      transfers: [],
      parkings: [],
    });
    expect(told(timelineOf(call))).toEqual(['began', 'queue', 'leg 1001 no_answer', 'ended']);
  });

  it('has the customer as one of those called when an agent dialled', () => {
    const { legs } = loggedCall();
    const call = loggedCall({
      direction: 'outbound',
      legs: [legs[3], legs[5]].filter((leg) => leg !== undefined),
      queueVisits: [],
      transfers: [],
      parkings: [],
    });
    expect(told(timelineOf(call))).toEqual(['began', 'leg 1001 answered', 'leg outside busy', 'ended']);
  });

  it('is no more than a beginning and an end where nothing else is known', () => {
    expect(told(timelineOf(loggedCall({ legs: [], queueVisits: [], transfers: [], parkings: [] })))).toEqual(['began', 'ended']);
  });
});

describe('who talked', () => {
  it('is listed once each, in the order in which they came', () => {
    const call = loggedCall();
    const again = { ...call.legs[3], channelId: 'c1.8', talkMs: 10_000, holdMs: 0 };
    expect(talksOf({ legs: [...call.legs, again as (typeof call.legs)[number]] })).toEqual([
      { extension: '1001', talkMs: 150_000, holdMs: 20_000 },
      { extension: '1003', talkMs: 190_000, holdMs: 21_000 },
    ]);
  });
});
