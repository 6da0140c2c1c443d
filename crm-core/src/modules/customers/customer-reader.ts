import type { Customer, CustomerSummary } from '../../../contract/customers';
import { AppError } from '../../app-error';
import type { Tx } from '../../db';
import type { CustomerRow } from '../../db/entities/customer.entity';
import { contactsOf } from '../../db/repositories/contacts.repository';
import { customerById } from '../../db/repositories/customers.repository';
import { numbersOf } from '../../db/repositories/numbers.repository';
import { userById } from '../../db/repositories/users.repository';
import { toCustomer, toSummary } from './customers.mapper';

/** A customer with contacts and numbers. @throws AppError `not_found`. */
export async function readCustomer(tx: Tx, customerId: string): Promise<Customer> {
  const row = await customerById(tx, customerId);
  if (row === null) throw AppError.notFound();
  const [contacts, numbers, creator] = await Promise.all([
    contactsOf(tx, [customerId]),
    numbersOf(tx, [customerId]),
    userById(tx, row.createdById),
  ]);
  return toCustomer(row, { contacts, numbers, createdBy: creator?.displayName ?? '' });
}

export async function readSummaries(tx: Tx, rows: readonly CustomerRow[]): Promise<CustomerSummary[]> {
  const ids = rows.map((row) => row.customerId);
  const [contacts, numbers] = await Promise.all([contactsOf(tx, ids), numbersOf(tx, ids)]);
  return rows.map((row) => toSummary(row, { contacts, numbers }));
}
