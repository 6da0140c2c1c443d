import { parseCallerId, parseCleanText } from './parse-caller-id';
import { splitArea } from './plan/chinese-plan';
import { isListedChinese, readWorldNumber } from './plan/world-plan';
import { cutField } from './reading/field';
import { MAX_RAW_LENGTH, type CallerId, type NumberingOptions } from './types';

const MAX_NUMBERS = 20;
/** Into so many groups people part one number: +86 755 8234 5678. */
const MAX_GROUPS = 6;

/**
 * The numbers of a field people wrote by hand: several in one, with labels and names around them. An unreadable field gives
 * one entry of class `unknown`, an empty one (or "无") none. A number without area code takes that of the number before it, else the line's.
 */
export function parseStoredNumbers(raw: string | null, options: NumberingOptions): CallerId[] {
  const found: CallerId[] = [];
  const add = (number: CallerId): void => {
    if (number.numberClass !== 'withheld' && !found.some((other) => sameNumber(other, number))) found.push(number);
  };
  for (const piece of cutField(raw ?? '')) {
    if (found.length >= MAX_NUMBERS) break;
    readPiece(piece, found.at(-1), options).forEach(add);
  }
  const useful = found.filter(isUseful);
  if (useful.length > 0) return useful;
  return found.length > 0 ? found.slice(0, 1) : [readWhole(raw ?? '', options)].filter(({ numberClass }) => numberClass !== 'withheld');
}

/** A field without a single piece to read: "王总", "l39l2345678". */
function readWhole(raw: string, options: NumberingOptions): CallerId {
  const whole = parseCallerId(raw.slice(0, MAX_RAW_LENGTH), { ...options, context: 'external' });
  return whole.numberClass === 'withheld'
    ? whole
    : { ...whole, key: null, numberClass: 'unknown', reason: 'unknown.garbage', alternatives: [] };
}

/** Scraps of text beside real numbers are dropped; unread digits are kept to be seen. */
function isUseful({ key, alternatives, reason }: CallerId): boolean {
  return key !== null || alternatives.length > 0 || (reason !== 'unknown.garbage' && reason !== 'unknown.too_short');
}

function sameNumber(one: CallerId, other: CallerId): boolean {
  return one.key === other.key && one.extension === other.extension && (one.key !== null || one.raw === other.raw);
}

function readPiece(piece: string, before: CallerId | undefined, options: NumberingOptions): CallerId[] {
  if (before?.extension != null && /^\d{1,4}$/.test(piece)) return [];
  const shorthand = readShorthand(piece, before);
  if (shorthand !== null) return [shorthand];
  const read = (text: string): CallerId => readInField(text, before, options);
  const whole = read(piece);
  if (whole.key !== null && whole.extension === null) return [whole];
  return readJoined(piece, ' ', read) ?? readJoined(piece, '-', read) ?? [whole];
}

/** One number of a field, with the place the number before it is in. */
function readInField(text: string, before: CallerId | undefined, options: NumberingOptions): CallerId {
  const number = parseCleanText(text, { ...options, context: 'external' });
  if (number.reason !== 'fixed.line_area' && number.reason !== 'unknown.no_area_code') return number;
  if (before?.numberClass === 'international') return mayBeAbroad(number, before) ? asGuess(number) : number;
  const area = before?.numberClass === 'fixed' && before.reason !== 'fixed.line_area' ? splitArea((before.key ?? '').slice(3)) : null;
  if (area === null) return number;
  const there = parseCleanText(text, { ...options, context: 'external', areaCode: area });
  // "0731-86013652; 8671656": seven digits are no number of Changsha, but one of the city this was written in.
  if (there.reason !== 'fixed.line_area' || there.key === null || (!isListed(there.key) && number.key !== null && isListed(number.key)))
    return number;
  return {
    ...there,
    reason: 'fixed.field_area',
    alternatives: [...there.alternatives, ...asGuess(number).alternatives].filter(({ key }) => key !== there.key),
  };
}

function isListed(key: string): boolean {
  return isListedChinese(key.slice('+86'.length));
}

/** "+852 6123 4567 / 2345 6789": the second is a number of Hong Kong too. */
function mayBeAbroad(number: CallerId, before: CallerId): boolean {
  const callingCode = readWorldNumber((before.key ?? '').slice(1))?.callingCode ?? '';
  return readWorldNumber(callingCode + (number.raw ?? '').replace(/\D/g, ''))?.valid ?? false;
}

/** Nobody knows where the number is: no key, what it would be here only "maybe". */
function asGuess(number: CallerId): CallerId {
  const { key, numberClass, reason } = number;
  const alternatives = key === null ? number.alternatives : [{ key, numberClass, reason }, ...number.alternatives];
  return { ...number, key: null, numberClass: 'unknown', reason: 'unknown.no_area_code', steps: [], privacy: false, alternatives };
}

/** Several whole numbers with only `joint` between them: each as long as it can be. Null when something is left over. */
function readJoined(piece: string, joint: ' ' | '-', read: (text: string) => CallerId): CallerId[] | null {
  const groups = piece.split(joint);
  const numbers: CallerId[] = [];
  for (let at = 0; at < groups.length;) {
    const next = longestNumber(groups.slice(at, at + MAX_GROUPS), joint, read);
    if (next === null || numbers.length >= MAX_NUMBERS) return null;
    numbers.push(next.number);
    at += next.groups;
  }
  return numbers.length > 1 ? numbers : null;
}

function longestNumber(
  groups: readonly string[],
  joint: ' ' | '-',
  read: (text: string) => CallerId,
): { number: CallerId; groups: number } | null {
  for (let take = groups.length; take > 0; take--) {
    const number = read(groups.slice(0, take).join(joint));
    if (number.key === null || number.extension !== null || isShortService(number.key, joint)) continue;
    return { number, groups: take };
  }
  return null;
}

/** "138 1234 56789" is a slip of the pen, not the service 138 and something else; after a hyphen five digits are an extension. */
function isShortService(key: string, joint: ' ' | '-'): boolean {
  return key.startsWith('svc:') && key.length < (joint === ' ' ? 'svc:95588' : 'svc:4008208820').length;
}

/** "62345678/79": very likely 62345678 and 62345679, but it may be an extension: never more than "maybe". */
function readShorthand(piece: string, before: CallerId | undefined): CallerId | null {
  if (!/^\d{1,4}$/.test(piece) || /^1\d{2,3}$/.test(piece) || !before?.key?.startsWith('+')) return null;
  const key = before.key.slice(0, -piece.length) + piece;
  return {
    raw: piece,
    key: null,
    numberClass: 'unknown',
    reason: 'unknown.shorthand',
    steps: [],
    extension: null,
    privacy: false,
    alternatives: [{ key, numberClass: before.numberClass, reason: 'unknown.shorthand' }],
  };
}
