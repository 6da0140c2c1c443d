import { Table } from 'typeorm';
import type { TableColumns } from '../../columns';
import { CONTACT, CUSTOMER, foreign, NUMBER_CLASSES, oneOf, optional, primary, USER } from '../first-tables/table-parts';

/** One row a version of the rules; the highest is in force. */
export function numberingVersions(column: TableColumns): Table {
  return new Table({
    name: 'numbering_versions',
    columns: [
      primary(column.integer('version'), 'pk_numbering_versions'),
      column.longText('rules'),
      column.timestamp('created_at'),
      optional(column.id('created_by_id')),
    ],
    foreignKeys: [foreign('fk_numbering_created_by', 'created_by_id', USER)],
  });
}

/** Runs that make keys again, one after another by `sequence`; the row says where a run stands, so that a restart goes on there. */
export function rekeyings(column: TableColumns): Table {
  return new Table({
    name: 'rekeyings',
    columns: [
      primary(column.integer('sequence'), 'pk_rekeyings'),
      column.longText('rules_before'),
      column.longText('rules_after'),
      column.text('stage', 20),
      optional(column.text('position', 150)),
      column.integer('done'),
      column.integer('total'),
      column.integer('changed'),
      column.timestamp('started_at'),
      optional(column.timestamp('finished_at')),
    ],
    checks: [oneOf('ck_rekeyings_stage', 'stage', ['numbers', 'calls', 'finished'])],
  });
}

/** Keys whose past calls are to be given to their owner, or taken away; the row says how far that has come. */
export function linkTasks(column: TableColumns): Table {
  return new Table({
    name: 'link_tasks',
    columns: [
      primary(column.text('number_key', 40), 'pk_link_tasks'),
      column.id('token'),
      optional(column.timestamp('position_at')),
      optional(column.text('position_id', 150)),
      column.timestamp('created_at'),
    ],
    indices: [{ name: 'ix_link_tasks_created', columnNames: ['created_at', 'number_key'] }],
  });
}

export function matchDecisions(column: TableColumns): Table {
  return new Table({
    name: 'match_decisions',
    columns: [
      primary(column.id('decision_id'), 'pk_match_decisions'),
      column.text('number_key', 40),
      column.text('decision', 20),
      column.id('customer_id'),
      optional(column.id('contact_id')),
      optional(column.text('call_id', 150)),
      optional(column.id('number_id')),
      column.timestamp('created_at'),
      column.id('created_by_id'),
      optional(column.timestamp('ended_at')),
      optional(column.id('ended_by_id')),
      optional(column.id('superseded_by_id')),
    ],
    checks: [oneOf('ck_match_decisions_decision', 'decision', ['not_this', 'is_this', 'add_number'])],
    foreignKeys: [
      foreign('fk_match_decisions_customer', 'customer_id', CUSTOMER),
      foreign('fk_match_decisions_contact', 'contact_id', CONTACT),
      foreign('fk_match_decisions_created_by', 'created_by_id', USER),
      foreign('fk_match_decisions_ended_by', 'ended_by_id', USER),
    ],
    indices: [
      { name: 'ix_match_decisions_key', columnNames: ['number_key'] },
      { name: 'ix_match_decisions_call', columnNames: ['call_id'], where: 'call_id IS NOT NULL' },
      { name: 'ix_match_decisions_customer', columnNames: ['customer_id'] },
    ],
  });
}

export function callerMarks(column: TableColumns): Table {
  return new Table({
    name: 'caller_marks',
    columns: [
      primary(column.id('mark_id'), 'pk_caller_marks'),
      column.text('number_key', 40),
      column.text('number_class', 20),
      column.text('kind', 20),
      column.text('reason', 200),
      optional(column.timestamp('until_at')),
      column.timestamp('created_at'),
      column.id('created_by_id'),
      optional(column.timestamp('ended_at')),
      optional(column.id('ended_by_id')),
      column.integer('version'),
    ],
    checks: [oneOf('ck_caller_marks_kind', 'kind', ['blocked', 'vip']), oneOf('ck_caller_marks_class', 'number_class', NUMBER_CLASSES)],
    foreignKeys: [foreign('fk_caller_marks_created_by', 'created_by_id', USER), foreign('fk_caller_marks_ended_by', 'ended_by_id', USER)],
    indices: [
      { name: 'ux_caller_marks_key', columnNames: ['number_key'], isUnique: true, where: 'ended_at IS NULL' },
      { name: 'ix_caller_marks_created', columnNames: ['created_at', 'mark_id'] },
    ],
  });
}

/** Only ever added to. */
export function auditEntries(column: TableColumns): Table {
  return new Table({
    name: 'audit_entries',
    columns: [
      primary(column.id('audit_id'), 'pk_audit_entries'),
      column.timestamp('at'),
      column.id('by_user_id'),
      column.text('action', 60),
      optional(column.text('number_key', 40)),
      optional(column.id('customer_id')),
      optional(column.text('call_id', 150)),
      optional(column.longText('before_state')),
      optional(column.longText('after_state')),
    ],
    foreignKeys: [foreign('fk_audit_entries_by_user', 'by_user_id', USER)],
    indices: [
      { name: 'ix_audit_entries_at', columnNames: ['at', 'audit_id'] },
      { name: 'ix_audit_entries_key', columnNames: ['number_key', 'at', 'audit_id'] },
      { name: 'ix_audit_entries_customer', columnNames: ['customer_id', 'at', 'audit_id'] },
      { name: 'ix_audit_entries_call', columnNames: ['call_id', 'at', 'audit_id'] },
    ],
  });
}
