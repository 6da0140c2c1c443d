import { computed, ref } from 'vue';
import { useI18n } from 'vue-i18n';
import { User } from '../../../../crm-core/contract';
import { asApiError } from '../../app/api-client';
import { useWords } from '../../i18n/use-words';
import { useFormDraft } from '../../ui/use-form-draft';
import { changedFields, draftOf, missingFields, rebased, type UserField, type UserFormDraft } from './user-form';

export interface UserFormParts {
  /** Null: a new account. */
  readonly user: User | null;
  readonly password: () => string;
  /** Keeps it at crm-core; rejects with an ApiError. */
  readonly store: (draft: UserFormDraft, password: string) => Promise<void>;
  /** Somebody else has changed the account meanwhile. */
  readonly onCurrent: (user: User) => void;
  /** The user name or extension belongs to an account that the list may not have yet. */
  readonly onTaken: () => void;
}

/** `asks`: disabling has to be confirmed first. */
export type SaveOutcome = 'saved' | 'asks' | 'refused' | 'nothing';

/** The form of one account: kept in this window while it is typed (its password never), saved once, and what was refused in words. */
export function useUserForm({ user, password, store, onCurrent, onTaken }: UserFormParts) {
  const { t, te } = useI18n();
  const words = useWords();
  const draft = ref<UserFormDraft>(draftOf(user));
  const forget = useFormDraft(`user.${user?.userId ?? 'new'}`, draft);
  const conflict = ref(false);
  const errors = ref<Readonly<Record<string, string>>>({});
  const failure = ref<string | null>(null);
  const working = ref(false);

  const changed = computed(() => changedFields(draft.value));
  const typed = computed(() => changed.value.length > 0 || password() !== '' || (user !== null && draft.value.resetting));
  if (user !== null && draft.value.version !== user.version) follow(user);

  /** The account is in another state than the one the text was begun from. */
  function follow(current: User): void {
    draft.value = rebased(draft.value, current);
    conflict.value = changed.value.length > 0;
  }

  function refused(cause: unknown): void {
    const why = asApiError(cause);
    errors.value = Object.fromEntries(why.fields.map(({ path, code }) => [path, code]));
    if (why.fields.some(({ code }) => code === 'already_taken')) onTaken();
    const current = User.safeParse(why.current);
    if (why.code === 'version_conflict' && current.success) {
      follow(current.data);
      onCurrent(current.data);
    } else if (!why.fields.some(({ path }) => path in draft.value.form || path === 'password')) {
      failure.value = words.code('apiError', why.code);
    }
  }

  async function save(confirmed: boolean): Promise<SaveOutcome> {
    if (working.value || (user !== null && !typed.value)) return 'nothing';
    errors.value = missingFields(draft.value, password());
    failure.value = null;
    if (Object.keys(errors.value).length > 0) return 'refused';
    if (draft.value.base.enabled && !draft.value.form.enabled && !confirmed) return 'asks';
    working.value = true;
    try {
      await store(draft.value, password());
      forget();
      return 'saved';
    } catch (cause) {
      refused(cause);
      return 'refused';
    } finally {
      working.value = false;
    }
  }

  function errorOf(field: string): string | null {
    const code = errors.value[field];
    if (code === undefined) return null;
    const key = `userError.${field}.${code}`;
    return te(key) ? t(key) : words.code('fieldError', code);
  }

  /** What the account says now where this form says otherwise, once somebody else has changed it. */
  function theirsOf(field: UserField): string | null {
    if (!conflict.value || !changed.value.includes(field)) return null;
    const { role, enabled, ...texts } = draft.value.base;
    if (field === 'role') return t(`role.${role}`);
    if (field === 'enabled') return t(enabled ? 'user.enabled' : 'user.disabled');
    return texts[field] || t('user.none');
  }

  return { draft, changed, typed, conflict, failure, working, save, forget, errorOf, theirsOf };
}
