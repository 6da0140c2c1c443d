import { Table, type MigrationInterface, type QueryRunner } from 'typeorm';
import { dialectOf, tableColumns, type TableColumns } from '../columns';
import { foreign, primary, USER } from './first-tables/table-parts';

/** What a new installation begins with; edited in the table afterwards. */
const DEFAULTS: readonly (readonly [code: string, zh: string, en: string])[] = [
  ['enquiry', '咨询', 'Enquiry'],
  ['technical_support', '技术支持', 'Technical support'],
  ['complaint', '投诉', 'Complaint'],
  ['business', '商务洽谈', 'Business'],
  ['callback_promised', '已约回电', 'Callback promised'],
  ['passed_on', '已转他人', 'Passed on'],
  ['wrong_number', '打错电话', 'Wrong number'],
  ['nuisance', '骚扰来电', 'Nuisance'],
  ['cut_off', '通话中断', 'Cut off'],
];

export class Dispositions1790003000000 implements MigrationInterface {
  readonly name = 'Dispositions1790003000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    const column = tableColumns(dialectOf(queryRunner));
    await queryRunner.createTable(dispositions(column));
    await queryRunner.createTable(callDispositions(column));
    for (const [position, words] of DEFAULTS.entries()) await insertRow(queryRunner, position, words);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    const column = tableColumns(dialectOf(queryRunner));
    await queryRunner.dropTable(callDispositions(column));
    await queryRunner.dropTable(dispositions(column));
  }
}

/** As SQL: the entity is today's, the table this migration's. */
async function insertRow(queryRunner: QueryRunner, position: number, words: (typeof DEFAULTS)[number]): Promise<void> {
  const { driver } = queryRunner.dataSource;
  const values = words.map((word, index) => driver.createParameter(word, index));
  await queryRunner.query(
    `INSERT INTO "dispositions" ("code", "zh", "en", "position", "active") VALUES (${values.join(', ')}, ${position}, 1)`,
    [...words],
  );
}

function dispositions(column: TableColumns): Table {
  return new Table({
    name: 'dispositions',
    columns: [
      primary(column.text('code', 40), 'pk_dispositions'),
      column.text('zh', 80),
      column.text('en', 80),
      column.integer('position'),
      column.flag('active'),
    ],
  });
}

function callDispositions(column: TableColumns): Table {
  return new Table({
    name: 'call_dispositions',
    columns: [
      primary(column.text('call_id', 150), 'pk_call_dispositions'),
      column.text('code', 40),
      column.id('set_by_id'),
      column.timestamp('set_at'),
    ],
    foreignKeys: [
      foreign('fk_call_dispositions_code', 'code', ['dispositions', 'code']),
      foreign('fk_call_dispositions_set_by', 'set_by_id', USER),
    ],
    indices: [{ name: 'ix_call_dispositions_code', columnNames: ['code', 'call_id'] }],
  });
}
