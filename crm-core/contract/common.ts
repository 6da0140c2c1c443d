import { z } from 'zod';

/** Moments that every part of the system can hold; the last one is the end of the year 9999. */
export const EARLIEST_MS = Date.UTC(1900, 0, 1);
export const LATEST_MS = Date.UTC(10_000, 0, 1) - 1;

/** UTC, ISO 8601 with milliseconds, from 1900 on. */
export const Timestamp = z.iso
  .datetime({ offset: false })
  // What is no moment at all has been refused already.
  .refine((text) => !(Date.parse(text) < EARLIEST_MS), 'invalid_time');

/** Whole milliseconds, up to the largest integer that databases keep in four bytes: 24 days. */
export const DurationMs = z.int32().nonnegative();
export const RecordId = z.uuid();

/** Keyset paging: pass `cursor` of the last page to get the next; null at the end. Newest first. */
export const PageQuery = z.object({
  cursor: z.string().max(400).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});
export function pageOf<T extends z.ZodType>(item: T) {
  return z.object({ items: z.array(item), nextCursor: z.string().nullable() });
}

/** Every error's code. The HTTP status of each stands in `crm-core/src/http/error-table.ts`. */
export const ErrorCode = z.enum([
  'validation_failed',
  'malformed_body',
  'body_too_large',
  'unsupported_media_type',
  'bad_cursor',
  'not_signed_in',
  'sign_in_failed',
  'account_disabled',
  'csrf_failed',
  'forbidden',
  'too_many_requests',
  'not_found',
  'method_not_allowed',
  'version_conflict',
  'already_exists',
  'in_use',
  'invalid_state',
  'database_busy',
  'database_unavailable',
  'storage_full',
  'shutting_down',
  'internal',
]);
export type ErrorCode = z.infer<typeof ErrorCode>;

/** What can be wrong with a field: a closed list, so that everything has words in crm-core and in the panel. */
export const FieldCode = z.enum([
  'required',
  'invalid',
  'invalid_type',
  'invalid_format',
  'invalid_choice',
  'invalid_email',
  'invalid_date',
  'invalid_time',
  'invalid_pattern',
  'too_long',
  'too_short',
  'too_many',
  'too_few',
  'too_big',
  'too_small',
  'in_past',
  'control_characters',
  'not_found',
  'not_of_customer',
  'same_customer',
  'not_a_number',
  'privacy_number',
  'already_exists',
  'already_taken',
  'last_administrator',
  'wrong_password',
  'same_password',
  'contains_username',
]);
export type FieldCode = z.infer<typeof FieldCode>;

/**
 * Every error body. `fields` names the offending input by its path (`contacts.0.numbers.1.raw`), each with a `FieldCode`
 * (a newer crm-core may have more). `current` stands beside `version_conflict`: the record as it is now, in the shape of its GET.
 */
export const ErrorBody = z.object({
  error: z.object({
    code: z.string(),
    message: z.string(),
    requestId: z.string(),
    fields: z.array(z.object({ path: z.string(), code: z.string(), message: z.string() })).optional(),
    current: z.unknown().optional(),
  }),
});
export type ErrorBody = z.infer<typeof ErrorBody>;
