import type {
  Customer,
  CustomerMerge,
  CustomerPage,
  CustomerPatch,
  CustomerQuery,
  NewContact,
  NewCustomer,
  NewPhoneNumber,
} from '../../../contract/customers';
import { AppError } from '../../app-error';
import type { AppContext } from '../../context';
import { Overtaken, type Tx } from '../../db';
import { contactById, insertContact } from '../../db/repositories/contacts.repository';
import { customerById, insertCustomer, searchCustomers, updateCustomer } from '../../db/repositories/customers.repository';
import { numberById } from '../../db/repositories/numbers.repository';
import { nextInSequence } from '../../db/repositories/sequences.repository';
import type { UserActor } from '../../http/actor';
import type { CallLinking } from '../calls/call-linking';
import type { CallLinks } from '../calls/call-links';
import type { Ownership } from '../match/ownership';
import type { NumberReading } from '../numbers/number-reading';
import type { NumbersService, Stamp } from '../numbers/numbers.service';
import { newContactRow, newCustomerRow, patchColumns } from './customer-rows';
import { keysOfCustomer, mergeCustomers } from './customer-merge';
import { readCustomer, readSummaries } from './customer-reader';
import { customerSearch } from './customer-search';

interface Parts {
  readonly reading: NumberReading;
  readonly numbers: NumbersService;
  readonly links: CallLinks;
  readonly linking: CallLinking;
  readonly ownership: Ownership;
}

/** Customers with their contacts and numbers. */
export class CustomersService {
  constructor(
    private readonly app: AppContext,
    private readonly parts: Parts,
  ) {}

  async search(query: CustomerQuery): Promise<CustomerPage> {
    const { read } = this.app.db;
    const { items, nextCursor } = await searchCustomers(read, customerSearch(query, this.parts.reading), query);
    return { items: await readSummaries(read, items), nextCursor };
  }

  get(customerId: string): Promise<Customer> {
    return readCustomer(this.app.db.read, customerId);
  }

  /** With its numbers and contacts in one go; the call it was made during, if any, is linked to it. */
  async create(actor: UserActor, input: NewCustomer): Promise<Customer> {
    const own = this.parts.numbers.plan(input.numbers, 'numbers');
    const contacts = input.contacts.map((contact, index) => ({
      contact,
      planned: this.parts.numbers.plan(contact.numbers, `contacts.${index}.numbers`),
    }));
    const stamp = this.stamp(actor);
    return this.app.db.write(async (tx) => {
      const customerNumber = `C${String(await nextInSequence(tx, 'customer')).padStart(6, '0')}`;
      const row = newCustomerRow(input, customerNumber, stamp);
      await insertCustomer(tx, row);
      const { customerId } = row;
      await this.parts.numbers.add(tx, { customerId, contactId: null }, { planned: own, stamp });
      for (const { contact, planned } of contacts) await this.insertContact(tx, { customerId, contact, planned, stamp });
      if (input.callId !== null) await this.parts.links.giveCall(tx, { callId: input.callId, customerId, actor, at: stamp.at });
      return readCustomer(tx, customerId);
    });
  }

  async change(actor: UserActor, customerId: string, { version, ...patch }: CustomerPatch): Promise<Customer> {
    const { at, userId } = this.stamp(actor);
    return this.app.db.write(async (tx) => {
      const changes = { ...patchColumns(patch), updatedAt: at, updatedById: userId };
      const changed = await updateCustomer(tx, { customerId, version }, changes);
      const current = await readCustomer(tx, customerId);
      if (!changed) throw AppError.versionConflict(current);
      return current;
    });
  }

  /** Kept in the data, found by nobody; its numbers no longer name it, and calls that they alone linked to it are let go. */
  async remove(actor: UserActor, customerId: string): Promise<void> {
    const { at, userId } = this.stamp(actor);
    await this.app.db.write(async (tx) => {
      const row = await customerById(tx, customerId);
      if (row === null) throw AppError.notFound();
      if (!(await updateCustomer(tx, row, { deletedAt: at, updatedAt: at, updatedById: userId }))) throw new Overtaken();
      for (const key of await keysOfCustomer(tx, customerId)) await this.parts.linking.keyChanged(tx, key);
    });
  }

  /** @throws AppError `version_conflict` when the one that stays has changed, `validation_failed` when there is nothing to merge. */
  async merge(actor: UserActor, customerId: string, input: CustomerMerge): Promise<Customer> {
    const stamp = this.stamp(actor);
    return this.app.db.write(async (tx) => {
      const { customerId: fromId, version } = input;
      const keys = await mergeCustomers(tx, this.parts.ownership, { intoId: customerId, fromId, version, stamp });
      await this.parts.links.recordsMoved(tx, customerId);
      for (const key of keys) await this.parts.linking.keyChanged(tx, key);
      return readCustomer(tx, customerId);
    });
  }

  async addNumber(actor: UserActor, customerId: string, input: NewPhoneNumber): Promise<Customer> {
    const planned = this.parts.numbers.plan([input], '');
    const stamp = this.stamp(actor);
    return this.app.db.write(async (tx) => {
      if ((await customerById(tx, customerId)) === null) throw AppError.notFound();
      await requireContactOf(tx, customerId, input.contactId);
      await this.parts.numbers.add(tx, { customerId, contactId: input.contactId }, { planned, stamp });
      return readCustomer(tx, customerId);
    });
  }

  async removeNumber(actor: UserActor, { customerId, numberId }: { customerId: string; numberId: string }): Promise<void> {
    const stamp = this.stamp(actor);
    await this.app.db.write(async (tx) => {
      const number = (await customerById(tx, customerId)) === null ? null : await numberById(tx, numberId);
      if (number === null || number.customerId !== customerId) throw AppError.notFound();
      await this.parts.numbers.remove(tx, number, stamp);
    });
  }

  private async insertContact(
    tx: Tx,
    {
      customerId,
      contact,
      planned,
      stamp,
    }: { customerId: string; contact: NewContact; planned: ReturnType<NumbersService['plan']>; stamp: Stamp },
  ): Promise<void> {
    const row = newContactRow(contact, customerId, stamp);
    await insertContact(tx, row);
    await this.parts.numbers.add(tx, row, { planned, stamp });
  }

  private stamp(actor: UserActor): Stamp {
    return { userId: actor.userId, at: this.app.now() };
  }
}

/** @throws AppError `validation_failed` at `contactId` unless it is a contact of the customer (or null). */
export async function requireContactOf(tx: Tx, customerId: string | null, contactId: string | null): Promise<void> {
  if (contactId === null) return;
  const contact = await contactById(tx, contactId);
  if (contact === null) throw AppError.field('contactId', 'not_found');
  if (contact.customerId !== customerId) throw AppError.field('contactId', 'not_of_customer');
}
