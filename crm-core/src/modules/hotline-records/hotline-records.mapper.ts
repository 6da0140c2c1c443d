import type { HotlineRecord } from '../../../contract/hotline-records';
import type { Tx } from '../../db';
import type { HotlineRecordRow } from '../../db/entities/hotline-record.entity';
import { contactsByIds } from '../../db/repositories/contacts.repository';
import { customersByIds } from '../../db/repositories/customers.repository';
import { dispositionsOfCalls } from '../../db/repositories/dispositions.repository';
import { usersByIds } from '../../db/repositories/users.repository';

/** Rows with the names of customer, contact and agent: four look-ups, however many rows. */
export async function toRecords(tx: Tx, rows: readonly HotlineRecordRow[]): Promise<HotlineRecord[]> {
  const ids = (values: readonly (string | null)[]) => values.filter((value) => value !== null);
  const [customers, contacts, users, dispositions] = await Promise.all([
    customersByIds(tx, ids(rows.map((row) => row.customerId))),
    contactsByIds(tx, ids(rows.map((row) => row.contactId))),
    usersByIds(
      tx,
      rows.map((row) => row.servedById),
    ),
    dispositionsOfCalls(tx, ids(rows.map((row) => row.callId))),
  ]);
  return rows.map(({ remoteKey: _key, updatedById: _updatedBy, servedById, occurredAt, createdAt, updatedAt, ...row }) => ({
    ...row,
    customerName: customers.get(row.customerId ?? '')?.name ?? null,
    contactName: contacts.get(row.contactId ?? '')?.name ?? null,
    disposition: dispositions.get(row.callId ?? '') ?? null,
    servedByUserId: servedById,
    servedByName: users.get(servedById)?.displayName ?? '',
    occurredAt: occurredAt.toISOString(),
    createdAt: createdAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
  }));
}
