import type { Role, User, UserPatch } from '../../../../crm-core/contract';
import type { UserDraft } from './users.api';

/** What can be typed about an account. Its password is not here: this is kept in the browser's storage. */
export interface UserForm {
  username: string;
  displayName: string;
  role: Role;
  extension: string;
  enabled: boolean;
}
export type UserField = keyof UserForm;

/** A form as it is typed, with the state of the account it was begun from. */
export interface UserFormDraft {
  readonly version: number;
  readonly base: UserForm;
  form: UserForm;
  /** A new password is being set. The form says so when it is found again, though the password itself is gone. */
  resetting: boolean;
}

const EMPTY: UserForm = { username: '', displayName: '', role: 'agent', extension: '', enabled: true };

function formOf({ username, displayName, role, extension, enabled }: User): UserForm {
  return { username, displayName, role, extension: extension ?? '', enabled };
}

/** A first password belongs to every new account. */
export function draftOf(user: User | null): UserFormDraft {
  const base = user === null ? EMPTY : formOf(user);
  return { version: user?.version ?? 0, base, form: { ...base }, resetting: user === null };
}

const FIELDS = Object.keys(EMPTY) as UserField[];
const written = (value: string | boolean) => (typeof value === 'string' ? value.trim() : value);

/** Which fields are not as they were. */
export function changedFields({ base, form }: UserFormDraft): UserField[] {
  return FIELDS.filter((field) => written(form[field]) !== base[field]);
}

/** The same text over another state of the account: what was not touched follows, what was typed stays. */
export function rebased(draft: UserFormDraft, user: User): UserFormDraft {
  const now = draftOf(user);
  const typed = Object.fromEntries(changedFields(draft).map((field) => [field, draft.form[field]]));
  return { ...now, form: { ...now.form, ...typed }, resetting: draft.resetting };
}

export function missingFields({ form, resetting }: UserFormDraft, password: string): Record<string, 'required'> {
  const needed = { username: form.username, displayName: form.displayName, ...(resetting ? { password } : {}) };
  const missing = Object.entries(needed).filter(([, text]) => text.trim() === '');
  return Object.fromEntries(missing.map(([field]) => [field, 'required' as const]));
}

const extensionOf = ({ extension }: UserForm) => (extension.trim() === '' ? null : extension.trim());

export function newUserOf({ form }: UserFormDraft, password: string): UserDraft {
  const { username, displayName, role } = form;
  return { username: username.trim(), displayName: displayName.trim(), role, extension: extensionOf(form), password };
}

/** Only what was changed here, so that nothing of others is written over unseen. */
export function patchOf(draft: UserFormDraft, password: string): UserPatch {
  const { displayName, role, enabled } = draft.form;
  const all = { displayName: displayName.trim(), role, extension: extensionOf(draft.form), enabled };
  const changed = new Set<string>(changedFields(draft));
  const own = Object.fromEntries(Object.entries(all).filter(([field]) => changed.has(field)));
  return { version: draft.version, ...own, ...(draft.resetting ? { password } : {}) };
}
