import { EntitySchema } from 'typeorm';
import type { MachineScope } from '../../../contract/api-clients';
import { nullable, type EntityColumns } from '../columns';

export interface ApiClientRow {
  clientId: string;
  name: string;
  /** SHA-256 of the token. */
  tokenHash: string;
  scopes: MachineScope[];
  enabled: boolean;
  createdAt: Date;
  /** Null: the configuration. */
  createdById: string | null;
  version: number;
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
      createdById: nullable(column.id('created_by_id')),
      version: nullable(column.integer('version')),
    },
  });
}
