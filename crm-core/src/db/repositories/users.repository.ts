import type { Tx } from '../database';
import type { UserRow } from '../entities/user.entity';
import { cutPage, keysetPage, type Page, type PageRequest } from '../paging';

const USER = 'user';

export async function countUsers(tx: Tx): Promise<number> {
  return tx.createQueryBuilder<UserRow>(USER, 'u').getCount();
}

export async function insertUser(tx: Tx, row: UserRow): Promise<void> {
  await tx.createQueryBuilder().insert().into<UserRow>(USER).values(row).execute();
}

export async function userById(tx: Tx, userId: string): Promise<UserRow | null> {
  return tx.createQueryBuilder<UserRow>(USER, 'u').where('u.userId = :userId', { userId }).getOne();
}

/** `username` in lower case. */
export async function userByName(tx: Tx, username: string): Promise<UserRow | null> {
  return tx.createQueryBuilder<UserRow>(USER, 'u').where('u.username = :username', { username }).getOne();
}

export async function usersByIds(tx: Tx, userIds: readonly string[]): Promise<Map<string, UserRow>> {
  if (userIds.length === 0) return new Map();
  const rows = await tx
    .createQueryBuilder<UserRow>(USER, 'u')
    .where('u.userId IN (:...userIds)', { userIds: [...new Set(userIds)] })
    .getMany();
  return new Map(rows.map((row) => [row.userId, row]));
}

/** Changes the row if it still has `version`; false when somebody was there before. */
export async function updateUser(tx: Tx, at: { userId: string; version: number }, changes: Partial<UserRow>): Promise<boolean> {
  const result = await tx
    .createQueryBuilder()
    .update<UserRow>(USER)
    .set({ ...changes, version: () => 'version + 1' })
    .where('userId = :userId AND version = :version', at)
    .execute();
  return result.affected === 1;
}

/** Language: a preference of the person, not a change others could collide with. */
export async function setLocale(tx: Tx, userId: string, locale: UserRow['locale']): Promise<void> {
  await tx.createQueryBuilder().update<UserRow>(USER).set({ locale }).where('userId = :userId', { userId }).execute();
}

export async function pageOfUsers(tx: Tx, filter: { enabled?: boolean }, page: PageRequest): Promise<Page<UserRow>> {
  const query = tx.createQueryBuilder<UserRow>(USER, 'u');
  if (filter.enabled !== undefined) query.andWhere('u.enabled = :enabled', { enabled: filter.enabled });
  const rows = await keysetPage(query, { at: 'u.createdAt', id: 'u.userId' }, page).getMany();
  return cutPage(rows, page.limit, (row) => ({ at: row.createdAt, id: row.userId }));
}

/** Everybody who can be reached, by extension. */
export async function enabledUsers(tx: Tx): Promise<UserRow[]> {
  return tx
    .createQueryBuilder<UserRow>(USER, 'u')
    .where('u.enabled = :enabled', { enabled: true })
    .orderBy('u.extension', 'ASC')
    .addOrderBy('u.userId', 'ASC')
    .limit(2000)
    .getMany();
}

/** Names by extension, for the call log; disabled people keep theirs. */
export async function namesByExtension(tx: Tx, extensions: readonly string[]): Promise<Map<string, string>> {
  if (extensions.length === 0) return new Map();
  const rows = await tx
    .createQueryBuilder<UserRow>(USER, 'u')
    .where('u.extension IN (:...extensions)', { extensions: [...new Set(extensions)] })
    .getMany();
  return new Map(rows.flatMap((row) => (row.extension === null ? [] : [[row.extension, row.displayName] as const])));
}

/** Who has these extensions now. */
export async function userIdsByExtension(tx: Tx, extensions: readonly string[]): Promise<Map<string, string>> {
  if (extensions.length === 0) return new Map();
  const rows = await tx
    .createQueryBuilder<UserRow>(USER, 'u')
    .where('u.extension IN (:...extensions)', { extensions: [...new Set(extensions)] })
    .getMany();
  return new Map(rows.flatMap((row) => (row.extension === null ? [] : [[row.extension, row.userId] as const])));
}

/**
 * Until the transaction ends nobody else changes an administrator, so that counting them holds: two who disable each other at once would
 * else each count the other. Writes into their rows what they are, which locks them on both databases.
 */
export async function holdAdministrators(tx: Tx): Promise<void> {
  const role = 'administrator';
  await tx.createQueryBuilder().update<UserRow>(USER).set({ role }).where('role = :role', { role }).execute();
}

/** See `holdAdministrators`. */
export async function countEnabledAdministrators(tx: Tx, exceptUserId: string): Promise<number> {
  return tx
    .createQueryBuilder<UserRow>(USER, 'u')
    .where('u.role = :role AND u.enabled = :enabled AND u.userId <> :exceptUserId', { role: 'administrator', enabled: true, exceptUserId })
    .getCount();
}
