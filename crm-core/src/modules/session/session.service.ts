import type { ChangePasswordRequest, CtiTicket, Locale, Session, SignInRequest } from '../../../contract/session';
import { AppError } from '../../app-error';
import type { AppContext } from '../../context';
import type { SessionRow } from '../../db/entities/session.entity';
import type { UserRow } from '../../db/entities/user.entity';
import {
  deleteEndedSessions,
  deleteSession,
  deleteSessionsOf,
  insertSession,
  liveSession,
  prolongSession,
} from '../../db/repositories/sessions.repository';
import { setLocale, updateUser, userById, userByName } from '../../db/repositories/users.repository';
import type { UserActor } from '../../http/actor';
import { ROLE_PERMISSIONS } from '../../http/permissions';
import { issueTicket } from './cti-ticket';
import { hashPassword, passwordMatches } from './passwords';
import { csrfTokenOf, newToken, tokenHash } from './tokens';

const MINUTE_MS = 60_000;
/** A session ends after this long without a request … */
const SESSION_IDLE_MS = 8 * 60 * MINUTE_MS;
/** … and after this long in any case. */
const SESSION_LIFETIME_MS = 24 * 60 * MINUTE_MS;
/** The end is moved on at most this often, so that reading does not become writing. */
const PROLONG_EVERY_MS = 5 * MINUTE_MS;
/** Reading goes on without it when the database takes no writes; the next request tries again. */
const PROLONG_DEADLINE_MS = 150;

export interface SignedIn {
  readonly token: string;
  readonly endsAt: Date;
  readonly session: Session;
}

/** Signing in and out, who a cookie belongs to, and the ticket for the gateway. */
export class SessionService {
  constructor(private readonly app: AppContext) {}

  /**
   * @throws AppError `sign_in_failed`: the same for a wrong name and a wrong password; `account_disabled`: only to whoever knows the
   * password.
   */
  async signIn(request: SignInRequest): Promise<SignedIn> {
    const user = await userByName(this.app.db.read, request.username.trim().toLowerCase());
    const matches = await passwordMatches(user?.passwordHash ?? null, request.password);
    if (user === null || !matches) throw this.refusal('sign_in_failed');
    if (!user.enabled) throw this.refusal('account_disabled');
    this.app.metrics.signIns.inc({ result: 'accepted' });
    return this.begin(user);
  }

  async signOut(actor: UserActor): Promise<void> {
    await this.app.db.write((tx) => deleteSession(tx, actor.sessionHash));
  }

  /** The person behind a session cookie, or null when it is none of ours or has ended. */
  async actorOf(token: string): Promise<UserActor | null> {
    const now = this.app.now();
    const found = await liveSession(this.app.db.read, tokenHash(token), now);
    if (found === null) return null;
    await this.prolong(found.session, now);
    return toActor(found.user, found.session.sessionHash);
  }

  /** The session as `GET /session` gives it. */
  async describe(actor: UserActor, token: string): Promise<Session> {
    const found = await liveSession(this.app.db.read, actor.sessionHash, this.app.now());
    if (found === null) throw new AppError('not_signed_in');
    return this.toSession(found.user, found.session, token);
  }

  ticket(actor: UserActor): CtiTicket {
    return issueTicket(actor, this.app.config, this.app.now());
  }

  /** Own password; ends the person's other sessions. */
  async changePassword(actor: UserActor, request: ChangePasswordRequest): Promise<void> {
    const user = await userById(this.app.db.read, actor.userId);
    if (user === null || !(await passwordMatches(user.passwordHash, request.currentPassword))) {
      throw AppError.field('currentPassword', 'wrong_password');
    }
    if (request.newPassword === request.currentPassword) throw AppError.field('newPassword', 'same_password');
    if (request.newPassword.toLowerCase().includes(user.username)) throw AppError.field('newPassword', 'contains_username');
    const passwordHash = await hashPassword(request.newPassword);
    const changed = await this.app.db.write(async (tx) => {
      await deleteSessionsOf(tx, user.userId, actor.sessionHash);
      return updateUser(tx, user, { passwordHash, updatedAt: this.app.now() });
    });
    if (!changed) throw AppError.versionConflict(undefined);
  }

  async setPreferences(actor: UserActor, preferences: { locale: Locale }): Promise<void> {
    await this.app.db.write((tx) => setLocale(tx, actor.userId, preferences.locale));
  }

  private refusal(code: 'sign_in_failed' | 'account_disabled'): AppError {
    this.app.metrics.signIns.inc({ result: 'refused' });
    return new AppError(code);
  }

  private async begin(user: UserRow): Promise<SignedIn> {
    const token = newToken();
    const now = this.app.now();
    const session: SessionRow = {
      sessionHash: tokenHash(token),
      userId: user.userId,
      createdAt: now,
      expiresAt: new Date(now.getTime() + SESSION_IDLE_MS),
      endsAt: new Date(now.getTime() + SESSION_LIFETIME_MS),
    };
    await this.app.db.write(async (tx) => {
      await deleteEndedSessions(tx, now);
      await insertSession(tx, session);
    });
    return { token, endsAt: session.endsAt, session: this.toSession(user, session, token) };
  }

  private async prolong(session: SessionRow, now: Date): Promise<void> {
    const expiresAt = new Date(Math.min(now.getTime() + SESSION_IDLE_MS, session.endsAt.getTime()));
    if (expiresAt.getTime() - session.expiresAt.getTime() < PROLONG_EVERY_MS) return;
    try {
      await this.app.db.write((tx) => prolongSession(tx, session.sessionHash, expiresAt), PROLONG_DEADLINE_MS);
    } catch (error) {
      // Somebody who only reads must not be refused because the database takes no writes at the moment.
      this.app.log.warn({ err: error }, 'session not prolonged');
    }
  }

  private toSession(user: UserRow, session: SessionRow, token: string): Session {
    return {
      user: {
        userId: user.userId,
        username: user.username,
        displayName: user.displayName,
        role: user.role,
        extension: user.extension,
        locale: user.locale,
        permissions: [...ROLE_PERMISSIONS[user.role]],
      },
      csrfToken: csrfTokenOf(token, this.app.config.internalSecret),
      expiresAt: new Date(Math.min(session.expiresAt.getTime(), session.endsAt.getTime())).toISOString(),
    };
  }
}

function toActor(user: UserRow, sessionHash: string): UserActor {
  const { userId, username, displayName, role, extension, locale } = user;
  return {
    kind: 'user',
    userId,
    username,
    displayName,
    role,
    extension,
    locale,
    permissions: new Set(ROLE_PERMISSIONS[role]),
    sessionHash,
  };
}
