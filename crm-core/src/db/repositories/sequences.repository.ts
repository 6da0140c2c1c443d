import type { Tx } from '../database';
import type { SequenceRow } from '../entities/sequence.entity';

/**
 * The next number of a sequence, beginning with 1. Inside the caller's transaction: the row stays locked until it ends, so no
 * number is given twice, and one whose transaction fails is given again.
 */
export async function nextInSequence(tx: Tx, name: string): Promise<number> {
  const updated = await tx
    .createQueryBuilder()
    .update<SequenceRow>('sequence')
    .set({ value: () => 'value + 1' })
    .where('name = :name', { name })
    .execute();
  if (updated.affected === 0) {
    await tx.createQueryBuilder().insert().into<SequenceRow>('sequence').values({ name, value: 1 }).execute();
    return 1;
  }
  const row = await tx.createQueryBuilder<SequenceRow>('sequence', 's').where('s.name = :name', { name }).getOneOrFail();
  return row.value;
}
