import { z } from 'zod';
import { CallId, Timestamp } from './common';

/**
 * How the caller's number was matched to a customer; mirrors `POST /api/v1/match` of crm-core, plus `pending`
 * (the lookup has not answered yet; the number is shown at once and the frame `call.matched` completes it)
 * and `unavailable` (crm-core did not answer; the gateway keeps trying while the call lives).
 */
export const MatchKind = z.enum(['pending', 'unavailable', 'known', 'shared', 'maybe', 'unknown', 'withheld', 'internal']);
export type MatchKind = z.infer<typeof MatchKind>;

/** One customer (and contact) whose stored number has the caller's key. */
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
  openRecordCount: z.number().int().nonnegative(),
});
export type MatchOwner = z.infer<typeof MatchOwner>;

export const MatchView = z.object({
  kind: MatchKind,
  /** The number as it arrived; null when withheld. */
  raw: z.string().nullable(),
  /** The key it was looked up by, e.g. `+8613912345678`, `svc:95588`; null when there is none. */
  key: z.string().nullable(),
  /** mobile, fixed, service, international, internal, withheld, unknown */
  numberClass: z.string(),
  /** Code of the rule that decided, e.g. `mobile.trunk-zero`; the panel has its words. */
  reason: z.string(),
  /** Newest contact first. Exactly one for `known`. */
  owners: z.array(MatchOwner),
});
export type MatchView = z.infer<typeof MatchView>;

/**
 * The call as one agent sees it. States follow the local connection state of CSTA (ECMA-269):
 * `initiated` (click-to-dial: this agent's phone is being rung), `delivered` (outbound: the far end rings),
 * `alerting` (this agent's phone rings), `connected`, `hold` (held by this agent), `ended`.
 */
export const CallState = z.enum(['initiated', 'delivered', 'alerting', 'connected', 'hold', 'ended']);
export type CallState = z.infer<typeof CallState>;

export const CallOutcome = z.enum([
  'answered', 'abandoned', 'no_answer', 'busy', 'declined', 'unreachable', 'cancelled', 'failed', 'answered_elsewhere', 'lost_contact',
]);
export type CallOutcome = z.infer<typeof CallOutcome>;

export const EndedBy = z.enum(['customer', 'agent', 'system', 'unknown']);
export type EndedBy = z.infer<typeof EndedBy>;

export const CallView = z.object({
  callId: CallId,
  direction: z.enum(['inbound', 'outbound', 'internal']),
  state: CallState,
  /** The far end's number as it arrived or was dialled; null when withheld. */
  remoteNumber: z.string().nullable(),
  /** The caller's name as the network sent it: hostile text, shown as text only. */
  remoteName: z.string().nullable(),
  /** DID the call came in on; null on outbound calls. */
  line: z.string().nullable(),
  queue: z.string().nullable(),
  enteredAt: Timestamp,
  /** When this agent's phone began to ring. */
  alertingAt: Timestamp.nullable(),
  /** When this agent's phone stops ringing by itself, where Asterisk told. */
  ringUntil: Timestamp.nullable(),
  answeredAt: Timestamp.nullable(),
  heldSince: Timestamp.nullable(),
  muted: z.boolean(),
  recording: z.boolean(),
  /** Set from `ended` on. */
  endedAt: Timestamp.nullable(),
  outcome: CallOutcome.nullable(),
  endedBy: EndedBy.nullable(),
  /** Q.850 cause of the last leg, e.g. 16, 17, 19. */
  cause: z.number().int().nullable(),
  /** The dial that began it, when it was a click. */
  dialId: z.string().nullable(),
  match: MatchView,
});
export type CallView = z.infer<typeof CallView>;
