import { Table, type MigrationInterface, type QueryRunner, type TableColumnOptions } from 'typeorm';
import { dialectOf, tableColumns, type TableColumns } from '../columns';

const primary = (column: TableColumnOptions, name: string): TableColumnOptions => ({
  ...column,
  isPrimary: true,
  primaryKeyConstraintName: name,
});
const optional = (column: TableColumnOptions): TableColumnOptions => ({ ...column, isNullable: true });
const oneOf = (name: string, column: string, values: readonly string[]) => ({
  name,
  expression: `${column} IN (${values.map((value) => `'${value}'`).join(', ')})`,
});
const foreign = (name: string, column: string, [table, key]: readonly [string, string]) => ({
  name,
  columnNames: [column],
  referencedTableName: table,
  referencedColumnNames: [key],
});

const USER = ['users', 'user_id'] as const;
const CUSTOMER = ['customers', 'customer_id'] as const;
const CONTACT = ['contacts', 'contact_id'] as const;

function users(column: TableColumns): Table {
  return new Table({
    name: 'users',
    columns: [
      primary(column.id('user_id'), 'pk_users'),
      column.text('username', 64),
      column.text('display_name', 120),
      column.text('role', 20),
      optional(column.text('extension', 10)),
      column.text('password_hash', 255),
      column.flag('enabled'),
      column.text('locale', 10),
      column.timestamp('created_at'),
      column.timestamp('updated_at'),
      column.integer('version'),
    ],
    checks: [oneOf('ck_users_role', 'role', ['agent', 'supervisor', 'administrator'])],
    indices: [
      { name: 'ux_users_username', columnNames: ['username'], isUnique: true },
      // Several people without a telephone: SQL Server would take the second NULL for a double.
      { name: 'ux_users_extension', columnNames: ['extension'], isUnique: true, where: 'extension IS NOT NULL' },
      { name: 'ix_users_created', columnNames: ['created_at', 'user_id'] },
    ],
  });
}

function sessions(column: TableColumns): Table {
  return new Table({
    name: 'sessions',
    columns: [
      primary(column.text('session_hash', 64), 'pk_sessions'),
      column.id('user_id'),
      column.timestamp('created_at'),
      column.timestamp('expires_at'),
      column.timestamp('ends_at'),
    ],
    foreignKeys: [foreign('fk_sessions_user', 'user_id', USER)],
    indices: [
      { name: 'ix_sessions_user', columnNames: ['user_id'] },
      { name: 'ix_sessions_expires', columnNames: ['expires_at'] },
    ],
  });
}

function apiClients(column: TableColumns): Table {
  return new Table({
    name: 'api_clients',
    columns: [
      primary(column.id('client_id'), 'pk_api_clients'),
      column.text('name', 60),
      column.text('token_hash', 64),
      column.longText('scopes'),
      column.flag('enabled'),
      column.timestamp('created_at'),
    ],
    indices: [
      { name: 'ux_api_clients_name', columnNames: ['name'], isUnique: true },
      { name: 'ux_api_clients_token', columnNames: ['token_hash'], isUnique: true },
    ],
  });
}

function customers(column: TableColumns): Table {
  const text = (name: string, length: number) => optional(column.text(name, length));
  return new Table({
    name: 'customers',
    columns: [
      primary(column.id('customer_id'), 'pk_customers'),
      column.text('customer_number', 20),
      column.text('name', 200),
      column.text('name_search', 400),
      text('enterprise_kind', 60),
      text('legal_representative', 120),
      text('address', 255),
      text('postcode', 12),
      text('website', 255),
      text('profile', 4000),
      text('email', 254),
      text('level', 20),
      text('type', 20),
      text('status', 40),
      text('stage', 40),
      text('credit_rating', 40),
      text('industry', 120),
      text('size', 60),
      text('country', 60),
      text('region', 60),
      text('province', 60),
      text('city', 60),
      text('source', 120),
      text('remarks', 4000),
      optional(column.timestamp('last_contact_at')),
      text('last_contact_summary', 200),
      column.timestamp('active_at'),
      column.timestamp('created_at'),
      column.id('created_by_id'),
      column.timestamp('updated_at'),
      column.id('updated_by_id'),
      optional(column.timestamp('deleted_at')),
      column.integer('version'),
    ],
    checks: [oneOf('ck_customers_type', 'type', ['existing', 'target', 'potential', 'partner', 'blacklisted', 'competitor'])],
    foreignKeys: [foreign('fk_customers_created_by', 'created_by_id', USER), foreign('fk_customers_updated_by', 'updated_by_id', USER)],
    indices: [
      { name: 'ux_customers_number', columnNames: ['customer_number'], isUnique: true },
      { name: 'ix_customers_active', columnNames: ['active_at', 'customer_id'] },
      { name: 'ix_customers_name', columnNames: ['name_search'] },
    ],
  });
}

