import type { MissedCall, MissedTry } from '../../../contract/missed-calls';
import type { Tx } from '../../db';
import type { CallRow } from '../../db/entities/call.entity';
import type { MissedCallRow, MissedTryRow } from '../../db/entities/missed-call.entity';
import { callsByIds } from '../../db/repositories/calls.repository';
import { contactsByIds } from '../../db/repositories/contacts.repository';
import { customersByIds } from '../../db/repositories/customers.repository';
import { namesByExtension, usersByIds } from '../../db/repositories/users.repository';

const present = (values: readonly (string | null)[]) => values.filter((value) => value !== null);

/** Entries with the customer of their last call and the names of people: four look-ups a page, however many rows. */
export async function toMissedCalls(tx: Tx, rows: readonly MissedCallRow[]): Promise<MissedCall[]> {
  const calls = await callsByIds(
    tx,
    rows.map((row) => row.lastCallId),
  );
  const [customers, contacts, users] = await Promise.all([
    customersByIds(tx, present([...calls.values()].map((call) => call.customerId))),
    contactsByIds(tx, present([...calls.values()].map((call) => call.contactId))),
    usersByIds(tx, present(rows.flatMap((row) => [row.ownerId, row.doneById]))),
  ]);
  const nameOf = (userId: string | null) => users.get(userId ?? '')?.displayName ?? null;
  return rows.map((row) => {
    const { caller: _caller, lastCallId, ownerId, callbackAt, doneAt, doneBy, doneById, doneCallId, note, ...same } = row;
    const { customerId = null, contactId = null } = calls.get(lastCallId) ?? {};
    return {
      ...same,
      customerId,
      customerName: customers.get(customerId ?? '')?.name ?? null,
      contactId,
      contactName: contacts.get(contactId ?? '')?.name ?? null,
      firstAt: row.firstAt.toISOString(),
      lastAt: row.lastAt.toISOString(),
      ownerUserId: ownerId,
      ownerName: nameOf(ownerId),
      callbackAt: callbackAt?.toISOString() ?? null,
      done:
        doneAt === null || doneBy === null
          ? null
          : { at: doneAt.toISOString(), by: doneBy, userId: doneById, name: nameOf(doneById), callId: doneCallId, note },
    };
  });
}

/** Each try with whose telephones rang for it. */
export async function toTries(tx: Tx, rows: readonly MissedTryRow[]): Promise<MissedTry[]> {
  const calls = await callsByIds(
    tx,
    rows.map((row) => row.callId),
  );
  const legs = [...calls.values()].flatMap((call) => call.detail.legs);
  const names = await namesByExtension(tx, present(legs.map((leg) => leg.extension)));
  return rows.flatMap(({ callId, at, reason }) => {
    const call = calls.get(callId);
    if (call === undefined) return [];
    const rung = call.detail.legs.filter((leg) => leg.role === 'agent');
    const { line, queue, waitMs } = call;
    return [
      {
        ...{ callId, line, queue, reason, waitMs },
        at: at.toISOString(),
        voicemail: messageOf(call),
        rung: rung.map(({ extension, startedAt, ringMs, result }) => ({
          ...{ extension, startedAt, ringMs, result },
          agentName: names.get(extension ?? '') ?? null,
        })),
      },
    ];
  });
}

function messageOf({ detail: { moves } }: CallRow): MissedTry['voicemail'] {
  if (moves?.voicemail == null) return null;
  const { file, durationMs } = moves.voicemail;
  return { index: Math.max(0, moves.recordings.indexOf(file)), durationMs };
}
