import { Table } from 'typeorm';
import type { TableColumns } from '../../columns';
import { CONTACT, CUSTOMER, foreign, NUMBER_CLASSES, oneOf, optional, primary, USER } from './table-parts';

export function customers(column: TableColumns): Table {
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

export function contacts(column: TableColumns): Table {
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

export function phoneNumbers(column: TableColumns): Table {
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

export function sequences(column: TableColumns): Table {
  return new Table({ name: 'sequences', columns: [primary(column.text('name', 40), 'pk_sequences'), column.integer('value')] });
}
