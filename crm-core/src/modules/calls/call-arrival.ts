import type { Tx } from '../../db';
import type { CallRow } from '../../db/entities/call.entity';
import type { HotlineRecordRow } from '../../db/entities/hotline-record.entity';
import { dispositionOfCall, removeDisposition } from '../../db/repositories/dispositions.repository';
import { correctRecord, recordsOfCalls } from '../../db/repositories/hotline-records.repository';
import { usersByIds } from '../../db/repositories/users.repository';
import type { CallLinks } from './call-links';
import { speakersOf } from './call-part';

type Locked = Pick<HotlineRecordRow, 'direction' | 'remoteNumber' | 'remoteKey' | 'occurredAt'>;

/** What a record has of its call and nobody types: the moment is when its own agent began to talk. */
export function lockedFields(call: CallRow, extension: string | null): Locked {
  const { direction, remoteNumber, numberKey, startedAt, answeredAt, detail } = call;
  const picked = detail.legs.flatMap((leg) =>
    leg.role === 'agent' && extension !== null && leg.extension === extension && leg.answeredAt !== null
      ? [Date.parse(leg.answeredAt)]
      : [],
  );
  // One who dialled picked up their own telephone before there was anybody to talk with.
  const own = picked.length === 0 ? 0 : Math.min(...picked);
  const occurredAt = new Date(Math.max(own, (answeredAt ?? startedAt).getTime()));
  return { direction, remoteNumber, remoteKey: numberKey, occurredAt };
}

/** Records begun while the call lived have its fields now, whatever was sent then. */
export async function correctRecords(tx: Tx, links: CallLinks, call: CallRow): Promise<void> {
  const records = await recordsOfCalls(tx, [call.callId]);
  const users = await usersByIds(
    tx,
    records.map(({ servedById }) => servedById),
  );
  for (const record of records) {
    const fields = lockedFields(call, users.get(record.servedById)?.extension ?? null);
    await correctRecord(tx, record.recordId, fields);
    if (fields.occurredAt.getTime() !== record.occurredAt.getTime()) await links.lastContactFollows(tx, { ...record, ...fields });
  }
}

/** How a call went, said while it lived by somebody who had no part in it, as its row tells now: it is as if nothing had been said. */
export async function dropWordOfOthers(tx: Tx, callId: string, extensions: readonly string[]): Promise<void> {
  const said = await dispositionOfCall(tx, callId);
  if (said !== null && !(await speakersOf(tx, [said.setById], extensions)).has(said.setById)) await removeDisposition(tx, callId);
}
