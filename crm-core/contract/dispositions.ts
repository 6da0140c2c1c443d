import { z } from 'zod';
import { requiredLine } from './text';

/** Code of how a call went for the agent (通话结果); the list is closed and kept in crm-core. */
export const DispositionCode = z.string().regex(/^[a-z][a-z_]{1,39}$/);
export const NO_DISPOSITION = 'none';

export const Disposition = z.object({
  code: DispositionCode,
  zh: z.string(),
  en: z.string(),
  /** False: no longer chosen, but older calls have it. */
  active: z.boolean(),
});
export type Disposition = z.infer<typeof Disposition>;

/** In the order they are offered. `required`: a call's record is not done without one. */
export const DispositionList = z.object({
  required: z.boolean(),
  items: z.array(Disposition),
  /** Of this state of the list; goes with a change. */
  version: z.string(),
});
export type DispositionList = z.infer<typeof DispositionList>;

/**
 * `PUT /dispositions`: the whole list in the order it is to be offered. A code that is left out is taken off the list, which is refused
 * (`in_use`) once a call has it; such a one is made inactive instead.
 */
export const DispositionChange = z.object({
  version: z.string().max(64),
  items: z
    .array(
      z.object({
        code: DispositionCode.refine((code) => code !== NO_DISPOSITION),
        zh: requiredLine(80),
        en: requiredLine(80),
        active: z.boolean(),
      }),
    )
    .max(200),
});
export type DispositionChange = z.infer<typeof DispositionChange>;

/** `PUT /calls/{callId}/disposition`, by an agent of the call, also before its row is there. Null takes it back. */
export const SetDisposition = z.object({ disposition: DispositionCode.nullable() });
export type SetDisposition = z.infer<typeof SetDisposition>;
export const CallDisposition = z.object({ callId: z.string(), disposition: DispositionCode.nullable() });
export type CallDisposition = z.infer<typeof CallDisposition>;
