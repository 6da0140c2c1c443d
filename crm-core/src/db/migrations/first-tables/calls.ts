import { Table } from 'typeorm';
import type { TableColumns } from '../../columns';
import { CONTACT, CUSTOMER, foreign, NUMBER_CLASSES, oneOf, optional, primary, USER } from './table-parts';

export function calls(column: TableColumns): Table {
  const text = (name: string, length: number) => optional(column.text(name, length));
  return new Table({
    name: 'calls',
    columns: [
      primary(column.text('call_id', 150), 'pk_calls'),
      column.text('direction', 20),
      text('line', 32),
      text('area_code', 8),
      text('remote_number', 128),
      text('remote_name', 255),
      text('number_key', 40),
      column.text('number_class', 20),
      optional(column.id('customer_id')),
      optional(column.id('contact_id')),
      text('link', 20),
      text('queue', 80),
      text('agent_extension', 32),
      text('dial_id', 64),
      column.timestamp('started_at'),
      optional(column.timestamp('answered_at')),
      column.timestamp('ended_at'),
      column.text('outcome', 20),
      column.text('ended_by', 20),
      optional(column.integer('cause')),
      column.integer('wait_ms'),
      column.integer('talk_ms'),
      column.integer('hold_ms'),
      text('recording', 255),
      column.flag('complete'),
      column.longText('detail'),
      column.timestamp('received_at'),
    ],
    checks: [
      oneOf('ck_calls_direction', 'direction', ['inbound', 'outbound', 'internal']),
      oneOf('ck_calls_number_class', 'number_class', NUMBER_CLASSES),
      oneOf('ck_calls_link', 'link', ['key', 'record']),
    ],
    foreignKeys: [foreign('fk_calls_customer', 'customer_id', CUSTOMER), foreign('fk_calls_contact', 'contact_id', CONTACT)],
    indices: [
      { name: 'ix_calls_started', columnNames: ['started_at', 'call_id'] },
      { name: 'ix_calls_customer', columnNames: ['customer_id', 'started_at', 'call_id'] },
      { name: 'ix_calls_key', columnNames: ['number_key', 'started_at', 'call_id'] },
    ],
  });
}

export function callAgents(column: TableColumns): Table {
  return new Table({
    name: 'call_agents',
    columns: [
      primary(column.text('call_id', 150), 'pk_call_agents'),
      primary(column.text('extension', 32), 'pk_call_agents'),
      column.timestamp('started_at'),
    ],
    foreignKeys: [foreign('fk_call_agents_call', 'call_id', ['calls', 'call_id'])],
    indices: [{ name: 'ix_call_agents_extension', columnNames: ['extension', 'started_at', 'call_id'] }],
  });
}

export function hotlineRecords(column: TableColumns): Table {
  const text = (name: string, length: number) => optional(column.text(name, length));
  return new Table({
    name: 'hotline_records',
    columns: [
      primary(column.id('record_id'), 'pk_hotline_records'),
      text('call_id', 150),
      text('direction', 20),
      text('remote_number', 128),
      text('remote_key', 40),
      optional(column.id('customer_id')),
      optional(column.id('contact_id')),
      column.id('served_by_id'),
      column.timestamp('occurred_at'),
      column.text('method', 20),
      column.longText('problem'),
      column.longText('solution'),
      text('solved', 20),
      column.longText('remarks'),
      column.text('source_contact', 255),
      column.text('status', 20),
      column.timestamp('created_at'),
      column.timestamp('updated_at'),
      column.id('updated_by_id'),
      column.integer('version'),
    ],
    checks: [
      oneOf('ck_hotline_records_method', 'method', ['phone', 'remote', 'other']),
      oneOf('ck_hotline_records_solved', 'solved', ['solved', 'to_verify', 'unsolved']),
      oneOf('ck_hotline_records_status', 'status', ['draft', 'done']),
    ],
    foreignKeys: [
      foreign('fk_hotline_records_customer', 'customer_id', CUSTOMER),
      foreign('fk_hotline_records_contact', 'contact_id', CONTACT),
      foreign('fk_hotline_records_served_by', 'served_by_id', USER),
      foreign('fk_hotline_records_updated_by', 'updated_by_id', USER),
    ],
    indices: [
      { name: 'ux_hotline_records_call', columnNames: ['call_id', 'served_by_id'], isUnique: true, where: 'call_id IS NOT NULL' },
      { name: 'ix_hotline_records_occurred', columnNames: ['occurred_at', 'record_id'] },
      { name: 'ix_hotline_records_customer', columnNames: ['customer_id', 'occurred_at', 'record_id'] },
      { name: 'ix_hotline_records_open', columnNames: ['customer_id', 'solved'] },
      { name: 'ix_hotline_records_served_by', columnNames: ['served_by_id', 'occurred_at', 'record_id'] },
      { name: 'ix_hotline_records_remote_key', columnNames: ['remote_key'] },
    ],
  });
}
