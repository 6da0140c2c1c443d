import { tidySeparators, toAscii } from './clean';

const MAX_FIELD_LENGTH = 1024;
const EXTENSION_WORD = /(?<![a-z])(?:转接|转|轉|分机号?|分機|内线|ext(?:ension|n)?\.?|x)[-:.= ]*(?=\d{1,6}(?!\d))/gi;
/** Digits that are no telephone number, with the word that says so. */
const OTHER_NUMBERS = /(?:qq|扣扣|邮编|邮政编码|工号|身份证|账号|帐号|税号|编号|日期|生日|传真码)(?:号码?)?[: ]*[\dx]+/gi;
const TIMES = /(?<!\d)\d{1,2}:\d{2}(?!\d)/g;
const DATES = /(?<!\d)(?:19|20)\d\d[-./年] ?(?:0?[1-9]|1[0-2])[-./月] ?(?:0?[1-9]|[12]\d|3[01])(?:日|(?!\d))/g;
/** "82345678(0755)". */
const AREA_BEHIND = /(?<!\d)(\d{7,8}) *\(0(10|2\d|[3-9]\d\d)\)(?! *-?\d)/g;
const ADDRESSES = /\S*@\S*|https?:\S*/gi;
/** "l39l2345678", "139一2345678": a letter in place of a digit; what stands around it is no number. */
const BROKEN = /[\da-z]*\d(?:[a-z]{1,2}|[〇零一二三四五六七八九十])\d[\da-z]*/gi;
const EXPONENT = /^(\d)\.(\d+)e\+?(\d{1,2})$/i;

/** A field cut into texts of one number each (or several with only spaces or hyphens between), labels and names gone. */
export function cutField(raw: string): string[] {
  const field = toAscii(raw.slice(0, MAX_FIELD_LENGTH).replace(/[\r\n]+/g, ';')).trim();
  return withoutWords(field)
    .split('|')
    .flatMap(splitAtCommas)
    .map((piece) => tidySeparators(piece).replace(/^[-,) ]+|[-,( ]+$/g, ''))
    .filter((piece) => /\d/.test(piece));
}

function withoutWords(field: string): string {
  const exponent = EXPONENT.exec(field);
  // Spreadsheets write 13912345678 as 1.3912345678E+10: all digits are there, or the number is lost.
  if (exponent !== null) return (exponent[2] ?? '').length === Number(exponent[3]) ? `${exponent[1]}${exponent[2]}` : '';
  return field
    .replace(ADDRESSES, '|')
    .replace(OTHER_NUMBERS, '|')
    .replace(DATES, '|')
    .replace(TIMES, '|')
    .replace(/;ext=/gi, '转')
    .replace(AREA_BEHIND, '0$2-$1')
    .replace(/x{2,}|\*{2,}|[•●]+/gi, '**')
    .replace(EXTENSION_WORD, '转')
    .replace(BROKEN, '|')
    .replace(/(\d) *\( *转?([1-9]\d{0,5}) *\)(?= *(?:$|[^\d -]))/g, '$1转$2')
    .replace(/\([^\d()]*\)/g, '|')
    .replace(/[^\d+*#转(),\-\p{Pd}. \u2212\u30fc]+/gu, '|');
}

/** A comma parts numbers unless an extension, 1 to 6 digits that are no service number, follows it. */
function splitAtCommas(text: string): string[] {
  const joined: string[] = [];
  for (const part of text.split(',')) {
    const before = joined.at(-1);
    const isExtension = /^ *\d{1,6} *$/.test(part) && !/^ *(?:9[56]\d{3}|1\d{4}) *$/.test(part);
    if (before !== undefined && isExtension && before.replace(/\D/g, '').length >= 7)
      joined[joined.length - 1] = `${before},${part.trim()}`;
    else joined.push(part);
  }
  return joined;
}
