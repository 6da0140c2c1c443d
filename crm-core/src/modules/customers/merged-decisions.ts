import type { Tx } from '../../db';
import type { MatchDecisionRow } from '../../db/entities/match-decision.entity';
import { decisionsOfKeys, updateDecisions } from '../../db/repositories/match-decisions.repository';
import { isAboutSame } from '../decisions/about-same';
import type { Ownership } from '../match/ownership';
import type { Stamp } from '../numbers/numbers.service';

/** Those of the keys that lead to one of the customers, before they become one. */
export async function keysLeadingTo(
  tx: Tx,
  ownership: Ownership,
  { keys, customerIds }: { keys: readonly string[]; customerIds: readonly string[] },
): Promise<string[]> {
  const leading: string[] = [];
  for (const key of keys) {
    const { entries } = await ownership.ofKey(tx, key);
    if (entries.some(({ customerId }) => customerIds.includes(customerId))) leading.push(key);
  }
  return leading;
}

/**
 * What was said of two customers, once they are one. "Not this customer" ends where the number leads to the other of the two: who was
 * known stays so. Of two that say the same the newer is in force.
 */
export async function settleDecisions(
  tx: Tx,
  { keys, leading, customerId, stamp }: { keys: readonly string[]; leading: readonly string[]; customerId: string; stamp: Stamp },
): Promise<void> {
  const ofCustomer = async (asked: readonly string[]) => (await decisionsOfKeys(tx, asked)).filter((one) => one.customerId === customerId);
  const moot = (await ofCustomer(leading)).filter((one) => isRejection(one) && one.contactId === null);
  await updateDecisions(tx, idsOf(moot), { endedAt: stamp.at, endedById: stamp.userId });
  for (const key of keys) {
    let left = await ofCustomer([key]);
    for (let [newest] = left; newest !== undefined; [newest] = left) {
      const same = left.filter((one) => saysSame(one, newest));
      const older = idsOf(same).filter((id) => id !== newest.decisionId);
      await updateDecisions(tx, older, { supersededById: newest.decisionId });
      left = left.filter((one) => !same.includes(one));
    }
  }
}

/** Not to be that of a contact does not take back not to be that of the customer. */
function saysSame(one: MatchDecisionRow, other: MatchDecisionRow): boolean {
  if (isRejection(one) !== isRejection(other)) return false;
  return isRejection(one) ? one.contactId === other.contactId : isAboutSame(one, other);
}

function isRejection({ decision }: MatchDecisionRow): boolean {
  return decision === 'not_this';
}

function idsOf(rows: readonly MatchDecisionRow[]): string[] {
  return rows.map(({ decisionId }) => decisionId);
}
