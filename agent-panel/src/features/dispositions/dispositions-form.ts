import type { Disposition, DispositionChange, DispositionList } from '../../../../crm-core/contract';
import type { FieldProblem } from '../../app/api-client';

/** One entry of the list as it is typed. */
export interface DispositionForm {
  /** Names the row for as long as the page, or its draft, is there. */
  readonly key: string;
  /** Saved before: its code stays as it is. */
  readonly saved: boolean;
  code: string;
  /** Somebody has typed a code; until then it follows the English word. */
  codeTyped: boolean;
  zh: string;
  en: string;
  active: boolean;
}

let keys = 0;
const newKey = () => `${Date.now()}-${(keys += 1)}`;

export function formsOf(items: readonly Disposition[]): DispositionForm[] {
  return items.map((item) => ({ ...item, key: newKey(), saved: true, codeTyped: true }));
}

export function newForm(): DispositionForm {
  return { key: newKey(), saved: false, code: '', codeTyped: false, zh: '', en: '', active: true };
}

/** `Warranty & repair` → `warranty_repair`. */
export function codeFor(word: string): string {
  return word
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/[^a-z_]/g, '')
    .replace(/^_+|_+$/g, '')
    .slice(0, 40);
}

export function itemsOf(forms: readonly DispositionForm[]): DispositionChange['items'] {
  return forms.map(({ code, zh, en, active }) => ({ code: code.trim(), zh: zh.trim(), en: en.trim(), active }));
}

export function isChanged(forms: readonly DispositionForm[], saved: DispositionList): boolean {
  return JSON.stringify(itemsOf(forms)) !== JSON.stringify(saved.items.map(({ code, zh, en, active }) => ({ code, zh, en, active })));
}

/** One place up or down; what would leave the list stays. */
export function moved<T>(list: readonly T[], from: number, by: 1 | -1): T[] {
  const to = from + by;
  if (to < 0 || to >= list.length) return [...list];
  const next = [...list];
  next.splice(to, 0, ...next.splice(from, 1));
  return next;
}

/** `2.code` → key of the words in `disposition.error`. */
export function errorsOf(problems: readonly FieldProblem[]): Record<string, 'code' | 'name' | 'twice'> {
  const errors: Record<string, 'code' | 'name' | 'twice'> = {};
  for (const { path, code } of problems) {
    const at = /^items\.(\d+)\.(code|zh|en)$/.exec(path);
    if (at === null) continue;
    errors[`${at[1]}.${at[2]}`] = code === 'already_exists' ? 'twice' : at[2] === 'code' ? 'code' : 'name';
  }
  return errors;
}
