import type { z } from 'zod';
import { User, UserPage, type NewUser, type UserPatch } from '../../../../crm-core/contract';
import type { Api, Query } from '../../app/api-client';

export type UserDraft = z.input<typeof NewUser>;

const at = (userId: string) => `/users/${encodeURIComponent(userId)}`;

/** The accounts of the people who use the panel, for administrators. */
export function createUsersApi(api: Api) {
  return {
    list: (query: Query, signal?: AbortSignal): Promise<UserPage> => api.get('/users', UserPage, { query, ...(signal ? { signal } : {}) }),
    read: (userId: string): Promise<User> => api.get(at(userId), User),
    create: (user: UserDraft): Promise<User> => api.send('POST', '/users', user, User),
    change: (userId: string, patch: UserPatch): Promise<User> => api.send('PATCH', at(userId), patch, User),
  };
}
