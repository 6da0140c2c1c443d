import type { HotlineRecord } from '../../../contract/hotline-records';
import type { Tx } from '../../db';
import type { HotlineRecordRow } from '../../db/entities/hotline-record.entity';
import { contactsByIds } from '../../db/repositories/contacts.repository';
import { customersByIds } from '../../db/repositories/customers.repository';
import { usersByIds } from '../../db/repositories/users.repository';

/** Rows with the names of customer, contact and agent: three look-ups, however many rows. */
export async function toRecords(tx: Tx, rows: readonly HotlineRecordRow[]): Promise<HotlineRecord[]> {
  const ids = (values: readonly (string | null)[]) => values.filter((value) => value !== null);
  const [customers, contacts, users] = await Promise.all([
    customersByIds(tx, ids(rows.map((row) => row.customerId))),
    contactsByIds(tx, ids(rows.map((row) => row.contactId))),
    usersByIds(
      tx,
      rows.map((row) => row.servedById),
    ),
  ]);
  return rows.map(({ remoteKey: _key, updatedById: _updatedBy, servedById, occurredAt, createdAt, updatedAt, ...row }) => ({
    ...row,
    customerName: customers.get(row.customerId ?? '')?.name ?? null,
    contactName: contacts.get(row.contactId ?? '')?.name ?? null,
    servedByUserId: servedById,
    servedByName: users.get(servedById)?.displayName ?? '',
    occurredAt: occurredAt.toISOString(),
    createdAt: createdAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
  }));
}
