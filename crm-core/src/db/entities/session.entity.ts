import { EntitySchema } from 'typeorm';
import type { EntityColumns } from '../columns';

export interface SessionRow {
  /** SHA-256 of the cookie's token: a stolen database opens no session. */
  sessionHash: string;
  userId: string;
  createdAt: Date;
  /** Moves on with use, up to `endsAt`. */
  expiresAt: Date;
  /** The end whatever happens. */
  endsAt: Date;
}

export function sessionEntity(column: EntityColumns) {
  return new EntitySchema<SessionRow>({
    name: 'session',
    tableName: 'sessions',
    columns: {
      sessionHash: { ...column.text('session_hash', 64), primary: true },
      userId: column.id('user_id'),
      createdAt: column.timestamp('created_at'),
      expiresAt: column.timestamp('expires_at'),
      endsAt: column.timestamp('ends_at'),
    },
  });
}
