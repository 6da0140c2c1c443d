import { z } from 'zod';
import { Role } from './session';
import { PageQuery, Timestamp, pageOf } from './common';
import { requiredLine } from './text';

export const User = z.object({
  userId: z.string(),
  username: z.string(),
  displayName: z.string(),
  role: Role,
  extension: z.string().nullable(),
  enabled: z.boolean(),
  createdAt: Timestamp,
  version: z.number().int(),
});
export type User = z.infer<typeof User>;

export const NewUser = z.object({
  username: z
    .string()
    .trim()
    .regex(/^[A-Za-z0-9._-]{2,64}$/),
  displayName: requiredLine(120),
  role: Role,
  extension: z
    .string()
    .regex(/^\d{2,10}$/)
    .nullable()
    .default(null),
  password: z.string().min(10).max(256),
});
export type NewUser = z.infer<typeof NewUser>;
export const UserPatch = z.object({
  version: z.number().int(),
  displayName: requiredLine(120).optional(),
  role: Role.optional(),
  extension: z
    .string()
    .regex(/^\d{2,10}$/)
    .nullable()
    .optional(),
  enabled: z.boolean().optional(),
  password: z.string().min(10).max(256).optional(),
});
export type UserPatch = z.infer<typeof UserPatch>;

export const UserQuery = PageQuery.extend({ enabled: z.enum(['true', 'false']).optional() });
export type UserQuery = z.infer<typeof UserQuery>;
export const UserPage = pageOf(User);
export type UserPage = z.infer<typeof UserPage>;

/** Who answers at which extension: for lists and the call log; visible to everybody signed in. */
export const AgentListItem = z.object({ userId: z.string(), displayName: z.string(), extension: z.string().nullable(), role: Role });
export type AgentListItem = z.infer<typeof AgentListItem>;
export const AgentList = z.object({ items: z.array(AgentListItem) });
export type AgentList = z.infer<typeof AgentList>;
