import { timeParameter } from '../columns';
import type { Tx } from '../database';
import type { ContactRow } from '../entities/contact.entity';

const CONTACT = 'contact';

export async function insertContact(tx: Tx, row: ContactRow): Promise<void> {
  await tx.createQueryBuilder().insert().into<ContactRow>(CONTACT).values(row).execute();
}

/** Null when it is not there or was deleted. */
export async function contactById(tx: Tx, contactId: string): Promise<ContactRow | null> {
  return tx
    .createQueryBuilder<ContactRow>(CONTACT, 'ct')
    .where('ct.contactId = :contactId AND ct.deletedAt IS NULL', { contactId })
    .getOne();
}

/** Of several customers, in the order they were recorded. */
export async function contactsOf(tx: Tx, customerIds: readonly string[]): Promise<ContactRow[]> {
  if (customerIds.length === 0) return [];
  return tx
    .createQueryBuilder<ContactRow>(CONTACT, 'ct')
    .where('ct.customerId IN (:...ids) AND ct.deletedAt IS NULL', { ids: [...new Set(customerIds)] })
    .orderBy('ct.createdAt', 'ASC')
    .addOrderBy('ct.contactId', 'ASC')
    .getMany();
}

/** Deleted ones too. */
export async function contactsByIds(tx: Tx, contactIds: readonly string[]): Promise<Map<string, ContactRow>> {
  if (contactIds.length === 0) return new Map();
  const rows = await tx
    .createQueryBuilder<ContactRow>(CONTACT, 'ct')
    .where('ct.contactId IN (:...ids)', { ids: [...new Set(contactIds)] })
    .getMany();
  return new Map(rows.map((row) => [row.contactId, row]));
}

/** Changes the row if it still has `version`; false when somebody was there before. */
export async function updateContact(tx: Tx, at: { contactId: string; version: number }, changes: Partial<ContactRow>): Promise<boolean> {
  const result = await tx
    .createQueryBuilder()
    .update<ContactRow>(CONTACT)
    .set({ ...changes, version: () => 'version + 1' })
    .where('contactId = :contactId AND version = :version AND deletedAt IS NULL', at)
    .execute();
  return result.affected === 1;
}

export async function touchContact(tx: Tx, contactId: string, contactedAt: Date): Promise<void> {
  await tx
    .createQueryBuilder()
    .update<ContactRow>(CONTACT)
    .set({ lastContactAt: contactedAt })
    .where('contactId = :contactId AND (lastContactAt IS NULL OR lastContactAt < :at)', { contactId, at: timeParameter(contactedAt) })
    .execute();
}
