import type { MigrationInterface, QueryRunner } from 'typeorm';
import { dialectOf, tableColumns } from '../columns';
import { optional } from './first-tables/table-parts';
import { auditEntries, callerMarks, linkTasks, matchDecisions, numberingVersions, rekeyings } from './matching/tables';

const TABLES = [numberingVersions, rekeyings, linkTasks, matchDecisions, callerMarks, auditEntries];

/** Rules of numbering, decisions about callers, marks, audit; and with a stored number the area code it was written for. */
export class Matching1790100000000 implements MigrationInterface {
  readonly name = 'Matching1790100000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    const column = tableColumns(dialectOf(queryRunner));
    for (const table of TABLES) await queryRunner.createTable(table(column));
    for (const [table, added] of [
      ['phone_numbers', optional(column.text('area_code', 8))],
      ['customers', optional(column.id('merged_into_id'))],
    ] as const) {
      // As SQL: TypeORM would copy the whole table of a SQLite database to add a column to it.
      const type = added.length === undefined ? added.type : `${added.type}(${added.length})`;
      await queryRunner.query(`ALTER TABLE "${table}" ADD "${added.name}" ${type} NULL`);
    }
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    const column = tableColumns(dialectOf(queryRunner));
    await queryRunner.query('ALTER TABLE "customers" DROP COLUMN "merged_into_id"');
    await queryRunner.query('ALTER TABLE "phone_numbers" DROP COLUMN "area_code"');
    for (const table of TABLES.toReversed()) await queryRunner.dropTable(table(column));
  }
}
