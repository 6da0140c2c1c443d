import { timeParameter } from '../columns';
import type { Tx } from '../database';
import type { CallRow } from '../entities/call.entity';
import type { HotlineRecordRow } from '../entities/hotline-record.entity';
import type { LinkTaskRow } from '../entities/numbering.entity';
import type { PhoneNumberRow } from '../entities/phone-number.entity';
import { upsert } from '../upsert';
import type { CallOwner } from './calls.repository';

const TASK = 'link_task';

/** Orders the calls of a key to be gone through from the newest; a run under way begins again. */
export async function orderLinking(tx: Tx, task: LinkTaskRow): Promise<void> {
  const { numberKey, ...changes } = task;
  await upsert({
    update: () => tx.createQueryBuilder().update<LinkTaskRow>(TASK).set(changes).where('numberKey = :numberKey', { numberKey }).execute(),
    insert: () => tx.createQueryBuilder().insert().into<LinkTaskRow>(TASK).values(task).execute(),
  });
}

export async function nextLinkTask(tx: Tx): Promise<LinkTaskRow | null> {
  return tx.createQueryBuilder<LinkTaskRow>(TASK, 't').orderBy('t.createdAt', 'ASC').addOrderBy('t.numberKey', 'ASC').limit(1).getOne();
}

/** Notes how far a task has come, unless it was ordered again meanwhile. */
export async function advanceLinkTask(tx: Tx, { numberKey, token }: LinkTaskRow, last: { at: Date; id: string }): Promise<void> {
  await tx
    .createQueryBuilder()
    .update<LinkTaskRow>(TASK)
    .set({ positionAt: last.at, positionId: last.id })
    .where('numberKey = :numberKey AND token = :token', { numberKey, token })
    .execute();
}

export async function endLinkTask(tx: Tx, { numberKey, token }: LinkTaskRow): Promise<void> {
  await tx
    .createQueryBuilder()
    .delete()
    .from<LinkTaskRow>(TASK)
    .where('numberKey = :numberKey AND token = :token', { numberKey, token })
    .execute();
}

/** Calls of a key that no person gave to anybody, newest first. */
export async function callsOfKey(
  tx: Tx,
  key: string,
  { before, limit }: { before: { at: Date; id: string } | null; limit: number },
): Promise<CallRow[]> {
  const query = tx.createQueryBuilder<CallRow>('call', 'k').where('k.numberKey = :key', { key });
  if (before !== null) {
    query.andWhere('(k.startedAt < :at OR (k.startedAt = :at AND k.callId < :id))', { at: timeParameter(before.at), id: before.id });
  }
  return query.orderBy('k.startedAt', 'DESC').addOrderBy('k.callId', 'DESC').limit(limit).getMany();
}

export async function setOwnerOfCalls(tx: Tx, callIds: readonly string[], owner: CallOwner): Promise<void> {
  if (callIds.length === 0) return;
  await tx
    .createQueryBuilder()
    .update<CallRow>('call')
    .set({ ...owner })
    .where('callId IN (:...callIds)', { callIds })
    .execute();
}

/** Stored numbers or calls by their id, from the one after `after`: how all of them are gone through in batches. */
export async function numbersAfter(tx: Tx, after: string | null, limit: number): Promise<PhoneNumberRow[]> {
  return tx
    .createQueryBuilder<PhoneNumberRow>('phone_number', 'n')
    .where('n.numberId > :after', { after: after ?? '' })
    .orderBy('n.numberId', 'ASC')
    .limit(limit)
    .getMany();
}

export async function callsAfter(tx: Tx, after: string | null, limit: number): Promise<CallRow[]> {
  return tx
    .createQueryBuilder<CallRow>('call', 'k')
    .where('k.callId > :after', { after: after ?? '' })
    .orderBy('k.callId', 'ASC')
    .limit(limit)
    .getMany();
}

export async function countAll(tx: Tx, of: 'phone_number' | 'call'): Promise<number> {
  return tx.createQueryBuilder(of, 'x').getCount();
}

/** Hotline records of a call follow its key; a record that was begun without one stays without. */
export async function rekeyRecordsOfCall(tx: Tx, callId: string, { from, to }: { from: string; to: string | null }): Promise<void> {
  await tx
    .createQueryBuilder()
    .update<HotlineRecordRow>('hotline_record')
    .set({ remoteKey: to })
    .where('callId = :callId AND remoteKey = :from', { callId, from })
    .execute();
}
