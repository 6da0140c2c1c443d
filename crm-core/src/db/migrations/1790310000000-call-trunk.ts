import type { MigrationInterface, QueryRunner } from 'typeorm';
import { dialectOf, tableColumns } from '../columns';
import { optional } from './first-tables/table-parts';

/** With a call the trunk it came in by and whether its caller stands inside: its number is read by the rules of both, later too. */
export class CallTrunk1790310000000 implements MigrationInterface {
  readonly name = 'CallTrunk1790310000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    const column = tableColumns(dialectOf(queryRunner));
    for (const { name, type, length } of [optional(column.text('trunk', 80)), optional(column.text('caller_context', 10))]) {
      // As SQL: TypeORM would copy the whole table of a SQLite database to add a column to it.
      await queryRunner.query(`ALTER TABLE "calls" ADD "${name}" ${type}(${length}) NULL`);
    }
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const name of ['caller_context', 'trunk']) await queryRunner.query(`ALTER TABLE "calls" DROP COLUMN "${name}"`);
  }
}
