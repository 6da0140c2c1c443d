import { z } from 'zod';
import { Timestamp } from './common';
import { requiredLine } from './text';

/** What an administrator may let another program do with its bearer token: look up numbers, and read. */
export const ApiScope = z.enum([
  'match',
  'calls.view',
  'customers.view',
  'hotline.view',
  'missed.view',
  'agents.view',
  'caller_marks.view',
]);
export type ApiScope = z.infer<typeof ApiScope>;

/** `call.intake` fills the call log: the gateway's, given to nobody else. */
export const MachineScope = z.enum([...ApiScope.options, 'call.intake']);
export type MachineScope = z.infer<typeof MachineScope>;

/** A program that signs in with `Authorization: Bearer <token>`. */
export const ApiClient = z.object({
  clientId: z.string(),
  name: z.string(),
  scopes: z.array(MachineScope),
  /** A disabled one is refused as if its token were unknown. */
  enabled: z.boolean(),
  /** The gateway, whose token is in the environment: it is listed, and not changed here. */
  configured: z.boolean(),
  createdAt: Timestamp,
  createdBy: z.string().nullable(),
  version: z.number().int().nonnegative(),
});
export type ApiClient = z.infer<typeof ApiClient>;
export const ApiClientList = z.object({ items: z.array(ApiClient) });
export type ApiClientList = z.infer<typeof ApiClientList>;

const Scopes = z
  .array(ApiScope)
  .min(1)
  .max(ApiScope.options.length)
  .overwrite((scopes) => [...new Set(scopes)]);

/** `POST /api-clients`: 201 and the `ApiClientWithToken`. Field error at `name`: `already_taken`. */
export const NewApiClient = z.object({ name: requiredLine(60), scopes: Scopes });
export type NewApiClient = z.infer<typeof NewApiClient>;

/** The only answer that holds the token: crm-core keeps no more than its hash. */
export const ApiClientWithToken = ApiClient.extend({ token: z.string() });
export type ApiClientWithToken = z.infer<typeof ApiClientWithToken>;

export const ApiClientPatch = z.object({
  version: z.number().int().nonnegative(),
  name: requiredLine(60).optional(),
  scopes: Scopes.optional(),
  enabled: z.boolean().optional(),
});
export type ApiClientPatch = z.infer<typeof ApiClientPatch>;

/** `POST /api-clients/{clientId}/token`: another token; the one before is refused from then on. */
export const ApiClientTokenRequest = z.object({ version: z.number().int().nonnegative() });
export type ApiClientTokenRequest = z.infer<typeof ApiClientTokenRequest>;
