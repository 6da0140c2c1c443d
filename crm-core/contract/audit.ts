import { z } from 'zod';
import { PageQuery, Timestamp, pageOf } from './common';

/** Who did what to whom, and when. `before` and `after` hold what changed, in the words of the contract. */
export const AuditEntry = z.object({
  auditId: z.string(),
  at: Timestamp,
  byUserId: z.string(),
  by: z.string(),
  /** e.g. `match.not_this`, `numbering.changed`, `caller_mark.created`, `customer.merged`, `user.changed`, `api_client.created`. */
  action: z.string(),
  key: z.string().nullable(),
  customerId: z.string().nullable(),
  callId: z.string().nullable(),
  before: z.unknown(),
  after: z.unknown(),
});
export type AuditEntry = z.infer<typeof AuditEntry>;

/** `GET /audit?subject=…`, newest first: `customer:<id>`, `call:<id>`, `number:<key>`, or left out for all. */
export const AuditQuery = PageQuery.extend({
  subject: z
    .string()
    .max(170)
    .regex(/^(?:customer|call|number):.+$/)
    .optional(),
});
export type AuditQuery = z.infer<typeof AuditQuery>;
export const AuditPage = pageOf(AuditEntry);
export type AuditPage = z.infer<typeof AuditPage>;
