import { storableKey } from '../../../caller-id';
import type { NumberClass } from '../../../contract/match';
import { Overtaken, type Tx } from '../../db';
import type { MatchDecisionRow } from '../../db/entities/match-decision.entity';
import { markOfKey, marksInForce, updateMark } from '../../db/repositories/caller-marks.repository';
import { decisionsOfKeys, updateDecisions } from '../../db/repositories/match-decisions.repository';
import { isAboutSame } from '../decisions/about-same';
import type { NumberReading } from '../numbers/number-reading';

const MOST_MARKS = 20_000;

/**
 * What a key is under other rules, read from the key itself; null: the same, or nobody can tell. A service that a rule of any line still
 * names stays one, and nothing is completed with an area that nobody has said.
 */
export function keyUnder(key: string, after: NumberReading): { key: string; numberClass: NumberClass } | null {
  const digits = key.startsWith('svc:') ? key.slice('svc:'.length) : null;
  const { default: base, exceptions } = after.ruleSet;
  const services = [base, ...exceptions].flatMap(({ serviceNumbers }) => serviceNumbers ?? []);
  if (digits !== null && services.includes(digits)) return null;
  const number = after.caller(digits ?? key);
  const to = storableKey(number);
  return to === null || to === key || number.steps.includes('area_added') ? null : { key: to, numberClass: number.numberClass };
}

/** A decision goes over to another key; of two about the same customer that meet there the newer one is in force. */
export async function moveDecision(tx: Tx, row: MatchDecisionRow, key: string): Promise<void> {
  await updateDecisions(tx, [row.decisionId], { numberKey: key });
  const [newest, ...older] = (await decisionsOfKeys(tx, [key])).filter((one) => isAboutSame(one, row));
  const ids = older.map(({ decisionId }) => decisionId);
  if (newest !== undefined) await updateDecisions(tx, ids, { supersededById: newest.decisionId });
}

/** All marks in force, which are few; one whose new key has a mark already ends. Answers how many changed. */
export async function rekeyMarks(tx: Tx, after: NumberReading, now: Date): Promise<number> {
  let changed = 0;
  for (const mark of await marksInForce(tx, now, MOST_MARKS)) {
    const to = keyUnder(mark.numberKey, after);
    if (to === null) continue;
    const taken = (await markOfKey(tx, to.key, now)) !== null;
    const changes = taken ? { endedAt: now } : { numberKey: to.key, numberClass: to.numberClass };
    if (!(await updateMark(tx, mark, changes))) throw new Overtaken();
    changed += 1;
  }
  return changed;
}
