import { AREA_CODES } from './area-codes';
import { isListedChinese } from './world-plan';

/** What the library's fixed-line pattern takes for area codes but are service prefixes or codes no city uses. */
const NOT_CITIES = ['400', '800', '950', '978'];

test('area codes are those of the library, no more and no less', () => {
  const codes = ['10', ...numbers(20, 29), ...numbers(300, 999)];
  const listed = codes.filter((code) => isListedChinese(`${code}2345678`) || isListedChinese(`${code}23456789`));
  expect(listed.filter((code) => !NOT_CITIES.includes(code))).toEqual([...AREA_CODES.keys()].sort(byNumber));
});

test('every code has its province and cities', () => {
  for (const { province, cities } of AREA_CODES.values()) {
    expect(province).toMatch(/^\p{Script=Han}{2,3}$/u);
    for (const city of cities) expect(city).toMatch(/^\p{Script=Han}{2,5}$/u);
  }
});

function numbers(from: number, to: number): string[] {
  return Array.from({ length: to - from + 1 }, (_, index) => String(from + index));
}
function byNumber(one: string, other: string): number {
  return Number(one) - Number(other);
}
