import type { MigrationInterface, QueryRunner } from 'typeorm';
import { dialectOf, tableColumns } from '../columns';
import { callAgents, calls, hotlineRecords } from './first-tables/calls';
import { contacts, customers, phoneNumbers, sequences } from './first-tables/customers';
import { apiClients, sessions, users } from './first-tables/people';

/** In the order their foreign keys need. */
const TABLES = [users, sessions, apiClients, customers, contacts, phoneNumbers, calls, callAgents, hotlineRecords, sequences];

export class FirstTables1790000000000 implements MigrationInterface {
  readonly name = 'FirstTables1790000000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    const column = tableColumns(dialectOf(queryRunner));
    for (const table of TABLES) await queryRunner.createTable(table(column));
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    const column = tableColumns(dialectOf(queryRunner));
    for (const table of TABLES.toReversed()) await queryRunner.dropTable(table(column));
  }
}
