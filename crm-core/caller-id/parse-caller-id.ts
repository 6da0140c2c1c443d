import { cleanCallerId, isWithheldWord } from './clean';
import { splitExtension, type NumberText } from './extension';
import type { ReasonCode } from './reason-codes';
import { readAfterCountryCode, readChinese, readForeign, uniqueByKey, type Reading, type ReadingContext } from './readings';
import { MAX_RAW_LENGTH, type CallerId, type Candidate, type NumberingOptions } from './types';
import { readWorldNumber } from './world-plan';

const MAX_DIGITS = 32;
const PRIVACY_KEY = /^\+8617[01]\d{8}$/;

/**
 * What a caller ID is. Never throws, whatever arrives. Pure: the same input and options give the same answer, so keys can be
 * made when numbers are written and made again when the options change.
 */
export function parseCallerId(raw: string | null, options: NumberingOptions): CallerId {
  if (raw === null || raw.trim() === '') return nothing(raw, 'withheld.empty');
  if (raw.length > MAX_RAW_LENGTH) return nothing(raw.slice(0, MAX_RAW_LENGTH), 'unknown.too_long');
  const clean = cleanCallerId(raw);
  const parsed = parseText(clean.text, options);
  const extension = parsed.extension ?? (parsed.key === null ? null : clean.extension);
  return { ...parsed, raw, extension, privacy: isPrivacy(parsed.key, extension) };
}

/** One number already cleaned; also what a stored field is made of. */
export function parseText(text: string, options: NumberingOptions): CallerId {
  if (text === '' || /^[-+/,#*() ]*$/.test(text)) return nothing(text, 'withheld.empty');
  if (isWithheldWord(text)) return nothing(text, 'withheld.anonymous');
  const context = toContext(options);
  const numberText = splitExtension(text, (candidate) => readDigits(candidate, context)[0]);
  if (typeof numberText === 'string') return nothing(text, numberText);
  if (/^0+$/.test(numberText.digits)) return nothing(text, 'withheld.zeros');
  if (numberText.digits.length > MAX_DIGITS) return nothing(text, 'unknown.too_long');
  if (isInternal(numberText, options)) return settled(text, { key: `ext:${numberText.digits}`, numberClass: 'internal', reason: 'internal.extension', steps: [], firm: true }, numberText.extension, []);
  return decide(text, numberText, context);
}

function decide(text: string, numberText: NumberText, context: ReadingContext): CallerId {
  const { plus, digits, extension } = numberText;
  const readings = readDigits(numberText, context);
  const [first, ...others] = readings;
  const maybe = uniqueByKey([...others, ...guesses(numberText, context)]);
  if (first === undefined || (!first.firm && first.reason === 'mobile.new_prefix' && maybe.length > 0)) {
    const candidates = first === undefined ? maybe : [first, ...maybe];
    const unconfirmed = plus ? unconfirmedForeign(digits) : null;
    if (unconfirmed !== null) return settled(text, unconfirmed, extension, candidates);
    const reason = first === undefined ? whyUnknown(plus, digits, context) : 'unknown.ambiguous';
    return { ...nothing(text, reason), extension, alternatives: candidates.map(toCandidate) };
  }
  return settled(text, first, extension, maybe.filter(({ key }) => key !== first.key));
}

/** Readings good enough to be the key, likeliest first. */
export function readDigits({ plus, digits }: NumberText, context: ReadingContext): Reading[] {
  if (plus) return readAfterPlus(digits, context);
  if (!digits.startsWith('00')) return readChinese(digits, context);
  const chinese = readChinese(digits, context).filter(({ steps }) => steps.includes('country_code') || steps.includes('outside_prefix'));
  const foreign = readForeign(digits.replace(/^0+/, ''), 'international.double_zero');
  return uniqueByKey(foreign === null ? chinese : [...chinese, foreign]);
}

/** Rule 5: a + before 0, 400, 800 or 95 is a mistake, unless some country has that very number. */
function readAfterPlus(digits: string, context: ReadingContext): Reading[] {
  if (digits.startsWith('86')) return readAfterCountryCode(digits.slice(2), context);
  const foreign = readForeign(digits, 'international.plus');
  if (!/^(?:0|400|800|95)/.test(digits)) return foreign === null ? [] : [foreign];
  const chinese = readDigits({ plus: false, digits, extension: null }, context).map(withStrayPlus);
  return uniqueByKey(foreign === null ? chinese : [foreign, ...chinese]);
}

/** Readings that suppose a mistake: offered as "maybe", never taken. */
function guesses({ plus, digits }: NumberText, context: ReadingContext): Reading[] {
  if (plus && digits.startsWith('86')) return readChinese(digits.slice(2), context).map(withStrayPlus);
  if (plus) return readChinese(digits, context).map(withStrayPlus);
  if (digits.startsWith('00')) {
    const rest = digits.replace(/^0+/, '');
    return [...readChinese(rest, context), ...readChinese(`0${rest}`, context)].map(withDoubleZero);
  }
  const foreign = digits.startsWith('0') || digits.length < 9 ? null : readForeign(digits, 'international.missing_plus');
  return foreign === null ? [] : [foreign];
}

function withStrayPlus(reading: Reading): Reading {
  if (reading.numberClass === 'international') return reading;
  return { ...reading, reason: `${reading.numberClass}.stray_plus` as ReasonCode, steps: ['stray_plus', ...reading.steps] };
}

function withDoubleZero(reading: Reading): Reading {
  return { ...reading, reason: `${reading.numberClass}.double_zero` as ReasonCode };
}

/** Kept under its own key: the same impossible number may call again. */
function unconfirmedForeign(digits: string): Reading | null {
  const world = readWorldNumber(digits);
  if (world === null || !world.possible || world.callingCode === '86') return null;
  return { key: `+${digits}`, numberClass: 'international', reason: 'international.unconfirmed', steps: [], firm: false };
}

function whyUnknown(plus: boolean, digits: string, context: ReadingContext): ReasonCode {
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
function isInternal({ plus, digits, extension }: NumberText, options: NumberingOptions): boolean {
  if (options.context !== 'internal' || plus || extension !== null || !options.internalPattern) return false;
  try {
    const source = typeof options.internalPattern === 'string' ? options.internalPattern : options.internalPattern.source;
    return new RegExp(`^(?:${source})$`).test(digits);
  } catch {
    return false;
  }
}

function toContext(options: NumberingOptions): ReadingContext {
  const areaCode = (options.areaCode ?? '').replace(/^(?:\+86)?0*/, '');
  const outsidePrefix = options.outsidePrefix ?? '';
  return {
    areaCode: /^(?:10|2\d|[3-9]\d\d)$/.test(areaCode) ? areaCode : null,
    outsidePrefix: /^\d{1,4}$/.test(outsidePrefix) ? outsidePrefix : null,
    serviceNumbers: (options.serviceNumbers ?? []).filter((number) => /^\d{2,12}$/.test(number)),
  };
}
