import { EntitySchema } from 'typeorm';
import type { CallerMarkKind } from '../../../contract/caller-marks';
import type { NumberClass } from '../../../contract/match';
import { nullable, type EntityColumns } from '../columns';

export interface CallerMarkRow {
  markId: string;
  numberKey: string;
  numberClass: NumberClass;
  kind: CallerMarkKind;
  reason: string;
  untilAt: Date | null;
  createdAt: Date;
  createdById: string;
  endedAt: Date | null;
  /** Null beside `endedAt`: its time had come. */
  endedById: string | null;
  version: number;
}

export function callerMarkEntity(column: EntityColumns) {
  return new EntitySchema<CallerMarkRow>({
    name: 'caller_mark',
    tableName: 'caller_marks',
    columns: {
      markId: { ...column.id('mark_id'), primary: true },
      numberKey: column.text('number_key', 40),
      numberClass: column.text('number_class', 20),
      kind: column.text('kind', 20),
      reason: column.text('reason', 200),
      untilAt: nullable(column.timestamp('until_at')),
      createdAt: column.timestamp('created_at'),
      createdById: column.id('created_by_id'),
      endedAt: nullable(column.timestamp('ended_at')),
      endedById: nullable(column.id('ended_by_id')),
      version: column.integer('version'),
    },
  });
}
