import { EntitySchema } from 'typeorm';
import { nullable, type EntityColumns } from '../columns';

export interface AuditEntryRow {
  auditId: string;
  at: Date;
  byUserId: string;
  action: string;
  numberKey: string | null;
  customerId: string | null;
  callId: string | null;
  before: object | null;
  after: object | null;
}

export function auditEntryEntity(column: EntityColumns) {
  return new EntitySchema<AuditEntryRow>({
    name: 'audit_entry',
    tableName: 'audit_entries',
    columns: {
      auditId: { ...column.id('audit_id'), primary: true },
      at: column.timestamp('at'),
      byUserId: column.id('by_user_id'),
      action: column.text('action', 60),
      numberKey: nullable(column.text('number_key', 40)),
      customerId: nullable(column.id('customer_id')),
      callId: nullable(column.text('call_id', 150)),
      before: nullable(column.json('before_state')),
      after: nullable(column.json('after_state')),
    },
  });
}
