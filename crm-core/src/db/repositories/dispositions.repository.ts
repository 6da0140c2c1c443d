import type { Tx } from '../database';
import type { CallDispositionRow, DispositionRow } from '../entities/disposition.entity';

const CHOSEN = 'call_disposition';

export async function allDispositions(tx: Tx): Promise<DispositionRow[]> {
  return tx.createQueryBuilder<DispositionRow>('disposition', 'd').orderBy('d.position', 'ASC').addOrderBy('d.code', 'ASC').getMany();
}

/** Code by call, of those that have one. */
export async function dispositionsOfCalls(tx: Tx, callIds: readonly string[]): Promise<ReadonlyMap<string, string>> {
  if (callIds.length === 0) return new Map();
  const rows = await tx.createQueryBuilder<CallDispositionRow>(CHOSEN, 'c').where('c.callId IN (:...callIds)', { callIds }).getMany();
  return new Map(rows.map(({ callId, code }) => [callId, code]));
}

export async function putDisposition(tx: Tx, row: CallDispositionRow): Promise<void> {
  await removeDisposition(tx, row.callId);
  await tx.createQueryBuilder().insert().into<CallDispositionRow>(CHOSEN).values(row).execute();
}

export async function removeDisposition(tx: Tx, callId: string): Promise<void> {
  await tx.createQueryBuilder().delete().from<CallDispositionRow>(CHOSEN).where('callId = :callId', { callId }).execute();
}
