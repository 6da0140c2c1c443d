import type { CallLogEntry, CallLogRow } from '../../../contract/calls';
import type { Tx } from '../../db';
import type { CallOwner } from '../../db/repositories/calls.repository';
import type { CallAgentRow, CallMoves, CallRow } from '../../db/entities/call.entity';
import type { HotlineRecordRow } from '../../db/entities/hotline-record.entity';
import type { UserRow } from '../../db/entities/user.entity';
import type { NumberClass } from '../../../contract/match';
import { contactsByIds } from '../../db/repositories/contacts.repository';
import { customersByIds } from '../../db/repositories/customers.repository';
import { dispositionsOfCalls } from '../../db/repositories/dispositions.repository';
import { recordsOfCalls } from '../../db/repositories/hotline-records.repository';
import { namesByExtension, usersByIds } from '../../db/repositories/users.repository';

export interface Intake {
  readonly numberKey: string | null;
  readonly numberClass: NumberClass;
  readonly owner: CallOwner;
  readonly receivedAt: Date;
}

export function toCallRow(row: CallLogRow, { numberKey, numberClass, owner, receivedAt }: Intake): CallRow {
  const { linkedIds, legs, queueVisits, startedAt, answeredAt, endedAt, remoteNumber, remoteName, exitReason, ...rest } = row;
  const { transfers, parkings, conference, recordings, voicemail, source, ...same } = rest;
  return {
    ...same,
    ...owner,
    remoteNumber: remoteNumber === null ? null : printable(remoteNumber),
    remoteName: remoteName === null ? null : printable(remoteName),
    startedAt: new Date(startedAt),
    answeredAt: answeredAt === null ? null : new Date(answeredAt),
    endedAt: new Date(endedAt),
    numberKey,
    numberClass,
    detail: {
      linkedIds,
      legs,
      queueVisits,
      ...(exitReason === undefined ? {} : { exitReason }),
      moves: { transfers, parkings, conference, recordings, voicemail, source },
    },
    receivedAt,
  };
}

/** Databases take only so many values in one question; those beyond stand with their number. */
const NAMES_LIMIT = 1_000;
const NO_MOVES = { transfers: [], parkings: [], conference: false, recordings: [], source: 'live' } as const satisfies CallMoves;

/** Whoever had a leg, and the agent it ended with. */
export function toCallAgents({ callId, agentExtension, legs, startedAt }: CallLogRow): CallAgentRow[] {
  const extensions = [...legs.flatMap((leg) => (leg.role === 'agent' ? [leg.extension] : [])), agentExtension];
  const distinct = new Set(extensions.filter((extension) => extension !== null));
  return [...distinct].map((extension) => ({ callId, extension, startedAt: new Date(startedAt) }));
}

/** The network's caller name and number are hostile text: shown as they are, but nothing invisible in them is kept. */
function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Cs}]/gu, '');
}

/** Rows as they are read, with the names of whoever took part: six look-ups a page, however many rows. */
export async function toEntries(tx: Tx, rows: readonly CallRow[]): Promise<CallLogEntry[]> {
  const ids = (values: readonly (string | null)[]) => values.filter((value) => value !== null);
  const callIds = rows.map((row) => row.callId);
  const [customers, contacts, agents, records, dispositions] = await Promise.all([
    customersByIds(tx, ids(rows.map((row) => row.customerId))),
    contactsByIds(tx, ids(rows.map((row) => row.contactId))),
    namesByExtension(tx, [...new Set(rows.flatMap(extensionsOf))].slice(0, NAMES_LIMIT)),
    recordsOfCalls(tx, callIds),
    dispositionsOfCalls(tx, callIds),
  ]);
  const speakers = await usersByIds(
    tx,
    records.map(({ servedById }) => servedById),
  );
  return rows.map(({ detail, startedAt, answeredAt, endedAt, receivedAt: _receivedAt, link: _link, ...row }) => ({
    ...row,
    context: row.context ?? 'external',
    linkedIds: [...detail.linkedIds],
    legs: [...detail.legs],
    queueVisits: [...detail.queueVisits],
    ...(detail.exitReason === undefined ? {} : { exitReason: detail.exitReason }),
    voicemail: null,
    ...(detail.moves ?? { ...NO_MOVES, recordings: row.recording === null ? [] : [row.recording] }),
    startedAt: startedAt.toISOString(),
    answeredAt: answeredAt?.toISOString() ?? null,
    endedAt: endedAt.toISOString(),
    customerName: customers.get(row.customerId ?? '')?.name ?? null,
    contactName: contacts.get(row.contactId ?? '')?.name ?? null,
    agentName: agents.get(row.agentExtension ?? '') ?? null,
    hotlineRecordId: recordOf({ ...row, detail }, records, speakers)?.recordId ?? null,
    disposition: dispositions.get(row.callId) ?? null,
    agents: Object.fromEntries(
      extensionsOf({ ...row, detail }).flatMap((extension) => {
        const name = agents.get(extension);
        return name === undefined ? [] : [[extension, name]];
      }),
    ),
  }));
}

/** The call's newest record, and before it that of somebody who had a leg. */
function recordOf(
  { callId, agentExtension, detail }: Pick<CallRow, 'callId' | 'agentExtension' | 'detail'>,
  records: readonly HotlineRecordRow[],
  users: ReadonlyMap<string, UserRow>,
): HotlineRecordRow | undefined {
  const all = records.filter((record) => record.callId === callId);
  const extensions = [agentExtension, ...detail.legs.map(({ extension }) => extension)];
  return all.find(({ servedById }) => extensions.includes(users.get(servedById)?.extension ?? '')) ?? all[0];
}

/** Every extension of the row, once: who talked, who was rung, who passed on and to whom, who parked. */
function extensionsOf({ agentExtension, detail }: Pick<CallRow, 'agentExtension' | 'detail'>): string[] {
  const { legs, moves = NO_MOVES } = detail;
  const all = [
    agentExtension,
    ...legs.map((leg) => leg.extension),
    ...moves.transfers.flatMap(({ fromExtension, to }) => [fromExtension, to]),
    ...moves.parkings.flatMap(({ byExtension, toExtension = null }) => [byExtension, toExtension]),
  ];
  return [...new Set(all.filter((extension) => extension !== null))];
}
