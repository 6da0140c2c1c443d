import type { NewPhoneNumber } from '../../../contract/customers';
import type { Decision } from '../../../contract/match-decisions';
import { AppError, type FieldError } from '../../app-error';
import { newId, type Tx } from '../../db';
import type { PhoneNumberRow } from '../../db/entities/phone-number.entity';
import { decisionsOfKeys, updateDecisions } from '../../db/repositories/match-decisions.repository';
import { deleteNumber, insertNumber, numbersOfOwner } from '../../db/repositories/numbers.repository';
import type { CallLinking } from '../calls/call-linking';
import { toDraft, type NumberDraft, type NumberReading } from './number-reading';

export interface NumberOwner {
  readonly customerId: string;
  readonly contactId: string | null;
}

/** Who stores it, and when. */
export interface Stamp {
  readonly userId: string;
  readonly at: Date;
}

export interface Planned {
  readonly drafts: readonly NumberDraft[];
  readonly label: PhoneNumberRow['label'];
}

/** Stored numbers: their keys are made here, when they are written, and past calls follow them. */
export class NumbersService {
  constructor(
    private readonly reading: NumberReading,
    private readonly linking: CallLinking,
  ) {}

  /**
   * Reads what a person wrote, before any transaction.
   * @param path where the list stands in the request, for the errors
   * @throws AppError `validation_failed` naming every entry that is no number
   */
  plan(numbers: readonly NewPhoneNumber[], path: string): Planned[] {
    const fields: FieldError[] = [];
    const planned = numbers.map((number, index) => {
      const read = this.reading.stored(number.raw, { areaCode: number.areaCode });
      const code = refusal(number.raw, read);
      if (code !== null) fields.push({ path: path === '' ? 'raw' : `${path}.${index}.raw`, code });
      return { drafts: read.map((one) => toDraft(number.raw, one, number.areaCode)), label: number.label };
    });
    if (fields.length > 0) throw new AppError('validation_failed', { fields });
    return planned;
  }

  /** Stores what the owner does not have yet and gives past calls of these numbers their owner. Answers what was stored. */
  async add(
    tx: Tx,
    owner: NumberOwner,
    { planned, stamp }: { planned: readonly Planned[]; stamp: Stamp },
  ): Promise<readonly PhoneNumberRow[]> {
    const ownerId = owner.contactId ?? owner.customerId;
    const present = await numbersOfOwner(tx, ownerId);
    const stored: PhoneNumberRow[] = [];
    let position = present.reduce((last, number) => Math.max(last, number.position), 0);
    for (const { drafts, label } of planned) {
      for (const draft of drafts) {
        if (present.some((number) => sameNumber(number, draft))) continue;
        const row = toRow(draft, { owner, ownerId, label, position: ++position, stamp });
        await insertNumber(tx, row);
        present.push(row);
        stored.push(row);
        if (row.numberKey !== null) await this.given(tx, row.numberKey, { owner, stamp });
      }
    }
    return stored;
  }

  async remove(tx: Tx, number: PhoneNumberRow, stamp: Stamp): Promise<void> {
    await deleteNumber(tx, number.numberId);
    if (number.numberKey === null) return;
    await endDecisions(tx, number.numberKey, { kinds: ['is_this', 'add_number'], owner: number, stamp });
    await this.linking.keyChanged(tx, number.numberKey);
  }

  /** Writing the number into the record is a later word than "not this customer". */
  private async given(tx: Tx, key: string, { owner, stamp }: { owner: NumberOwner; stamp: Stamp }): Promise<void> {
    await endDecisions(tx, key, { kinds: ['not_this'], owner, stamp });
    await this.linking.keyChanged(tx, key);
  }
}

async function endDecisions(
  tx: Tx,
  key: string,
  { kinds, owner, stamp }: { kinds: readonly Decision[]; owner: NumberOwner; stamp: Stamp },
): Promise<void> {
  const ended = (await decisionsOfKeys(tx, [key])).filter(
    ({ decision, customerId, contactId }) =>
      kinds.includes(decision) &&
      customerId === owner.customerId &&
      (contactId === null || owner.contactId === null || contactId === owner.contactId),
  );
  const ids = ended.map(({ decisionId }) => decisionId);
  await updateDecisions(tx, ids, { endedAt: stamp.at, endedById: stamp.userId });
}

function refusal(raw: string, read: NumberReadingResult): FieldError['code'] | null {
  if (read.length === 0) return 'not_a_number';
  if (read.some((number) => number.privacy)) return 'privacy_number';
  const empty = read.every((number) => number.key === null && number.alternatives.length === 0);
  return empty && !/\d{3}/.test(raw.normalize('NFKC')) ? 'not_a_number' : null;
}
type NumberReadingResult = ReturnType<NumberReading['stored']>;

function sameNumber(row: PhoneNumberRow, draft: NumberDraft): boolean {
  if (draft.key === null) return row.numberKey === null && row.raw === draft.raw;
  return row.numberKey === draft.key && row.extension === draft.extension;
}

function toRow(
  draft: NumberDraft,
  {
    owner,
    ownerId,
    label,
    position,
    stamp,
  }: { owner: NumberOwner; ownerId: string; label: PhoneNumberRow['label']; position: number; stamp: Stamp },
): PhoneNumberRow {
  return {
    numberId: newId(),
    customerId: owner.customerId,
    contactId: owner.contactId,
    ownerId,
    raw: draft.raw,
    numberKey: draft.key,
    digits: draft.digits,
    numberClass: draft.numberClass,
    reason: draft.reason,
    extension: draft.extension,
    areaCode: draft.areaCode,
    label: label === 'other' && draft.numberClass === 'mobile' ? 'mobile' : label,
    position,
    createdAt: stamp.at,
    createdById: stamp.userId,
  };
}
