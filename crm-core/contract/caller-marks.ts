import { z } from 'zod';
import { Timestamp } from './common';
import { NumberClass } from './match';

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
