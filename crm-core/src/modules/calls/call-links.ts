import { Overtaken, type Tx } from '../../db';
import type { CallRow } from '../../db/entities/call.entity';
import type { HotlineRecordRow } from '../../db/entities/hotline-record.entity';
import { agentsOfCall, setCallOwner } from '../../db/repositories/calls.repository';
import { touchContact } from '../../db/repositories/contacts.repository';
import { setContactSummary, touchCustomer } from '../../db/repositories/customers.repository';
import { newestRecordOf, recordOfCall, updateRecord } from '../../db/repositories/hotline-records.repository';
import type { UserActor } from '../../http/actor';
import type { CallOwners } from './call-owners';
import { partIn, requirePart } from './call-part';

const SUMMARY_LENGTH = 80;

interface CustomerOfCall {
  readonly callId: string;
  readonly customerId: string;
  readonly actor: UserActor;
  readonly at: Date;
}

interface Saving {
  readonly actor: UserActor;
  /** As it was before; null: it is new. */
  readonly former: HotlineRecordRow | null;
}

type RecordOfCall = Pick<HotlineRecordRow, 'customerId' | 'contactId'> & {
  readonly callId: string;
  readonly formerCustomerId: string | null;
};

/** Keeps calls, hotline records and "last contact" of a customer in step with each other. */
export class CallLinks {
  constructor(private readonly owners: CallOwners) {}

  /**
   * A customer was made during a call: the call, and the record its agent has begun, are theirs from now on.
   *
   * @throws AppError `validation_failed` at `callId` for a call that others had.
   */
  async giveCall(tx: Tx, { callId, customerId, actor, at }: CustomerOfCall): Promise<void> {
    await requirePart(tx, actor, callId);
    const record = await recordOfCall(tx, callId, actor.userId);
    if (record !== null) {
      const changes = { customerId, contactId: null, updatedAt: at, updatedById: actor.userId };
      if (!(await updateRecord(tx, record, changes))) throw new Overtaken();
      await this.recordSaved(tx, { ...record, ...changes }, { actor, former: record });
    }
    await setCallOwner(tx, callId, { customerId, contactId: null, link: 'record' });
  }

  /** A hotline record was begun or changed: its call follows it if it is that person's, and so does the customer's last contact. */
  async recordSaved(tx: Tx, record: HotlineRecordRow, { actor, former }: Saving): Promise<void> {
    const formerCustomerId = former?.customerId ?? null;
    if (record.callId !== null) await this.callFollows(tx, actor, { ...record, callId: record.callId, formerCustomerId });
    await this.lastContactFollows(tx, record);
    if (formerCustomerId !== null && formerCustomerId !== record.customerId) await this.summarise(tx, formerCustomerId);
  }

  /** A record of a customer is new, changed, or at another moment. */
  async lastContactFollows(tx: Tx, { customerId, contactId, occurredAt }: HotlineRecordRow): Promise<void> {
    if (customerId === null) return;
    await touchCustomer(tx, customerId, occurredAt);
    if (contactId !== null) await touchContact(tx, contactId, occurredAt);
    await this.summarise(tx, customerId);
  }

  /** Records came from another customer: "last contact" quotes the newest of all. */
  async recordsMoved(tx: Tx, customerId: string): Promise<void> {
    await this.summarise(tx, customerId);
  }

  private async callFollows(tx: Tx, actor: UserActor, { callId, customerId, contactId, formerCustomerId }: RecordOfCall): Promise<void> {
    const { call, isOthers } = await partIn(tx, actor, callId);
    if (call === null || isOthers) return;
    if (customerId === null) {
      if (call.link === 'record' && call.customerId !== null && call.customerId === formerCustomerId) await this.letGo(tx, call);
    } else if (call.customerId !== customerId || (contactId !== null && call.contactId !== contactId)) {
      await setCallOwner(tx, callId, { customerId, contactId, link: 'record' });
    }
  }

  /** The customer was wrong: the call belongs to whom others have said it does, else to whom its number says. */
  private async letGo(tx: Tx, { callId, numberKey }: CallRow): Promise<void> {
    const extensions = await agentsOfCall(tx, callId);
    await setCallOwner(tx, callId, await this.owners.whose(tx, { callId, numberKey, extensions, present: null }));
  }

  private async summarise(tx: Tx, customerId: string): Promise<void> {
    const newest = await newestRecordOf(tx, customerId);
    const firstLine = newest?.problem.trim().split(/\r?\n/, 1)[0] ?? '';
    await setContactSummary(tx, customerId, firstLine === '' ? null : shorten(firstLine));
  }
}

/** By characters, not UTF-16 units: no half of an emoji at the end. */
function shorten(text: string): string {
  const characters = [...text];
  return characters.length <= SUMMARY_LENGTH ? text : `${characters.slice(0, SUMMARY_LENGTH - 1).join('')}…`;
}
