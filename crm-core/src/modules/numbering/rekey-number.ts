import { areaCodeOf } from '../../../caller-id';
import type { PhoneNumberRow } from '../../db/entities/phone-number.entity';
import { toDraft, type NumberReading } from '../numbers/number-reading';

export type KeyColumns = Pick<PhoneNumberRow, 'numberKey' | 'digits' | 'numberClass' | 'reason' | 'extension' | 'areaCode'>;

/**
 * What a stored number becomes under other rules; null: it stays as it is. A number that owed its key to what stood beside it in the
 * same field ("82345678" after "0755-82345679") is left alone: by itself its text would say something else.
 */
export function rekeyNumber(row: PhoneNumberRow, before: NumberReading, after: NumberReading): KeyColumns | null {
  if (row.reason === 'fixed.field_area' || row.reason === 'unknown.shorthand') return null;
  const areaCode = row.areaCode ?? areaOfOldRow(row, before);
  const isAbroad = row.reason === 'unknown.no_area_code' && (areaCode ?? before.ruleSet.default.areaCode) !== null;
  if (isAbroad || !isItsOwn(row, areaCode, { before, after })) return null;
  const [number, ...others] = after.stored(row.raw, { areaCode });
  if (number === undefined || others.length > 0) return null;
  const { key, digits, numberClass, reason, extension } = toDraft(row.raw, number, areaCode);
  const same = key === row.numberKey && numberClass === row.numberClass && reason === row.reason && extension === row.extension;
  return same && areaCode === row.areaCode ? null : { numberKey: key, digits, numberClass, reason, extension, areaCode };
}

/** Rows of before the area code was kept: another area than the installation's was said by the person. */
function areaOfOldRow({ numberKey, reason }: PhoneNumberRow, before: NumberReading): string | null {
  const area = reason === 'fixed.line_area' ? areaCodeOf(numberKey) : null;
  return area === before.ruleSet.default.areaCode ? null : area;
}

/** The old rules give the old key from this text alone. When the library itself has changed, nobody can tell any more. */
function isItsOwn(
  row: PhoneNumberRow,
  areaCode: string | null,
  { before, after }: { before: NumberReading; after: NumberReading },
): boolean {
  if (before.ruleSet.library !== after.ruleSet.library) return true;
  const [number, ...others] = before.stored(row.raw, { areaCode });
  if (number === undefined || others.length > 0) return false;
  const { key, extension } = toDraft(row.raw, number, areaCode);
  return key === row.numberKey && extension === row.extension;
}
