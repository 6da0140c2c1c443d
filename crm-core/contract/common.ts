import { z } from 'zod';

/** UTC, ISO 8601 with milliseconds. */
export const Timestamp = z.iso.datetime({ offset: false });
export const RecordId = z.uuid();

/** Keyset paging: pass `cursor` of the last page to get the next; null at the end. Newest first. */
export const PageQuery = z.object({
  cursor: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});
export function pageOf<T extends z.ZodType>(item: T) {
  return z.object({ items: z.array(item), nextCursor: z.string().nullable() });
}

/** Every error body. `fields` names the offending input by its path, each with a code the panel has words for. */
export const ErrorBody = z.object({
  error: z.object({
    code: z.string(),
    message: z.string(),
    requestId: z.string(),
    fields: z.array(z.object({ path: z.string(), code: z.string(), message: z.string() })).optional(),
  }),
});
export type ErrorBody = z.infer<typeof ErrorBody>;
