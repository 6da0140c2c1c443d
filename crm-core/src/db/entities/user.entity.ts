import { EntitySchema } from 'typeorm';
import type { Locale, Role } from '../../../contract/session';
import { nullable, type EntityColumns } from '../columns';

export interface UserRow {
  userId: string;
  /** Lower case. */
  username: string;
  displayName: string;
  role: Role;
  extension: string | null;
  /** Argon2id, encoded with its parameters. */
  passwordHash: string;
  enabled: boolean;
  locale: Locale;
  createdAt: Date;
  updatedAt: Date;
  version: number;
}

export function userEntity(column: EntityColumns) {
  return new EntitySchema<UserRow>({
    name: 'user',
    tableName: 'users',
    columns: {
      userId: { ...column.id('user_id'), primary: true },
      username: column.text('username', 64),
      displayName: column.text('display_name', 120),
      role: column.text('role', 20),
      extension: nullable(column.text('extension', 10)),
      passwordHash: column.text('password_hash', 255),
      enabled: column.flag('enabled'),
      locale: column.text('locale', 10),
      createdAt: column.timestamp('created_at'),
      updatedAt: column.timestamp('updated_at'),
      version: column.integer('version'),
    },
  });
}
