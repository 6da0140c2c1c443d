import type { Tx } from '../../db';
import { dispositionOfCall, removeDisposition } from '../../db/repositories/dispositions.repository';
import { speakersOf } from './call-part';

/** How a call went, said while it lived by somebody who had no part in it, as its row tells now: it is as if nothing had been said. */
export async function dropWordOfOthers(tx: Tx, callId: string, extensions: readonly string[]): Promise<void> {
  const said = await dispositionOfCall(tx, callId);
  if (said !== null && !(await speakersOf(tx, [said.setById], extensions)).has(said.setById)) await removeDisposition(tx, callId);
}
