import { z } from 'zod';
import { Timestamp } from './common';

export const NumberClass = z.enum(['mobile', 'fixed', 'service', 'international', 'internal', 'withheld', 'unknown']);
export type NumberClass = z.infer<typeof NumberClass>;
export const MatchKind = z.enum(['known', 'shared', 'maybe', 'unknown', 'withheld', 'internal']);
export type MatchKind = z.infer<typeof MatchKind>;

export const MatchRequest = z.object({
  /** As it arrived, whatever it is; null or empty when nothing arrived. */
  callerId: z.string().max(256).nullable(),
  /** The DID it came in on. */
  line: z.string().max(32).nullable().default(null),
  /** Area code of that line without the leading 0; overrides the line's configured one. */
  areaCode: z.string().max(8).nullable().default(null),
  /** Where the dialplan says the call comes from: only an `internal` one can be from an extension, never by its length alone. */
  context: z.enum(['internal', 'external']).default('external'),
});
export type MatchRequest = z.infer<typeof MatchRequest>;

export const MatchOwner = z.object({
  customerId: z.string(),
  customerName: z.string(),
  customerNumber: z.string(),
  customerLevel: z.string().nullable(),
  customerType: z.string().nullable(),
  contactId: z.string().nullable(),
  contactName: z.string().nullable(),
  contactPosition: z.string().nullable(),
  lastContactAt: Timestamp.nullable(),
  lastContactSummary: z.string().nullable(),
  /** Hotline records not solved yet. */
  openRecordCount: z.number().int().nonnegative(),
});
export type MatchOwner = z.infer<typeof MatchOwner>;

export const MatchResult = z.object({
  kind: MatchKind,
  raw: z.string().nullable(),
  key: z.string().nullable(),
  numberClass: NumberClass,
  /** Code of the rule that decided; see crm-core/caller-id. */
  reason: z.string(),
  /** Newest contact first. */
  owners: z.array(MatchOwner),
});
export type MatchResult = z.infer<typeof MatchResult>;
