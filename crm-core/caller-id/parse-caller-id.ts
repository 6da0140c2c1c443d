import type { ReasonCode } from './reason-codes';
import { uniqueByKey, type Reading, type ReadingContext } from './reading/chinese-readings';
import { cleanCallerId, isWithheldWord } from './reading/clean';
import { splitExtension, type NumberText } from './reading/extension';
import { guessReadings, readDigits, readUnconfirmed } from './reading/readings';
import { MAX_RAW_LENGTH, type CallerId, type Candidate, type NumberingOptions } from './types';

const MAX_DIGITS = 32;
/** Bounds what a pattern typed by an administrator is tried on. */
const MAX_INTERNAL_DIGITS = 10;
const PRIVACY_KEY = /^\+8617[01]\d{8}$/;

/**
 * What a caller ID is. Never throws, whatever arrives. Pure: the same input and options give the same answer, so keys can be
 * made when numbers are written and made again when the options change.
 */
export function parseCallerId(raw: string | null, options: NumberingOptions): CallerId {
  if (raw === null) return nothing(raw, 'withheld.empty');
  if (raw.length > MAX_RAW_LENGTH) return nothing(raw.slice(0, MAX_RAW_LENGTH), 'unknown.too_long');
  const { text, extension: parameter } = cleanCallerId(raw);
  const parsed = parseCleanText(text, options);
  if (parsed.key === null || parsed.extension !== null || parameter === null) return { ...parsed, raw };
  return { ...parsed, raw, extension: parameter, steps: [...parsed.steps, 'extension_split'], privacy: isPrivacy(parsed.key, parameter) };
}

/** One number already cleaned; also what a stored field is made of. */
export function parseCleanText(text: string, options: NumberingOptions): CallerId {
  if (text.length > MAX_RAW_LENGTH) return nothing(text.slice(0, MAX_RAW_LENGTH), 'unknown.too_long');
  if (/^[-+/,#*() ]*$/.test(text)) return nothing(text, 'withheld.empty');
  if (isWithheldWord(text)) return nothing(text, 'withheld.anonymous');
  const context = toContext(options);
  const numberText = splitExtension(text, (candidate) => readDigits(candidate, context)[0]);
  if (typeof numberText === 'string') return nothing(text, numberText);
  if (/^0+$/.test(numberText.digits)) return nothing(text, 'withheld.zeros');
  if (numberText.digits.length > MAX_DIGITS) return nothing(text, 'unknown.too_long');
  if (isInternal(numberText, options)) return settled(text, internalReading(numberText.digits), null, []);
  return decide(text, numberText, context);
}

function decide(text: string, numberText: NumberText, context: ReadingContext): CallerId {
  const { extension } = numberText;
  const [first, ...others] = readDigits(numberText, context);
  const otherwise = numberText.other === null ? [] : readDigits(numberText.other, context);
  const maybe = uniqueByKey([...others, ...otherwise, ...guessReadings(numberText, context)]).filter(({ key }) => key !== first?.key);
  if (first !== undefined && (first.reason !== 'mobile.new_prefix' || maybe.length === 0)) return settled(text, first, extension, maybe);
  if (first !== undefined) return { ...nothing(text, 'unknown.ambiguous'), extension, alternatives: [first, ...maybe].map(toCandidate) };
  const unconfirmed = readUnconfirmed(numberText, context);
  if (unconfirmed !== null) return settled(text, unconfirmed, extension, maybe);
  return { ...nothing(text, whyUnknown(numberText, context)), extension, alternatives: maybe.map(toCandidate) };
}

function whyUnknown({ plus, digits }: NumberText, context: ReadingContext): ReasonCode {
  if (plus) return digits.startsWith('86') ? 'unknown.invalid_chinese' : 'unknown.no_country';
  if (/^0*86/.test(digits) && digits.length > 9) return 'unknown.invalid_chinese';
  if (digits.startsWith('00')) return 'unknown.double_zero';
  if (context.areaCode === null && /^[2-8]\d{6,7}$/.test(digits)) return 'unknown.no_area_code';
  return digits.length < 7 ? 'unknown.too_short' : 'unknown.no_rule';
}

function settled(raw: string, reading: Reading, extension: string | null, maybe: readonly Candidate[]): CallerId {
  const { key, numberClass, reason } = reading;
  const steps = extension === null ? reading.steps : [...reading.steps, 'extension_split' as const];
  return { raw, key, numberClass, reason, steps, extension, privacy: isPrivacy(key, extension), alternatives: maybe.map(toCandidate) };
}

function nothing(raw: string | null, reason: ReasonCode): CallerId {
  const numberClass = reason.startsWith('withheld') ? 'withheld' : 'unknown';
  return { raw, key: null, numberClass, reason, steps: [], extension: null, privacy: false, alternatives: [] };
}

function toCandidate({ key, numberClass, reason }: Candidate): Candidate {
  return { key, numberClass, reason };
}

/** Rule 12: a number of the resellers' prefixes with an extension is a delivery platform's, another person's tomorrow. */
function isPrivacy(key: string | null, extension: string | null): boolean {
  return key !== null && extension !== null && PRIVACY_KEY.test(key);
}

/** Rule 4: the dialplan context and the pattern together, never the length. */
function isInternal({ plus, digits, extension }: NumberText, { context, internalPattern }: NumberingOptions): boolean {
  if (context !== 'internal' || plus || extension !== null || !internalPattern || digits.length > MAX_INTERNAL_DIGITS) return false;
  try {
    const source = typeof internalPattern === 'string' ? internalPattern : internalPattern.source;
    return new RegExp(`^(?:${source})$`).test(digits);
  } catch {
    return false;
  }
}

function internalReading(digits: string): Reading {
  return { key: `ext:${digits}`, numberClass: 'internal', reason: 'internal.extension', steps: [], firm: true };
}

/** Options as people type them; what makes no sense is left out rather than refused. */
function toContext(options: NumberingOptions): ReadingContext {
  const areaCode = (options.areaCode ?? '').trim().replace(/^(?:\+86)?0*/, '');
  const outsidePrefix = (options.outsidePrefix ?? '').trim();
  return {
    areaCode: /^(?:10|2\d|[3-9]\d\d)$/.test(areaCode) ? areaCode : null,
    outsidePrefix: /^\d{1,4}$/.test(outsidePrefix) ? outsidePrefix : null,
    serviceNumbers: (options.serviceNumbers ?? []).filter((number) => /^\d{2,12}$/.test(number)),
  };
}
