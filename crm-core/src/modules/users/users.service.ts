import type { AgentList, NewUser, User, UserPage, UserPatch, UserQuery } from '../../../contract/users';
import { AppError } from '../../app-error';
import type { AppContext } from '../../context';
import { databaseFault, newId, type Tx } from '../../db';
import type { UserRow } from '../../db/entities/user.entity';
import { deleteSessionsOf } from '../../db/repositories/sessions.repository';
import {
  countEnabledAdministrators,
  enabledUsers,
  holdAdministrators,
  insertUser,
  pageOfUsers,
  updateUser,
  userById,
  userByName,
} from '../../db/repositories/users.repository';
import type { UserActor } from '../../http/actor';
import { presentFields } from '../../present-fields';
import { writeAudit } from '../audit/audit.service';
import { hashPassword } from '../session/passwords';
import { toAgent, toUser } from './users.mapper';

/** Accounts, made and changed by administrators. */
export class UsersService {
  constructor(private readonly app: AppContext) {}

  async page(query: UserQuery): Promise<UserPage> {
    const filter = query.enabled === undefined ? {} : { enabled: query.enabled === 'true' };
    const { items, nextCursor } = await pageOfUsers(this.app.db.read, filter, query);
    return { items: items.map(toUser), nextCursor };
  }

  async get(userId: string): Promise<User> {
    return toUser(await found(this.app.db.read, userId));
  }

  async create(actor: UserActor, input: NewUser): Promise<User> {
    const username = input.username.toLowerCase();
    refuseName(input.password, username);
    const now = this.app.now();
    const row: UserRow = {
      userId: newId(),
      username,
      displayName: input.displayName,
      role: input.role,
      extension: input.extension,
      passwordHash: await hashPassword(input.password),
      enabled: true,
      locale: 'zh-CN',
      createdAt: now,
      updatedAt: now,
      version: 1,
    };
    const after = toUser(row);
    await this.guardNames(row, () =>
      this.app.db.write(async (tx) => {
        await insertUser(tx, row);
        await writeAudit(tx, { userId: actor.userId, at: now }, { action: 'user.created', before: null, after });
      }),
    );
    return after;
  }

  /** A new password, a new role or a disabled account ends the person's sessions. */
  async change(actor: UserActor, userId: string, { version, password, ...patch }: UserPatch): Promise<User> {
    const now = this.app.now();
    if (password !== undefined) refuseName(password, (await found(this.app.db.read, userId)).username);
    const passwordHash = password === undefined ? {} : { passwordHash: await hashPassword(password) };
    const changes: Partial<UserRow> = { ...presentFields(patch), ...passwordHash, updatedAt: now };
    return this.guardNames({ userId, extension: patch.extension ?? null, username: '' }, () =>
      this.app.db.write(async (tx) => {
        if (patch.role !== undefined || patch.enabled !== undefined) await holdAdministrators(tx);
        const current = await found(tx, userId);
        const next = { ...current, ...changes };
        await keepAnAdministrator(tx, current, next);
        if (!(await updateUser(tx, { userId, version }, changes))) throw AppError.versionConflict(toUser(current));
        if (password !== undefined || !next.enabled || next.role !== current.role) await deleteSessionsOf(tx, userId);
        const after = toUser(await found(tx, userId));
        const reset = password === undefined ? {} : { passwordReset: true };
        const stamp = { userId: actor.userId, at: now };
        await writeAudit(tx, stamp, { action: 'user.changed', before: toUser(current), after: { ...after, ...reset } });
        return after;
      }),
    );
  }

  async agents(): Promise<AgentList> {
    return { items: (await enabledUsers(this.app.db.read)).map(toAgent) };
  }

  /** Says which of the two unique things was taken. */
  private async guardNames<T>(row: Pick<UserRow, 'userId' | 'username' | 'extension'>, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (databaseFault(error) !== 'unique') throw error;
      const namesake = await userByName(this.app.db.read, row.username);
      throw AppError.field(namesake === null ? 'extension' : 'username', 'already_taken');
    }
  }
}

async function found(tx: Tx, userId: string): Promise<UserRow> {
  const row = await userById(tx, userId);
  if (row === null) throw AppError.notFound();
  return row;
}

/** @param username in lower case */
function refuseName(password: string, username: string): void {
  if (password.toLowerCase().includes(username)) throw AppError.field('password', 'contains_username');
}

async function keepAnAdministrator(tx: Tx, current: UserRow, next: UserRow): Promise<void> {
  const wasOne = current.role === 'administrator' && current.enabled;
  const isOne = next.role === 'administrator' && next.enabled;
  if (!wasOne || isOne || (await countEnabledAdministrators(tx, current.userId)) > 0) return;
  throw AppError.field(next.enabled ? 'role' : 'enabled', 'last_administrator');
}
