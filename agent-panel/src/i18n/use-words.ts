import { computed } from 'vue';
import { useI18n } from 'vue-i18n';
import { useSessionStore } from '../features/session/session.store';
import { groupPhone, maskPhone } from './phone-format';
import { dayAndTime, dayName, fullTime, type DateWords } from './time-format';

/** Words, dates and numbers in the language in use; everything follows a change of language by itself. */
export function useWords() {
  const { t, te, locale } = useI18n();
  const sessions = useSessionStore();
  const dates = computed<DateWords>(() => ({ locale: locale.value, today: t('date.today'), yesterday: t('date.yesterday') }));

  const day = (iso: string, nowMs = Date.now()): string => dayName(Date.parse(iso), nowMs, dates.value);
  const when = (iso: string, nowMs = Date.now()): string => dayAndTime(Date.parse(iso), nowMs, dates.value);
  const full = (iso: string): string => fullTime(Date.parse(iso), locale.value);
  const phone = (raw: string): string => (sessions.user === null || sessions.may('number.view_full') ? groupPhone(raw) : maskPhone(raw));

  /** Words of a code; the general ones when a newer server sends a code this page does not know. */
  function code(prefix: string, value: string, fallback = `${prefix}.other`, blanks: Readonly<Record<string, string>> = {}): string {
    const key = `${prefix}.${value}`;
    return te(key) || te(key, 'zh-CN') ? t(key, blanks) : t(fallback, blanks);
  }

  /** A queue by the word people use for it, where there is one; else as the telephone system calls it. */
  const queue = (name: string): string => (te(`queue.${name}`) ? t(`queue.${name}`) : name);

  /** `3 分 42 秒`, `3 min 42 s`. */
  function span(durationMs: number): string {
    const seconds = Math.round(durationMs / 1000);
    if (seconds < 60) return t('date.seconds', { seconds });
    const parts = { minutes: Math.floor(seconds / 60), seconds: seconds % 60 };
    return t(parts.seconds === 0 ? 'date.wholeMinutes' : 'date.minutes', parts);
  }

  return { t, locale, day, when, full, phone, code, queue, span };
}
