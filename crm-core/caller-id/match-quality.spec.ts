import { measureAll } from '../../test/bench/match-quality';
import { parseCallerId, placeOf } from '.';
import { makeLabelledSet } from '../../test/fixtures/caller-id/labelled-set';

describe.each([20240601, 7, 4711])('the labelled set of seed %i', (seed) => {
  const set = makeLabelledSet(seed);
  const [ours, ...plain] = measureAll(set);

  test('is large and mixed', () => {
    expect(set.fields.reduce((sum, { count }) => sum + count, 0)).toBeGreaterThanOrEqual(500);
    expect(set.calls.length).toBeGreaterThanOrEqual(1000);
    expect(new Set(set.calls.map(({ trap }) => trap)).size).toBe(10);
    const places = set.calls.map(({ raw, line }) => placeOf(parseCallerId(raw, line).key));
    expect(new Set(places.flatMap((place) => place?.cities ?? [])).size).toBeGreaterThanOrEqual(40);
    expect(new Set(places.flatMap((place) => place?.country ?? [])).size).toBeGreaterThanOrEqual(12);
  });

  test('nobody is taken for somebody else', () => {
    expect(ours?.wrong.map(({ call, answer }) => [call.raw, call.owners, answer])).toEqual([]);
    expect(ours?.precision).toBe(1);
  });

  test('more are found than by any plain method', () => {
    expect(ours?.recall).toBeGreaterThan(0.95);
    for (const { recall, precision } of plain) {
      expect(recall).toBeLessThan(0.75);
      expect(precision).toBeLessThan(1);
    }
  });
});
