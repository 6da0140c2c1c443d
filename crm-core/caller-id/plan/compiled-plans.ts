import { Metadata, type MetadataJson } from 'libphonenumber-js/core';
import max from 'libphonenumber-js/metadata.max';

/** What the library's metadata says of one country; it hands out its patterns as text and compiles them at every single question. */
interface LibraryMetadata {
  hasCallingCode(callingCode: string): boolean;
  getCountryCodesForCallingCode(callingCode: string): readonly string[] | undefined;
  selectNumberingPlan(country: string): unknown;
  readonly numberingPlan?: { nationalPrefixForParsing(): string | undefined };
  nationalNumberPattern(): string;
  leadingDigits(): string | undefined;
  possibleLengths(): readonly number[] | undefined;
  hasTypes(): boolean;
  type(name: string): { pattern(): string | undefined; possibleLengths(): readonly number[] | undefined } | undefined;
}

interface CountryPlan {
  readonly country: string;
  /** Enough to know the country where several share a code; null: its numbers are tried. */
  readonly leading: RegExp | null;
  readonly lengths: readonly number[];
  readonly isValid: (national: string) => boolean;
}

/** The countries of one calling code, the main one first. */
export interface CallingCodePlan {
  readonly callingCode: string;
  /** What people dial before a number in the country, and networks leave there; the library knows when to drop it. */
  readonly nationalPrefix: RegExp | null;
  readonly countries: readonly [CountryPlan, ...CountryPlan[]];
}

const TYPES = [
  'FIXED_LINE',
  'MOBILE',
  'PREMIUM_RATE',
  'TOLL_FREE',
  'SHARED_COST',
  'VOIP',
  'PERSONAL_NUMBER',
  'PAGER',
  'UAN',
  'VOICEMAIL',
] as const;
const MAX_CODE_LENGTH = 3;
const plans = new Map<string, CallingCodePlan | null>();

/** Plan of the calling code that begins these digits; null where the library must be asked (no such code, or one of no country). */
export function planOf(digits: string): CallingCodePlan | null {
  for (let length = 1; length <= MAX_CODE_LENGTH; length++) {
    const code = digits.slice(0, length);
    let plan = plans.get(code);
    if (plan === undefined) {
      plan = compile(code);
      plans.set(code, plan);
    }
    if (plan !== null) return plan;
  }
  return null;
}

/** The country of a national number, by the library's rule: leading digits, else the first whose numbers it is one of. */
export function countryOf(national: string, { countries }: CallingCodePlan): CountryPlan | null {
  if (countries.length === 1) return countries[0];
  return countries.find(({ leading, isValid }) => (leading === null ? isValid(national) : leading.test(national))) ?? null;
}

function compile(callingCode: string): CallingCodePlan | null {
  const metadata = new Metadata(max as unknown as MetadataJson) as unknown as LibraryMetadata;
  if (!/^[1-9]/.test(callingCode) || !metadata.hasCallingCode(callingCode)) return null;
  const [main, ...others] = (metadata.getCountryCodesForCallingCode(callingCode) ?? []).map((country) => countryPlan(country, metadata));
  if (main === undefined || main.country === '001') return null;
  metadata.selectNumberingPlan(main.country);
  const prefix = metadata.numberingPlan?.nationalPrefixForParsing();
  return { callingCode, nationalPrefix: prefix ? new RegExp(`^(?:${prefix})`) : null, countries: [main, ...others] };
}

function countryPlan(country: string, metadata: LibraryMetadata): CountryPlan {
  if (country === '001') return { country, leading: null, lengths: [], isValid: () => false };
  metadata.selectNumberingPlan(country);
  const leading = metadata.leadingDigits();
  const all = entirely(metadata.nationalNumberPattern());
  const kinds = TYPES.flatMap((name) => {
    const type = metadata.type(name);
    const pattern = type?.pattern();
    return type === undefined || !pattern ? [] : [{ lengths: type.possibleLengths() ?? null, pattern: entirely(pattern) }];
  });
  const ofKind = (national: string): boolean =>
    kinds.some(({ lengths, pattern }) => (lengths === null || lengths.includes(national.length)) && pattern.test(national));
  return {
    country,
    leading: leading ? new RegExp(`^(?:${leading})`) : null,
    lengths: metadata.possibleLengths() ?? [],
    isValid: metadata.hasTypes() ? (national) => all.test(national) && ofKind(national) : (national) => all.test(national),
  };
}

function entirely(pattern: string): RegExp {
  return new RegExp(`^(?:${pattern})$`);
}
