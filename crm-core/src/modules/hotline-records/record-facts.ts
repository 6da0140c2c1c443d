import { storableKey, type CallerId } from '../../../caller-id';
import type { BeginHotlineRecord } from '../../../contract/hotline-records';
import type { CallRow } from '../../db/entities/call.entity';
import type { HotlineRecordRow } from '../../db/entities/hotline-record.entity';
import { lockedFields } from '../calls/call-arrival';
import type { NumberReading } from '../numbers/number-reading';

/** A clock that runs a little ahead of ours is no reason to refuse a record. */
const CLOCK_SKEW_MS = 60_000;

/** What a record is begun with besides the customer. */
export interface RecordFacts {
  readonly locked: Pick<HotlineRecordRow, 'direction' | 'remoteNumber' | 'remoteKey' | 'occurredAt'>;
  readonly caller: CallerId;
  /** Whether the number is certain enough to name its customer. */
  readonly certain: boolean;
}

/** As the panel tells it while the call lives; the call's row brings what holds. */
export function factsAsSent(input: BeginHotlineRecord, reading: NumberReading, now: Date): RecordFacts {
  const { direction, remoteNumber, occurredAt, line = null } = input;
  const caller = reading.caller(direction === 'internal' ? null : remoteNumber, { line });
  // A number completed by guessing its line or trunk may be somebody else's. The call's row brings the key later.
  const certain = line !== null || reading.isSameEverywhere(remoteNumber);
  const began = new Date(occurredAt);
  const happened = began.getTime() > now.getTime() + CLOCK_SKEW_MS ? now : began;
  return { locked: { direction, remoteNumber, remoteKey: certain ? storableKey(caller) : null, occurredAt: happened }, caller, certain };
}

export function factsOfCall(call: CallRow, extension: string | null, reading: NumberReading): RecordFacts {
  const { direction, remoteNumber, context } = call;
  const caller = reading.caller(direction === 'internal' ? null : remoteNumber, { ...call, context: context ?? 'external' });
  return { locked: lockedFields(call, extension), caller, certain: true };
}
