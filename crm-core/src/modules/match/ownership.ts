import type { Tx } from '../../db';
import type { MatchDecisionRow } from '../../db/entities/match-decision.entity';
import type { Directory, DirectoryEntry } from '../../db/repositories/directory.repository';
import { decisionsOfKeys } from '../../db/repositories/match-decisions.repository';

/** Whose a key is: stored numbers, with what agents have said about them. */
export interface KeyOwners {
  readonly entries: readonly DirectoryEntry[];
  /** In force, newest first. */
  readonly decisions: readonly MatchDecisionRow[];
  /** Customers for whom an agent's word, not a stored number, speaks. */
  readonly said: ReadonlySet<DirectoryEntry>;
  /** There may be a mark on the key. */
  readonly noted: boolean;
}

type Person = Pick<DirectoryEntry, 'customerId' | 'contactId'>;

/** The one answer to "whose is this key": the pop, the call log and the background all ask here. */
export class Ownership {
  constructor(private readonly directory: Directory) {}

  async ofKey(tx: Tx, key: string): Promise<KeyOwners> {
    const stored = await this.directory.ownersOf(tx, [key]);
    if (stored.length > 0 && !stored.some(({ noted }) => noted)) return { entries: stored, decisions: [], said: new Set(), noted: false };
    const decisions = await decisionsOfKeys(tx, [key]);
    const left = stored.filter((entry) => !isRejected(entry, decisions));
    const said = await this.directory.named(tx, key, confirmedBeyond(left, decisions));
    return { entries: [...left, ...said], decisions, said: new Set(said), noted: true };
  }
}

/** Somebody said that the number is not theirs, of the contact or of the customer as a whole. */
export function isRejected({ customerId, contactId }: Person, decisions: readonly MatchDecisionRow[]): boolean {
  return decisions.some(
    (one) => one.decision === 'not_this' && one.customerId === customerId && (one.contactId === null || one.contactId === contactId),
  );
}

/** Whom an agent named although the number is not stored for them. `add_number` speaks through the number it stored. */
function confirmedBeyond(stored: readonly DirectoryEntry[], decisions: readonly MatchDecisionRow[]): Person[] {
  return decisions.filter(
    ({ decision, customerId, contactId }) =>
      decision === 'is_this' &&
      !stored.some((entry) => entry.customerId === customerId && (contactId === null || entry.contactId === contactId)),
  );
}
