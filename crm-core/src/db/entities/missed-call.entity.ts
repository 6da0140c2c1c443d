import { EntitySchema } from 'typeorm';
import type { NumberClass } from '../../../contract/match';
import type { MissedDoneBy, MissedReason } from '../../../contract/missed-calls';
import { nullable, type EntityColumns } from '../columns';

/** A caller who was not served; figures of the tries are kept here too, so that lists need nothing else. */
export interface MissedCallRow {
  missedCallId: string;
  /** Who called: the number's key, else the number as it came, else the call. One open entry each. */
  caller: string;
  numberKey: string | null;
  numberClass: NumberClass;
  remoteNumber: string | null;
  remoteName: string | null;
  lastCallId: string;
  line: string | null;
  queue: string | null;
  reason: MissedReason;
  waitMs: number;
  tries: number;
  firstAt: Date;
  lastAt: Date;
  callbackRequested: boolean;
  state: 'open' | 'done';
  ownerId: string | null;
  callbackAt: Date | null;
  doneAt: Date | null;
  doneBy: MissedDoneBy | null;
  doneById: string | null;
  doneCallId: string | null;
  note: string;
  version: number;
}

export function missedCallEntity(column: EntityColumns) {
  const text = (name: string, length: number) => nullable(column.text(name, length));
  return new EntitySchema<MissedCallRow>({
    name: 'missed_call',
    tableName: 'missed_calls',
    columns: {
      missedCallId: { ...column.id('missed_call_id'), primary: true },
      caller: column.text('caller', 170),
      numberKey: text('number_key', 40),
      numberClass: column.text('number_class', 20),
      remoteNumber: text('remote_number', 128),
      remoteName: text('remote_name', 255),
      lastCallId: column.text('last_call_id', 150),
      line: text('line', 32),
      queue: text('queue', 80),
      reason: column.text('reason', 20),
      waitMs: column.integer('wait_ms'),
      tries: column.integer('tries'),
      firstAt: column.timestamp('first_at'),
      lastAt: column.timestamp('last_at'),
      callbackRequested: column.flag('callback_requested'),
      state: column.text('state', 20),
      ownerId: nullable(column.id('owner_id')),
      callbackAt: nullable(column.timestamp('callback_at')),
      doneAt: nullable(column.timestamp('done_at')),
      doneBy: text('done_by', 20),
      doneById: nullable(column.id('done_by_id')),
      doneCallId: text('done_call_id', 150),
      note: column.text('note', 1000),
      version: column.integer('version'),
    },
  });
}

/** Which calls an entry is made of. */
export interface MissedTryRow {
  callId: string;
  missedCallId: string;
  caller: string;
  at: Date;
  reason: MissedReason;
}

export function missedTryEntity(column: EntityColumns) {
  return new EntitySchema<MissedTryRow>({
    name: 'missed_try',
    tableName: 'missed_tries',
    columns: {
      callId: { ...column.text('call_id', 150), primary: true },
      missedCallId: column.id('missed_call_id'),
      caller: column.text('caller', 170),
      at: column.timestamp('tried_at'),
      reason: column.text('reason', 20),
    },
  });
}
