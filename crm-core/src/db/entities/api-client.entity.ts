import { EntitySchema } from 'typeorm';
import type { EntityColumns } from '../columns';

/** What a machine may do with its bearer token. */
export type MachineScope = 'match' | 'call.intake' | 'agents.view' | 'caller_marks.view';

export interface ApiClientRow {
  clientId: string;
  name: string;
  /** SHA-256 of the token. */
  tokenHash: string;
  scopes: MachineScope[];
  enabled: boolean;
  createdAt: Date;
}

export function apiClientEntity(column: EntityColumns) {
  return new EntitySchema<ApiClientRow>({
    name: 'api_client',
    tableName: 'api_clients',
    columns: {
      clientId: { ...column.id('client_id'), primary: true },
      name: column.text('name', 60),
      tokenHash: column.text('token_hash', 64),
      scopes: column.json('scopes'),
      enabled: column.flag('enabled'),
      createdAt: column.timestamp('created_at'),
    },
  });
}
