/** `03:42`, from an hour on `1:03:42`. Negative spans (clocks apart) count as zero. */
export function clockSpan(durationMs: number): string {
  const total = Math.max(0, Math.floor(durationMs / 1000));
  const pad = (value: number) => String(value).padStart(2, '0');
  const hours = Math.floor(total / 3600);
  const rest = `${pad(Math.floor((total % 3600) / 60))}:${pad(total % 60)}`;
  return hours > 0 ? `${hours}:${rest}` : rest;
}

export interface DateWords {
  readonly locale: string;
  readonly today: string;
  readonly yesterday: string;
}

const pad = (value: number) => String(value).padStart(2, '0');
const EN_MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** Days since the epoch by the local calendar: two moments of one day give one number, whatever the clocks did in between. */
function dayNumber(at: Date): number {
  return Date.UTC(at.getFullYear(), at.getMonth(), at.getDate()) / 86_400_000;
}

/** `14:31`, with seconds `14:31:07`; local time. */
export function clockTime(atMs: number, seconds = false): string {
  const at = new Date(atMs);
  const minutes = `${pad(at.getHours())}:${pad(at.getMinutes())}`;
  return seconds ? `${minutes}:${pad(at.getSeconds())}` : minutes;
}

/** `2025-11-21` in Chinese, `21 Nov 2025` in English. */
export function calendarDay(atMs: number, locale: string): string {
  const at = new Date(atMs);
  if (locale.startsWith('zh')) return `${at.getFullYear()}-${pad(at.getMonth() + 1)}-${pad(at.getDate())}`;
  return `${at.getDate()} ${EN_MONTHS[at.getMonth()]} ${at.getFullYear()}`;
}

/** The day as a heading of a list: today, yesterday, else the date. */
export function dayName(atMs: number, nowMs: number, words: DateWords): string {
  const distance = dayNumber(new Date(nowMs)) - dayNumber(new Date(atMs));
  if (distance === 0) return words.today;
  if (distance === 1) return words.yesterday;
  return calendarDay(atMs, words.locale);
}

/** `今天 14:31`, `昨天 14:31`, `2025-11-21 14:31`; English with a comma after a date. */
export function dayAndTime(atMs: number, nowMs: number, words: DateWords): string {
  const day = dayName(atMs, nowMs, words);
  const dated = day !== words.today && day !== words.yesterday;
  return `${day}${dated && !words.locale.startsWith('zh') ? ',' : ''} ${clockTime(atMs)}`;
}

/** Always with the date: `2025-11-21 14:31`, `21 Nov 2025, 14:31`. */
export function fullTime(atMs: number, locale: string): string {
  return `${calendarDay(atMs, locale)}${locale.startsWith('zh') ? '' : ','} ${clockTime(atMs)}`;
}
