import type { CallLogRow } from '../../../../../crm-core/contract/calls';
import { CallBook, type CallModelConfig } from '../../../domain/call/call-book';
import { toCallLogRow } from '../../../domain/call/call-log-row';
import type { PbxEvent } from '../../../domain/call/pbx-event';
import { CelEvents } from './cel-events';
import type { CelRecord } from './cel-record';

export interface RebuildOptions extends CallModelConfig {
  /** Asterisk is known to have lost its calls then (it was killed); absent: a call without an end may live and is left out. */
  readonly lostAtMs?: number;
}

/**
 * The call log as the channel event log tells it: the rows of all calls that ended, in the order of their ends. The same call model as
 * for live events reads them, so a row differs from the live one only in what CEL does not tell; every row says so: `source` is `cel`
 * and `complete` false. Pure; never throws on records of any order.
 *
 * @param records in the order they were written, from before the first call's beginning: a call that began earlier has no row.
 */
export function rebuildCalls(records: readonly CelRecord[], options: RebuildOptions): CallLogRow[] {
  const book = new CallBook(options);
  const begun = new Set(records.filter((record) => record.type === 'CHAN_START').map((record) => record.channelId));
  const rows: CallLogRow[] = [];
  const take = (event: PbxEvent): void => {
    for (const effect of book.apply(event)) {
      if (effect.type !== 'call.ended' || effect.call.legs.some((leg) => !begun.has(leg.channelId))) continue;
      rows.push({ ...toCallLogRow(effect.call), complete: false, source: 'cel' });
    }
  };
  for (const event of new CelEvents(records).events()) take(event);
  if (options.lostAtMs !== undefined) take(allLost(options.lostAtMs));
  return rows;
}

function allLost(atMs: number): PbxEvent {
  const snapshot = { channels: [], queues: [], members: [], devices: [], startupKey: '' };
  return { type: 'resynced', atMs, gapFromMs: atMs, pbxRestarted: true, snapshot };
}
