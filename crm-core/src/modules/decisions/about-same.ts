import type { MatchDecisionRow } from '../../db/entities/match-decision.entity';

type About = Pick<MatchDecisionRow, 'customerId' | 'contactId'>;

/** The same customer, and the same person or the customer as a whole on either side. */
export function isAboutSame(one: About, other: About): boolean {
  return one.customerId === other.customerId && (one.contactId === other.contactId || one.contactId === null || other.contactId === null);
}
