import { formatForDisplay, placeOf, type CallerId, type NumberPlace } from '../../../caller-id';
import type { MatchKind, MatchOwner, MatchPlace, MatchRequest, MatchResult } from '../../../contract/match';
import type { Tx } from '../../db';
import type { Directory, DirectoryEntry } from '../../db/repositories/directory.repository';
import type { AppContext } from '../../context';
import type { NumberReading } from '../numbers/number-reading';
import { distinctOwners } from './owners';

/** Who is calling: a number as it arrived, to its owners, by one indexed lookup. */
export class MatchService {
  constructor(
    private readonly app: Pick<AppContext, 'db' | 'metrics'>,
    private readonly reading: NumberReading,
    private readonly directory: Directory,
  ) {}

  async match(request: MatchRequest): Promise<MatchResult> {
    const startedAt = performance.now();
    const caller = this.reading.caller(request.callerId, request);
    const result = await this.lookUp(this.app.db.read, caller);
    this.app.metrics.lookupSeconds.observe((performance.now() - startedAt) / 1000);
    this.app.metrics.matches.inc({ kind: result.kind });
    return result;
  }

  /**
   * `known` and `shared` by the number's own key only. Another way to read the digits, or a number that only earlier records
   * mention, is `maybe`: never a person as known who may be somebody else.
   */
  async lookUp(tx: Tx, caller: CallerId): Promise<MatchResult> {
    if (caller.numberClass === 'withheld') return toResult(caller, 'withheld', []);
    if (caller.numberClass === 'internal') return toResult(caller, 'internal', []);
    const own = distinctOwners(caller.key === null ? [] : await this.directory.ownersOf(tx, [caller.key]));
    if (own.length > 0) return toResult(caller, own.length === 1 ? 'known' : 'shared', own);
    const others = caller.alternatives.map(({ key }) => key);
    const guessed = distinctOwners(await this.directory.ownersOf(tx, others));
    if (guessed.length > 0) return toResult(caller, 'maybe', guessed);
    const seen = distinctOwners(caller.key === null ? [] : await this.directory.seenBefore(tx, [caller.key]));
    return toResult(caller, seen.length > 0 ? 'maybe' : 'unknown', seen);
  }
}

function toResult(caller: CallerId, kind: MatchKind, owners: readonly DirectoryEntry[]): MatchResult {
  const { key, numberClass, reason, steps, extension, privacy } = caller;
  const raw = kind === 'withheld' ? null : caller.raw;
  return {
    kind,
    raw,
    key,
    display: key === null ? raw : formatForDisplay(key),
    numberClass,
    reason,
    steps: [...steps],
    extension,
    alternatives: caller.alternatives.map((other) => ({ ...other, display: formatForDisplay(other.key) })),
    place: toPlace(placeOf(key)),
    privacy,
    switchboard: false,
    mark: null,
    decisions: [],
    owners: owners.map((owner) => toOwner(owner, caller)),
  };
}

function toPlace(place: NumberPlace | null): MatchPlace | null {
  if (place === null) return null;
  const { country, province, cities, carrier } = place;
  return { country, province, city: cities.length === 0 ? null : cities.join('、'), carrier };
}

function toOwner({ key: _key, lastContactAt, ...owner }: DirectoryEntry, { reason }: CallerId): MatchOwner {
  return { ...owner, lastContactAt: lastContactAt?.toISOString() ?? null, matchedBy: 'stored_number', reason, number: null };
}
