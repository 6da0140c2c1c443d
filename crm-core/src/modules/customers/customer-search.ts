import type { CustomerQuery } from '../../../contract/customers';
import { searchText } from '../../db';
import type { CustomerSearch, SearchTerm } from '../../db/repositories/customers.repository';
import { searchDigits, type NumberReading } from '../numbers/number-reading';

const MAX_WORDS = 5;
/** Fewer digits than this are found everywhere and mean nothing. */
const MIN_DIGITS = 3;

/** What a person typed into the search field, as terms. Something that looks like one phone number stays one, spaces and all. */
export function customerSearch({ q, scope, exact }: Pick<CustomerQuery, 'q' | 'scope' | 'exact'>, reading: NumberReading): CustomerSearch {
  const text = searchText(q ?? '');
  const whole = exact === 'true' || looksLikeNumber(text);
  const words = whole ? [text] : text.split(' ').slice(0, MAX_WORDS);
  return { terms: words.filter((word) => word !== '').map((word) => toTerm(word, reading)), scope, exact: exact === 'true' };
}

function toTerm(text: string, reading: NumberReading): SearchTerm {
  if (!looksLikeNumber(text)) return { text, keys: [], digits: null };
  const keys = reading.stored(text).flatMap((number) => [number.key, ...number.alternatives.map(({ key }) => key)]);
  const digits = searchDigits(text);
  return {
    text,
    keys: [...new Set(keys.filter((key) => key !== null))],
    digits: digits.length >= MIN_DIGITS ? digits : null,
  };
}

/** Digits with what people put between and around them, at least three of them. */
function looksLikeNumber(text: string): boolean {
  return /^(?:tel:|sip:)?[+\d\s().\-–—_/#*转]+$/u.test(text) && text.replace(/\D/g, '').length >= MIN_DIGITS;
}
