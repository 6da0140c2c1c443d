import { AppError } from '../../app-error';
import { Overtaken, type Tx } from '../../db';
import type { CustomerRow } from '../../db/entities/customer.entity';
import { moveCustomer } from '../../db/repositories/customer-merge.repository';
import { customerById, updateCustomer } from '../../db/repositories/customers.repository';
import { keysDecidedFor } from '../../db/repositories/match-decisions.repository';
import { deleteNumber, numbersOf, updateNumber } from '../../db/repositories/numbers.repository';
import { writeAudit } from '../audit/audit.service';
import type { Ownership } from '../match/ownership';
import type { Stamp } from '../numbers/numbers.service';
import { readCustomer } from './customer-reader';
import { keysLeadingTo, settleDecisions } from './merged-decisions';

/** What one customer may lend to another that has it empty. */
const FIELDS = [
  'enterpriseKind',
  'legalRepresentative',
  'address',
  'postcode',
  'website',
  'profile',
  'email',
  'level',
  'type',
  'status',
  'stage',
  'creditRating',
  'industry',
  'size',
  'country',
  'region',
  'province',
  'city',
  'source',
  'remarks',
] as const satisfies readonly (keyof CustomerRow)[];

/** Every key that leads to a customer: stored numbers, and what agents have said. */
export async function keysOfCustomer(tx: Tx, customerId: string): Promise<string[]> {
  const stored = (await numbersOf(tx, [customerId])).map(({ numberKey }) => numberKey);
  const decided = await keysDecidedFor(tx, customerId);
  return [...new Set([...stored, ...decided])].filter((key) => key !== null);
}

interface Merge {
  readonly intoId: string;
  readonly fromId: string;
  /** Of the one that stays. */
  readonly version: number;
  readonly stamp: Stamp;
}

/** Moves everything of `fromId` over; nothing is lost but numbers the other has too. Answers the keys whose calls are to follow. */
export async function mergeCustomers(tx: Tx, ownership: Ownership, { intoId, fromId, version, stamp }: Merge): Promise<string[]> {
  const into = await customerById(tx, intoId);
  if (into === null) throw AppError.notFound();
  const from = intoId === fromId ? null : await customerById(tx, fromId);
  if (from === null) throw AppError.field('customerId', intoId === fromId ? 'same_customer' : 'not_found');
  if (into.version !== version) throw AppError.versionConflict(await readCustomer(tx, intoId));
  const before = { into: await readCustomer(tx, intoId), from: await readCustomer(tx, fromId) };
  const keys = await keysOfCustomer(tx, fromId);
  const leading = await keysLeadingTo(tx, ownership, { keys, customerIds: [intoId, fromId] });
  await moveNumbers(tx, { intoId, fromId });
  await moveCustomer(tx, { intoId, fromId });
  await settleDecisions(tx, { keys, leading, customerId: intoId, stamp });
  const { at, userId } = stamp;
  const changed = await updateCustomer(tx, into, { ...lent(into, from), ...newest(into, from), updatedAt: at, updatedById: userId });
  if (!changed) throw AppError.versionConflict(await readCustomer(tx, intoId));
  const gone = await updateCustomer(tx, from, { deletedAt: at, mergedIntoId: intoId, updatedAt: at, updatedById: userId });
  if (!gone) throw new Overtaken();
  const after = await readCustomer(tx, intoId);
  for (const customerId of [intoId, fromId]) await writeAudit(tx, stamp, { action: 'customer.merged', customerId, before, after });
  return keys;
}

async function moveNumbers(tx: Tx, { intoId, fromId }: { intoId: string; fromId: string }): Promise<void> {
  const numbers = await numbersOf(tx, [intoId, fromId]);
  const own = numbers.filter(({ ownerId }) => ownerId === intoId);
  let position = own.reduce((last, number) => Math.max(last, number.position), 0);
  for (const number of numbers.filter(({ ownerId }) => ownerId === fromId)) {
    const { numberKey, extension } = number;
    if (numberKey !== null && own.some((other) => other.numberKey === numberKey && other.extension === extension)) {
      await deleteNumber(tx, number.numberId);
    } else {
      await updateNumber(tx, number.numberId, { customerId: intoId, ownerId: intoId, position: ++position });
    }
  }
}

function lent(into: CustomerRow, from: CustomerRow): Partial<CustomerRow> {
  return Object.fromEntries(FIELDS.filter((field) => into[field] === null && from[field] !== null).map((field) => [field, from[field]]));
}

function newest(into: CustomerRow, from: CustomerRow): Partial<CustomerRow> {
  const lastContactAt = later(into.lastContactAt, from.lastContactAt);
  return { lastContactAt, activeAt: later(into.activeAt, from.activeAt) ?? into.activeAt };
}

function later(one: Date | null, other: Date | null): Date | null {
  if (one === null || other === null) return one ?? other;
  return one > other ? one : other;
}
