import fc from 'fast-check';
import { parsePhoneNumberFromString } from 'libphonenumber-js/max';
import { formatForDisplay } from '../display';
import { readByLibrary, readWorldNumber } from './world-plan';

const seed = Number(process.env.HOTLINE_TEST_SEED ?? 20_261_121);
const runs = { seed, numRuns: Number(process.env.HOTLINE_TEST_RUNS ?? 6_000) };

const digits = (min: number, max: number) => fc.stringMatching(new RegExp(`^\\d{${min},${max}}$`));
const LAYOUTS = [
  '8613',
  '86010',
  '860755',
  '8617951',
  '1204',
  '1809',
  '1',
  '44',
  '440',
  '39',
  '390',
  '7',
  '77',
  '800',
  '870',
  '979',
  '49',
  '5511',
  '54911',
];
/** Anything at all, and much of what has a national prefix, shares its calling code, or belongs to no country. */
const anyNumber = fc.oneof(
  digits(3, 19),
  fc.tuple(fc.constantFrom(...LAYOUTS), digits(2, 12)).map((parts) => parts.join('')),
  fc.tuple(fc.integer({ min: 1, max: 999 }), digits(4, 11)).map((parts) => parts.join('')),
);

describe('plans compiled once', () => {
  it('read every number as the library does', () => {
    fc.assert(
      fc.property(anyNumber, (number) => {
        expect(readWorldNumber(number)).toEqual(readByLibrary(number));
      }),
      runs,
    );
  });

  it.each([
    ['447400123456', 'GB', true],
    ['4407400123456', 'GB', true],
    ['12425551234', 'BS', false],
    ['19175551234', 'US', true],
    ['12042345678', 'CA', true],
    ['77012345678', 'KZ', true],
    ['8613912345678', 'CN', true],
    ['80012345678', null, true],
    ['390236618300', 'IT', true],
  ])('+%s is of %s, valid: %s', (number, country, valid) => {
    expect(readWorldNumber(number)).toMatchObject({ country, valid });
    expect(readByLibrary(number)).toMatchObject({ country, valid });
  });

  it('knows no country for what begins with none, and nothing too short or too long', () => {
    for (const number of ['0139123', '2', '999123456789', '1', '123456789012345678']) {
      expect(readWorldNumber(number)).toEqual(readByLibrary(number));
    }
  });

  it('groups North American numbers as the library does', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[2-9]\d{9}$/), (national) => {
        const key = `+1${national}`;
        expect(formatForDisplay(key)).toBe(parsePhoneNumberFromString(key)?.formatInternational() ?? key);
      }),
      { ...runs, numRuns: 1_000 },
    );
  });
});
