import { z } from 'zod';
import { CallId } from './calls';
import { RecordId, Timestamp } from './common';
import { line } from './text';

/** A key a decision or mark may be about: a number of the world or a service, e.g. `+8613912345678`, `svc:95588`. */
export const NumberKey = z.string().regex(/^(?:\+\d{5,20}|svc:\d{2,12})$/);

/**
 * What an agent says of a caller: `not_this` the number is not this customer's (or contact's) and they are no longer offered for it;
 * `is_this` this caller is theirs, also in later matches; `add_number` the same, and the number is stored for them.
 */
export const Decision = z.enum(['not_this', 'is_this', 'add_number']);
export type Decision = z.infer<typeof Decision>;

/**
 * `POST /match-decisions`: answers 201 and the `MatchDecision`. A newer decision on the same number and customer takes the place of
 * the one before it. Errors: `not_found` for a field when customer or contact are not there; `privacy_number` when `raw` (or the
 * number of the call) is one of a delivery platform and is to be kept.
 */
export const NewMatchDecision = z.object({
  decision: Decision,
  /** Key of the match; see `MatchResult.key`. */
  key: NumberKey,
  customerId: RecordId,
  /** Null: the customer as a whole. */
  contactId: RecordId.nullable().default(null),
  /** The call it was said in: it is given to (or taken from) the customer too. */
  callId: CallId.nullable().default(null),
  /** The caller ID as it arrived; kept with `add_number` as what was written. */
  raw: line(64).nullable().default(null),
});
export type NewMatchDecision = z.infer<typeof NewMatchDecision>;

/** `DELETE /match-decisions/{decisionId}` undoes it (204): a number it stored is taken away, what it replaced is in force again. */
export const MatchDecision = z.object({
  decisionId: z.string(),
  decision: Decision,
  key: z.string(),
  customerId: z.string(),
  contactId: z.string().nullable(),
  callId: z.string().nullable(),
  /** The number that was stored by `add_number`; null when the owner had it already, and for other decisions. */
  numberId: z.string().nullable(),
  decidedAt: Timestamp,
  decidedBy: z.string(),
});
export type MatchDecision = z.infer<typeof MatchDecision>;
