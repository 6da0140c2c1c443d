import type { MatchView } from '../../../../cti-gateway/protocol';
import { useSessionStore } from '../session/session.store';
import { useWords } from '../../i18n/use-words';

/** The part of a key that people read: `+8613912345678` grouped, `svc:95588` without its mark. */
export function numberOfKey(key: string, phone: (raw: string) => string): string {
  const marked = /^[a-z]+:(.*)$/.exec(key)?.[1];
  return marked ?? phone(key);
}

const digitsOf = (text: string): string => text.replace(/\D/g, '');

/** How a number was matched, in one line: `013912345678 → 139 1234 5678，去掉手机号前的 0 后一致；2 位登记了这个号码`. */
export function useMatchWords() {
  const { t, phone, code } = useWords();
  const sessions = useSessionStore();

  /** As it arrived; grouped and masked for those who may not see numbers in full. */
  const raw = (text: string): string => (sessions.user === null || sessions.may('number.view_full') ? text : phone(text));

  /** `raw → read`, or only the number where reading it changed nothing to the eye. */
  function reading(match: Pick<MatchView, 'raw' | 'key'>): string | null {
    if (match.raw === null || match.key === null) return null;
    const read = numberOfKey(match.key, phone);
    return digitsOf(match.raw) === digitsOf(read) ? read : t('match.reading', { raw: raw(match.raw), read });
  }

  function sentence(match: MatchView): string {
    if (match.kind !== 'known' && match.kind !== 'shared' && match.kind !== 'maybe') return t(`match.say.${match.kind}`);
    const parts = [reading(match), code('reason', match.reason)].filter((part) => part !== null);
    const line = parts.join(t('list.comma'));
    return match.kind === 'shared' ? [line, t('match.sharedBy', { count: match.owners.length })].join(t('list.semicolon')) : line;
  }

  return { raw, reading, sentence };
}
