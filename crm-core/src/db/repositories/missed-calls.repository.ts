import type { MissedList } from '../../../contract/missed-calls';
import { timeParameter } from '../columns';
import type { Tx } from '../database';
import type { CallRow } from '../entities/call.entity';
import type { MissedCallRow, MissedTryRow } from '../entities/missed-call.entity';
import { cutPage, keysetPage, type Page, type PageRequest } from '../paging';

const MISSED = 'missed_call';
const TRY = 'missed_try';
const CHUNK = 200;

export async function missedCallById(tx: Tx, missedCallId: string): Promise<MissedCallRow | null> {
  return tx.createQueryBuilder<MissedCallRow>(MISSED, 'm').where('m.missedCallId = :missedCallId', { missedCallId }).getOne();
}

/** The caller's open entry, and those that were done by one of these calls. */
export async function entriesOfCaller(tx: Tx, caller: string, doneCallIds: readonly string[]): Promise<MissedCallRow[]> {
  const query = tx.createQueryBuilder<MissedCallRow>(MISSED, 'm').where('m.caller = :caller', { caller });
  if (doneCallIds.length === 0) query.andWhere("m.state = 'open'");
  else query.andWhere("(m.state = 'open' OR m.doneCallId IN (:...doneCallIds))", { doneCallIds });
  return query.getMany();
}

export async function insertMissedCall(tx: Tx, row: MissedCallRow): Promise<void> {
  await tx.createQueryBuilder().insert().into<MissedCallRow>(MISSED).values(row).execute();
}

/** Changes the row if it still has `version`; false when somebody was there before. */
export async function updateMissedCall(
  tx: Tx,
  at: { missedCallId: string; version: number },
  changes: Partial<MissedCallRow>,
): Promise<boolean> {
  const result = await tx
    .createQueryBuilder()
    .update<MissedCallRow>(MISSED)
    .set({ ...changes, version: () => 'version + 1' })
    .where('missedCallId = :missedCallId AND version = :version', at)
    .execute();
  return result.affected === 1;
}

export async function deleteMissedCall(tx: Tx, missedCallId: string): Promise<void> {
  await tx
    .createQueryBuilder()
    .delete()
    .from<MissedCallRow>(MISSED)
    .where('missedCallId = :missedCallId', { missedCallId })
    .execute();
}

export async function tryOfCall(tx: Tx, callId: string): Promise<MissedTryRow | null> {
  return tx.createQueryBuilder<MissedTryRow>(TRY, 't').where('t.callId = :callId', { callId }).getOne();
}

/** The caller's tries after one moment up to another, those of entries a person has closed left out. */
export async function unsettledTries(
  tx: Tx,
  caller: string,
  { after, until }: { after: Date | null; until: Date | null },
): Promise<MissedTryRow[]> {
  const query = tx
    .createQueryBuilder<MissedTryRow>(TRY, 't')
    .where('t.caller = :caller', { caller })
    .andWhere(`NOT EXISTS (SELECT 1 FROM missed_calls m WHERE m.missed_call_id = t.missedCallId AND m.done_by IN ('called_back', 'not_needed'))`);
  if (after !== null) query.andWhere('t.at > :after', { after: timeParameter(after) });
  if (until !== null) query.andWhere('t.at <= :until', { until: timeParameter(until) });
  return query.getMany();
}

export async function insertTry(tx: Tx, row: MissedTryRow): Promise<void> {
  await tx.createQueryBuilder().insert().into<MissedTryRow>(TRY).values(row).execute();
}

export async function updateTry(tx: Tx, callId: string, changes: Partial<MissedTryRow>): Promise<void> {
  await tx.createQueryBuilder().update<MissedTryRow>(TRY).set(changes).where('callId = :callId', { callId }).execute();
}

export async function moveTries(tx: Tx, callIds: readonly string[], missedCallId: string): Promise<void> {
  for (let at = 0; at < callIds.length; at += CHUNK) {
    await tx
      .createQueryBuilder()
      .update<MissedTryRow>(TRY)
      .set({ missedCallId })
      .where('callId IN (:...callIds)', { callIds: callIds.slice(at, at + CHUNK) })
      .execute();
  }
}

