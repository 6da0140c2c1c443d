import { Table, type MigrationInterface, type QueryRunner } from 'typeorm';
import { dialectOf, tableColumns } from '../columns';
import { foreign, primary } from './first-tables/table-parts';

const NAME = 'call_trails';

export class CallTrails1790200000000 implements MigrationInterface {
  readonly name = 'CallTrails1790200000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    const column = tableColumns(dialectOf(queryRunner));
    const table = new Table({
      name: NAME,
      columns: [primary(column.text('call_id', 150), 'pk_call_trails'), column.longText('trail'), column.timestamp('received_at')],
      foreignKeys: [foreign('fk_call_trails_call', 'call_id', ['calls', 'call_id'])],
      indices: [{ name: 'ix_call_trails_received', columnNames: ['received_at'] }],
    });
    await queryRunner.createTable(table);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.dropTable(NAME);
  }
}
