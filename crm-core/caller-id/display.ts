import { parsePhoneNumberFromString } from 'libphonenumber-js/max';
import { isMobile, splitArea } from './plan/chinese-plan';
import { cleanCallerId, isWithheldWord } from './reading/clean';
import { parseCallerId } from './parse-caller-id';
import { MAX_RAW_LENGTH } from './types';

/** A key or raw number grouped for reading: `139 1234 5678`, `0755-8234 5678`, `400-820-8820`, `+852 6123 4567`. Unreadable input comes back trimmed. */
export function formatForDisplay(keyOrRaw: string): string {
  const bounded = keyOrRaw.slice(0, MAX_RAW_LENGTH).trim();
  if (/^(?:svc:|ext:)\d+$/.test(bounded)) return groupShort(bounded.slice(4));
  if (/^\+\d+$/.test(bounded)) return groupKey(bounded);
  const { key, extension } = parseCallerId(bounded, { areaCode: null });
  if (key === null) return bounded.replace(/[\p{Cc}\p{Cf}]/gu, '');
  return extension === null ? formatForDisplay(key) : `${formatForDisplay(key)}-${extension}`;
}

/** Many a Chinese mobile number is one of these as well, "if the + is missing": grouped without the library, which takes long. */
const NORTH_AMERICAN = /^\+1([2-9]\d\d)(\d{3})(\d{4})$/;

function foreign(key: string): string {
  return parsePhoneNumberFromString(key)?.formatInternational() ?? key;
}

function groupKey(key: string): string {
  const national = key.startsWith('+86') ? key.slice(3) : null;
  if (national === null) return NORTH_AMERICAN.test(key) ? key.replace(NORTH_AMERICAN, '+1 $1 $2 $3') : foreign(key);
  if (national.length < 7) return key;
  if (isMobile(national)) return national.replace(/^(\d{3})(\d{4})(\d+)$/, '$1 $2 $3');
  const area = splitArea(national) ?? national.slice(0, 3);
  const local = national.slice(area.length);
  return `0${area}-${local.slice(0, -4)} ${local.slice(-4)}`;
}

const EXTENSION_TAIL = /(\d) *(?:转|分机|ext|x|#|,).*$|(?<=\d{7})-\d{1,6}$/i;

function groupShort(digits: string): string {
  return digits.replace(/^([48]00)(\d{3})(\d{4})$/, '$1-$2-$3');
}

/**
 * For logs: enough to recognise a call, not enough to dial it. `139****5678`, `0755****5678`, `+852****4567`. Services and
 * extensions of up to six digits stay; text other than "anonymous" and its like becomes `***`.
 */
export function maskForLog(raw: string | null): string {
  if (raw === null) return '-';
  const bounded = raw.slice(0, MAX_RAW_LENGTH).trim();
  if (/^(?:svc|ext):\d+$/.test(bounded)) return bounded;
  const text = cleanCallerId(bounded).text.replace(EXTENSION_TAIL, '$1');
  if (text === '') return '-';
  if (isWithheldWord(text)) return text.toLowerCase();
  const plus = text.startsWith('+') ? '+' : '';
  const digits = text.replace(/\D/g, '');
  if (digits === '') return '***';
  if (digits.length <= 6) return plus + digits;
  if (digits.length < 9) return `${plus}${digits.slice(0, 2)}****${digits.slice(-2)}`;
  const head = plus === '' ? (digits.startsWith('0') ? 4 : 3) : digits.startsWith('86') ? 5 : 3;
  return `${plus}${digits.slice(0, Math.min(head, digits.length - 6))}****${digits.slice(-4)}`;
}
