import type { DatabaseTarget } from '../../../crm-core/src/db';

/** The one index a caller's key is looked up by, with what a pop cannot do without: what a look-up costs at least. */
export const FLOOR = (
  key: string,
) => `SELECT c.customer_id, c.name, c.customer_number, c.level, c.type, c.last_contact_at, ct.contact_id, ct.name AS contact, ct.position
   FROM phone_numbers n
   JOIN customers c ON c.customer_id = n.customer_id AND c.deleted_at IS NULL
   LEFT JOIN contacts ct ON ct.contact_id = n.contact_id AND ct.deleted_at IS NULL
   WHERE n.number_key IN (${key})`;
/** What it replaces. */
export const SCAN = (tail: string, joint: string) => `SELECT customer_id FROM phone_numbers WHERE raw LIKE '%' ${joint} ${tail}`;

/** A database full of numbers, and the bare driver's way to them. */
export interface FullDatabase {
  readonly target: DatabaseTarget;
  /** The prepared join for a key. */
  floor(key: string): unknown;
  /** All numbers that end with these digits, read one by one. */
  scan(tail: string): unknown;
  close(): Promise<void>;
}

/** The number of a row: distinct mobile numbers, in no order. */
export function mobile(index: number): string {
  return `13${String((index * STEP + OFFSET) % SPACE).padStart(9, '0')}`;
}
export const STEP = 7_919_999;
export const OFFSET = 11;
export const SPACE = 1_000_000_000;

/** Deterministic, so that two runs look up the same numbers. */
export function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
