/** A raw caller ID or field freed of everything that is not the number, its separators and its words. */
export interface CleanText {
  text: string;
  /** `ext=` of a tel URI. */
  extension: string | null;
}

const HYPHENS = /[\p{Pd}\u2212\u30fc\u00b7\u2022.]/gu;
const BRACKETS = /[[\]{}]/g;

/** Full-width forms and the decimal digits of other scripts as ASCII; invisible characters gone; every space a space. */
export function toAscii(input: string): string {
  return input
    .replace(/[\uff01-\uff5e]/g, (char) => String.fromCharCode(char.charCodeAt(0) - 0xfee0))
    .replace(/[\u0660-\u0669\u06f0-\u06f9\u0966-\u096f]/g, (char) => String(digitValue(char)))
    .replace(/\ufe62/g, '+')
    .replace(/[\u3010\u3014\u3016\u300a\u300c]/g, '(')
    .replace(/[\u3011\u3015\u3017\u300b\u300d]/g, ')')
    .replace(/[\t\n\r\v\f]/g, ' ')
    .replace(/[\p{Cf}\p{Cc}\ufeff]/gu, '')
    .replace(/\s/g, ' ');
}

function digitValue(char: string): number {
  const code = char.charCodeAt(0);
  if (code >= 0x0966) return code - 0x0966;
  return code >= 0x06f0 ? code - 0x06f0 : code - 0x0660;
}

/** Rule 1 up to the separators, which the extension rule still needs. */
export function cleanCallerId(raw: string): CleanText {
  // Most calls: nothing to clean.
  if (/^\+?\d+$/.test(raw)) return { text: raw, extension: null };
  let text = decodePercent(toAscii(raw)).trim();
  text = withoutDisplayName(text);
  text = text.replace(/^(?:sips?|tel|callto|h323|iax2?):\/{0,2}/i, '');
  const parameters = /[;?](.*)$/.exec(text)?.[1] ?? '';
  text = text.replace(/[;?].*$/, '').replace(/@.*$/, '');
  text = text.replace(/^([+\d]+):[^@]*$/, '$1');
  text = withPhoneContext(text, parameters);
  const extension = /(?:^|;)ext=(\d{1,6})(?:;|$)/i.exec(parameters)?.[1] ?? null;
  return { text: tidySeparators(text), extension };
}

/** Hyphens of every kind become `-`; dialling marks (`#31#`, `*67`, trailing `#`) and quotes go. */
export function tidySeparators(text: string): string {
  return text
    .replace(/["'`\u2018\u2019\u201c\u201d]/g, '')
    .replace(/(\d)\.0$/, '$1')
    .replace(HYPHENS, '-')
    .replace(BRACKETS, ' ')
    .replace(/^ *(?:[*#]3[01]#|\*67|\*82)/, '')
    .replace(/#+ *$/, '')
    .replace(/ +/g, ' ')
    .trim();
}

/** `"Wang" <139…>` and `Wang <sip:139…@host>` give what is between the angle brackets. */
function withoutDisplayName(text: string): string {
  const open = text.lastIndexOf('<');
  const close = text.indexOf('>', open);
  return open >= 0 && close > open ? text.slice(open + 1, close).trim() : text;
}

/** RFC 3966: a local number in a global context; ours is that of China. */
function withPhoneContext(text: string, parameters: string): string {
  const code = /(?:^|;)phone-context=\+(\d{1,3})(?:;|$)/i.exec(parameters)?.[1];
  if (code === undefined || code === '86' || text.startsWith('+')) return text;
  return `+${code}${text.replace(/^0+/, '')}`;
}

function decodePercent(text: string): string {
  return text.replace(/%([2-7][0-9a-f])/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
}

const WITHHELD_WORDS = new Set([
  'anonymous',
  'unknown',
  'restricted',
  'unavailable',
  'private',
  'withheld',
  'blocked',
  'hidden',
  'nobody',
  'none',
  'null',
  'nil',
  'undefined',
  'n/a',
  'na',
  'asterisk',
  's',
  'i',
  'h',
  't',
  'p',
  'o',
  'noname',
  'nonumber',
  'nocallerid',
  'privatenumber',
  'privatecaller',
  'unknownnumber',
  'unknowncaller',
  'numberwithheld',
  'numberunavailable',
  'idunavailable',
  'callerunavailable',
  'invalid',
  '未知',
  '未知号码',
  '匿名',
  '隐藏',
  '隐藏号码',
  '保密',
  '私人号码',
  '无',
  '无号码',
  '无主叫',
  '无法显示',
  '未显示',
  '空',
]);

/** Rule 2: words that stand for "no number". */
export function isWithheldWord(text: string): boolean {
  return WITHHELD_WORDS.has(text.toLowerCase().replace(/[\s_()-]/g, ''));
}
