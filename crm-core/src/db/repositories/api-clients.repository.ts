import type { Tx } from '../database';
import type { ApiClientRow } from '../entities/api-client.entity';
import { upsert } from '../upsert';

const CLIENT = 'api_client';

export async function apiClientByToken(tx: Tx, tokenHash: string): Promise<ApiClientRow | null> {
  return tx
    .createQueryBuilder<ApiClientRow>(CLIENT, 'a')
    .where('a.tokenHash = :tokenHash AND a.enabled = :enabled', { tokenHash, enabled: true })
    .getOne();
}

export async function allApiClients(tx: Tx): Promise<ApiClientRow[]> {
  return tx.createQueryBuilder<ApiClientRow>(CLIENT, 'a').orderBy('a.name').getMany();
}

export async function apiClientById(tx: Tx, clientId: string): Promise<ApiClientRow | null> {
  return tx.createQueryBuilder<ApiClientRow>(CLIENT, 'a').where('a.clientId = :clientId', { clientId }).getOne();
}

export async function insertApiClient(tx: Tx, row: ApiClientRow): Promise<void> {
  await tx.createQueryBuilder().insert().into<ApiClientRow>(CLIENT).values(row).execute();
}

/** Changes the row if it still has `version`; false when somebody was there before. */
export async function updateApiClient(tx: Tx, at: { clientId: string; version: number }, changes: Partial<ApiClientRow>): Promise<boolean> {
  const result = await tx
    .createQueryBuilder()
    .update<ApiClientRow>(CLIENT)
    .set({ ...changes, version: () => 'version + 1' })
    .where('clientId = :clientId AND version = :version', at)
    .execute();
  return result.affected === 1;
}

/** Makes the client's row say what `row` says, whether it was there or not. */
export async function putApiClient(tx: Tx, row: ApiClientRow): Promise<void> {
  const { name, tokenHash, scopes, enabled } = row;
  const changes = { tokenHash, scopes, enabled };
  await upsert({
    update: () => tx.createQueryBuilder().update<ApiClientRow>(CLIENT).set(changes).where('name = :name', { name }).execute(),
    insert: () => insertApiClient(tx, row),
  });
}
