import { parsePhoneNumberFromString } from 'libphonenumber-js/max';

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

/** The library's reading of digits written after +. Null when no country fits. Needs the `max` metadata: `min` accepts almost anything. */
export function readWorldNumber(digits: string): WorldNumber | null {
  if (digits.length < 5 || digits.length > 17) return null;
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
