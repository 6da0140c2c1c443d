import { DurationMs, Timestamp } from './common';

describe('a moment', () => {
  it.each(['1900-01-01T00:00:00.000Z', '2026-03-02T01:00:00Z', '2026-03-02T01:00:00.123Z', '9999-12-31T23:59:59.999Z'])(
    'may be %s',
    (text) => {
      expect(Timestamp.parse(text)).toBe(text);
    },
  );

  it.each([
    '0000-01-01T00:00:00Z',
    '0001-01-01T00:00:00Z',
    '1899-12-31T23:59:59.999Z',
    '10000-01-01T00:00:00Z',
    '+020000-01-01T00:00:00Z',
    '2026-02-30T00:00:00Z',
    '2026-03-02T01:00:00+08:00',
    '2026-03-02',
    'yesterday',
    '',
  ])('may not be %j, with one reason', (text) => {
    expect(Timestamp.safeParse(text).error?.issues).toHaveLength(1);
  });
});

describe('a duration', () => {
  it.each([0, 1, 2 ** 31 - 1])('may be %d ms', (ms) => {
    expect(DurationMs.parse(ms)).toBe(ms);
  });

  it.each([-1, 0.5, 2 ** 31, 3e9, 1e300, NaN, '1'])('may not be %p ms', (ms) => {
    expect(DurationMs.safeParse(ms).success).toBe(false);
  });
});
