import { EntitySchema } from 'typeorm';
import type { EntityColumns } from '../columns';

export interface DispositionRow {
  code: string;
  zh: string;
  en: string;
  position: number;
  active: boolean;
}

export function dispositionEntity(column: EntityColumns) {
  return new EntitySchema<DispositionRow>({
    name: 'disposition',
    tableName: 'dispositions',
    columns: {
      code: { ...column.text('code', 40), primary: true },
      zh: column.text('zh', 80),
      en: column.text('en', 80),
      position: column.integer('position'),
      active: column.flag('active'),
    },
  });
}

/** Beside the call and not in it: it is said before the call's row is there, and taking the row in again does not touch it. */
export interface CallDispositionRow {
  callId: string;
  code: string;
  setById: string;
  setAt: Date;
}

export function callDispositionEntity(column: EntityColumns) {
  return new EntitySchema<CallDispositionRow>({
    name: 'call_disposition',
    tableName: 'call_dispositions',
    columns: {
      callId: { ...column.text('call_id', 150), primary: true },
      code: column.text('code', 40),
      setById: column.id('set_by_id'),
      setAt: column.timestamp('set_at'),
    },
  });
}
