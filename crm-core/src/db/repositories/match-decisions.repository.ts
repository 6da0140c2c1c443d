import type { Tx } from '../database';
import type { MatchDecisionRow } from '../entities/match-decision.entity';

const DECISION = 'match_decision';
const IN_FORCE = 'd.endedAt IS NULL AND d.supersededById IS NULL';

export async function insertDecision(tx: Tx, row: MatchDecisionRow): Promise<void> {
  await tx.createQueryBuilder().insert().into<MatchDecisionRow>(DECISION).values(row).execute();
}

export async function decisionById(tx: Tx, decisionId: string): Promise<MatchDecisionRow | null> {
  return tx.createQueryBuilder<MatchDecisionRow>(DECISION, 'd').where('d.decisionId = :decisionId', { decisionId }).getOne();
}

/** In force, newest first. */
export async function decisionsOfKeys(tx: Tx, keys: readonly string[]): Promise<MatchDecisionRow[]> {
  if (keys.length === 0) return [];
  return tx
    .createQueryBuilder<MatchDecisionRow>(DECISION, 'd')
    .where(`d.numberKey IN (:...keys) AND ${IN_FORCE}`, { keys })
    .orderBy('d.createdAt', 'DESC')
    .addOrderBy('d.decisionId', 'DESC')
    .getMany();
}

/** In force, by their id from the one after `after`: how all of them are gone through in batches. */
export async function decisionsAfter(tx: Tx, after: string, limit: number): Promise<MatchDecisionRow[]> {
  return tx
    .createQueryBuilder<MatchDecisionRow>(DECISION, 'd')
    .where(`d.decisionId > :after AND ${IN_FORCE}`, { after })
    .orderBy('d.decisionId', 'ASC')
    .limit(limit)
    .getMany();
}

/** Said in this call and in force, newest first. */
export async function decisionsOfCall(tx: Tx, callId: string): Promise<MatchDecisionRow[]> {
  return tx
    .createQueryBuilder<MatchDecisionRow>(DECISION, 'd')
    .where(`d.callId = :callId AND ${IN_FORCE}`, { callId })
    .orderBy('d.createdAt', 'DESC')
    .addOrderBy('d.decisionId', 'DESC')
    .getMany();
}

export async function updateDecisions(tx: Tx, decisionIds: readonly string[], changes: Partial<MatchDecisionRow>): Promise<void> {
  if (decisionIds.length === 0) return;
  await tx
    .createQueryBuilder()
    .update<MatchDecisionRow>(DECISION)
    .set(changes)
    .where('decisionId IN (:...decisionIds)', { decisionIds })
    .execute();
}

/** What a decision replaced is in force again. */
export async function restoreSuperseded(tx: Tx, decisionId: string): Promise<void> {
  await tx
    .createQueryBuilder()
    .update<MatchDecisionRow>(DECISION)
    .set({ supersededById: null })
    .where('supersededById = :decisionId', { decisionId })
    .execute();
}

/** Keys for which somebody has named a customer. */
export async function keysDecidedFor(tx: Tx, customerId: string): Promise<string[]> {
  const rows = await tx
    .createQueryBuilder<MatchDecisionRow>(DECISION, 'd')
    .where(`d.customerId = :customerId AND ${IN_FORCE}`, { customerId })
    .getMany();
  return rows.map(({ numberKey }) => numberKey);
}
