import type {
  MissedCall,
  MissedCallClaim,
  MissedCallClose,
  MissedCallCounts,
  MissedCallDetail,
  MissedCallPage,
  MissedCallQuery,
  MissedCallSchedule,
} from '../../../contract/missed-calls';
import { AppError } from '../../app-error';
import type { AppContext } from '../../context';
import type { Tx } from '../../db';
import type { MissedCallRow } from '../../db/entities/missed-call.entity';
import {
  countMissedCalls,
  missedCallById,
  newestTries,
  pageOfMissedCalls,
  updateMissedCall,
} from '../../db/repositories/missed-calls.repository';
import type { Actor, UserActor } from '../../http/actor';
import { toMissedCalls, toTries } from './missed-calls.mapper';

const DAY_MS = 86_400_000;
const TRIES_SHOWN = 50;

/** What an action makes of an entry; null: it is so already. */
type Change = Partial<MissedCallRow> | null;

/** Callers to call back (R2.4): who takes them on, when they are called back, and how each was done. */
export class MissedCallsService {
  constructor(private readonly app: AppContext) {}

  async page(actor: Actor, { list, ...page }: MissedCallQuery): Promise<MissedCallPage> {
    const { read } = this.app.db;
    const { items, nextCursor } = await pageOfMissedCalls(read, { list, userId: personOf(actor), since: this.since() }, page);
    return { items: await toMissedCalls(read, items), nextCursor };
  }

  async counts(actor: Actor): Promise<MissedCallCounts> {
    return countMissedCalls(this.app.db.read, { userId: personOf(actor), since: this.since(), now: this.app.now() });
  }

  /** @throws AppError `not_found` */
  async get(missedCallId: string): Promise<MissedCallDetail> {
    const { read } = this.app.db;
    const entry = await one(read, await present(read, missedCallId));
    return { ...entry, calls: await toTries(read, await newestTries(read, missedCallId, TRIES_SHOWN)) };
  }

  /** Takes a caller on. Who may change others' entries takes them over. */
  claim(actor: UserActor, missedCallId: string, { version }: MissedCallClaim): Promise<MissedCall> {
    return this.change({ actor, missedCallId, version }, ({ state, ownerId }) =>
      state === 'open' && ownerId === actor.userId ? null : { ownerId: actor.userId },
    );
  }

  release(actor: UserActor, missedCallId: string, { version }: MissedCallClaim): Promise<MissedCall> {
    return this.change({ actor, missedCallId, version }, ({ state, ownerId }) =>
      state === 'open' && ownerId === null ? null : { ownerId: null },
    );
  }

  schedule(actor: UserActor, missedCallId: string, { version, at, owner }: MissedCallSchedule): Promise<MissedCall> {
    const callbackAt = at === null ? null : new Date(at);
    const ownerId = owner === 'me' ? actor.userId : null;
    return this.change({ actor, missedCallId, version }, (row) => {
      const same = row.callbackAt?.getTime() === callbackAt?.getTime() && row.ownerId === ownerId;
      return row.state === 'open' && same ? null : { callbackAt, ownerId };
    });
  }

  /** @throws AppError `validation_failed` when it says "not needed" and not why. */
  async close(actor: UserActor, missedCallId: string, { version, by, note }: MissedCallClose): Promise<MissedCall> {
    const why = note.trim();
    if (by === 'not_needed' && why === '') throw AppError.field('note', 'required');
    return this.change({ actor, missedCallId, version }, (row) => {
      if (row.state === 'done' && row.doneBy === by && row.doneById === actor.userId && row.note === why) return null;
      return { state: 'done', doneAt: this.app.now(), doneBy: by, doneById: actor.userId, note: why };
    });
  }

  /** @throws AppError `not_found`; `version_conflict` with the entry as it is now; `invalid_state` when it is done or a colleague's. */
  private async change(
    { actor, missedCallId, version }: { actor: UserActor; missedCallId: string; version: number },
    decide: (row: MissedCallRow) => Change,
  ): Promise<MissedCall> {
    return this.app.db.write(async (tx) => {
      const row = await present(tx, missedCallId);
      const changes = decide(row);
      if (changes === null) return one(tx, row);
      if (row.version !== version) throw AppError.versionConflict(await one(tx, row));
      const others = row.ownerId !== null && row.ownerId !== actor.userId;
      if (row.state === 'done' || (others && !actor.permissions.has('missed.edit_all'))) throw new AppError('invalid_state');
      const changed = await updateMissedCall(tx, row, changes);
      const now = await one(tx, await present(tx, missedCallId));
      if (!changed) throw AppError.versionConflict(now);
      return now;
    });
  }

  private since(): Date | null {
    const { missedDays } = this.app.config;
    return missedDays === 0 ? null : new Date(this.app.now().getTime() - missedDays * DAY_MS);
  }
}

/** To a program nothing is assigned. */
function personOf(actor: Actor): string {
  return actor.kind === 'user' ? actor.userId : '';
}

async function present(tx: Tx, missedCallId: string): Promise<MissedCallRow> {
  const row = await missedCallById(tx, missedCallId);
  if (row === null) throw AppError.notFound();
  return row;
}

async function one(tx: Tx, row: MissedCallRow): Promise<MissedCall> {
  const [entry] = await toMissedCalls(tx, [row]);
  if (entry === undefined) throw new Error('A row gave no missed call.');
  return entry;
}
