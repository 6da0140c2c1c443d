import { z } from 'zod';
import { RecordId } from '../../../contract/common';
import { AgentList, NewUser, User, UserPage, UserPatch, UserQuery } from '../../../contract/users';
import { machineRoute, userRoute, type Route } from '../../http/route';
import type { UsersService } from './users.service';

const UserParams = z.object({ userId: RecordId });
const MANAGE = { permissions: ['user.manage'] } as const;

export function userRoutes(users: UsersService): Route[] {
  return [
    userRoute({
      method: 'get',
      path: '/users',
      summary: 'Accounts, newest first.',
      access: MANAGE,
      query: UserQuery,
      answer: UserPage,
      handle: ({ query }) => users.page(query),
    }),
    userRoute({
      method: 'post',
      path: '/users',
      summary: 'Make an account.',
      access: MANAGE,
      body: NewUser,
      answer: User,
      statuses: [201],
      handle: ({ actor, body }) => users.create(actor, body),
    }),
    userRoute({
      method: 'get',
      path: '/users/:userId',
      summary: 'One account.',
      access: MANAGE,
      params: UserParams,
      answer: User,
      handle: ({ params }) => users.get(params.userId),
    }),
    userRoute({
      method: 'patch',
      path: '/users/:userId',
      summary: 'Change, disable or enable an account, or give it a new password.',
      access: MANAGE,
      params: UserParams,
      body: UserPatch,
      answer: User,
      handle: ({ actor, params, body }) => users.change(actor, params.userId, body),
    }),
    machineRoute({
      method: 'get',
      path: '/agents',
      summary: 'Who can be reached, with extension.',
      access: { permissions: [], machine: 'agents.view' },
      answer: AgentList,
      handle: () => users.agents(),
    }),
  ];
}
