import type { MigrationInterface, QueryRunner } from 'typeorm';
import { dialectOf, tableColumns } from '../columns';

/** Who let a program in, and which change of it is the newest; the gateway's row, made from the configuration, has nobody. */
export class ApiClientMakers1790900000000 implements MigrationInterface {
  readonly name = 'ApiClientMakers1790900000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    const column = tableColumns(dialectOf(queryRunner));
    const { name, type, length } = column.id('created_by_id');
    await queryRunner.query(`ALTER TABLE "api_clients" ADD "${name}" ${type}(${length}) NULL`);
    await queryRunner.query(`ALTER TABLE "api_clients" ADD "version" ${column.integer('version').type} NULL`);
    await queryRunner.query('UPDATE api_clients SET version = 1');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const name of ['version', 'created_by_id']) await queryRunner.query(`ALTER TABLE "api_clients" DROP COLUMN "${name}"`);
  }
}
