import type { Tx } from '../database';
import type { SequenceRow } from '../entities/sequence.entity';
import { upsert } from '../upsert';

/**
 * The next number of a sequence, beginning with 1. Inside the caller's transaction: the row stays locked until it ends, so no
 * number is given twice, and one whose transaction fails is given again.
 */
export async function nextInSequence(tx: Tx, name: string): Promise<number> {
  const next = { value: () => 'value + 1' };
  await upsert({
    update: () => tx.createQueryBuilder().update<SequenceRow>('sequence').set(next).where('name = :name', { name }).execute(),
    insert: () => tx.createQueryBuilder().insert().into<SequenceRow>('sequence').values({ name, value: 1 }).execute(),
  });
  const row = await tx.createQueryBuilder<SequenceRow>('sequence', 's').where('s.name = :name', { name }).getOneOrFail();
  return row.value;
}
