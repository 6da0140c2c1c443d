import type { MatchOwner, MatchView } from '../../../../cti-gateway/protocol';
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

  /** Why this owner: which of their numbers it is, or what else leads to them. */
  function ownerReason(owner: MatchOwner): string {
    const by = owner.matchedBy ?? 'stored_number';
    if (by === 'other_reading') return code('reason', owner.reason ?? '');
    if (by !== 'stored_number' || !owner.number) return code('matchedBy', by);
    const { label, ordinal, count } = owner.number;
    const what = code('numberLabel', label);
    return count > 1 ? t('match.storedOf', { label: what, ordinal, count }) : t('match.storedAs', { label: what });
  }

  /** Said only where it adds something: one of several numbers, or not a stored number at all. */
  function telling(owner: MatchOwner | null): string | null {
    if (owner === null) return null;
    const plain = (owner.matchedBy ?? 'stored_number') === 'stored_number' && (owner.number?.count ?? 1) === 1;
    return plain ? null : ownerReason(owner);
  }

  function nobody(match: MatchView): string {
    const said = match.decisions?.find(({ decision }) => decision === 'not_this');
    if (match.kind !== 'unknown' || said === undefined) return t(`match.say.${match.kind}`);
    return t('match.saidNot', { by: said.decidedBy, name: said.customerName });
  }

  function sentence(match: MatchView, owner: MatchOwner | null = null): string {
    if (match.privacy === true) return t('match.privacy');
    if (match.kind !== 'known' && match.kind !== 'shared' && match.kind !== 'maybe') return nobody(match);
    const line = [reading(match), code('reason', match.reason), telling(owner)].filter((part) => part !== null).join(t('list.comma'));
    if (match.kind !== 'shared') return line;
    const others = match.owners.length - (owner === null ? 0 : 1);
    return [line, t(owner === null ? 'match.sharedBy' : 'match.othersShare', { count: others })].join(t('list.semicolon'));
  }

  return { raw, reading, ownerReason, sentence };
}
