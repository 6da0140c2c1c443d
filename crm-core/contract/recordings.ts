import { z } from 'zod';
import type { CallLogLeg } from './calls';

/** `GET /calls/{callId}/recordings/{index}`: which of the row's `recordings`, from 0. */
export const RecordingParams = z.object({ callId: z.string().min(1).max(150), index: z.coerce.number().int().min(0).max(999) });
export type RecordingParams = z.infer<typeof RecordingParams>;

/**
 * Whose voice is on it: with `recording.listen_own` an agent hears the calls in which this telephone was picked up. Whoever was only
 * rung sees the call and does not hear it.
 */
export function pickedUp(legs: readonly Pick<CallLogLeg, 'role' | 'extension' | 'answeredAt'>[], extension: string | null): boolean {
  return extension !== null && legs.some((leg) => leg.role === 'agent' && leg.extension === extension && leg.answeredAt !== null);
}
