import type { CallTrail } from '../../../contract/call-trail';
import { timeParameter } from '../columns';
import type { Tx } from '../database';
import type { CallTrailRow } from '../entities/call-trail.entity';
import { upsert } from '../upsert';

const TRAIL = 'call_trail';

export async function callTrailOf(tx: Tx, callId: string): Promise<CallTrail | null> {
  const row = await tx.createQueryBuilder<CallTrailRow>(TRAIL, 't').where('t.callId = :callId', { callId }).getOne();
  return row?.trail ?? null;
}

/** Takes the place of an earlier one of the same call. */
export async function putCallTrail(tx: Tx, row: CallTrailRow): Promise<void> {
  const { callId, ...changes } = row;
  await upsert({
    update: () => tx.createQueryBuilder().update<CallTrailRow>(TRAIL).set(changes).where('callId = :callId', { callId }).execute(),
    insert: () => tx.createQueryBuilder().insert().into<CallTrailRow>(TRAIL).values(row).execute(),
  });
}

export async function deleteTrailsBefore(tx: Tx, before: Date): Promise<void> {
  await tx
    .createQueryBuilder()
    .delete()
    .from<CallTrailRow>(TRAIL)
    .where('receivedAt < :before', { before: timeParameter(before) })
    .execute();
}
