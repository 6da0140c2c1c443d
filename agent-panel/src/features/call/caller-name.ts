import type { MatchOwner } from '../../../../cti-gateway/protocol';

/** Name, then company, as far as they are known; the number stands in the second line. */
export function whoOf(owner: MatchOwner | null): { readonly name: string; readonly company: string | null } | null {
  if (owner === null) return null;
  return owner.contactName === null
    ? { name: owner.customerName, company: null }
    : { name: owner.contactName, company: owner.customerName };
}
