import { newId, Overtaken, type Tx } from '../../db';
import type { CallRow } from '../../db/entities/call.entity';
import type { MissedCallRow, MissedTryRow } from '../../db/entities/missed-call.entity';
import { callById } from '../../db/repositories/calls.repository';
import {
  deleteMissedCall,
  deleteTry,
  entriesOfCaller,
  insertMissedCall,
  insertTry,
  missedCallById,
  moveTries,
  reachBefore,
  reachesFrom,
  tryOfCall,
  unsettledTries,
  updateMissedCall,
  updateTry,
} from '../../db/repositories/missed-calls.repository';
import { userIdsByExtension } from '../../db/repositories/users.repository';
import { callerOf, inTime, missedReasonOf, rawNumberOf, reachedAtOf, triesByReach } from './caller-tries';

/** Talks looked at from a call on; more than these two can only be there when a call is delivered again at another moment. */
const NEXT_REACHES = 20;

interface Settling {
  readonly caller: string;
  /** Moments at which something about this caller's calls has changed. */
  readonly moments: readonly Date[];
  readonly callId: string;
  /** The call as a try that is not kept yet. */
  readonly added: Omit<MissedTryRow, 'missedCallId'> | null;
}

type Group = {
  readonly reach: CallRow | null;
  readonly tries: readonly (Omit<MissedTryRow, 'missedCallId'> & { missedCallId: string | null })[];
};

/**
 * Keeps the list of callers to call back in step with the call log, in whatever order and however often calls are handed over: every try
 * belongs to the first talk with that caller since, or is open. What a person has closed stays closed; a try that becomes known only
 * after that begins a new entry, because nobody had seen it.
 */
export class MissedIntake {
  /** A call was stored; `before` is what was there of it. */
  async callStored(tx: Tx, call: CallRow, before: CallRow | null): Promise<void> {
    const moments = [call, before].flatMap((row) => momentsOf(row));
    if (moments.length === 0) return;
    const caller = callerOf(call);
    const formerCaller = before === null ? null : callerOf(before);
    const added = await this.keepTry(tx, call, caller);
    if (added === 'closed') return;
    if (formerCaller !== null && formerCaller !== caller)
      await settle(tx, { caller: formerCaller, moments, callId: call.callId, added: null });
    if (caller !== null) await settle(tx, { caller, moments, callId: call.callId, added });
  }

  /** Brings the call's own try up to date; `closed`: a person has closed the entry it belongs to. */
  private async keepTry(tx: Tx, call: CallRow, caller: string | null): Promise<Settling['added'] | 'closed'> {
    const reason = missedReasonOf(call);
    const present = await tryOfCall(tx, call.callId);
    if (present === null) return reason === null || caller === null ? null : { callId: call.callId, caller, at: call.startedAt, reason };
    const entry = await missedCallById(tx, present.missedCallId);
    if (entry?.doneBy === 'called_back' || entry?.doneBy === 'not_needed') return 'closed';
    if (reason !== null && caller === present.caller) {
      await updateTry(tx, call.callId, { at: call.startedAt, reason });
      return null;
    }
    await deleteTry(tx, call.callId);
    await this.dropEmpty(tx, present);
    return reason === null || caller === null ? null : { callId: call.callId, caller, at: call.startedAt, reason };
  }

  /** An entry whose only try was none after all. */
  private async dropEmpty(tx: Tx, { caller, missedCallId }: MissedTryRow): Promise<void> {
    const others = await unsettledTries(tx, caller, { after: null, until: null });
    if (!others.some((one) => one.missedCallId === missedCallId)) await deleteMissedCall(tx, missedCallId);
  }
}

function momentsOf(row: CallRow | null): Date[] {
  if (row === null) return [];
  const reachedAt = reachedAtOf(row);
  if (reachedAt !== null) return [reachedAt];
  return missedReasonOf(row) === null ? [] : [row.startedAt];
}

/** Puts the caller's tries around those moments, between the talks before and after, where they belong. */
async function settle(tx: Tx, { caller, moments, callId, added }: Settling): Promise<void> {
  const times = moments.map((moment) => moment.getTime());
  const [first, last] = [new Date(Math.min(...times)), new Date(Math.max(...times))];
  const { previous, reaches } = await reachesAround(tx, { caller, first, last, callId });
  const next = reaches.at(-1);
  const closed = next !== undefined && next.answeredAt !== null && next.answeredAt >= last && next.callId !== callId;
  const window = { after: previous?.answeredAt ?? null, until: closed ? next.answeredAt : null };
  const tries = [...(await unsettledTries(tx, caller, window)), ...(added === null ? [] : [{ ...added, missedCallId: null }])];
  if (tries.length === 0) return;
  const timed = reaches.flatMap((reach) => (reach.answeredAt === null ? [] : [{ callId: reach.callId, at: reach.answeredAt }]));
  const groups = [...triesByReach(tries, timed)].map(([key, members]): Group => ({
    reach: reaches.find((reach) => reach.callId === key) ?? null,
    tries: members,
  }));
  await store(tx, caller, groups);
}

async function reachesAround(tx: Tx, { caller, first, last, callId }: { caller: string; first: Date; last: Date; callId: string }) {
  if (caller.startsWith('call:')) return { previous: null, reaches: [] };
  const rawNumber = rawNumberOf(caller);
  const who = rawNumber === null ? { numberKey: caller } : { rawNumber };
  const previous = await reachBefore(tx, who, first);
  const following = await reachesFrom(tx, who, first, NEXT_REACHES);
  const end = following.findIndex((reach) => reach.answeredAt !== null && reach.answeredAt >= last && reach.callId !== callId);
  return { previous, reaches: end < 0 ? following : following.slice(0, end + 1) };
}

