import { z } from 'zod';
import { DurationMs, PageQuery, Timestamp, pageOf } from './common';
import { CallExit, CallLogLeg, CallOutcome } from './calls';
import { NumberClass } from './match';
import { block } from './text';

/**
 * Why a caller was not served: where the dialplan took them out of the ordinary way, else how the call ended. A later try may have
 * another reason than an earlier one.
 */
export const MissedReason = z.enum([...CallExit.exclude(['blocked']).options, ...CallOutcome.exclude(['answered']).options]);
export type MissedReason = z.infer<typeof MissedReason>;

/**
 * How an entry was done. By itself, from the call log: `got_through` the caller was answered on a later call, `reached` somebody reached
 * them. By a person: `called_back` otherwise than through this telephone system, `not_needed` with the reason why.
 */
export const MissedDoneBy = z.enum(['got_through', 'reached', 'called_back', 'not_needed']);
export type MissedDoneBy = z.infer<typeof MissedDoneBy>;

/** R2.4: somebody who called and was not served, with all their tries until they are. One open entry per caller. */
export const MissedCall = z.object({
  missedCallId: z.string(),
  /** Null: the number is none we can read, or was withheld; withheld callers have an entry per call. */
  numberKey: z.string().nullable(),
  numberClass: NumberClass,
  remoteNumber: z.string().nullable(),
  remoteName: z.string().nullable(),
  customerId: z.string().nullable(),
  customerName: z.string().nullable(),
  contactId: z.string().nullable(),
  contactName: z.string().nullable(),
  /** Of the last try. */
  line: z.string().nullable(),
  queue: z.string().nullable(),
  reason: MissedReason,
  waitMs: DurationMs,
  tries: z.number().int().positive(),
  firstAt: Timestamp,
  lastAt: Timestamp,
  /** The caller asked for it, at least once. */
  callbackRequested: z.boolean(),
  state: z.enum(['open', 'done']),
  /** Who has taken it on; null: anyone may. */
  ownerUserId: z.string().nullable(),
  ownerName: z.string().nullable(),
  /** When to call back, by the owner or by anyone. */
  callbackAt: Timestamp.nullable(),
  done: z
    .object({
      at: Timestamp,
      by: MissedDoneBy,
      userId: z.string().nullable(),
      name: z.string().nullable(),
      /** The call by which it was done. */
      callId: z.string().nullable(),
      note: z.string(),
    })
    .nullable(),
  version: z.number().int(),
});
export type MissedCall = z.infer<typeof MissedCall>;

/** One call that was not answered, and whose telephones rang for it. */
export const MissedTry = z.object({
  callId: z.string(),
  at: Timestamp,
  line: z.string().nullable(),
  queue: z.string().nullable(),
  reason: MissedReason,
  waitMs: DurationMs,
  /** The message left then; `index` is that of `GET /calls/{callId}/recordings/{index}`. */
  voicemail: z.object({ index: z.number().int().nonnegative(), durationMs: DurationMs }).nullable(),
  rung: z.array(
    CallLogLeg.pick({ extension: true, startedAt: true, ringMs: true, result: true }).extend({ agentName: z.string().nullable() }),
  ),
});
export type MissedTry = z.infer<typeof MissedTry>;
/** Newest try first; of more than 50 the newest. */
export const MissedCallDetail = MissedCall.extend({ calls: z.array(MissedTry) });
export type MissedCallDetail = z.infer<typeof MissedCallDetail>;

export const MissedList = z.enum(['mine', 'all', 'done']);
export type MissedList = z.infer<typeof MissedList>;
/** `mine` and `all`: open ones, by their last try; `done`: by when they were done. */
export const MissedCallQuery = PageQuery.extend({ list: MissedList.default('all') });
export type MissedCallQuery = z.infer<typeof MissedCallQuery>;
export const MissedCallPage = pageOf(MissedCall);
export type MissedCallPage = z.infer<typeof MissedCallPage>;

/** Open ones: all, mine, and of those mine or anyone's the ones whose time to call back has come; `done`: those done. */
export const MissedCallCounts = z.object({
  open: z.number().int().nonnegative(),
  mine: z.number().int().nonnegative(),
  due: z.number().int().nonnegative(),
  done: z.number().int().nonnegative(),
});
export type MissedCallCounts = z.infer<typeof MissedCallCounts>;

const version = z.number().int();
/** Taking on and giving back. Repeated, it changes nothing. 409 with the current one when somebody else was faster. */
export const MissedCallClaim = z.object({ version });
export type MissedCallClaim = z.infer<typeof MissedCallClaim>;
/** When to call back and who; `at` null: no time any more. */
export const MissedCallSchedule = z.object({ version, at: Timestamp.nullable(), owner: z.enum(['me', 'anyone']) });
export type MissedCallSchedule = z.infer<typeof MissedCallSchedule>;
/** Done by hand; `not_needed` wants a note why. */
export const MissedCallClose = z.object({ version, by: z.enum(['called_back', 'not_needed']), note: block(1000).default('') });
export type MissedCallClose = z.infer<typeof MissedCallClose>;
