import type { DirectoryEntry } from '../../db/repositories/directory.repository';

/**
 * The owners of a number, newest contact first. Where a contact has the number, the company's own entry of it says nothing
 * more and is left out; a number entered twice is one owner.
 */
export function distinctOwners(entries: readonly DirectoryEntry[]): DirectoryEntry[] {
  const owners = new Map<string, DirectoryEntry>();
  for (const entry of entries) {
    const company = entry.contactId === null;
    if (company && entries.some((other) => other.customerId === entry.customerId && other.contactId !== null)) continue;
    const id = entry.contactId ?? entry.customerId;
    if (!owners.has(id)) owners.set(id, entry);
  }
  return [...owners.values()].sort(newestFirst);
}

/**
 * Whose a call of this number is: one customer, and the contact when it is one only. Null when it is nobody's or several customers'.
 * A number stored with an extension is a switchboard's: whoever there may call from it.
 */
export function soleOwner(entries: readonly DirectoryEntry[]): { customerId: string; contactId: string | null } | null {
  const owners = distinctOwners(entries);
  const [first] = owners;
  if (first === undefined || owners.some((owner) => owner.customerId !== first.customerId)) return null;
  return { customerId: first.customerId, contactId: owners.length === 1 && !isBehindSwitchboard(first) ? first.contactId : null };
}

export function isBehindSwitchboard({ number }: DirectoryEntry): boolean {
  return number !== null && number.extension !== '';
}

export function newestFirst(one: DirectoryEntry, other: DirectoryEntry): number {
  const difference = (other.lastContactAt?.getTime() ?? 0) - (one.lastContactAt?.getTime() ?? 0);
  if (difference !== 0) return difference;
  return one.customerNumber < other.customerNumber ? -1 : Number(one.customerNumber > other.customerNumber);
}
