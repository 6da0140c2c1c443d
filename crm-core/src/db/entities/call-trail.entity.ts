import { EntitySchema } from 'typeorm';
import type { CallTrail } from '../../../contract/call-trail';
import type { EntityColumns } from '../columns';

/** How a call came to an agent's screen, or did not; kept for some days. */
export interface CallTrailRow {
  callId: string;
  trail: CallTrail;
  receivedAt: Date;
}

export function callTrailEntity(column: EntityColumns) {
  return new EntitySchema<CallTrailRow>({
    name: 'call_trail',
    tableName: 'call_trails',
    columns: {
      callId: { ...column.text('call_id', 150), primary: true },
      trail: column.json('trail'),
      receivedAt: column.timestamp('received_at'),
    },
  });
}
