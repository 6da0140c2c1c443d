import type { MatchView } from '../../protocol';
import type { Call } from '../domain/call/call';
import type { ParsedNumber } from '../domain/dial/parsed-number';

/** Key and class of a number by rule alone, so that even a dead CRM leaves a readable number. */
export type DescribeNumber = (raw: string, areaCode: string | null) => ParsedNumber;

/** What is known of a caller before anybody was asked; `pending` when asking is worth it. */
export function firstMatch(call: Call, describe: DescribeNumber): MatchView {
  const raw = call.remoteNumber;
  const none = { raw, key: null, owners: [] };
  if (call.direction === 'internal') return { ...none, kind: 'internal', numberClass: 'internal', reason: 'internal.call' };
  // A number that is still being dialled on the telephone is not withheld, only not known yet.
  if (raw === null && call.direction === 'outbound') return { ...none, kind: 'unknown', numberClass: 'unknown', reason: 'number.missing' };
  if (raw === null || raw === '') return { ...none, raw: null, kind: 'withheld', numberClass: 'withheld', reason: 'withheld.empty' };
  const described = describe(raw, call.areaCode);
  if (described.numberClass === 'withheld')
    return { ...none, raw: null, kind: 'withheld', numberClass: 'withheld', reason: 'withheld.word' };
  return { ...none, key: described.key, numberClass: described.numberClass, kind: 'pending', reason: 'lookup.pending' };
}