function contacts(column: TableColumns): Table {
  const text = (name: string, length: number) => optional(column.text(name, length));
  return new Table({
    name: 'contacts',
    columns: [
      primary(column.id('contact_id'), 'pk_contacts'),
      column.id('customer_id'),
      column.text('name', 120),
      column.text('name_search', 400),
      text('sex', 20),
      text('department', 120),
      text('position', 120),
      text('email', 254),
      text('birth_date', 10),
      text('address', 255),
      text('hobbies', 500),
      text('family', 500),
      text('other', 500),
      text('remarks', 2000),
      column.flag('decision_maker'),
      text('decision_role', 120),
      optional(column.timestamp('last_contact_at')),
      column.timestamp('created_at'),
      column.id('created_by_id'),
      column.timestamp('updated_at'),
      column.id('updated_by_id'),
      optional(column.timestamp('deleted_at')),
      column.integer('version'),
    ],
    checks: [oneOf('ck_contacts_sex', 'sex', ['male', 'female'])],
    foreignKeys: [
      foreign('fk_contacts_customer', 'customer_id', CUSTOMER),
      foreign('fk_contacts_created_by', 'created_by_id', USER),
      foreign('fk_contacts_updated_by', 'updated_by_id', USER),
    ],
    indices: [
      { name: 'ix_contacts_customer', columnNames: ['customer_id'] },
      { name: 'ix_contacts_name', columnNames: ['name_search'] },
    ],
  });
}

const NUMBER_CLASSES = ['mobile', 'fixed', 'service', 'international', 'internal', 'withheld', 'unknown'];

function phoneNumbers(column: TableColumns): Table {
  return new Table({
    name: 'phone_numbers',
    columns: [
      primary(column.id('number_id'), 'pk_phone_numbers'),
      column.id('customer_id'),
      optional(column.id('contact_id')),
      column.id('owner_id'),
      column.text('raw', 64),
      optional(column.text('number_key', 40)),
      column.text('digits', 40),
      column.text('number_class', 20),
      column.text('reason', 60),
      column.text('extension', 10),
      column.text('label', 20),
      column.integer('position'),
      column.timestamp('created_at'),
      column.id('created_by_id'),
    ],
    checks: [
      oneOf('ck_phone_numbers_class', 'number_class', NUMBER_CLASSES),
      oneOf('ck_phone_numbers_label', 'label', ['office', 'mobile', 'fax', 'home', 'other']),
    ],
    foreignKeys: [
      foreign('fk_phone_numbers_customer', 'customer_id', CUSTOMER),
      foreign('fk_phone_numbers_contact', 'contact_id', CONTACT),
      foreign('fk_phone_numbers_created_by', 'created_by_id', USER),
    ],
    indices: [
      { name: 'ix_phone_numbers_key', columnNames: ['number_key'] },
      { name: 'ix_phone_numbers_customer', columnNames: ['customer_id'] },
      {
        name: 'ux_phone_numbers_owner_key',
        columnNames: ['owner_id', 'number_key', 'extension'],
        isUnique: true,
        where: 'number_key IS NOT NULL',
      },
    ],
  });
}

function calls(column: TableColumns): Table {
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

function callAgents(column: TableColumns): Table {
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

function hotlineRecords(column: TableColumns): Table {
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

function sequences(column: TableColumns): Table {
  return new Table({ name: 'sequences', columns: [primary(column.text('name', 40), 'pk_sequences'), column.integer('value')] });
}

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
