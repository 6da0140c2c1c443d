import { timeParameter } from '../columns';
import type { Tx } from '../database';
import type { CallerMarkRow } from '../entities/caller-mark.entity';
import { cutPage, keysetPage, type Page, type PageRequest } from '../paging';

const MARK = 'caller_mark';
const IN_FORCE = 'm.endedAt IS NULL AND (m.untilAt IS NULL OR m.untilAt > :now)';

export async function insertMark(tx: Tx, row: CallerMarkRow): Promise<void> {
  await tx.createQueryBuilder().insert().into<CallerMarkRow>(MARK).values(row).execute();
}

export async function markById(tx: Tx, markId: string): Promise<CallerMarkRow | null> {
  return tx.createQueryBuilder<CallerMarkRow>(MARK, 'm').where('m.markId = :markId', { markId }).getOne();
}

/** The mark in force on a key: at most one. */
export async function markOfKey(tx: Tx, key: string, now: Date): Promise<CallerMarkRow | null> {
  return tx
    .createQueryBuilder<CallerMarkRow>(MARK, 'm')
    .where(`m.numberKey = :key AND ${IN_FORCE}`, { key, now: timeParameter(now) })
    .getOne();
}

/** All in force, in the order of their keys. */
export async function marksInForce(tx: Tx, now: Date, limit: number): Promise<CallerMarkRow[]> {
  return tx
    .createQueryBuilder<CallerMarkRow>(MARK, 'm')
    .where(IN_FORCE, { now: timeParameter(now) })
    .orderBy('m.numberKey', 'ASC')
    .limit(limit)
    .getMany();
}

export async function pageOfMarks(tx: Tx, current: Date | null, page: PageRequest): Promise<Page<CallerMarkRow>> {
  const query = tx.createQueryBuilder<CallerMarkRow>(MARK, 'm');
  if (current !== null) query.where(IN_FORCE, { now: timeParameter(current) });
  const rows = await keysetPage(query, { at: 'm.createdAt', id: 'm.markId' }, page).getMany();
  return cutPage(rows, page.limit, (row) => ({ at: row.createdAt, id: row.markId }));
}

/** Changes the mark if it still has `version` and has not ended; false when somebody was there before. */
export async function updateMark(tx: Tx, at: { markId: string; version: number }, changes: Partial<CallerMarkRow>): Promise<boolean> {
  const result = await tx
    .createQueryBuilder()
    .update<CallerMarkRow>(MARK)
    .set({ ...changes, version: () => 'version + 1' })
    .where('markId = :markId AND version = :version AND endedAt IS NULL', { markId: at.markId, version: at.version })
    .execute();
  return result.affected === 1;
}

/** A mark whose time has come makes room for a new one of its key. */
export async function endExpiredMark(tx: Tx, key: string, now: Date): Promise<void> {
  await tx
    .createQueryBuilder()
    .update<CallerMarkRow>(MARK)
    .set({ endedAt: now })
    .where('numberKey = :key AND endedAt IS NULL AND untilAt <= :now', { key, now: timeParameter(now) })
    .execute();
}
