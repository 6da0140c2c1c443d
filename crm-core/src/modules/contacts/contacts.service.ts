import type { Contact, ContactPatch, NewContact } from '../../../contract/customers';
import { AppError } from '../../app-error';
import type { AppContext } from '../../context';
import { Overtaken, type Tx } from '../../db';
import type { ContactRow } from '../../db/entities/contact.entity';
import { contactById, insertContact, updateContact } from '../../db/repositories/contacts.repository';
import { customerById } from '../../db/repositories/customers.repository';
import { numbersOfOwner } from '../../db/repositories/numbers.repository';
import type { UserActor } from '../../http/actor';
import { newContactRow, patchColumns } from '../customers/customer-rows';
import { toContact } from '../customers/customers.mapper';
import type { NumbersService } from '../numbers/numbers.service';

/** The people at a customer. */
export class ContactsService {
  constructor(
    private readonly app: AppContext,
    private readonly numbers: NumbersService,
  ) {}

  async create(actor: UserActor, customerId: string, input: NewContact): Promise<Contact> {
    const planned = this.numbers.plan(input.numbers, 'numbers');
    const stamp = { userId: actor.userId, at: this.app.now() };
    return this.app.db.write(async (tx) => {
      if ((await customerById(tx, customerId)) === null) throw AppError.notFound();
      const row = newContactRow(input, customerId, stamp);
      await insertContact(tx, row);
      await this.numbers.add(tx, row, { planned, stamp });
      return readContact(tx, row.contactId);
    });
  }

  async change(actor: UserActor, contactId: string, { version, ...patch }: ContactPatch): Promise<Contact> {
    return this.app.db.write(async (tx) => {
      const changes = { ...patchColumns(patch), updatedAt: this.app.now(), updatedById: actor.userId };
      const changed = await updateContact(tx, { contactId, version }, changes);
      const current = await readContact(tx, contactId);
      if (!changed) throw AppError.versionConflict(current);
      return current;
    });
  }

  /** Kept in the data; the contact's numbers are given up, because the next call from them may be anybody's. */
  async remove(actor: UserActor, contactId: string): Promise<void> {
    const at = this.app.now();
    await this.app.db.write(async (tx) => {
      const row = await found(tx, contactId);
      if (!(await updateContact(tx, row, { deletedAt: at, updatedAt: at, updatedById: actor.userId }))) throw new Overtaken();
      for (const number of await numbersOfOwner(tx, contactId)) await this.numbers.remove(tx, number, { userId: actor.userId, at });
    });
  }
}

/** @throws AppError `not_found`, also where the customer was deleted. */
async function found(tx: Tx, contactId: string): Promise<ContactRow> {
  const row = await contactById(tx, contactId);
  if (row === null || (await customerById(tx, row.customerId)) === null) throw AppError.notFound();
  return row;
}

async function readContact(tx: Tx, contactId: string): Promise<Contact> {
  const row = await found(tx, contactId);
  return toContact(row, await numbersOfOwner(tx, contactId));
}
