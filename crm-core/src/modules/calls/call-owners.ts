import type { Tx } from '../../db';
import type { CallRow } from '../../db/entities/call.entity';
import type { HotlineRecordRow } from '../../db/entities/hotline-record.entity';
import type { CallOwner } from '../../db/repositories/calls.repository';
import { recordsOfCalls } from '../../db/repositories/hotline-records.repository';
import { decisionsOfCall } from '../../db/repositories/match-decisions.repository';
import { soleOwner } from '../match/owners';
import { isRejected, type Ownership } from '../match/ownership';
import { speakersOf } from './call-part';

export const NOBODY: CallOwner = { customerId: null, contactId: null, link: null };

export interface WhoseCall {
  readonly callId: string;
  readonly numberKey: string | null;
  /** Of everybody who had a leg. */
  readonly extensions: readonly string[];
  /** As it was stored before; null: whose it was does not count. */
  readonly present: CallRow | null;
}

/** Whose a call is. Records and decisions of people who had no part in it, begun while nobody could know that, say nothing. */
export class CallOwners {
  constructor(private readonly ownership: Ownership) {}

  /** What a person said on the hotline record or of the caller; else whose it was already; else the only customer of the number. */
  async whose(tx: Tx, { callId, numberKey, extensions, present }: WhoseCall): Promise<CallOwner> {
    const said = (await this.recordOf(tx, callId, extensions)) ?? (await decisionOf(tx, callId, extensions));
    if (said !== undefined) return { customerId: said.customerId, contactId: said.contactId, link: 'record' };
    const owners = numberKey === null ? null : await this.ownership.ofKey(tx, numberKey);
    if (present !== null && present.customerId !== null && present.numberKey === numberKey) {
      const { customerId, contactId, link } = present;
      if (owners === null || link === 'record' || !isRejected({ customerId, contactId }, owners.decisions))
        return { customerId, contactId, link };
    }
    const owner = owners === null ? null : soleOwner(owners.entries);
    return owner === null ? NOBODY : { ...owner, link: 'key' };
  }

  /** The newest record that gives the call to a customer. */
  async recordOf(tx: Tx, callId: string, extensions: readonly string[]): Promise<HotlineRecordRow | undefined> {
    const records = (await recordsOfCalls(tx, [callId])).filter(({ customerId }) => customerId !== null);
    const speakers = await speakersOf(
      tx,
      records.map(({ servedById }) => servedById),
      extensions,
    );
    return records.find(({ servedById }) => speakers.has(servedById));
  }
}

async function decisionOf(tx: Tx, callId: string, extensions: readonly string[]) {
  const decisions = (await decisionsOfCall(tx, callId)).filter(({ decision }) => decision !== 'not_this');
  const speakers = await speakersOf(
    tx,
    decisions.map(({ createdById }) => createdById),
    extensions,
  );
  return decisions.find(({ createdById }) => speakers.has(createdById));
}
