import { newId, type Database, type Tx } from '../../db';
import type { CallRow } from '../../db/entities/call.entity';
import type { CallOwner } from '../../db/repositories/calls.repository';
import type { DirectoryEntry } from '../../db/repositories/directory.repository';
import {
  advanceLinkTask,
  callsOfKey,
  endLinkTask,
  nextLinkTask,
  orderLinking,
  setOwnerOfCalls,
} from '../../db/repositories/link-tasks.repository';
import { soleOwner } from '../match/owners';
import type { Ownership } from '../match/ownership';
import { NOBODY } from './call-owners';

/** So many calls are gone through in one transaction: few enough that nobody waits for it. */
const BATCH = 200;
/** Most numbers have few calls or none: so many of them in one transaction. */
const TASKS = 30;

/**
 * Past calls follow their number. The newest are linked in the transaction that changed the number, so that the history shows them
 * at once; the rest, of a number that called thousands of times, in the background.
 */
export class CallLinking {
  /** Called after a transaction may have ordered work for the background. */
  onOrdered: () => void = () => undefined;

  constructor(
    private readonly ownership: Ownership,
    private readonly now: () => Date,
  ) {}

  /** A key was given to somebody, taken away, or decided about. */
  async keyChanged(tx: Tx, key: string): Promise<void> {
    const last = await this.batch(tx, key, null);
    if (last === null) return;
    await orderLinking(tx, { numberKey: key, token: newId(), positionAt: last.at, positionId: last.id, createdAt: this.now() });
    this.onOrdered();
  }

  /** For work of the background itself, which need not show at once. */
  async order(tx: Tx, key: string): Promise<void> {
    await orderLinking(tx, { numberKey: key, token: newId(), positionAt: null, positionId: null, createdAt: this.now() });
    this.onOrdered();
  }

  /** A few small tasks, or one batch of a large one; the oldest first. False: nothing to do. */
  async next(db: Database): Promise<boolean> {
    // Without work not even the beginning of a transaction, for which a full or locked database would have to be waited for.
    if ((await nextLinkTask(db.read)) === null) return false;
    return db.write(async (tx) => {
      for (let task = 0; task < TASKS; task++) {
        const progress = await this.step(tx);
        if (progress !== 'task_over') return progress === 'batch_over';
      }
      return true;
    });
  }

  private async step(tx: Tx): Promise<'nothing' | 'batch_over' | 'task_over'> {
    const task = await nextLinkTask(tx);
    if (task === null) return 'nothing';
    const { positionAt, positionId } = task;
    const before = positionAt === null || positionId === null ? null : { at: positionAt, id: positionId };
    const last = await this.batch(tx, task.numberKey, before);
    if (last === null) await endLinkTask(tx, task);
    else await advanceLinkTask(tx, task, last);
    return last === null ? 'task_over' : 'batch_over';
  }

  /** Where it ended; null when there is nothing behind. */
  private async batch(tx: Tx, key: string, before: { at: Date; id: string } | null): Promise<{ at: Date; id: string } | null> {
    const calls = await callsOfKey(tx, key, { before, limit: BATCH });
    if (calls.length === 0) return null;
    const { entries } = await this.ownership.ofKey(tx, key);
    const owners = new Map<string, { owner: CallOwner; callIds: string[] }>();
    for (const call of calls) {
      const owner = ownerByKey(call, entries);
      if (owner === null) continue;
      const name = `${owner.customerId} ${owner.contactId}`;
      const group = owners.get(name) ?? { owner, callIds: [] };
      owners.set(name, group);
      group.callIds.push(call.callId);
    }
    for (const { owner, callIds } of owners.values()) await setOwnerOfCalls(tx, callIds, owner);
    const last = calls.at(-1);
    return last === undefined || calls.length < BATCH ? null : { at: last.startedAt, id: last.callId };
  }
}

/** Null: it stays as it is. What a person said of a call is never touched; a customer that still has the number keeps the call. */
export function ownerByKey(
  { customerId, contactId, link }: Pick<CallRow, 'customerId' | 'contactId' | 'link'>,
  entries: readonly DirectoryEntry[],
): CallOwner | null {
  if (link === 'record') return null;
  const kept = customerId !== null && entries.some((entry) => entry.customerId === customerId);
  if (kept) {
    const there = contactId === null || entries.some((entry) => entry.contactId === contactId);
    return there ? null : { customerId, contactId: null, link: 'key' };
  }
  const sole = soleOwner(entries);
  if (sole === null) return customerId === null ? null : NOBODY;
  return { ...sole, link: 'key' };
}
