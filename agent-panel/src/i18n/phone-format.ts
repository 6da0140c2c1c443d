/** Two-digit area codes after the 0; all others have three. */
const SHORT_AREA = /^(10|2\d)/;

function groupTail(digits: string): string {
  return digits.length > 4 ? `${digits.slice(0, digits.length - 4)} ${digits.slice(-4)}` : digits;
}

function nationalDigits(raw: string): string {
  return raw.replace(/^\+?86(?=1\d{10}$)/, '').replace(/^0(?=1[3-9]\d{9}$)/, '');
}

/**
 * A phone number grouped for reading: `139 1234 5678`, `0755-8234 5678`, `400-820-8820`, `+852 2123 4567`.
 * Only for the eye: whatever is not understood is shown as it came. Dialling and copying take the raw number.
 */
export function groupPhone(raw: string): string {
  const text = raw.trim();
  const digits = nationalDigits(text.replace(/[\s()-]/g, ''));
  if (/^1[3-9]\d{9}$/.test(digits)) return `${digits.slice(0, 3)} ${digits.slice(3, 7)} ${digits.slice(7)}`;
  if (/^[48]00\d{7}$/.test(digits)) return `${digits.slice(0, 3)}-${digits.slice(3, 6)}-${digits.slice(6)}`;
  const fixed = /^(?:\+86|0)([1-9]\d{8,10})$/.exec(digits)?.[1];
  if (fixed !== undefined) {
    const area = SHORT_AREA.test(fixed) ? 2 : 3;
    return `0${fixed.slice(0, area)}-${groupTail(fixed.slice(area))}`;
  }
  // a + before what looks like a mobile number: a mistake or another country, shown as it came
  const strayPlus = /^\+(1[3-9]\d)(\d{4})(\d{4})$/.exec(digits);
  if (strayPlus) return `+${strayPlus.slice(1).join(' ')}`;
  const foreign = /^\+(852|853|886|1|[2-79]\d|8[0-57-9])(\d{6,12})$/.exec(digits);
  if (foreign) return `+${foreign[1]} ${groupTail(foreign[2] ?? '')}`;
  return text;
}

/** For those without the right to see numbers: the middle is hidden, `139 **** 5678`. */
export function maskPhone(raw: string): string {
  const digits = raw.replace(/\D/g, '');
  if (digits.length < 7) return '****';
  return `${digits.slice(0, 3)} **** ${digits.slice(-4)}`;
}
