import { parsePhoneNumberFromString } from 'libphonenumber-js/max';
import { countryOf, planOf } from './compiled-plans';

export interface WorldNumber {
  /** E.164 as the library writes it, a national prefix after the country code dropped. */
  e164: string;
  callingCode: string;
  /** ISO 3166 code; null for shared codes such as +800. */
  country: string | null;
  valid: boolean;
  /** The length fits the country even where the digits do not. */
  possible: boolean;
}

const MIN_DIGITS = 5;
const MAX_DIGITS = 17;
const MIN_NATIONAL = 2;

/**
 * The library's reading of digits written after +. Null when no country fits. Needs the `max` metadata: `min` accepts almost anything.
 * Its plans compiled once answer in a tenth of its time; it is asked itself where digits have to be dropped.
 */
export function readWorldNumber(digits: string): WorldNumber | null {
  if (digits.length < MIN_DIGITS || digits.length > MAX_DIGITS) return null;
  const plan = planOf(digits);
  if (plan === null) return readByLibrary(digits);
  const national = digits.slice(plan.callingCode.length);
  if (national.length < MIN_NATIONAL || plan.nationalPrefix?.test(national) === true) return readByLibrary(digits);
  const country = countryOf(national, plan);
  const { isValid, lengths } = country ?? plan.countries[0];
  return {
    e164: `+${digits}`,
    callingCode: plan.callingCode,
    country: country?.country ?? null,
    valid: isValid(national),
    possible: lengths.includes(national.length),
  };
}

/** The same by the library alone. */
export function readByLibrary(digits: string): WorldNumber | null {
  if (digits.length < MIN_DIGITS || digits.length > MAX_DIGITS) return null;
  const parsed = parsePhoneNumberFromString(`+${digits}`);
  if (!parsed) return null;
  return {
    e164: parsed.number,
    callingCode: parsed.countryCallingCode,
    country: parsed.country ?? null,
    valid: parsed.isValid(),
    possible: parsed.isPossible(),
  };
}

/** Whether the library's plan of China has this number (digits without 86 and without trunk 0). */
export function isListedChinese(nationalDigits: string): boolean {
  return readWorldNumber(`86${nationalDigits}`)?.valid ?? false;
}