/** Gives every group an entry: the one it had, so that an owner keeps it, or a new one. */
async function store(tx: Tx, caller: string, groups: readonly Group[]): Promise<void> {
  const doneCallIds = groups.flatMap(({ reach }) => (reach === null ? [] : [reach.callId]));
  const known = await entriesOf(tx, caller, groups, doneCallIds);
  const taken = new Set<string>();
  // The open group chooses first: whoever has claimed the caller keeps what is still to be done.
  const chosen = [...groups]
    .sort((a, b) => Number(a.reach !== null) - Number(b.reach !== null))
    .map((group) => {
      const entry = entryFor(group, known, { taken, doneCallIds });
      if (entry !== null) taken.add(entry.missedCallId);
      return { group, entry };
    });
  // Done ones before open ones: a caller has one open entry at a time.
  for (const { group, entry } of chosen.toReversed()) await write(tx, { caller, group, entry });
  const emptied = known.filter(
    (entry) => !taken.has(entry.missedCallId) && groups.some(({ tries }) => tries.some((one) => one.missedCallId === entry.missedCallId)),
  );
  for (const { missedCallId } of emptied) await deleteMissedCall(tx, missedCallId);
}

async function entriesOf(tx: Tx, caller: string, groups: readonly Group[], doneCallIds: readonly string[]): Promise<MissedCallRow[]> {
  const entries = await entriesOfCaller(tx, caller, doneCallIds);
  const ids = new Set(groups.flatMap(({ tries }) => tries.flatMap(({ missedCallId }) => missedCallId ?? [])));
  for (const id of ids) {
    const entry = entries.some((one) => one.missedCallId === id) ? null : await missedCallById(tx, id);
    if (entry !== null) entries.push(entry);
  }
  return entries;
}

function entryFor(
  { reach, tries }: Group,
  known: readonly MissedCallRow[],
  { taken, doneCallIds }: { taken: ReadonlySet<string>; doneCallIds: readonly string[] },
): MissedCallRow | null {
  const free = known.filter((entry) => !taken.has(entry.missedCallId));
  const own = free.find((entry) => (reach === null ? entry.state === 'open' : entry.doneCallId === reach.callId));
  if (own !== undefined) return own;
  const former = free.filter((entry) => tries.some((one) => one.missedCallId === entry.missedCallId));
  return former.find((entry) => entry.doneCallId === null || !doneCallIds.includes(entry.doneCallId)) ?? null;
}

async function write(tx: Tx, { caller, group, entry }: { caller: string; group: Group; entry: MissedCallRow | null }): Promise<void> {
  const state = { ...(await summaryOf(tx, group)), ...(await endOf(tx, group.reach)) };
  let missedCallId = entry?.missedCallId;
  if (missedCallId === undefined) {
    missedCallId = newId();
    await insertMissedCall(tx, { missedCallId, caller, ownerId: null, callbackAt: null, ...state, version: 1 });
  } else if (entry !== null && differs(entry, state) && !(await updateMissedCall(tx, entry, state))) {
    throw new Overtaken();
  }
  for (const { callId, at, reason } of group.tries.filter((one) => one.missedCallId === null)) {
    await insertTry(tx, { callId, missedCallId, caller, at, reason });
  }
  const moved = group.tries.filter((one) => one.missedCallId !== null && one.missedCallId !== missedCallId);
  await moveTries(
    tx,
    moved.map(({ callId }) => callId),
    missedCallId,
  );
}

/** What lists show of the tries. */
async function summaryOf(tx: Tx, { tries }: Group) {
  const sorted = [...tries].sort(inTime);
  const [first, last] = [sorted[0], sorted.at(-1)];
  const call = last === undefined ? null : await callById(tx, last.callId);
  if (first === undefined || last === undefined || call === null) throw new Error('A missed call has no call.');
  const { numberKey, numberClass, remoteNumber, remoteName, line, queue, waitMs } = call;
  return {
    ...{ numberKey, numberClass, remoteNumber, remoteName, line, queue, waitMs },
    lastCallId: last.callId,
    reason: last.reason,
    tries: tries.length,
    firstAt: first.at,
    lastAt: last.at,
    callbackRequested: tries.some(({ reason }) => reason === 'callback_requested'),
  };
}

async function endOf(tx: Tx, reach: CallRow | null) {
  if (reach === null) return { state: 'open' as const, doneAt: null, doneBy: null, doneById: null, doneCallId: null, note: '' };
  const { agentExtension } = reach;
  const users = agentExtension === null ? null : await userIdsByExtension(tx, [agentExtension]);
  return {
    state: 'done' as const,
    doneAt: reach.answeredAt,
    doneBy: reach.direction === 'inbound' ? ('got_through' as const) : ('reached' as const),
    doneById: users?.get(agentExtension ?? '') ?? null,
    doneCallId: reach.callId,
    note: '',
  };
}

/** Nothing new is no change: a call handed over again leaves everybody's version as it is. */
function differs(entry: MissedCallRow, state: Partial<MissedCallRow>): boolean {
  const comparable = (value: unknown) => (value instanceof Date ? value.getTime() : value);
  return (Object.keys(state) as (keyof MissedCallRow)[]).some((name) => comparable(entry[name]) !== comparable(state[name]));
}
