import type { Tx } from '../database';

/** What belongs to a customer besides its own numbers, by the names of the entities. */
const BELONGINGS = ['contact', 'call', 'hotline_record', 'match_decision'] as const;

/** Gives everything of one customer to another: contacts, their numbers, calls, hotline records, decisions. */
export async function moveCustomer(tx: Tx, { fromId, intoId }: { fromId: string; intoId: string }): Promise<void> {
  for (const entity of [...BELONGINGS, 'phone_number'] as const) {
    await tx.createQueryBuilder().update(entity).set({ customerId: intoId }).where('customerId = :fromId', { fromId }).execute();
  }
}
