import { areaCodeOf } from '../../../caller-id';
import type { NumberReading } from '../numbers/number-reading';

/** What stands before a national number in the caller IDs of trunks. */
const BEFORE_NATIONAL = ['', '0', '86', '086', '0086', '+86'];

/**
 * Every spelling of a key a trunk may send. A spelling that the rules would read as another key is left out, so two marks never share
 * one; a local number without area code only where every line has the same area, because elsewhere it is somebody else's.
 */
export function dialFormsOf(key: string, reading: NumberReading): string[] {
  const { default: base, exceptions } = reading.ruleSet;
  const prefixes = [base.outsidePrefix, ...exceptions.map(({ outsidePrefix }) => outsidePrefix)].filter(
    (prefix) => prefix !== null && prefix !== '',
  );
  const spelled = spellings(key, areaEverywhere(reading));
  const forms = [
    ...spelled,
    ...prefixes.flatMap((prefix) => spelled.filter((form) => !form.startsWith('+')).map((form) => `${prefix}${form}`)),
  ];
  return [...new Set(forms)].filter((form) => form.length <= 31 && reading.caller(form).key === key).slice(0, 32);
}

/** Area code all lines share; null when they differ or none is set. */
function areaEverywhere(reading: NumberReading): string | null {
  const areas = new Set(
    [{}, ...reading.ruleSet.exceptions.map(({ scope, name }) => ({ [scope]: name }))].map((at) => reading.usedFor(at).rules.areaCode),
  );
  const [only = null] = areas;
  return areas.size === 1 ? only : null;
}

function spellings(key: string, area: string | null): string[] {
  if (key.startsWith('svc:')) {
    const digits = key.slice('svc:'.length);
    return [
      digits,
      `0${digits}`,
      `+86${digits}`,
      `86${digits}`,
      `0086${digits}`,
      ...(area === null ? [] : [`0${area}${digits}`, `${area}${digits}`]),
    ];
  }
  if (!key.startsWith('+86')) return [key, `00${key.slice(1)}`, key.slice(1)];
  const national = key.slice('+86'.length);
  const local = area !== null && areaCodeOf(key) === area ? [national.slice(area.length)] : [];
  return [...BEFORE_NATIONAL.map((before) => before + national), ...local];
}
