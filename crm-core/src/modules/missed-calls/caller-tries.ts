import type { MissedReason } from '../../../contract/missed-calls';
import type { CallRow } from '../../db/entities/call.entity';

type Caller = Pick<CallRow, 'callId' | 'direction' | 'numberKey' | 'numberClass' | 'remoteNumber'>;
const RAW = 'raw:';

/**
 * Who called, or was called: by the number's key; a number that is none we can read by what arrived; a withheld one is nobody we know
 * again, so the call itself. Null: no customer's call.
 */
export function callerOf({ callId, direction, numberKey, numberClass, remoteNumber }: Caller): string | null {
  if (direction === 'internal') return null;
  if (numberKey !== null) return numberKey;
  if (remoteNumber !== null && remoteNumber !== '' && numberClass !== 'withheld') return RAW + remoteNumber;
  return direction === 'inbound' ? `call:${callId}` : null;
}

/** The number as it arrived, of a caller known by that only. */
export function rawNumberOf(caller: string): string | null {
  return caller.startsWith(RAW) ? caller.slice(RAW.length) : null;
}

/** Why this call makes its caller one to call back; null: it does not. */
export function missedReasonOf({ direction, answeredAt, outcome, detail }: CallRow): MissedReason | null {
  const { exitReason } = detail;
  if (direction !== 'inbound' || answeredAt !== null || outcome === 'answered' || exitReason === 'blocked') return null;
  return outcome === 'voicemail' ? outcome : (exitReason ?? outcome);
}

/** When this call brought customer and agent together, whoever had called; null: it did not. */
export function reachedAtOf({ direction, answeredAt, outcome }: CallRow): Date | null {
  return direction !== 'internal' && outcome === 'answered' ? answeredAt : null;
}

export interface Timed {
  readonly callId: string;
  readonly at: Date;
}

/**
 * Each try with the first talk since: tries of one talk are done by it, those of none (key null) are open. `reaches` in order of time.
 * A try counts from its beginning: whoever gets through on a second telephone while the first still waits has got through.
 */
export function triesByReach<T extends Timed>(tries: readonly T[], reaches: readonly Timed[]): Map<string | null, T[]> {
  const groups = new Map<string | null, T[]>();
  for (const one of [...tries].sort(inTime)) {
    const reach = reaches.find(({ at }) => at.getTime() >= one.at.getTime());
    const key = reach?.callId ?? null;
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  return groups;
}

export function inTime(a: Timed, b: Timed): number {
  return a.at.getTime() - b.at.getTime() || (a.callId < b.callId ? -1 : 1);
}
