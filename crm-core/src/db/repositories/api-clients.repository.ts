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

/** Makes the client's row say what `row` says, whether it was there or not. */
export async function putApiClient(tx: Tx, row: ApiClientRow): Promise<void> {
  const { name, tokenHash, scopes, enabled } = row;
  const changes = { tokenHash, scopes, enabled };
  await upsert({
    update: () => tx.createQueryBuilder().update<ApiClientRow>(CLIENT).set(changes).where('name = :name', { name }).execute(),
    insert: () => tx.createQueryBuilder().insert().into<ApiClientRow>(CLIENT).values(row).execute(),
  });
}
