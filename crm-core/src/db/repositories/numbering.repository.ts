import type { Tx } from '../database';
import type { NumberingVersionRow, RekeyingRow } from '../entities/numbering.entity';

/** The rules in force; null before the first start has written those of the environment. */
export async function newestNumbering(tx: Tx): Promise<NumberingVersionRow | null> {
  return tx.createQueryBuilder<NumberingVersionRow>('numbering_version', 'v').orderBy('v.version', 'DESC').limit(1).getOne();
}

export async function insertNumbering(tx: Tx, row: NumberingVersionRow): Promise<void> {
  await tx.createQueryBuilder().insert().into<NumberingVersionRow>('numbering_version').values(row).execute();
}

export async function insertRekeying(tx: Tx, row: RekeyingRow): Promise<void> {
  await tx.createQueryBuilder().insert().into<RekeyingRow>('rekeying').values(row).execute();
}

/** The oldest run that is not over: runs follow one another, because each expects the keys the one before it left. */
export async function nextRekeying(tx: Tx): Promise<RekeyingRow | null> {
  return tx.createQueryBuilder<RekeyingRow>('rekeying', 'r').where("r.stage <> 'finished'").orderBy('r.sequence', 'ASC').limit(1).getOne();
}

export async function newestRekeying(tx: Tx): Promise<RekeyingRow | null> {
  return tx.createQueryBuilder<RekeyingRow>('rekeying', 'r').orderBy('r.sequence', 'DESC').limit(1).getOne();
}

export async function updateRekeying(tx: Tx, sequence: number, changes: Partial<RekeyingRow>): Promise<void> {
  await tx.createQueryBuilder().update<RekeyingRow>('rekeying').set(changes).where('sequence = :sequence', { sequence }).execute();
}
