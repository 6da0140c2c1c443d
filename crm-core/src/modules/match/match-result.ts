import { formatForDisplay, placeOf, storableKey, type CallerId, type NumberPlace } from '../../../caller-id';
import type {
  MatchDecisionNote,
  MatchedBy,
  MatchedNumber,
  MatchKind,
  MatchMark,
  MatchOwner,
  MatchPlace,
  MatchResult,
} from '../../../contract/match';
import type { DirectoryEntry, OwnedNumber } from '../../db/repositories/directory.repository';
import { displayOf } from '../numbers/number-reading';

/** Somebody offered, and why. */
export interface Offer {
  readonly entry: DirectoryEntry;
  readonly matchedBy: MatchedBy;
  /** Rule of the reading that led to them. */
  readonly reason: string;
}

export interface Found {
  readonly kind: MatchKind;
  readonly offers: readonly Offer[];
  readonly switchboard: boolean;
  readonly mark: MatchMark | null;
  readonly decisions: readonly MatchDecisionNote[];
}

export function toMatchResult(caller: CallerId, { kind, offers, switchboard, mark, decisions }: Found): MatchResult {
  const { numberClass, reason, steps, extension, privacy } = caller;
  const raw = kind === 'withheld' ? null : caller.raw;
  return {
    kind,
    raw,
    key: kind === 'internal' ? caller.key : storableKey(caller),
    display: caller.key === null ? raw : displayOf(caller.key, '', extension ?? ''),
    numberClass,
    reason,
    steps: [...steps],
    extension,
    alternatives: privacy ? [] : caller.alternatives.map((other) => ({ ...other, display: formatForDisplay(other.key) })),
    place: toPlace(placeOf(caller.key)),
    privacy,
    switchboard,
    mark,
    decisions: [...decisions],
    owners: offers.map(toOwner),
  };
}

function toPlace(place: NumberPlace | null): MatchPlace | null {
  if (place === null) return null;
  const { country, province, cities, carrier } = place;
  return { country, province, city: cities.length === 0 ? null : cities.join('、'), carrier };
}

/** Field by field, as in the directory: this is done for every call. */
function toOwner({ entry, matchedBy, reason }: Offer): MatchOwner {
  const { key, number } = entry;
  return {
    customerId: entry.customerId,
    customerName: entry.customerName,
    customerNumber: entry.customerNumber,
    customerLevel: entry.customerLevel,
    customerType: entry.customerType,
    contactId: entry.contactId,
    contactName: entry.contactName,
    contactPosition: entry.contactPosition,
    lastContactAt: entry.lastContactAt?.toISOString() ?? null,
    lastContactSummary: entry.lastContactSummary,
    openRecordCount: entry.openRecordCount,
    matchedBy,
    reason,
    number: number === null || number.ordinal === 0 ? null : toMatchedNumber(key, number),
  };
}

function toMatchedNumber(key: string, { numberId, label, extension, ordinal, count }: OwnedNumber): MatchedNumber {
  return { numberId, display: displayOf(key, '', extension), label, extension: extension === '' ? null : extension, ordinal, count };
}
