import type { Tx } from '../database';
import type { PhoneNumberRow } from '../entities/phone-number.entity';

const NUMBER = 'phone_number';

export async function insertNumber(tx: Tx, row: PhoneNumberRow): Promise<void> {
  await tx.createQueryBuilder().insert().into<PhoneNumberRow>(NUMBER).values(row).execute();
}

export async function numberById(tx: Tx, numberId: string): Promise<PhoneNumberRow | null> {
  return tx.createQueryBuilder<PhoneNumberRow>(NUMBER, 'n').where('n.numberId = :numberId', { numberId }).getOne();
}

/** Of several customers and their contacts, in their owners' order. */
export async function numbersOf(tx: Tx, customerIds: readonly string[]): Promise<PhoneNumberRow[]> {
  if (customerIds.length === 0) return [];
  return tx
    .createQueryBuilder<PhoneNumberRow>(NUMBER, 'n')
    .where('n.customerId IN (:...ids)', { ids: [...new Set(customerIds)] })
    .orderBy('n.position', 'ASC')
    .addOrderBy('n.createdAt', 'ASC')
    .addOrderBy('n.numberId', 'ASC')
    .getMany();
}

export async function numbersOfOwner(tx: Tx, ownerId: string): Promise<PhoneNumberRow[]> {
  return tx.createQueryBuilder<PhoneNumberRow>(NUMBER, 'n').where('n.ownerId = :ownerId', { ownerId }).getMany();
}

export async function deleteNumber(tx: Tx, numberId: string): Promise<void> {
  await tx.createQueryBuilder().delete().from<PhoneNumberRow>(NUMBER).where('numberId = :numberId', { numberId }).execute();
}

export async function updateNumber(tx: Tx, numberId: string, changes: Partial<PhoneNumberRow>): Promise<void> {
  await tx.createQueryBuilder().update<PhoneNumberRow>(NUMBER).set(changes).where('numberId = :numberId', { numberId }).execute();
}