export async function deleteTry(tx: Tx, callId: string): Promise<void> {
  await tx.createQueryBuilder().delete().from<MissedTryRow>(TRY).where('callId = :callId', { callId }).execute();
}

/** Newest first. */
export async function newestTries(tx: Tx, missedCallId: string, limit: number): Promise<MissedTryRow[]> {
  return tx
    .createQueryBuilder<MissedTryRow>(TRY, 't')
    .where('t.missedCallId = :missedCallId', { missedCallId })
    .orderBy('t.at', 'DESC')
    .addOrderBy('t.callId', 'DESC')
    .limit(limit)
    .getMany();
}

interface ReachQuery {
  readonly caller: { readonly numberKey: string } | { readonly rawNumber: string };
}

function reaches(tx: Tx, { caller }: ReachQuery) {
  const query = tx
    .createQueryBuilder<CallRow>('call', 'k')
    .where("k.outcome = 'answered' AND k.direction <> 'internal' AND k.answeredAt IS NOT NULL");
  if ('numberKey' in caller) return query.andWhere('k.numberKey = :numberKey', caller);
  return query.andWhere('k.numberKey IS NULL AND k.remoteNumber = :rawNumber', caller);
}

/** The last talk with the caller before a moment. */
export async function reachBefore(tx: Tx, caller: ReachQuery['caller'], at: Date): Promise<CallRow | null> {
  return reaches(tx, { caller })
    .andWhere('k.answeredAt < :at', { at: timeParameter(at) })
    .orderBy('k.answeredAt', 'DESC')
    .addOrderBy('k.callId', 'DESC')
    .limit(1)
    .getOne();
}

/** The next talks with the caller from a moment on, in order. */
export async function reachesFrom(tx: Tx, caller: ReachQuery['caller'], at: Date, limit: number): Promise<CallRow[]> {
  return reaches(tx, { caller })
    .andWhere('k.answeredAt >= :at', { at: timeParameter(at) })
    .orderBy('k.answeredAt', 'ASC')
    .addOrderBy('k.callId', 'ASC')
    .limit(limit)
    .getMany();
}

export interface MissedFilter {
  readonly list: MissedList;
  readonly userId: string;
  /** Only those who tried since. */
  readonly since: Date | null;
}

export async function pageOfMissedCalls(tx: Tx, { list, userId, since }: MissedFilter, page: PageRequest): Promise<Page<MissedCallRow>> {
  const query = tx.createQueryBuilder<MissedCallRow>(MISSED, 'm').where('m.state = :state', { state: list === 'done' ? 'done' : 'open' });
  if (list === 'mine') query.andWhere('m.ownerId = :userId', { userId });
  if (since !== null) query.andWhere('m.lastAt >= :since', { since: timeParameter(since) });
  const by = list === 'done' ? 'm.doneAt' : 'm.lastAt';
  const rows = await keysetPage(query, { at: by, id: 'm.missedCallId' }, page).getMany();
  return cutPage(rows, page.limit, (row) => ({ at: (list === 'done' ? row.doneAt : null) ?? row.lastAt, id: row.missedCallId }));
}

export async function countMissedCalls(
  tx: Tx,
  { userId, since, now }: { userId: string; since: Date | null; now: Date },
): Promise<Record<'open' | 'mine' | 'due' | 'done', number>> {
  const sum = (condition: string) => `SUM(CASE WHEN ${condition} THEN 1 ELSE 0 END)`;
  const query = tx
    .createQueryBuilder<MissedCallRow>(MISSED, 'm')
    .select(sum("m.state = 'open'"), 'open_count')
    .addSelect(sum("m.state = 'open' AND m.ownerId = :userId"), 'mine_count')
    .addSelect(sum("m.state = 'open' AND m.callbackAt <= :now AND (m.ownerId IS NULL OR m.ownerId = :userId)"), 'due_count')
    .addSelect(sum("m.state = 'done'"), 'done_count')
    .setParameters({ userId, now: timeParameter(now) });
  if (since !== null) query.where('m.lastAt >= :since', { since: timeParameter(since) });
  const raw: Record<string, unknown> = (await query.getRawOne()) ?? {};
  const count = (name: string) => Number(raw[`${name}_count`] ?? 0);
  return { open: count('open'), mine: count('mine'), due: count('due'), done: count('done') };
}
