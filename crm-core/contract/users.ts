import { z } from 'zod';
import { Role } from './session';
import { Timestamp } from './common';

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
  username: z.string().trim().regex(/^[A-Za-z0-9._-]{2,64}$/),
  displayName: z.string().trim().min(1).max(120),
  role: Role,
  extension: z.string().regex(/^\d{2,10}$/).nullable().default(null),
  password: z.string().min(10).max(256),
});
export const UserPatch = z.object({
  version: z.number().int(),
  displayName: z.string().trim().min(1).max(120).optional(),
  role: Role.optional(),
  extension: z.string().regex(/^\d{2,10}$/).nullable().optional(),
  enabled: z.boolean().optional(),
  password: z.string().min(10).max(256).optional(),
});

/** Who answers at which extension: for lists and the call log; visible to everybody signed in. */
export const AgentListItem = z.object({ userId: z.string(), displayName: z.string(), extension: z.string().nullable(), role: Role });
export const AgentList = z.object({ items: z.array(AgentListItem) });
