import type { CustomerType } from '../../../contract/customers';
import { readTime } from '../columns';
import type { Tx } from '../database';
import type { CustomerRow } from '../entities/customer.entity';
import type { HotlineRecordRow } from '../entities/hotline-record.entity';
import type { PhoneNumberRow } from '../entities/phone-number.entity';
import { rowsOf } from '../statement';
import type { SelectQueryBuilder } from 'typeorm';

/** The stored number an owner was found by. */
export interface OwnedNumber {
  readonly numberId: string;
  readonly label: string;
  /** Empty: none. */
  readonly extension: string;
  /** Its place among the owner's numbers of that label, from 1. */
  readonly ordinal: number;
  readonly count: number;
}

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
  /** Null where it is not a stored number that led here. */
  readonly number: OwnedNumber | null;
  /** There may be decisions or a mark on the key; read with the owners, so that most look-ups need one query only. */
  readonly noted: boolean;
}

/** Columns as they come from the driver. */
interface RawEntry extends Omit<DirectoryEntry, 'lastContactAt' | 'openRecordCount' | 'number' | 'noted'> {
  readonly customerContactAt: unknown;
  readonly contactContactAt: unknown;
  readonly openRecordCount: number | string;
  readonly numberId?: string;
  readonly label?: string;
  readonly extension?: string;
  readonly numberPlace?: number | string;
  readonly noted?: number;
}

/** Without a key of its own: two columns of one name are an array on SQL Server. */
type OwnerColumns = Omit<RawEntry, 'key'>;

/** So many people of a switchboard are offered. */
const PEOPLE_LIMIT = 20;
const OPEN_RECORDS = `(SELECT COUNT(*) FROM hotline_records o WHERE o.customer_id = c.customer_id AND o.solved IN ('to_verify', 'unsolved'))`;
/**
 * Place among the owner's numbers of the label, and how many there are, in one number: place × PLACE_UNIT + count. Counted twice, because
 * SQL Server sums nothing that compares a row of its own with one outside (error 8124).
 */
const PLACE_UNIT = 10_000;
const ALIKE = 'SELECT COUNT(*) FROM phone_numbers p WHERE p.owner_id = n.owner_id AND p.number_key IS NOT NULL AND p.label = n.label';
const NUMBER_PLACE = `(${ALIKE} AND p.position <= n.position) * ${PLACE_UNIT} + (${ALIKE})`;
const NOTED = `CASE WHEN EXISTS (SELECT 1 FROM match_decisions d WHERE d.number_key = n.number_key) OR EXISTS (SELECT 1 FROM caller_marks m WHERE m.number_key = n.number_key AND m.ended_at IS NULL) THEN 1 ELSE 0 END`;

/**
 * Numbers to owners: the query behind every pop. Its SQL is built by the query builder once for each count of keys and then
 * sent as it is, prepared, because building it costs several times what the database needs to answer (test/bench/match-lookup.ts).
 */
export class Directory {
  private readonly statements = new Map<number, string>();

  /** Owners of stored numbers that have one of the keys. */
  async ownersOf(tx: Tx, keys: readonly string[]): Promise<DirectoryEntry[]> {
    if (keys.length === 0) return [];
    const rows = await rowsOf<RawEntry>(tx, this.statement(tx, keys.length), keys);
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

  /** Customers, or contacts of theirs, by themselves; who was deleted is left out. */
  async named(tx: Tx, key: string, owners: readonly { customerId: string; contactId: string | null }[]): Promise<DirectoryEntry[]> {
    if (owners.length === 0) return [];
    const query = tx
      .createQueryBuilder<CustomerRow>('customer', 'c')
      .leftJoin('contact', 'ct', 'ct.customerId = c.customerId AND ct.deletedAt IS NULL AND ct.contactId IN (:...contactIds)', {
        contactIds: ['', ...owners.map(({ contactId }) => contactId).filter((id) => id !== null)],
      })
      .select([])
      .where('c.deletedAt IS NULL AND c.customerId IN (:...customerIds)', {
        customerIds: [...new Set(owners.map(({ customerId }) => customerId))],
      });
    const rows: OwnerColumns[] = await selectOwner(query).getRawMany();
    const whole = rows.map((row) => ({ ...row, contactId: null, contactName: null, contactPosition: null, contactContactAt: null }));
    return owners.flatMap((wanted) => {
      const from = wanted.contactId === null ? whole : rows;
      const row = from.find(({ customerId, contactId }) => customerId === wanted.customerId && contactId === wanted.contactId);
      return row === undefined ? [] : [toEntry({ ...row, key })];
    });
  }

  /** The people at a customer, whoever was talked to last first. */
  async peopleAt(tx: Tx, key: string, customerId: string): Promise<DirectoryEntry[]> {
    const query = tx
      .createQueryBuilder<CustomerRow>('customer', 'c')
      .innerJoin('contact', 'ct', 'ct.customerId = c.customerId AND ct.deletedAt IS NULL')
      .select([])
      .where('c.deletedAt IS NULL AND c.customerId = :customerId', { customerId })
      .orderBy('ct.lastContactAt', 'DESC')
      .addOrderBy('ct.contactId', 'ASC')
      .limit(PEOPLE_LIMIT);
    const rows: OwnerColumns[] = await selectOwner(query).getRawMany();
    return rows.map((row) => toEntry({ ...row, key }));
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
      .where('n.numberKey IN (:...keys)', { keys })
      .addSelect('n.numberId', 'numberId')
      .addSelect('n.label', 'label')
      .addSelect('n.extension', 'extension')
      .addSelect(NUMBER_PLACE, 'numberPlace')
      .addSelect(NOTED, 'noted');
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

/** Field by field: copying what is left of a row takes longer than reading it. */
function toEntry(raw: RawEntry): DirectoryEntry {
  return {
    key: raw.key,
    customerId: raw.customerId,
    customerName: raw.customerName,
    customerNumber: raw.customerNumber,
    customerLevel: raw.customerLevel,
    customerType: raw.customerType,
    contactId: raw.contactId,
    contactName: raw.contactName,
    contactPosition: raw.contactPosition,
    lastContactAt: readTime(raw.contactContactAt) ?? readTime(raw.customerContactAt),
    lastContactSummary: raw.lastContactSummary,
    openRecordCount: Number(raw.openRecordCount),
    number: raw.numberId === undefined ? null : toNumber(raw.numberId, raw),
    noted: raw.noted === 1,
  };
}

function toNumber(numberId: string, { label, extension, numberPlace }: RawEntry): OwnedNumber {
  const place = Number(numberPlace ?? 0);
  return {
    numberId,
    label: label ?? 'other',
    extension: extension ?? '',
    ordinal: Math.floor(place / PLACE_UNIT),
    count: place % PLACE_UNIT,
  };
}
