import { storableKey, type CallerId } from '../../../caller-id';
import type { MatchDecisionNote, MatchMark, MatchRequest, MatchResult } from '../../../contract/match';
import type { AppContext } from '../../context';
import type { Tx } from '../../db';
import { markOfKey } from '../../db/repositories/caller-marks.repository';
import { customersByIds } from '../../db/repositories/customers.repository';
import type { Directory, DirectoryEntry } from '../../db/repositories/directory.repository';
import { usersByIds } from '../../db/repositories/users.repository';
import type { NumberReading } from '../numbers/number-reading';
import { toMatchResult, type Found, type Offer } from './match-result';
import { distinctOwners, isBehindSwitchboard, newestFirst } from './owners';
import { isRejected, type KeyOwners, type Ownership } from './ownership';

interface Parts {
  readonly reading: NumberReading;
  readonly directory: Directory;
  readonly ownership: Ownership;
}

type Whose = Pick<Found, 'kind' | 'offers' | 'switchboard'>;

const NOTHING: Found = { kind: 'unknown', offers: [], switchboard: false, mark: null, decisions: [] };
const NOBODY: KeyOwners = { entries: [], decisions: [], said: new Set(), noted: false };

/** Who is calling: a number as it arrived, to its owners, in most cases by one indexed look-up. */
export class MatchService {
  constructor(
    private readonly app: Pick<AppContext, 'db' | 'metrics' | 'now'>,
    private readonly parts: Parts,
  ) {}

  async match(request: MatchRequest): Promise<MatchResult> {
    const startedAt = performance.now();
    const caller = this.parts.reading.caller(request.callerId, request);
    const result = await this.lookUp(this.app.db.read, caller);
    this.app.metrics.lookupSeconds.observe((performance.now() - startedAt) / 1000);
    this.app.metrics.matches.inc({ kind: result.kind });
    return result;
  }

  /**
   * `known` and `shared` by the number's own key only. Another way to read the digits, or a number that only earlier records
   * mention, is `maybe`: never a person as known who may be somebody else. A privacy number is nobody's.
   */
  async lookUp(tx: Tx, caller: CallerId): Promise<MatchResult> {
    if (caller.numberClass === 'withheld') return toMatchResult(caller, { ...NOTHING, kind: 'withheld' });
    if (caller.numberClass === 'internal') return toMatchResult(caller, { ...NOTHING, kind: 'internal' });
    if (caller.privacy) return toMatchResult(caller, NOTHING);
    const key = storableKey(caller);
    const owned = key === null ? NOBODY : await this.parts.ownership.ofKey(tx, key);
    const whose = (await this.certain(tx, caller, owned)) ?? (await this.perhaps(tx, caller, owned));
    if (!owned.noted || key === null) return toMatchResult(caller, { ...NOTHING, ...whose });
    const [mark, decisions] = [await this.markOf(tx, key), await notesOf(tx, owned)];
    return toMatchResult(caller, { ...whose, mark, decisions });
  }

  private async certain(tx: Tx, caller: CallerId, { entries, said }: KeyOwners): Promise<Whose | null> {
    const owners = distinctOwners(entries);
    const [first] = owners;
    if (first === undefined) return null;
    const offer = (entry: DirectoryEntry): Offer => ({
      entry,
      matchedBy: said.has(entry) ? 'decision' : isBehindSwitchboard(entry) ? 'switchboard' : 'stored_number',
      reason: caller.reason,
    });
    const one = owners.every(({ customerId }) => customerId === first.customerId);
    if (one && owners.every((entry) => mayBeSwitchboard(entry, caller))) {
      const people = await this.parts.directory.peopleAt(tx, first.key, first.customerId);
      if (people.length > 0 || owners.some(isBehindSwitchboard)) return this.switchboard(tx, { owners, people, offer });
    }
    return { kind: owners.length === 1 ? 'known' : 'shared', offers: owners.map(offer), switchboard: owners.some(isBehindSwitchboard) };
  }

  /** The company itself and everybody there: which of them calls, the number does not tell. */
  private async switchboard(
    tx: Tx,
    {
      owners,
      people,
      offer,
    }: { owners: readonly DirectoryEntry[]; people: readonly DirectoryEntry[]; offer: (entry: DirectoryEntry) => Offer },
  ): Promise<Whose> {
    const [first] = owners;
    if (first === undefined) throw new Error('A switchboard needs an owner.');
    const company = owners.some(({ contactId }) => contactId === null)
      ? []
      : await this.parts.directory.named(tx, first.key, [{ customerId: first.customerId, contactId: null }]);
    const others = [...company, ...people].filter((entry) => !owners.some(({ contactId }) => contactId === entry.contactId));
    const offers = [...owners.map(offer), ...others.map((entry): Offer => ({ ...offer(entry), matchedBy: 'switchboard' }))];
    return { kind: 'shared', offers: offers.toSorted((a, b) => newestFirst(a.entry, b.entry)), switchboard: true };
  }

  private async perhaps(tx: Tx, caller: CallerId, { decisions }: KeyOwners): Promise<Whose> {
    const open = (entries: readonly DirectoryEntry[]) => distinctOwners(entries.filter((entry) => !isRejected(entry, decisions)));
    const offers: Offer[] = [];
    for (const { key, reason } of caller.alternatives) {
      const { entries } = await this.parts.ownership.ofKey(tx, key);
      offers.push(...open(entries).map((entry): Offer => ({ entry, matchedBy: 'other_reading', reason })));
    }
    if (offers.length === 0 && caller.key !== null) {
      const seen = open(await this.parts.directory.seenBefore(tx, [caller.key]));
      offers.push(...seen.map((entry): Offer => ({ entry, matchedBy: 'earlier_record', reason: caller.reason })));
    }
    const kind = offers.length === 0 ? 'unknown' : 'maybe';
    return { kind, offers: offers.toSorted((a, b) => newestFirst(a.entry, b.entry)), switchboard: false };
  }

  private async markOf(tx: Tx, key: string): Promise<MatchMark | null> {
    const mark = await markOfKey(tx, key, this.app.now());
    if (mark === null) return null;
    const { markId, kind, reason, untilAt, createdById } = mark;
    const user = (await usersByIds(tx, [createdById])).get(createdById);
    return { markId, kind, reason, until: untilAt?.toISOString() ?? null, markedBy: user?.displayName ?? '' };
  }
}

/** A fixed line or service number that is the company's own, or leads to an extension: anybody there may call from it. */
function mayBeSwitchboard(entry: DirectoryEntry, { numberClass }: CallerId): boolean {
  if (numberClass !== 'fixed' && numberClass !== 'service' && numberClass !== 'international') return false;
  return entry.number !== null && (isBehindSwitchboard(entry) || (entry.contactId === null && numberClass !== 'international'));
}

async function notesOf(tx: Tx, { decisions }: KeyOwners): Promise<MatchDecisionNote[]> {
  if (decisions.length === 0) return [];
  const users = await usersByIds(
    tx,
    decisions.map((one) => one.createdById),
  );
  const customers = await customersByIds(
    tx,
    decisions.map((one) => one.customerId),
  );
  return decisions.map(({ decisionId, decision, customerId, contactId, createdAt, createdById }) => ({
    decisionId,
    decision,
    customerId,
    customerName: customers.get(customerId)?.name ?? '',
    contactId,
    decidedAt: createdAt.toISOString(),
    decidedBy: users.get(createdById)?.displayName ?? '',
  }));
}
