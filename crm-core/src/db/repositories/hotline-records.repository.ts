import { NO_DISPOSITION } from '../../../contract/dispositions';
import type { RecordStatus, Solved } from '../../../contract/hotline-records';
import { timeParameter } from '../columns';
import type { Tx } from '../database';
import type { HotlineRecordRow } from '../entities/hotline-record.entity';
import { containing } from '../like';
import { searchText } from '../search-text';
import { cutPage, keysetPage, type Page, type PageRequest } from '../paging';

const RECORD = 'hotline_record';
const OF_CUSTOMER = `EXISTS (SELECT 1 FROM customers cu WHERE cu.customer_id = h.customerId AND cu.name_search LIKE :name ESCAPE '\\')`;
const SAID = 'SELECT 1 FROM call_dispositions cd WHERE cd.call_id = h.callId';

export interface RecordFilter {
  readonly from?: Date;
  /** Exclusive. */
  readonly to?: Date;
  readonly customerId?: string;
  readonly servedById?: string;
  readonly callId?: string;
  readonly solved?: Solved;
  readonly status?: RecordStatus;
  readonly numberKeys?: readonly string[];
  /** Code said of its call; `none`: nothing was said of it. */
  readonly disposition?: string;
  /** Part of the problem, the solution or the customer's name. */
  readonly text?: string;
}

export async function insertRecord(tx: Tx, row: HotlineRecordRow): Promise<void> {
  await tx.createQueryBuilder().insert().into<HotlineRecordRow>(RECORD).values(row).execute();
}

export async function recordById(tx: Tx, recordId: string): Promise<HotlineRecordRow | null> {
  return tx.createQueryBuilder<HotlineRecordRow>(RECORD, 'h').where('h.recordId = :recordId', { recordId }).getOne();
}

export async function recordOfCall(tx: Tx, callId: string, servedById: string): Promise<HotlineRecordRow | null> {
  return tx
    .createQueryBuilder<HotlineRecordRow>(RECORD, 'h')
    .where('h.callId = :callId AND h.servedById = :servedById', { callId, servedById })
    .getOne();
}

/** Of several calls, newest first. */
export async function recordsOfCalls(tx: Tx, callIds: readonly string[]): Promise<HotlineRecordRow[]> {
  if (callIds.length === 0) return [];
  return tx
    .createQueryBuilder<HotlineRecordRow>(RECORD, 'h')
    .where('h.callId IN (:...callIds)', { callIds })
    .orderBy('h.createdAt', 'DESC')
    .addOrderBy('h.recordId', 'DESC')
    .getMany();
}

/** Changes the row if it still has `version`; false when somebody was there before. */
export async function updateRecord(
  tx: Tx,
  at: { recordId: string; version: number },
  changes: Partial<HotlineRecordRow>,
): Promise<boolean> {
  const result = await tx
    .createQueryBuilder()
    .update<HotlineRecordRow>(RECORD)
    .set({ ...changes, version: () => 'version + 1' })
    .where('recordId = :recordId AND version = :version', at)
    .execute();
  return result.affected === 1;
}

/** What nobody types and two people cannot differ about: the version stays. */
export async function correctRecord(tx: Tx, recordId: string, changes: Partial<Omit<HotlineRecordRow, 'version'>>): Promise<void> {
  await tx.createQueryBuilder().update<HotlineRecordRow>(RECORD).set(changes).where('recordId = :recordId', { recordId }).execute();
}

export async function pageOfRecords(tx: Tx, filter: RecordFilter, page: PageRequest): Promise<Page<HotlineRecordRow>> {
  const query = tx.createQueryBuilder<HotlineRecordRow>(RECORD, 'h');
  const { from, to, text, numberKeys, disposition, ...same } = filter;
  if (from !== undefined) query.andWhere('h.occurredAt >= :from', { from: timeParameter(from) });
  if (to !== undefined) query.andWhere('h.occurredAt < :to', { to: timeParameter(to) });
  for (const [column, value] of Object.entries(same)) query.andWhere(`h.${column} = :${column}`, { [column]: value });
  if (numberKeys !== undefined) query.andWhere('h.remoteKey IN (:...numberKeys)', { numberKeys });
  if (disposition === NO_DISPOSITION) query.andWhere(`h.callId IS NOT NULL AND h.direction <> 'internal' AND NOT EXISTS (${SAID})`);
  else if (disposition !== undefined) query.andWhere(`EXISTS (${SAID} AND cd.code = :disposition)`, { disposition });
  if (text !== undefined) {
    const found = `(h.problem LIKE :text ESCAPE '\\' OR h.solution LIKE :text ESCAPE '\\' OR ${OF_CUSTOMER})`;
    query.andWhere(found, { text: containing(text), name: containing(searchText(text)) });
  }
  const rows = await keysetPage(query, { at: 'h.occurredAt', id: 'h.recordId' }, page).getMany();
  return cutPage(rows, page.limit, (row) => ({ at: row.occurredAt, id: row.recordId }));
}

/** The customer's newest record: what "last contact" quotes. */
export async function newestRecordOf(tx: Tx, customerId: string): Promise<HotlineRecordRow | null> {
  return tx
    .createQueryBuilder<HotlineRecordRow>(RECORD, 'h')
    .where('h.customerId = :customerId', { customerId })
    .orderBy('h.occurredAt', 'DESC')
    .addOrderBy('h.recordId', 'DESC')
    .limit(1)
    .getOne();
}
