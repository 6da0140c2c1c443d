import type { CallerId } from '../../../caller-id';
import type { MatchKind, MatchOwner, MatchRequest, MatchResult } from '../../../contract/match';
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
  const { key, numberClass, reason } = caller;
  return { kind, raw: kind === 'withheld' ? null : caller.raw, key, numberClass, reason, owners: owners.map(toOwner) };
}

function toOwner({ key: _key, lastContactAt, ...owner }: DirectoryEntry): MatchOwner {
  return { ...owner, lastContactAt: lastContactAt?.toISOString() ?? null };
}
