import { storableKey } from '../../../caller-id';
import type { CallLogEntry, CallLogPage, CallLogQuery, CallIntake } from '../../../contract/calls';
import type { CallTrailView } from '../../../contract/call-trail';
import { AppError } from '../../app-error';
import type { AppContext } from '../../context';
import { databaseFault, type Tx } from '../../db';
import type { CallRow } from '../../db/entities/call.entity';
import { callById, insertCall, pageOfCalls, replaceCallAgents, updateCall, type CallFilter } from '../../db/repositories/calls.repository';
import { touchContact } from '../../db/repositories/contacts.repository';
import { touchCustomer } from '../../db/repositories/customers.repository';
import type { Actor } from '../../http/actor';
import { presentFields } from '../../present-fields';
import type { MissedIntake } from '../missed-calls/missed-intake';
import type { NumberReading } from '../numbers/number-reading';
import { correctRecords, dropWordOfOthers } from './call-arrival';
import type { CallLinks } from './call-links';
import type { CallOwners } from './call-owners';
import { CallTrails } from './call-trails';
import { toCallAgents, toCallRow, toEntries } from './calls.mapper';

interface Parts {
  readonly reading: NumberReading;
  readonly owners: CallOwners;
  readonly links: CallLinks;
  readonly missed: MissedIntake;
}

/** The call log: taken in from the gateway, read by agents (their own) and supervisors (all). */
export class CallsService {
  private readonly trails: CallTrails;

  constructor(
    private readonly app: AppContext,
    private readonly parts: Parts,
  ) {
    this.trails = new CallTrails(app);
  }

  /** Takes a finished call in. The same call again replaces what was there and keeps whose it is. */
  async takeIn(row: CallIntake): Promise<{ entry: CallLogEntry; created: boolean }> {
    try {
      return await this.store(row);
    } catch (error) {
      // Two deliveries of one call at once, on a database that runs them side by side: the second finds the first.
      if (databaseFault(error) !== 'unique') throw error;
      return this.store(row);
    }
  }

  async page(actor: Actor, query: CallLogQuery): Promise<CallLogPage> {
    const filter = this.filterOf(query);
    if (filter === null) return { items: [], nextCursor: null };
    const { read } = this.app.db;
    const { items, nextCursor } = await pageOfCalls(read, { ...filter, ...visibleTo(actor) }, query);
    return { items: await toEntries(read, items), nextCursor };
  }

  /** @throws AppError `not_found`, also for somebody else's call. */
  async get(actor: Actor, callId: string): Promise<CallLogEntry> {
    const { read } = this.app.db;
    const row = await callById(read, callId, visibleTo(actor).seenBy);
    const [entry] = row === null ? [] : await toEntries(read, [row]);
    if (entry === undefined) throw AppError.notFound();
    return entry;
  }

  /** Why it was, or was not, on a screen; for those who may see the call. */
  async trail(actor: Actor, callId: string): Promise<CallTrailView> {
    if ((await callById(this.app.db.read, callId, visibleTo(actor).seenBy)) === null) throw AppError.notFound();
    return this.trails.of(callId);
  }

  private async store({ trail, ...row }: CallIntake): Promise<{ entry: CallLogEntry; created: boolean }> {
    const caller = this.parts.reading.caller(row.remoteNumber, row);
    const internal = row.direction === 'internal';
    const numberClass = internal ? 'internal' : caller.numberClass;
    // A privacy number is somebody else's tomorrow: nothing is linked by it.
    const numberKey = internal ? null : storableKey(caller);
    const result = await this.app.db.write(async (tx) => {
      const present = await callById(tx, row.callId);
      // Put together after a gap, it says less than what was seen as it happened.
      if (present?.complete === true && !row.complete) return { entry: (await toEntries(tx, [present]))[0], created: false };
      const agents = toCallAgents(row);
      const extensions = agents.map(({ extension }) => extension);
      const owner = await this.parts.owners.whose(tx, { callId: row.callId, numberKey, extensions, present });
      const stored = toCallRow(row, { numberKey, numberClass, owner, receivedAt: present?.receivedAt ?? this.app.now() });
      if (present === null) await insertCall(tx, stored);
      else await updateCall(tx, row.callId, stored);
      await correctRecords(tx, this.parts.links, stored);
      await replaceCallAgents(tx, agents, row.callId);
      // A row with a gap may not name everybody, and extensions change hands: only the first whole one takes a word back.
      if (present?.complete !== true && row.complete) await dropWordOfOthers(tx, row.callId, extensions);
      if (trail) await this.trails.takeIn(tx, trail);
      await touchOwner(tx, stored);
      await this.parts.missed.callStored(tx, stored, present);
      const [entry] = await toEntries(tx, [stored]);
      return { entry, created: present === null };
    });
    if (result.entry === undefined) throw new Error('A stored call has no entry.');
    this.app.metrics.callsTakenIn.inc({ result: result.created ? 'new' : 'again' });
    return { entry: result.entry, created: result.created };
  }

  /** Null when the number asked for is none, so that nothing can be found. */
  private filterOf({ from, to, number, cursor: _cursor, limit: _limit, ...query }: CallLogQuery): CallFilter | null {
    const filter = {
      ...presentFields(query),
      ...(from === undefined ? {} : { from: new Date(from) }),
      ...(to === undefined ? {} : { to: new Date(to) }),
    };
    if (number === undefined || number.trim() === '') return filter;
    const numberKeys = this.parts.reading.keysOf(number);
    return numberKeys.length === 0 ? null : { ...filter, numberKeys };
  }
}

/** Without `call.view_all` only calls in which one's own telephone had a part. */
function visibleTo(actor: Actor): { seenBy?: string } {
  if (actor.kind === 'machine' || actor.permissions.has('call.view_all')) return {};
  return { seenBy: actor.extension ?? '' };
}

/** Having talked is a contact. */
async function touchOwner(tx: Tx, { customerId, contactId, answeredAt, outcome }: CallRow): Promise<void> {
  if (customerId === null || answeredAt === null || outcome !== 'answered') return;
  await touchCustomer(tx, customerId, answeredAt);
  if (contactId !== null) await touchContact(tx, contactId, answeredAt);
}
