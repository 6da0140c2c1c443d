import { storableKey } from '../../../caller-id';
import type { AppContext } from '../../context';
import type { Tx } from '../../db';
import type { CallRow } from '../../db/entities/call.entity';
import type { RekeyingRow } from '../../db/entities/numbering.entity';
import type { PhoneNumberRow } from '../../db/entities/phone-number.entity';
import { setCallOwner, updateCall } from '../../db/repositories/calls.repository';
import { callsAfter, numbersAfter, rekeyRecordsOfCall } from '../../db/repositories/link-tasks.repository';
import { decisionsAfter, decisionsOfCall } from '../../db/repositories/match-decisions.repository';
import { deleteNumber, numbersOfOwner, updateNumber } from '../../db/repositories/numbers.repository';
import { nextRekeying, updateRekeying } from '../../db/repositories/numbering.repository';
import type { CallLinking } from '../calls/call-linking';
import type { MissedIntake } from '../missed-calls/missed-intake';
import { NumberReading } from '../numbers/number-reading';
import { keyUnder, moveDecision, rekeyMarks } from './rekey-notes';
import { rekeyNumber } from './rekey-number';

/** Rows of one transaction: some ten milliseconds. */
const BATCH = 100;
/** Behind the stored numbers come the decisions, by their own ids. */
const DECISIONS = 'decision:';

interface Batch {
  /** Last row looked at; null: there was none left. */
  readonly last: string | null;
  readonly looked: number;
  readonly changed: number;
}

/**
 * Makes keys again, a batch at a time: of stored numbers, of what people have said about numbers (decisions, marks), then of past calls
 * with their records, decisions and entries to be called back.
 */
export class Rekeyer {
  constructor(
    private readonly app: Pick<AppContext, 'db' | 'now' | 'log'>,
    private readonly linking: CallLinking,
    private readonly missed: MissedIntake,
  ) {}

  /** One batch of the oldest run. False: nothing to do. */
  async step(): Promise<boolean> {
    if ((await nextRekeying(this.app.db.read)) === null) return false;
    return this.app.db.write(async (tx) => {
      const run = await nextRekeying(tx);
      if (run === null) return false;
      const { last, looked, changed } = run.stage === 'numbers' ? await this.numbers(tx, run) : await this.calls(tx, run);
      if (last === null) return this.nextStage(tx, run);
      await updateRekeying(tx, run.sequence, { position: last, done: run.done + looked, changed: run.changed + changed });
      return true;
    });
  }

  private async nextStage(tx: Tx, { sequence, stage, changed, done }: RekeyingRow): Promise<true> {
    if (stage === 'numbers') {
      await updateRekeying(tx, sequence, { stage: 'calls', position: null });
    } else {
      await updateRekeying(tx, sequence, { stage: 'finished', position: null, finishedAt: this.app.now() });
      this.app.log.info({ sequence, rows: done, changed }, 'keys made again');
    }
    return true;
  }

  private async numbers(tx: Tx, { rulesBefore, rulesAfter, position }: RekeyingRow): Promise<Batch> {
    const [before, after] = [new NumberReading(rulesBefore), new NumberReading(rulesAfter)];
    if (position?.startsWith(DECISIONS) === true) return this.decisions(tx, after, position.slice(DECISIONS.length));
    const rows = await numbersAfter(tx, position, BATCH);
    let changed = 0;
    for (const row of rows) {
      const columns = rekeyNumber(row, before, after);
      if (columns === null) continue;
      await this.store(tx, row, columns);
      if (columns.numberKey === row.numberKey) continue;
      changed += 1;
      for (const key of [row.numberKey, columns.numberKey]) if (key !== null) await this.linking.order(tx, key);
    }
    return { last: rows.at(-1)?.numberId ?? DECISIONS, looked: rows.length, changed };
  }

  /** Not counted among the rows looked at: there are few. The marks come with the last of them. */
  private async decisions(tx: Tx, after: NumberReading, from: string): Promise<Batch> {
    const rows = await decisionsAfter(tx, from, BATCH);
    let changed = 0;
    for (const row of rows) {
      const to = keyUnder(row.numberKey, after);
      if (to === null) continue;
      await moveDecision(tx, row, to.key);
      for (const key of [row.numberKey, to.key]) await this.linking.order(tx, key);
      changed += 1;
    }
    const last = rows.at(-1)?.decisionId;
    if (last !== undefined) return { last: DECISIONS + last, looked: 0, changed };
    await rekeyMarks(tx, after, this.app.now());
    return { last: null, looked: 0, changed: 0 };
  }

  /** What was two spellings of two numbers may be two of one: an owner has a number once. */
  private async store(tx: Tx, row: PhoneNumberRow, columns: Partial<PhoneNumberRow>): Promise<void> {
    const { numberKey, extension } = { ...row, ...columns };
    const others = numberKey === null ? [] : await numbersOfOwner(tx, row.ownerId);
    const twice = others.some((other) => other.numberId !== row.numberId && other.numberKey === numberKey && other.extension === extension);
    if (twice) await deleteNumber(tx, row.numberId);
    else await updateNumber(tx, row.numberId, columns);
  }

  private async calls(tx: Tx, { rulesAfter, position }: RekeyingRow): Promise<Batch> {
    const after = new NumberReading(rulesAfter);
    const rows = await callsAfter(tx, position, BATCH);
    let changed = 0;
    for (const call of rows) {
      if (call.direction === 'internal' || !(await this.rekeyCall(tx, call, after))) continue;
      changed += 1;
    }
    return { last: rows.at(-1)?.callId ?? null, looked: rows.length, changed };
  }

  private async rekeyCall(tx: Tx, call: CallRow, after: NumberReading): Promise<boolean> {
    const { callId, numberKey: from, link } = call;
    const caller = after.caller(call.remoteNumber, { ...call, context: call.context ?? 'external' });
    const to = storableKey(caller);
    if (to === from && caller.numberClass === call.numberClass) return false;
    await updateCall(tx, callId, { numberKey: to, numberClass: caller.numberClass });
    if (to === from) return true;
    await this.missed.callStored(tx, { ...call, numberKey: to, numberClass: caller.numberClass }, call);
    if (from !== null) await rekeyRecordsOfCall(tx, callId, { from, to });
    if (to !== null) await this.decisionsFollow(tx, callId, { from, to });
    if (to !== null) await this.linking.order(tx, to);
    else if (link === 'key') await setCallOwner(tx, callId, { customerId: null, contactId: null, link: null });
    return true;
  }

  /** What was said in a call was said of its number, however that is read. */
  private async decisionsFollow(tx: Tx, callId: string, { from, to }: { from: string | null; to: string }): Promise<void> {
    for (const row of await decisionsOfCall(tx, callId)) if (row.numberKey === from) await moveDecision(tx, row, to);
  }
}
