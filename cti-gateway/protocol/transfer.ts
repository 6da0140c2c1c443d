import { z } from 'zod';
import { Timestamp } from './common';

/** Where a call may be passed on to; `parking`: a place from where any agent takes it up. The outside number stands as it was written; the dialling policy decides about it. */
export const TransferTarget = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('agent'), extension: z.string().regex(/^\d{2,10}$/) }),
  z.object({ kind: z.literal('queue'), queue: z.string().regex(/^[a-z][a-z0-9_-]{0,31}$/) }),
  z.object({ kind: z.literal('number'), number: z.string().min(1).max(64) }),
  z.object({ kind: z.literal('parking') }),
]);
export type TransferTarget = z.infer<typeof TransferTarget>;

/** The half-written hotline record, so that the next agent goes on where this one stopped. Cut to fit a frame; the whole is in crm-core. */
export const PassedText = z.object({
  problem: z.string().max(2_000),
  solution: z.string().max(1_500),
  remarks: z.string().max(500),
  sourceContact: z.string().max(255),
});
export type PassedText = z.infer<typeof PassedText>;

/** What goes with a call to the next agent. */
export const PassedContext = z.object({
  /** Who the caller is, as the agent decided it; null: not decided. */
  customerId: z.string().max(36).nullable(),
  contactId: z.string().max(36).nullable(),
  text: PassedText.nullable(),
});
export type PassedContext = z.infer<typeof PassedContext>;

/** The call as it was passed on last. Every agent with a part in it sees the same. */
export const PassedOn = z.object({
  kind: z.enum(['blind', 'consult']),
  at: Timestamp,
  fromExtension: z.string(),
  fromName: z.string(),
  target: TransferTarget,
  context: PassedContext,
  /** Not passed on yet: the target is being asked. */
  asking: z.boolean(),
  /** The target was not to be had and the call has come back: a leg's result, e.g. `no_answer`, `busy`; null: it has not. */
  returned: z.string().nullable(),
});
export type PassedOn = z.infer<typeof PassedOn>;

/**
 * An agent asks somebody before passing the call on. `calling`: the target rings; `target` and `customer`: whom the agent talks with;
 * `conference`: all three together.
 */
export const Consult = z.object({
  target: TransferTarget,
  state: z.enum(['calling', 'target', 'customer', 'conference']),
  /** When this state began. */
  since: Timestamp,
  /** Since when the customer hears music; null: not now. */
  customerHeldSince: Timestamp.nullable(),
});
export type Consult = z.infer<typeof Consult>;
