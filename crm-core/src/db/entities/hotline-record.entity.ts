import { EntitySchema } from 'typeorm';
import type { CallDirection } from '../../../contract/calls';
import type { RecordStatus, ServiceMethod, Solved } from '../../../contract/hotline-records';
import { nullable, type EntityColumns } from '../columns';

export interface HotlineRecordRow {
  recordId: string;
  callId: string | null;
  direction: CallDirection | null;
  remoteNumber: string | null;
  /** Key of `remoteNumber`: a number seen here before may name its customer. */
  remoteKey: string | null;
  customerId: string | null;
  contactId: string | null;
  servedById: string;
  occurredAt: Date;
  method: ServiceMethod;
  problem: string;
  solution: string;
  solved: Solved | null;
  remarks: string;
  sourceContact: string;
  status: RecordStatus;
  createdAt: Date;
  updatedAt: Date;
  updatedById: string;
  version: number;
}

export function hotlineRecordEntity(column: EntityColumns) {
  const text = (name: string, length: number) => nullable(column.text(name, length));
  return new EntitySchema<HotlineRecordRow>({
    name: 'hotline_record',
    tableName: 'hotline_records',
    columns: {
      recordId: { ...column.id('record_id'), primary: true },
      callId: text('call_id', 150),
      direction: text('direction', 20),
      remoteNumber: text('remote_number', 128),
      remoteKey: text('remote_key', 40),
      customerId: nullable(column.id('customer_id')),
      contactId: nullable(column.id('contact_id')),
      servedById: column.id('served_by_id'),
      occurredAt: column.timestamp('occurred_at'),
      method: column.text('method', 20),
      problem: column.longText('problem'),
      solution: column.longText('solution'),
      solved: text('solved', 20),
      remarks: column.longText('remarks'),
      sourceContact: column.text('source_contact', 255),
      status: column.text('status', 20),
      createdAt: column.timestamp('created_at'),
      updatedAt: column.timestamp('updated_at'),
      updatedById: column.id('updated_by_id'),
      version: column.integer('version'),
    },
  });
}
