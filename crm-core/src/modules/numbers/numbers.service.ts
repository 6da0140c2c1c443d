import type { NewPhoneNumber } from '../../../contract/customers';
import { AppError, type FieldError } from '../../app-error';
import { newId, type Tx } from '../../db';
import type { PhoneNumberRow } from '../../db/entities/phone-number.entity';
import { linkCallsOfKey, unlinkCallsOfKey } from '../../db/repositories/calls.repository';
import type { Directory } from '../../db/repositories/directory.repository';
import { deleteNumber, insertNumber, numbersOfOwner } from '../../db/repositories/numbers.repository';
import { soleOwner } from '../match/owners';
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

interface Planned {
  readonly drafts: readonly NumberDraft[];
  readonly label: PhoneNumberRow['label'];
}

/** Stored numbers: their keys are made here, when they are written, and past calls follow them. */
export class NumbersService {
  constructor(
    private readonly reading: NumberReading,
    private readonly directory: Directory,
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
      return { drafts: read.map((one) => toDraft(number.raw, one)), label: number.label };
    });
    if (fields.length > 0) throw new AppError('validation_failed', { fields });
    return planned;
  }

  /** Stores what the owner does not have yet and gives past calls of these numbers their owner. */
  async add(tx: Tx, owner: NumberOwner, { planned, stamp }: { planned: readonly Planned[]; stamp: Stamp }): Promise<void> {
    const ownerId = owner.contactId ?? owner.customerId;
    const present = await numbersOfOwner(tx, ownerId);
    let position = present.reduce((last, number) => Math.max(last, number.position), 0);
    for (const { drafts, label } of planned) {
      for (const draft of drafts) {
        if (present.some((number) => sameNumber(number, draft))) continue;
        const row = toRow(draft, { owner, ownerId, label, position: ++position, stamp });
        await insertNumber(tx, row);
        present.push(row);
        if (row.numberKey !== null) await this.linkPastCalls(tx, row.numberKey);
      }
    }
  }

  async remove(tx: Tx, number: PhoneNumberRow): Promise<void> {
    await deleteNumber(tx, number.numberId);
    if (number.numberKey !== null) await this.relinkPastCalls(tx, number.numberKey, number.customerId);
  }

  /** After a key was taken from a customer: its calls go to whoever alone has it now, else to nobody. */
  async relinkPastCalls(tx: Tx, key: string, formerCustomerId: string): Promise<void> {
    const owners = await this.directory.ownersOf(tx, [key]);
    if (owners.some((owner) => owner.customerId === formerCustomerId)) return;
    await unlinkCallsOfKey(tx, key, formerCustomerId);
    await this.linkPastCalls(tx, key);
  }

  private async linkPastCalls(tx: Tx, key: string): Promise<void> {
    const owner = soleOwner(await this.directory.ownersOf(tx, [key]));
    if (owner !== null) await linkCallsOfKey(tx, key, owner);
  }
}

function refusal(raw: string, read: NumberReadingResult): string | null {
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
    label: label === 'other' && draft.numberClass === 'mobile' ? 'mobile' : label,
    position,
    createdAt: stamp.at,
    createdById: stamp.userId,
  };
}
