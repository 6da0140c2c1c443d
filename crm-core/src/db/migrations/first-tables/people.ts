import { Table } from 'typeorm';
import type { TableColumns } from '../../columns';
import { foreign, oneOf, optional, primary, USER } from './table-parts';

export function users(column: TableColumns): Table {
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

export function sessions(column: TableColumns): Table {
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

export function apiClients(column: TableColumns): Table {
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
