import {
  areaCodeOf,
  formatForDisplay,
  parseCallerId,
  parseStoredNumbers,
  RULES_VERSION,
  storableKey,
  type CallerId,
  type NumberingOptions,
} from '../../../caller-id';
import type { NumberClass } from '../../../contract/match';
import type { NumberingRules } from '../../../contract/numbering';
import type { CrmConfig } from '../../config';
import type { RuleSet } from '../../db/entities/numbering.entity';

type Numbering = Pick<CrmConfig, 'areaCode' | 'internalPattern' | 'outsidePrefix'> & Partial<Pick<CrmConfig, 'serviceNumbers'>>;

/** A number as it will be stored. */
export interface NumberDraft {
  readonly raw: string;
  readonly key: string | null;
  readonly digits: string;
  readonly numberClass: NumberClass;
  readonly reason: string;
  /** Empty: none. */
  readonly extension: string;
  /** Area code it was written for, where that was said. */
  readonly areaCode: string | null;
}

export interface ReadContext {
  /** Area code of the line at hand, with or without 0, as the telephone system or a person says it; null: not said. */
  readonly areaCode?: string | null;
  /** The DID a call came in on. */
  readonly line?: string | null;
  readonly trunk?: string | null;
  readonly context?: 'internal' | 'external';
}

/** Rules of one line and trunk, and where the area code came from. */
export interface UsedRules {
  readonly rules: NumberingRules;
  readonly areaCodeFrom: 'line' | 'trunk' | 'line_number' | 'default' | 'none';
  readonly exception: 'line' | 'trunk' | 'both' | null;
}

const KNOWN_LINES = 1_000;
const RAW_LENGTH = 64;
const DIGITS_LENGTH = 40;

/** The rules of the environment, which hold until an administrator saves others. */
export function rulesOfEnvironment({ areaCode, internalPattern, outsidePrefix, serviceNumbers = [] }: Numbering): RuleSet {
  return {
    default: { countryCode: 'CN', areaCode, outsidePrefix, internalPattern, serviceNumbers: [...serviceNumbers] },
    exceptions: [],
    library: RULES_VERSION,
  };
}

/** The library of caller IDs with this installation's numbering: one home for "which area code, which prefix". */
export class NumberReading {
  private readonly areas = new Map<string, string | null>();

  constructor(private rules: RuleSet) {}

  get ruleSet(): RuleSet {
    return this.rules;
  }

  /** From now on these rules hold. */
  use(rules: RuleSet): void {
    this.rules = rules;
  }

  /** A caller ID as it arrived. */
  caller(raw: string | null, context: ReadContext = {}): CallerId {
    return parseCallerId(raw, this.options(context));
  }

  /** A field people wrote by hand, of one or several numbers. */
  stored(raw: string, context: ReadContext = {}): CallerId[] {
    return parseStoredNumbers(raw, this.options(context));
  }

  /** Keys of a number somebody looks for, in any spelling and reading; none for what is no number. */
  keysOf(text: string): string[] {
    const read = this.stored(text).flatMap(({ key, alternatives }) => [key, ...alternatives.map((other) => other.key)]);
    return read.filter((key) => key !== null);
  }

  /** Whether the line and trunk, where they are not known, make no difference to what this number is. */
  isSameEverywhere(raw: string | null): boolean {
    const first = this.caller(raw);
    if (first.steps.includes('area_added')) return false;
    return this.rules.exceptions.every(({ scope, name }) => this.caller(raw, { [scope]: name }).key === first.key);
  }

  usedFor({ areaCode = null, line = null, trunk = null }: ReadContext): UsedRules {
    const { default: base, exceptions } = this.rules;
    const ofLine = exceptions.find(({ scope, name }) => scope === 'line' && name === line) ?? null;
    const ofTrunk = exceptions.find(({ scope, name }) => scope === 'trunk' && name === trunk) ?? null;
    const area = firstArea([
      ['line', ofLine?.areaCode],
      ['trunk', ofTrunk?.areaCode],
      ['line', areaCode],
      ['line_number', line === null ? null : this.areaOfLine(line)],
      ['default', base.areaCode],
    ]);
    const outsidePrefix = ofLine?.outsidePrefix ?? ofTrunk?.outsidePrefix ?? base.outsidePrefix;
    return {
      rules: {
        countryCode: 'CN',
        areaCode: area.code,
        outsidePrefix: outsidePrefix === '' ? null : outsidePrefix,
        internalPattern: ofLine?.internalPattern ?? ofTrunk?.internalPattern ?? base.internalPattern,
        serviceNumbers: ofLine?.serviceNumbers ?? ofTrunk?.serviceNumbers ?? base.serviceNumbers,
      },
      areaCodeFrom: area.from,
      exception: ofLine !== null && ofTrunk !== null ? 'both' : ofLine !== null ? 'line' : ofTrunk !== null ? 'trunk' : null,
    };
  }

  private options(context: ReadContext): NumberingOptions {
    return { ...this.usedFor(context).rules, context: context.context ?? 'external' };
  }

  /** A line that is a fixed number lends its area to the local numbers that call it. Kept, because every call asks. */
  private areaOfLine(line: string): string | null {
    const known = this.areas.get(line);
    if (known !== undefined) return known;
    if (this.areas.size >= KNOWN_LINES) this.areas.clear();
    const area = areaCodeOf(parseCallerId(line, { areaCode: null }).key);
    this.areas.set(line, area);
    return area;
  }
}

function firstArea(candidates: readonly (readonly [UsedRules['areaCodeFrom'], string | null | undefined])[]): {
  code: string | null;
  from: UsedRules['areaCodeFrom'];
} {
  for (const [from, code] of candidates) if (code !== null && code !== undefined) return { code: code.replace(/^0/, ''), from };
  return { code: null, from: 'none' };
}

export function toDraft(raw: string, number: CallerId, areaCode: string | null): NumberDraft {
  return {
    raw: (number.raw ?? raw).slice(0, RAW_LENGTH),
    key: storableKey(number),
    digits: searchDigits(number.key ?? raw).slice(0, DIGITS_LENGTH),
    numberClass: number.numberClass,
    reason: number.reason,
    extension: number.extension ?? '',
    areaCode: areaCode?.replace(/^0/, '') ?? null,
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
