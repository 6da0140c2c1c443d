import type { CallerId } from './types';

/** Raised whenever the same input may give another key: stored numbers are then re-keyed from their raw text. */
export const RULES_VERSION = 1;

/** Key a number may be stored and matched under. Null for what identifies nobody: rotating privacy numbers, internal, unread. */
export function storableKey({ key, numberClass, privacy }: Pick<CallerId, 'key' | 'numberClass' | 'privacy'>): string | null {
  return privacy || numberClass === 'internal' ? null : key;
}

/** Keys a change gives to an owner and takes away: the past calls of these are to be linked and unlinked. */
export function changedKeys(before: readonly CallerId[], after: readonly CallerId[]): { added: string[]; removed: string[] } {
  const old = keysOf(before);
  const now = keysOf(after);
  return { added: [...now].filter((key) => !old.has(key)), removed: [...old].filter((key) => !now.has(key)) };
}

function keysOf(numbers: readonly CallerId[]): Set<string> {
  return new Set(numbers.map(storableKey).filter((key) => key !== null));
}
