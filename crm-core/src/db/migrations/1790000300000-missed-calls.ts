import { Table, type MigrationInterface, type QueryRunner } from 'typeorm';
import { dialectOf, tableColumns, type TableColumns } from '../columns';
import { foreign, NUMBER_CLASSES, oneOf, optional, primary, USER } from './first-tables/table-parts';

function missedCalls(column: TableColumns): Table {
  const text = (name: string, length: number) => optional(column.text(name, length));
  return new Table({
    name: 'missed_calls',
    columns: [
      primary(column.id('missed_call_id'), 'pk_missed_calls'),
      column.text('caller', 170),
      text('number_key', 40),
      column.text('number_class', 20),
      text('remote_number', 128),
      text('remote_name', 255),
      column.text('last_call_id', 150),
      text('line', 32),
      text('queue', 80),
      column.text('reason', 20),
      column.integer('wait_ms'),
      column.integer('tries'),
      column.timestamp('first_at'),
      column.timestamp('last_at'),
      column.flag('callback_requested'),
      column.text('state', 20),
      optional(column.id('owner_id')),
      optional(column.timestamp('callback_at')),
      optional(column.timestamp('done_at')),
      text('done_by', 20),
      optional(column.id('done_by_id')),
      text('done_call_id', 150),
      column.text('note', 1000),
      column.integer('version'),
    ],
    checks: [
      oneOf('ck_missed_calls_number_class', 'number_class', NUMBER_CLASSES),
      oneOf('ck_missed_calls_state', 'state', ['open', 'done']),
      oneOf('ck_missed_calls_done_by', 'done_by', ['got_through', 'reached', 'called_back', 'not_needed']),
    ],
    foreignKeys: [foreign('fk_missed_calls_owner', 'owner_id', USER), foreign('fk_missed_calls_done_by', 'done_by_id', USER)],
    indices: [
      { name: 'ux_missed_calls_open', columnNames: ['caller'], isUnique: true, where: "state = 'open'" },
      { name: 'ux_missed_calls_done_call', columnNames: ['caller', 'done_call_id'], isUnique: true, where: 'done_call_id IS NOT NULL' },
      { name: 'ix_missed_calls_list', columnNames: ['state', 'last_at', 'missed_call_id'] },
      { name: 'ix_missed_calls_owner', columnNames: ['owner_id', 'state', 'last_at'] },
      { name: 'ix_missed_calls_done', columnNames: ['state', 'done_at', 'missed_call_id'] },
    ],
  });
}

function missedTries(column: TableColumns): Table {
  return new Table({
    name: 'missed_tries',
    columns: [
      primary(column.text('call_id', 150), 'pk_missed_tries'),
      column.id('missed_call_id'),
      column.text('caller', 170),
      column.timestamp('tried_at'),
      column.text('reason', 20),
    ],
    foreignKeys: [
      foreign('fk_missed_tries_call', 'call_id', ['calls', 'call_id']),
      foreign('fk_missed_tries_entry', 'missed_call_id', ['missed_calls', 'missed_call_id']),
    ],
    indices: [
      { name: 'ix_missed_tries_entry', columnNames: ['missed_call_id', 'tried_at'] },
      { name: 'ix_missed_tries_caller', columnNames: ['caller', 'tried_at'] },
    ],
  });
}

/** Whether a caller whose number is none we can read was answered later is asked with every such call. Read alike by both databases. */
const UNREAD_NUMBERS = `CREATE INDEX ix_calls_unread_number ON calls (remote_number, started_at)
  WHERE number_key IS NULL AND remote_number IS NOT NULL`;

export class MissedCalls1790000300000 implements MigrationInterface {
  readonly name = 'MissedCalls1790000300000';

  async up(queryRunner: QueryRunner): Promise<void> {
    const column = tableColumns(dialectOf(queryRunner));
    await queryRunner.createTable(missedCalls(column));
    await queryRunner.createTable(missedTries(column));
    await queryRunner.query(UNREAD_NUMBERS);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.dropIndex('calls', 'ix_calls_unread_number');
    await queryRunner.dropTable('missed_tries');
    await queryRunner.dropTable('missed_calls');
  }
}
