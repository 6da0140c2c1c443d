import type { ReasonCode } from '../reason-codes';
import type { Reading } from './chinese-readings';

/** A number as digits, with what was written around them. */
export interface NumberText {
  plus: boolean;
  digits: string;
  extension: string | null;
  /** The other way to part number and extension, where both give a number. */
  other: NumberText | null;
}

/** Words and signs that can only begin an extension. */
const MARKED =
  /^(.*?\d[) ]*)(?:,? ?(?:转接?|轉|接|分机号?|分機|内线|ext(?:ension|n)?|x)[-:. ]*|[#*;pw]|\( ?(?:转|分机|ext\.?)?[: ]*)(\d{1,6})[) ]*$/i;
const MASKED = /\d[ -]?(?:\*{2,}|x{2,}|•+)/i;

/** Nothing shorter has an extension. */
const MIN_BASE_LENGTH = 5;

type Read = (candidate: NumberText) => Reading | undefined;

/** Rule 3. Parts number and extension; answers the reason when the text is no number at all. */
export function splitExtension(text: string, read: Read): NumberText | ReasonCode {
  if (MASKED.test(text)) return 'unknown.masked';
  const marked = MARKED.exec(text);
  const base = marked === null ? null : toDigits(marked[1] ?? '');
  if (marked !== null && base !== null && read(base) !== undefined) return { ...base, extension: marked[2] ?? null };
  if (/^(?:转|分机号?|ext(?:ension)?|x)[-.: ]*\d{1,6}$/i.test(text)) return 'unknown.extension_only';
  return splitAtSign(text, read) ?? toDigits(text) ?? 'unknown.garbage';
}

/** `-` and `,` may belong to the number: they part an extension only where that gives the better number. */
function splitAtSign(text: string, read: Read): NumberText | null {
  const match = /^(.*\d)[), ]*[-, ]+(\d{1,6})$/.exec(text);
  const base = match === null ? null : toDigits(match[1] ?? '');
  if (match === null || base === null || base.digits.length < MIN_BASE_LENGTH) return null;
  const part = read(base);
  if (part === undefined) return null;
  const whole = toDigits(text);
  const wholeReading = whole === null ? undefined : read(whole);
  if (wholeReading === undefined) return { ...base, extension: match[2] ?? null };
  // "55123456-801": nobody parts a number after eight digits, so the area code read into it is none.
  const writtenLocal = /^\d{7,8} ?[-,]/.test(text);
  const better = part.firm && (!wholeReading.firm || writtenLocal);
  const parted = { ...base, extension: match[2] ?? null };
  return better ? { ...parted, other: whole } : whole === null ? null : { ...whole, other: parted };
}

/** Digits of a text that holds nothing but a number and its separators; null otherwise. */
export function toDigits(text: string): NumberText | null {
  const compact = text.replace(/[-() ,]/g, '');
  const match = /^(\+*)(\d+)$/.exec(compact);
  if (match === null) return null;
  return { plus: match[1] !== '', digits: match[2] ?? '', extension: null, other: null };
}
