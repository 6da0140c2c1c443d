import type { ReasonCode } from './reason-codes';

export type NumberClass = 'mobile' | 'fixed' | 'service' | 'international' | 'internal' | 'withheld' | 'unknown';

/** How numbers are written where the call came in. One value per line or trunk, never one for the whole system. */
export interface NumberingOptions {
  /** Only China's plan is read by own rules; everything else goes through the phone library. */
  countryCode?: 'CN';
  /** Area code of the line without the leading 0 (`20`, `755`); null: numbers without one stay unknown. */
  areaCode: string | null;
  /** Digits the PBX puts before outside numbers, e.g. `9`. */
  outsidePrefix?: string | null;
  /** Matches a whole internal extension; only consulted when `context` is `internal`. */
  internalPattern?: RegExp | string | null;
  /** Short numbers beyond the general rules that are services too, digits only. */
  serviceNumbers?: readonly string[];
  /** Where the dialplan says the call comes from. Default `external`. */
  context?: 'internal' | 'external';
}

/** Another way to read the same digits: never more than "maybe". */
export interface Candidate {
  key: string;
  numberClass: NumberClass;
  reason: ReasonCode;
}

/** What was taken away or added on the way to the key, in order. */
export type ReadingStep =
  'outside_prefix' | 'stray_plus' | 'country_code' | 'carrier_code' | 'trunk_zero' | 'area_stripped' | 'area_added' | 'extension_split';

export interface CallerId {
  /** As it arrived, cut at MAX_RAW_LENGTH characters. */
  raw: string | null;
  /**
   * What is stored and compared. `+86139…` (E.164) for mobile, fixed and international, `svc:95588` for services,
   * `ext:8001` for internal. Null: nothing to match by.
   */
  key: string | null;
  numberClass: NumberClass;
  /** The rule that decided. */
  reason: ReasonCode;
  steps: readonly ReadingStep[];
  /** 1 to 6 digits after a complete number. Not part of the key. */
  extension: string | null;
  /** A rotating number of a delivery platform: never store it as a customer's number by itself. */
  privacy: boolean;
  alternatives: readonly Candidate[];
}

export const MAX_RAW_LENGTH = 256;
