import type { AgentList, User } from '../../../contract/users';
import type { UserRow } from '../../db/entities/user.entity';

export function toUser(row: UserRow): User {
  const { userId, username, displayName, role, extension, enabled, createdAt, version } = row;
  return { userId, username, displayName, role, extension, enabled, createdAt: createdAt.toISOString(), version };
}

export function toAgent({ userId, displayName, extension, role }: UserRow): AgentList['items'][number] {
  return { userId, displayName, extension, role };
}
