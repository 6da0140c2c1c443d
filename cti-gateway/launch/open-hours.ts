const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const TIME = '(?:[01]\\d|2[0-3]):[0-5]\\d';

/** Asterisk takes what it cannot read for "never" or "always" and says so in its log only. */
const PARTS = [rangesOf(TIME, '-only'), rangesOf(WEEKDAYS.join('|')), rangesOf('[1-9]|[12]\\d|3[01]'), rangesOf(MONTHS.join('|'))];

/** Whether Asterisk's GotoIfTime reads it as it is meant: `HH:MM-HH:MM,weekdays,days,months`; each may be `*`, names are English ones of three letters. */
export function isOpenHours(text: string): boolean {
  const parts = text.split(',');
  return parts.length === PARTS.length && PARTS.every((pattern, index) => pattern.test(parts[index] ?? ''));
}

/** `*`, or one after the other with `&`, each a value or two with `-` between; times are one range. */
function rangesOf(value: string, only?: '-only'): RegExp {
  const range = `(?:${value})-(?:${value})`;
  if (only !== undefined) return new RegExp(`^(?:\\*|${range})$`);
  const one = `(?:${range}|(?:${value}))`;
  return new RegExp(`^(?:\\*|${one}(?:&${one})*)$`);
}
