import { formatForDisplay } from '../../../caller-id';
import type { MatchDecision, NewMatchDecision } from '../../../contract/match-decisions';
import { AppError } from '../../app-error';
import type { AppContext } from '../../context';
import { newId, type Tx } from '../../db';
import type { MatchDecisionRow } from '../../db/entities/match-decision.entity';
import { agentsOfCall, callById, setCallOwner } from '../../db/repositories/calls.repository';
import { customerById } from '../../db/repositories/customers.repository';
import {
  decisionById,
  decisionsOfKeys,
  insertDecision,
  restoreSuperseded,
  updateDecisions,
} from '../../db/repositories/match-decisions.repository';
import { numberById } from '../../db/repositories/numbers.repository';
import type { UserActor } from '../../http/actor';
import { writeAudit } from '../audit/audit.service';
import type { CallLinking } from '../calls/call-linking';
import { NOBODY, type CallOwners } from '../calls/call-owners';
import { requirePart } from '../calls/call-part';
import { requireContactOf } from '../customers/customers.service';
import type { NumberReading } from '../numbers/number-reading';
import { isAboutSame } from './about-same';
import type { NumbersService, Stamp } from '../numbers/numbers.service';

interface Parts {
  readonly reading: NumberReading;
  readonly numbers: NumbersService;
  readonly linking: CallLinking;
  readonly owners: CallOwners;
}

/** 「不是此客户」「就是此客户」「添加号码」: what agents say of a caller, kept, applied to later matches, undone. */
export class DecisionsService {
  constructor(
    private readonly app: AppContext,
    private readonly parts: Parts,
  ) {}

  /** @throws AppError `validation_failed`, also at `callId` for a call that others had. */
  async decide(actor: UserActor, input: NewMatchDecision): Promise<MatchDecision> {
    const stamp = { userId: actor.userId, at: this.app.now() };
    return this.app.db.write(async (tx) => {
      if ((await customerById(tx, input.customerId)) === null) throw AppError.field('customerId', 'not_found');
      await requireContactOf(tx, input.customerId, input.contactId);
      if (input.callId !== null) await requirePart(tx, actor, input.callId);
      const replaced = (await decisionsOfKeys(tx, [input.key])).filter((one) => isAboutSame(one, input));
      const row = toRow(input, stamp);
      const stored = input.decision === 'add_number' ? await this.store(tx, input, stamp) : null;
      await insertDecision(tx, { ...row, numberId: stored });
      await updateDecisions(
        tx,
        replaced.map(({ decisionId }) => decisionId),
        { supersededById: row.decisionId },
      );
      await this.callFollows(tx, row);
      await this.parts.linking.keyChanged(tx, input.key);
      await audit(tx, stamp, {
        action: `match.${input.decision}`,
        row,
        before: replaced.map(brief),
        after: brief({ ...row, numberId: stored }),
      });
      return toDecision({ ...row, numberId: stored }, actor.displayName);
    });
  }

  /** @throws AppError `not_found` when it is not there or was undone already. */
  async undo(actor: UserActor, decisionId: string): Promise<void> {
    const stamp = { userId: actor.userId, at: this.app.now() };
    await this.app.db.write(async (tx) => {
      const row = await decisionById(tx, decisionId);
      if (row === null || row.endedAt !== null) throw AppError.notFound();
      await updateDecisions(tx, [decisionId], { endedAt: stamp.at, endedById: stamp.userId });
      await restoreSuperseded(tx, decisionId);
      const number = row.numberId === null ? null : await numberById(tx, row.numberId);
      if (number !== null) await this.parts.numbers.remove(tx, number, stamp);
      await this.callLetGo(tx, row);
      await this.parts.linking.keyChanged(tx, row.numberKey);
      const restored = (await decisionsOfKeys(tx, [row.numberKey])).filter((one) => isAboutSame(one, row));
      await audit(tx, stamp, { action: 'match.undone', row, before: brief(row), after: restored.map(brief) });
    });
  }

  /** The number as it was written where that gives this key, else as it is grouped for reading. */
  private async store(tx: Tx, input: NewMatchDecision, stamp: Stamp): Promise<string | null> {
    const { key, callId, customerId, contactId } = input;
    const call = callId === null ? null : await callById(tx, callId);
    const raw = input.raw ?? call?.remoteNumber ?? null;
    if (raw !== null && this.parts.reading.caller(raw).privacy) throw AppError.field('raw', 'privacy_number');
    const written = [raw, formatForDisplay(key), key.replace(/^svc:/, '')].find((text) => text !== null && this.reads(text, key));
    if (written === undefined || written === null) throw AppError.field('key', 'not_a_number');
    const planned = this.parts.numbers.plan([{ raw: written, label: 'other', areaCode: null, contactId }], '');
    const [stored] = await this.parts.numbers.add(tx, { customerId, contactId }, { planned, stamp });
    return stored?.numberId ?? null;
  }

  private reads(text: string, key: string): boolean {
    const read = this.parts.reading.stored(text);
    return read.length === 1 && read[0]?.key === key;
  }

  /** The call in which it was said: taken from, or given to the customer, by a person's word. */
  private async callFollows(tx: Tx, { callId, decision, customerId, contactId }: MatchDecisionRow): Promise<void> {
    const call = callId === null ? null : await callById(tx, callId);
    if (callId === null || call === null || (await this.isRecorded(tx, callId))) return;
    if (decision !== 'not_this') await setCallOwner(tx, callId, { customerId, contactId, link: 'record' });
    else if (call.customerId === customerId) await setCallOwner(tx, callId, NOBODY);
  }

  /** Undone: the call belongs again to whom its number says, unless the hotline record says otherwise. */
  private async callLetGo(tx: Tx, { callId, decision, customerId }: MatchDecisionRow): Promise<void> {
    const call = callId === null || decision === 'not_this' ? null : await callById(tx, callId);
    if (callId === null || call === null || call.customerId !== customerId || call.link !== 'record') return;
    if (!(await this.isRecorded(tx, callId))) await setCallOwner(tx, callId, NOBODY);
  }

  /** A hotline record says whose the call is. */
  private async isRecorded(tx: Tx, callId: string): Promise<boolean> {
    return (await this.parts.owners.recordOf(tx, callId, await agentsOfCall(tx, callId))) !== undefined;
  }
}

function toRow({ decision, key, customerId, contactId, callId }: NewMatchDecision, { userId, at }: Stamp): MatchDecisionRow {
  return {
    decisionId: newId(at.getTime()),
    numberKey: key,
    decision,
    customerId,
    contactId,
    callId,
    numberId: null,
    createdAt: at,
    createdById: userId,
    endedAt: null,
    endedById: null,
    supersededById: null,
  };
}

function brief({ decisionId, decision, customerId, contactId, numberId }: MatchDecisionRow): object {
  return { decisionId, decision, customerId, contactId, numberId };
}

async function audit(
  tx: Tx,
  stamp: Stamp,
  { action, row, before, after }: { action: string; row: MatchDecisionRow; before: object; after: object },
): Promise<void> {
  const { numberKey, customerId, callId } = row;
  await writeAudit(tx, stamp, { action, numberKey, customerId, callId, before, after });
}

function toDecision(row: MatchDecisionRow, decidedBy: string): MatchDecision {
  const { decisionId, decision, numberKey, customerId, contactId, callId, numberId, createdAt } = row;
  return { decisionId, decision, key: numberKey, customerId, contactId, callId, numberId, decidedAt: createdAt.toISOString(), decidedBy };
}
