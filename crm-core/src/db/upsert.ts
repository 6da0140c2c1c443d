import type { UpdateResult } from 'typeorm';
import { databaseFault } from './errors';

/**
 * One row, there or not: updates; inserts where nothing was; updates after all where somebody else has inserted meanwhile. A refused
 * insert ends the transaction on neither database.
 */
export async function upsert({ update, insert }: { update: () => Promise<UpdateResult>; insert: () => Promise<unknown> }): Promise<void> {
  if (await changed(update)) return;
  try {
    await insert();
  } catch (error) {
    // Still nothing to update: it is another row that has what must be unique.
    if (databaseFault(error) !== 'unique' || !(await changed(update))) throw error;
  }
}

async function changed(update: () => Promise<UpdateResult>): Promise<boolean> {
  return ((await update()).affected ?? 0) > 0;
}
