import type { HotlineRecord } from '../../../../crm-core/contract';

/** What the agent writes; everything else of a record is filled in and locked. */
export interface RecordText {
  readonly problem: string;
  readonly solution: string;
  readonly solved: 'solved' | 'to_verify' | 'unsolved' | null;
  readonly remarks: string;
  readonly sourceContact: string;
  /** How the call went (通话结果); null: not said. */
  readonly disposition: string | null;
}

export type RecordField = keyof RecordText;
export const RECORD_FIELDS: readonly RecordField[] = ['problem', 'solution', 'solved', 'remarks', 'sourceContact', 'disposition'];
export const EMPTY_TEXT: RecordText = { problem: '', solution: '', solved: null, remarks: '', sourceContact: '', disposition: null };

export function textOf(record: HotlineRecord): RecordText {
  const { problem, solution, solved, remarks, sourceContact, disposition } = record;
  return { problem, solution, solved, remarks, sourceContact, disposition };
}

export function sameText(a: RecordText, b: RecordText): boolean {
  return RECORD_FIELDS.every((field) => a[field] === b[field]);
}

/** Fields of `mine` that differ from `base`, ready for a PATCH. */
export function changesOf(base: RecordText, mine: RecordText): Partial<RecordText> {
  return Object.fromEntries(RECORD_FIELDS.filter((field) => base[field] !== mine[field]).map((field) => [field, mine[field]]));
}

export interface Merge {
  /** Both sides where they do not contradict; mine where they do. */
  readonly text: RecordText;
  /** Changed on both sides, and not to the same. */
  readonly conflicts: readonly RecordField[];
}

/** Three-way merge by field: what only one side changed is taken, what both changed is a conflict for the agent to decide. */
export function mergeText(base: RecordText, mine: RecordText, theirs: RecordText): Merge {
  const conflicts: RecordField[] = [];
  const entries = RECORD_FIELDS.map((field) => {
    if (mine[field] === base[field]) return [field, theirs[field]] as const;
    if (theirs[field] !== base[field] && theirs[field] !== mine[field]) conflicts.push(field);
    return [field, mine[field]] as const;
  });
  return { text: Object.fromEntries(entries) as unknown as RecordText, conflicts };
}

/** One below the other, for text that is to be kept from both sides. */
export function joinText(mine: string, theirs: string): string {
  if (mine.includes(theirs)) return mine;
  if (theirs.includes(mine)) return theirs;
  return `${theirs}\n${mine}`;
}
