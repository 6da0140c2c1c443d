import { InternalPattern } from './numbering';

describe('a pattern of internal extensions', () => {
  it.each(['\\d{3,5}', '[18]\\d{3}', '8\\d{3}|6[0-4]\\d{2}|110', '1\\d?\\d{2,4}', '[2-46]\\d{2}'])('may be %s', (pattern) => {
    expect(InternalPattern.parse(pattern)).toBe(pattern);
  });

  it.each([
    ['a group, which can be repeated', '(8|9)\\d{3}'],
    ['repetition within repetition', '((\\d?){20}){20}8'],
    ['many pieces that may be there or not', '\\d?'.repeat(30)],
    ['three pieces of any length', '\\d{1,9}\\d{1,9}\\d{1,9}8'],
    ['repetition without end', '8\\d+'],
    ['a class that is none', '[9-0]\\d'],
    ['a count that is none', '\\d{5,3}'],
    ['an alternative with nothing in it', '8\\d{3}|'],
    ['other characters', '8.3'],
    ['a count of nothing', '{3}'],
    ['nothing', ''],
  ])('may not have %s', (_what, pattern) => {
    expect(InternalPattern.safeParse(pattern).error?.issues.map(({ message }) => message)).toEqual(['invalid_pattern']);
  });

  it('takes no time to try, whatever it is', () => {
    const pattern = new RegExp(`^(?:${InternalPattern.parse(`${'\\d{0,99}\\d{0,99}8|'.repeat(10)}\\d{0,99}\\d{0,99}8`)})$`);
    const startedAt = performance.now();
    expect(pattern.test('1'.repeat(64))).toBe(false);
    expect(performance.now() - startedAt).toBeLessThan(500);
  });
});
