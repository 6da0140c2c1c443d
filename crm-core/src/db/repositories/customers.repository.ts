import type { SelectQueryBuilder } from 'typeorm';
import { timeParameter } from '../columns';
import type { Tx } from '../database';
import type { ContactRow } from '../entities/contact.entity';
import type { CustomerRow } from '../entities/customer.entity';
import type { PhoneNumberRow } from '../entities/phone-number.entity';
import { containing } from '../like';
import { cutPage, keysetPage, type Page, type PageRequest } from '../paging';

const CUSTOMER = 'customer';

/**
 * One thing looked for. A customer is found when every term is found somewhere in the places the scope names.
 * `text` is in the form of `searchText`; `keys` and `digits` are there when it can be (a part of) a phone number.
 */
export interface SearchTerm {
  readonly text: string;
  readonly keys: readonly string[];
  readonly digits: string | null;
}

export interface CustomerSearch {
  readonly terms: readonly SearchTerm[];
  readonly scope: 'all' | 'number' | 'name' | 'company';
  readonly exact: boolean;
}

export async function insertCustomer(tx: Tx, row: CustomerRow): Promise<void> {
  await tx.createQueryBuilder().insert().into<CustomerRow>(CUSTOMER).values(row).execute();
}

/** Null when it is not there or was deleted. */
export async function customerById(tx: Tx, customerId: string): Promise<CustomerRow | null> {
  return tx
    .createQueryBuilder<CustomerRow>(CUSTOMER, 'c')
    .where('c.customerId = :customerId AND c.deletedAt IS NULL', { customerId })
    .getOne();
}

/** Deleted ones too: their old calls and records still say whose they were. */
export async function customersByIds(tx: Tx, customerIds: readonly string[]): Promise<Map<string, CustomerRow>> {
  if (customerIds.length === 0) return new Map();
  const rows = await tx
    .createQueryBuilder<CustomerRow>(CUSTOMER, 'c')
    .where('c.customerId IN (:...ids)', { ids: [...new Set(customerIds)] })
    .getMany();
  return new Map(rows.map((row) => [row.customerId, row]));
}

/** Changes the row if it still has `version`; false when somebody was there before. */
export async function updateCustomer(tx: Tx, at: { customerId: string; version: number }, changes: Partial<CustomerRow>): Promise<boolean> {
  const result = await tx
    .createQueryBuilder()
    .update<CustomerRow>(CUSTOMER)
    .set({ ...changes, version: () => 'version + 1' })
    .where('customerId = :customerId AND version = :version AND deletedAt IS NULL', at)
    .execute();
  return result.affected === 1;
}

/** Moves the last contact forward; an older one (a call delivered late) changes nothing. */
export async function touchCustomer(tx: Tx, customerId: string, contactedAt: Date): Promise<void> {
  await tx
    .createQueryBuilder()
    .update<CustomerRow>(CUSTOMER)
    .set({ lastContactAt: contactedAt, activeAt: contactedAt })
    .where('customerId = :customerId AND (lastContactAt IS NULL OR lastContactAt < :at)', { customerId, at: timeParameter(contactedAt) })
    .execute();
}

export async function setContactSummary(tx: Tx, customerId: string, summary: string | null): Promise<void> {
  await tx
    .createQueryBuilder()
    .update<CustomerRow>(CUSTOMER)
    .set({ lastContactSummary: summary })
    .where('customerId = :customerId', { customerId })
    .execute();
}

/** Newest activity first. */
export async function searchCustomers(tx: Tx, search: CustomerSearch, page: PageRequest): Promise<Page<CustomerRow>> {
  const query = tx.createQueryBuilder<CustomerRow>(CUSTOMER, 'c').where('c.deletedAt IS NULL');
  search.terms.forEach((term, index) => addTerm(query, term, search, index));
  const rows = await keysetPage(query, { at: 'c.activeAt', id: 'c.customerId' }, page).getMany();
  return cutPage(rows, page.limit, (row) => ({ at: row.activeAt, id: row.customerId }));
}

function addTerm(query: SelectQueryBuilder<CustomerRow>, term: SearchTerm, { scope, exact }: CustomerSearch, index: number): void {
  const parameter = `term${index}`;
  const same = (column: string) => (exact ? `${column} = :${parameter}` : `${column} LIKE :${parameter} ESCAPE '\\'`);
  const places: string[] = [];
  if (scope !== 'number') places.push(same('c.nameSearch'));
  if (scope === 'all' || scope === 'name') places.push(`c.customerId IN ${contactsNamed(query, same('ct.nameSearch'))}`);
  if (scope === 'all' || scope === 'number') {
    places.push(`c.customerNumber ${exact ? '=' : 'LIKE'} :${parameter}Number${exact ? '' : ` ESCAPE '\\'`}`);
    const number = term.text.toUpperCase();
    query.setParameter(`${parameter}Number`, exact ? number : containing(number));
    const numbers = numbersLike(query, term, { exact, parameter });
    if (numbers !== null) places.push(`c.customerId IN ${numbers}`);
  }
  query.andWhere(`(${places.join(' OR ')})`).setParameter(parameter, exact ? term.text : containing(term.text));
}

function contactsNamed(query: SelectQueryBuilder<CustomerRow>, condition: string): string {
  return query
    .subQuery()
    .select('ct.customerId')
    .from<ContactRow>('contact', 'ct')
    .where(`ct.deletedAt IS NULL AND ${condition}`)
    .getQuery();
}

function numbersLike(
  query: SelectQueryBuilder<CustomerRow>,
  term: SearchTerm,
  { exact, parameter }: { exact: boolean; parameter: string },
): string | null {
  const conditions: string[] = [];
  if (term.keys.length > 0) {
    conditions.push(`n.numberKey IN (:...${parameter}Keys)`);
    query.setParameter(`${parameter}Keys`, term.keys);
  }
  if (!exact && term.digits !== null) {
    conditions.push(`n.digits LIKE :${parameter}Digits ESCAPE '\\'`);
    query.setParameter(`${parameter}Digits`, containing(term.digits));
  }
  if (conditions.length === 0) return null;
  return query.subQuery().select('n.customerId').from<PhoneNumberRow>('phone_number', 'n').where(conditions.join(' OR ')).getQuery();
}
