import type { CustomerType } from '../../../contract/customers';
import { readTime } from '../columns';
import type { Tx } from '../database';
import type { HotlineRecordRow } from '../entities/hotline-record.entity';
import type { PhoneNumberRow } from '../entities/phone-number.entity';
import type { SelectQueryBuilder } from 'typeorm';

/** An owner of a number as the caller's pop shows them. */
export interface DirectoryEntry {
  readonly key: string;
  readonly customerId: string;
  readonly customerName: string;
  readonly customerNumber: string;
  readonly customerLevel: string | null;
  readonly customerType: CustomerType | null;
  readonly contactId: string | null;
  readonly contactName: string | null;
  readonly contactPosition: string | null;
  readonly lastContactAt: Date | null;
  readonly lastContactSummary: string | null;
  readonly openRecordCount: number;
}

/** Columns as they come from the driver. */
interface RawEntry extends Omit<DirectoryEntry, 'lastContactAt' | 'openRecordCount'> {
  readonly customerContactAt: unknown;
  readonly contactContactAt: unknown;
  readonly openRecordCount: number | string;
}

const OPEN_RECORDS = `(SELECT COUNT(*) FROM hotline_records o WHERE o.customer_id = c.customer_id AND o.solved IN ('to_verify', 'unsolved'))`;

/**
 * Numbers to owners: the query behind every pop. Its SQL is built by the query builder once for each count of keys and then
 * sent as it is, because building it costs several times what the database needs to answer (test/bench/match-lookup.ts).
 */
export class Directory {
  private readonly statements = new Map<number, string>();

  /** Owners of stored numbers that have one of the keys. */
  async ownersOf(tx: Tx, keys: readonly string[]): Promise<DirectoryEntry[]> {
    if (keys.length === 0) return [];
    const rows: RawEntry[] = await tx.query(this.statement(tx, keys.length), [...keys]);
    return rows.map(toEntry);
  }

  /** Customers whose earlier hotline records came from one of the keys, though none has it as a stored number. */
  async seenBefore(tx: Tx, keys: readonly string[]): Promise<DirectoryEntry[]> {
    if (keys.length === 0) return [];
    const query = tx
      .createQueryBuilder<HotlineRecordRow>('hotline_record', 'h')
      .innerJoin('customer', 'c', 'c.customerId = h.customerId AND c.deletedAt IS NULL')
      .leftJoin('contact', 'ct', 'ct.contactId = h.contactId AND ct.deletedAt IS NULL')
      .select('h.remoteKey', 'key')
      .where('h.remoteKey IN (:...keys)', { keys })
      .orderBy('h.occurredAt', 'DESC')
      .limit(20);
    const rows: RawEntry[] = await selectOwner(query).getRawMany();
    return rows.map(toEntry);
  }

  private statement(tx: Tx, count: number): string {
    const known = this.statements.get(count);
    if (known !== undefined) return known;
    const keys = Array.from({ length: count }, (_, index) => String(index));
    const query = tx
      .createQueryBuilder<PhoneNumberRow>('phone_number', 'n')
      .innerJoin('customer', 'c', 'c.customerId = n.customerId AND c.deletedAt IS NULL')
      .leftJoin('contact', 'ct', 'ct.contactId = n.contactId AND ct.deletedAt IS NULL')
      .select('n.numberKey', 'key')
      .where('n.numberKey IN (:...keys)', { keys });
    const [sql] = selectOwner(query).getQueryAndParameters();
    this.statements.set(count, sql);
    return sql;
  }
}

function selectOwner<T extends object>(query: SelectQueryBuilder<T>): SelectQueryBuilder<T> {
  return query
    .addSelect('c.customerId', 'customerId')
    .addSelect('c.name', 'customerName')
    .addSelect('c.customerNumber', 'customerNumber')
    .addSelect('c.level', 'customerLevel')
    .addSelect('c.type', 'customerType')
    .addSelect('ct.contactId', 'contactId')
    .addSelect('ct.name', 'contactName')
    .addSelect('ct.position', 'contactPosition')
    .addSelect('c.lastContactAt', 'customerContactAt')
    .addSelect('ct.lastContactAt', 'contactContactAt')
    .addSelect('c.lastContactSummary', 'lastContactSummary')
    .addSelect(OPEN_RECORDS, 'openRecordCount');
}

function toEntry({ customerContactAt, contactContactAt, openRecordCount, ...row }: RawEntry): DirectoryEntry {
  return { ...row, lastContactAt: readTime(contactContactAt) ?? readTime(customerContactAt), openRecordCount: Number(openRecordCount) };
}
