import { z } from 'zod';
import { PageQuery, Timestamp, pageOf } from './common';
import { NumberClass } from './match';
import { requiredLine } from './text';

/** What the telephone side does with a caller: `blocked` is turned away, `vip` waits at the head of the queue. */
export const CallerMarkKind = z.enum(['blocked', 'vip']);
export type CallerMarkKind = z.infer<typeof CallerMarkKind>;

/**
 * A caller ID as a trunk may spell it, e.g. `13912345678`, `+8613912345678`, `02082345678`, `82345678`: compared with the whole
 * caller ID, character by character. Digits after an optional plus, nothing else: it becomes a key of the telephone system's database.
 */
export const DialForm = z.string().regex(/^\+?\d{2,30}$/);

/**
 * A mark in force, as the telephone side needs it: `GET /api/v1/caller-marks?active=true` for the gateway. No reason and no name: the
 * telephone system has no use for them.
 */
export const ActiveCallerMark = z.object({
  /** e.g. `+8613912345678`, `svc:95588`. */
  key: z.string().min(1).max(64),
  numberClass: NumberClass,
  /** Every spelling of the key that a trunk may send; two marks never share one. */
  dialForms: z.array(DialForm).max(32),
  mark: CallerMarkKind,
  /** When it ends by itself; null: never. */
  until: Timestamp.nullable(),
});
export type ActiveCallerMark = z.infer<typeof ActiveCallerMark>;

/**
 * All marks in force. `version` changes with every change of them (an end date that passes included) and stands in the header `ETag`
 * too, in quotes; a request with that `If-None-Match` is answered 304 without a body.
 */
export const ActiveCallerMarks = z.object({
  items: z.array(ActiveCallerMark).max(20_000),
  version: z.string().min(1).max(100),
});
export type ActiveCallerMarks = z.infer<typeof ActiveCallerMarks>;

/** A mark as people see it. In force from its making to `endedAt` or `until`, whichever comes first. */
export const CallerMark = z.object({
  markId: z.string(),
  key: z.string(),
  display: z.string(),
  numberClass: NumberClass,
  kind: CallerMarkKind,
  reason: z.string(),
  until: Timestamp.nullable(),
  active: z.boolean(),
  createdAt: Timestamp,
  createdBy: z.string(),
  endedAt: Timestamp.nullable(),
  endedBy: z.string().nullable(),
  version: z.number().int().nonnegative(),
});
export type CallerMark = z.infer<typeof CallerMark>;

/**
 * `POST /caller-marks`: 201 and the `CallerMark`. One number has one mark in force (`already_exists`). Field errors at `number`:
 * `not_a_number`, `privacy_number`; at `until`: `in_past`.
 */
export const NewCallerMark = z.object({
  /** One number in any spelling. */
  number: requiredLine(64),
  kind: CallerMarkKind,
  reason: requiredLine(200),
  until: Timestamp.nullable().default(null),
});
export type NewCallerMark = z.infer<typeof NewCallerMark>;

/** `PATCH /caller-marks/{markId}`: answers the `CallerMark`. `DELETE` ends it (204). */
export const CallerMarkPatch = z.object({
  version: z.number().int().nonnegative(),
  kind: CallerMarkKind.optional(),
  reason: requiredLine(200).optional(),
  until: Timestamp.nullable().optional(),
});
export type CallerMarkPatch = z.infer<typeof CallerMarkPatch>;

/**
 * `GET /caller-marks`: for people a page, newest first; with `active=true` what the telephone system takes. With `wait` (seconds) a
 * question whose `If-None-Match` is the newest is answered when there is news, or after that time: whoever asks again at once knows of
 * every change as it is made.
 */
export const CallerMarkQuery = PageQuery.extend({
  active: z.enum(['true']).optional(),
  wait: z.coerce.number().int().min(0).max(30).default(0),
  /** `current`: only those in force. */
  state: z.enum(['current', 'all']).default('current'),
});
export type CallerMarkQuery = z.infer<typeof CallerMarkQuery>;
export const CallerMarkPage = pageOf(CallerMark);
export type CallerMarkPage = z.infer<typeof CallerMarkPage>;
