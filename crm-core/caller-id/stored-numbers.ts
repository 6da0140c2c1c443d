import { tidySeparators, toAscii } from './clean';
import { parseText } from './parse-caller-id';
import type { CallerId, NumberingOptions } from './types';
import { splitArea } from './chinese-plan';

const MAX_FIELD_LENGTH = 1024;
const MAX_NUMBERS = 20;
const EXTENSION_WORD = /(?:转接|转|轉|分机号?|分機|内线|ext(?:ension|n)?\.?|x)[-:. ]*(?=\d{1,6}(?!\d))/gi;

/**
 * The numbers of a field people wrote by hand: several in one, with labels and names around them. An unreadable field gives
 * one entry of class `unknown`, an empty one none. A number without area code takes that of the number before it, else the line's.
 */
export function parseStoredNumbers(raw: string | null, options: NumberingOptions): CallerId[] {
  const field = raw === null ? '' : toAscii(raw.slice(0, MAX_FIELD_LENGTH).replace(/[\r\n]+/g, ';')).trim();
  if (field === '') return [];
  const found: CallerId[] = [];
  let fieldArea: string | null = null;
  for (const piece of piecesOf(field)) {
    for (const number of readPiece(piece, found.at(-1), { ...options, context: 'external', areaCode: fieldArea ?? options.areaCode })) {
      const own: CallerId = fieldArea !== null && number.reason === 'fixed.line_area' ? { ...number, reason: 'fixed.field_area' as const } : number;
      if (own.numberClass === 'withheld' || found.some((other) => sameNumber(other, own))) continue;
      if (own.numberClass === 'fixed' && own.reason !== 'fixed.line_area') fieldArea = splitArea((own.key ?? '').slice(3)) ?? fieldArea;
      found.push(own);
    }
    if (found.length >= MAX_NUMBERS) break;
  }
  const known = found.some(({ key, alternatives }) => key !== null || alternatives.length > 0);
  return known ? found.filter(isWorthKeeping) : found.slice(0, 1);
}

/** Scraps of text beside real numbers are dropped; unread digits are kept to be seen. */
function isWorthKeeping({ key, reason, raw }: CallerId): boolean {
  return key !== null || (reason !== 'unknown.garbage' && (raw ?? '').replace(/\D/g, '').length >= 3) || reason === 'unknown.shorthand';
}

function sameNumber(one: CallerId, other: CallerId): boolean {
  return one.key !== null && one.key === other.key && one.extension === other.extension;
}

/** Cuts at separators and at every word that is no extension mark. */
function piecesOf(field: string): string[] {
  const exact = /^(\d)\.(\d+)e\+?(\d{1,2})$/i.exec(field);
  if (exact !== null) return (exact[2] ?? '').length === Number(exact[3]) ? [`${exact[1]}${exact[2]}`] : [field];
  const marked = field
    .replace(/^'/, '')
    .replace(/x{2,}|\*{2,}|[•●]+/gi, '**')
    .replace(EXTENSION_WORD, '转')
    .replace(/\( *转?(\d{1,6}) *\)(?= *(?:$|[^\d -]))/g, (whole, digits: string, at: number) => (at > 0 ? ` 转${digits}` : whole))
    .replace(/\([^\d()]*\)/g, '|')
    .replace(/[^\d+*#转(),\-\p{Pd}. \u2212\u30fc]+/gu, '|');
  return marked
    .split('|')
    .flatMap(splitAtCommas)
    .map((piece) => tidySeparators(piece).replace(/^[-,) ]+|[-,( ]+$/g, ''))
    .filter((piece) => /\d/.test(piece));
}

/** A comma parts numbers unless 1 to 6 digits, an extension, follow it. */
function splitAtCommas(text: string): string[] {
  const parts = text.split(',');
  const joined: string[] = [];
  for (const part of parts) {
    const before = joined.at(-1);
    const isExtension = /^ *\d{1,6} *$/.test(part) && !/^ *(?:95|96|1\d{2,4} *$)/.test(part);
    if (before !== undefined && isExtension && /\d{7,}/.test(before.replace(/\D/g, ''))) joined[joined.length - 1] = `${before},${part.trim()}`;
    else joined.push(part);
  }
  return joined;
}

function readPiece(piece: string, before: CallerId | undefined, options: NumberingOptions): CallerId[] {
  const shorthand = asShorthand(piece, before);
  if (shorthand !== null) return [shorthand];
  const whole = parseText(piece, options);
  const groups = piece.split(' ');
  if (groups.length === 1 || (whole.key !== null && whole.extension === null)) return [whole];
  const parts = partition(groups, options);
  if (parts !== null) return parts;
  return [whole];
}

/** Numbers with nothing but spaces between them: the longest complete one first. Null when something is left over. */
function partition(groups: readonly string[], options: NumberingOptions): CallerId[] | null {
  if (groups.length === 0) return [];
  for (let take = groups.length; take > 0; take--) {
    const number = parseText(groups.slice(0, take).join(' '), options);
    if (number.key === null || (take < groups.length && number.key.startsWith('svc:') && number.key.length < 9)) continue;
    const rest = partition(groups.slice(take), options);
    if (rest !== null) return [number, ...rest];
  }
  return null;
}

/** "62345678/79": very likely 62345678 and 62345679, but it may be an extension: never more than "maybe". */
function asShorthand(piece: string, before: CallerId | undefined): CallerId | null {
  if (!/^\d{1,4}$/.test(piece) || /^1\d{2,3}$/.test(piece) || !before?.key?.startsWith('+')) return null;
  const key = before.key.slice(0, -piece.length) + piece;
  return {
    raw: piece, key: null, numberClass: 'unknown', reason: 'unknown.shorthand', steps: [], extension: null, privacy: false,
    alternatives: [{ key, numberClass: before.numberClass, reason: 'fixed.shorthand' }],
  };
}
