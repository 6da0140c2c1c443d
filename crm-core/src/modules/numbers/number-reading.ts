import {
  areaCodeOf,
  formatForDisplay,
  parseCallerId,
  parseStoredNumbers,
  storableKey,
  type CallerId,
  type NumberingOptions,
} from '../../../caller-id';
import type { NumberClass } from '../../../contract/match';
import type { CrmConfig } from '../../config';

type Numbering = Pick<CrmConfig, 'areaCode' | 'internalPattern' | 'outsidePrefix'>;

/** A number as it will be stored. */
export interface NumberDraft {
  readonly raw: string;
  readonly key: string | null;
  readonly digits: string;
  readonly numberClass: NumberClass;
  readonly reason: string;
  /** Empty: none. */
  readonly extension: string;
}

export interface ReadContext {
  /** Area code of the line at hand, with or without 0; null: the line's own, else the configured one. */
  readonly areaCode?: string | null;
  /** The DID a call came in on. */
  readonly line?: string | null;
  readonly context?: 'internal' | 'external';
}

const RAW_LENGTH = 64;
const DIGITS_LENGTH = 40;

/** The library of caller IDs with this installation's numbering: one home for "which area code, which prefix". */
export class NumberReading {
  constructor(private readonly numbering: Numbering) {}

  /** A caller ID as it arrived. */
  caller(raw: string | null, context: ReadContext = {}): CallerId {
    return parseCallerId(raw, this.options(context));
  }

  /** A field people wrote by hand, of one or several numbers. */
  stored(raw: string, context: ReadContext = {}): CallerId[] {
    return parseStoredNumbers(raw, this.options(context));
  }

  private options({ areaCode = null, line = null, context = 'external' }: ReadContext): NumberingOptions {
    return {
      countryCode: 'CN',
      areaCode: areaCode ?? areaOfLine(line) ?? this.numbering.areaCode,
      outsidePrefix: this.numbering.outsidePrefix,
      internalPattern: this.numbering.internalPattern,
      context,
    };
  }
}

/** A line that is a fixed number lends its area to the local numbers that call it. */
function areaOfLine(line: string | null): string | null {
  return line === null ? null : areaCodeOf(parseCallerId(line, { areaCode: null }).key);
}

export function toDraft(raw: string, number: CallerId): NumberDraft {
  return {
    raw: (number.raw ?? raw).slice(0, RAW_LENGTH),
    key: storableKey(number),
    digits: searchDigits(number.key ?? raw).slice(0, DIGITS_LENGTH),
    numberClass: number.numberClass,
    reason: number.reason,
    extension: number.extension ?? '',
  };
}

/** The digits a number is searched by, whatever was put before it: no country code of ours, no leading zeros. */
export function searchDigits(text: string): string {
  const clean = text.normalize('NFKC').replace(/[^\d+]/g, '');
  return clean
    .replace(/^\+86|^00?86(?=\d{5})/, '')
    .replace(/\D/g, '')
    .replace(/^0+/, '');
}

export function displayOf(key: string | null, raw: string, extension: string): string {
  if (key === null) return raw;
  const grouped = formatForDisplay(key);
  return extension === '' ? grouped : `${grouped}-${extension}`;
}
