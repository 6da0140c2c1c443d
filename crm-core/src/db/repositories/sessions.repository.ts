import { timeParameter } from '../columns';
import type { Tx } from '../database';
import type { SessionRow } from '../entities/session.entity';
import type { UserRow } from '../entities/user.entity';

const SESSION = 'session';

export async function insertSession(tx: Tx, row: SessionRow): Promise<void> {
  await tx.createQueryBuilder().insert().into<SessionRow>(SESSION).values(row).execute();
}

/** The session and its person, when it has not ended and the person is not disabled. */
export async function liveSession(tx: Tx, sessionHash: string, now: Date): Promise<{ session: SessionRow; user: UserRow } | null> {
  const session = await tx
    .createQueryBuilder<SessionRow>(SESSION, 's')
    .where('s.sessionHash = :sessionHash AND s.expiresAt > :now AND s.endsAt > :now', { sessionHash, now: timeParameter(now) })
    .getOne();
  if (session === null) return null;
  const user = await tx
    .createQueryBuilder<UserRow>('user', 'u')
    .where('u.userId = :userId AND u.enabled = :enabled', { userId: session.userId, enabled: true })
    .getOne();
  return user === null ? null : { session, user };
}

export async function prolongSession(tx: Tx, sessionHash: string, expiresAt: Date): Promise<void> {
  await tx
    .createQueryBuilder()
    .update<SessionRow>(SESSION)
    .set({ expiresAt })
    .where('sessionHash = :sessionHash', { sessionHash })
    .execute();
}

export async function deleteSession(tx: Tx, sessionHash: string): Promise<void> {
  await tx.createQueryBuilder().delete().from<SessionRow>(SESSION).where('sessionHash = :sessionHash', { sessionHash }).execute();
}

/** Ends all sessions of a person but the one named. */
export async function deleteSessionsOf(tx: Tx, userId: string, exceptHash = ''): Promise<void> {
  await tx
    .createQueryBuilder()
    .delete()
    .from<SessionRow>(SESSION)
    .where('userId = :userId AND sessionHash <> :exceptHash', { userId, exceptHash })
    .execute();
}

export async function deleteEndedSessions(tx: Tx, now: Date): Promise<void> {
  await tx
    .createQueryBuilder()
    .delete()
    .from<SessionRow>(SESSION)
    .where('expiresAt <= :now OR endsAt <= :now', { now: timeParameter(now) })
    .execute();
}
