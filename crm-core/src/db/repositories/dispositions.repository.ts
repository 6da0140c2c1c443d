import type { Tx } from '../database';
import type { CallDispositionRow, DispositionRow } from '../entities/disposition.entity';
import { upsert } from '../upsert';

const LIST = 'disposition';
const CHOSEN = 'call_disposition';

export async function allDispositions(tx: Tx): Promise<DispositionRow[]> {
  return tx.createQueryBuilder<DispositionRow>(LIST, 'd').orderBy('d.position', 'ASC').addOrderBy('d.code', 'ASC').getMany();
}

/** Makes the entry, or changes the one with its code. */
export async function putDispositionRow(tx: Tx, row: DispositionRow): Promise<void> {
  const { code, ...changes } = row;
  await upsert({
    update: () => tx.createQueryBuilder().update<DispositionRow>(LIST).set(changes).where('code = :code', { code }).execute(),
    insert: () => tx.createQueryBuilder().insert().into<DispositionRow>(LIST).values(row).execute(),
  });
}

export async function deleteDispositions(tx: Tx, codes: readonly string[]): Promise<void> {
  if (codes.length === 0) return;
  await tx.createQueryBuilder().delete().from<DispositionRow>(LIST).where('code IN (:...codes)', { codes }).execute();
}

/** Those of the codes that some call has. */
export async function codesInUse(tx: Tx, codes: readonly string[]): Promise<string[]> {
  if (codes.length === 0) return [];
  const rows = await tx
    .createQueryBuilder<DispositionRow>(LIST, 'd')
    .where('d.code IN (:...codes)', { codes })
    .andWhere('EXISTS (SELECT 1 FROM call_dispositions cd WHERE cd.code = d.code)')
    .getMany();
  return rows.map(({ code }) => code);
}

/** Code by call, of those that have one. */
export async function dispositionsOfCalls(tx: Tx, callIds: readonly string[]): Promise<ReadonlyMap<string, string>> {
  if (callIds.length === 0) return new Map();
  const rows = await tx.createQueryBuilder<CallDispositionRow>(CHOSEN, 'c').where('c.callId IN (:...callIds)', { callIds }).getMany();
  return new Map(rows.map(({ callId, code }) => [callId, code]));
}

export async function dispositionOfCall(tx: Tx, callId: string): Promise<CallDispositionRow | null> {
  return tx.createQueryBuilder<CallDispositionRow>(CHOSEN, 'c').where('c.callId = :callId', { callId }).getOne();
}

/** The last word counts. */
export async function putDisposition(tx: Tx, row: CallDispositionRow): Promise<void> {
  const { callId, ...changes } = row;
  await upsert({
    update: () => tx.createQueryBuilder().update<CallDispositionRow>(CHOSEN).set(changes).where('callId = :callId', { callId }).execute(),
    insert: () => tx.createQueryBuilder().insert().into<CallDispositionRow>(CHOSEN).values(row).execute(),
  });
}

export async function removeDisposition(tx: Tx, callId: string): Promise<void> {
  await tx.createQueryBuilder().delete().from<CallDispositionRow>(CHOSEN).where('callId = :callId', { callId }).execute();
}
