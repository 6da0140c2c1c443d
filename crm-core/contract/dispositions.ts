import { z } from 'zod';

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
export const DispositionList = z.object({ required: z.boolean(), items: z.array(Disposition) });
export type DispositionList = z.infer<typeof DispositionList>;

/** `PUT /calls/{callId}/disposition`, by an agent of the call, also before its row is there. Null takes it back. */
export const SetDisposition = z.object({ disposition: DispositionCode.nullable() });
export type SetDisposition = z.infer<typeof SetDisposition>;
export const CallDisposition = z.object({ callId: z.string(), disposition: DispositionCode.nullable() });
export type CallDisposition = z.infer<typeof CallDisposition>;
