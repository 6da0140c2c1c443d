import { z } from 'zod';
import { CallId, Timestamp } from './common';
import { Consult, PassedOn } from './transfer';

/**
 * How the caller's number was matched to a customer; mirrors `POST /api/v1/match` of crm-core, plus `pending`
 * (the lookup has not answered yet; the number is shown at once and the frame `call.matched` completes it)
 * and `unavailable` (crm-core did not answer; the gateway keeps trying while the call lives).
 */
export const MatchKind = z.enum(['pending', 'unavailable', 'known', 'shared', 'maybe', 'unknown', 'withheld', 'internal']);
export type MatchKind = z.infer<typeof MatchKind>;

/** The stored number an owner was found by: "mobile 2 of 3" is label `mobile`, ordinal 2, count 3. */
export const MatchedNumber = z.object({
  numberId: z.string(),
  display: z.string(),
  label: z.string(),
  extension: z.string().nullable(),
  ordinal: z.number().int().positive(),
  count: z.number().int().positive(),
});
export type MatchedNumber = z.infer<typeof MatchedNumber>;

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
  /** Why they are offered: `stored_number`, `switchboard`, `decision`, `other_reading`, `earlier_record`. */
  matchedBy: z.string().optional(),
  /** Rule of the reading under which they were found. */
  reason: z.string().optional(),
  number: MatchedNumber.nullish(),
});
export type MatchOwner = z.infer<typeof MatchOwner>;

/** Another way to read the same digits: never more than "maybe". */
export const MatchAlternative = z.object({ key: z.string(), display: z.string(), numberClass: z.string(), reason: z.string() });
export type MatchAlternative = z.infer<typeof MatchAlternative>;

/** Where the number belongs, as far as the numbering plan tells. */
export const MatchPlace = z.object({
  country: z.string().nullable(),
  province: z.string().nullable(),
  city: z.string().nullable(),
  carrier: z.string().nullable(),
});
export type MatchPlace = z.infer<typeof MatchPlace>;

/** What is agreed on the number itself. */
export const MatchMark = z.object({
  markId: z.string(),
  kind: z.enum(['blocked', 'vip']),
  reason: z.string(),
  until: Timestamp.nullable(),
  markedBy: z.string(),
});
export type MatchMark = z.infer<typeof MatchMark>;

/** What an agent has said of the number, undone by its id. */
export const MatchDecisionNote = z.object({
  decisionId: z.string(),
  decision: z.enum(['not_this', 'is_this', 'add_number']),
  customerId: z.string(),
  customerName: z.string(),
  contactId: z.string().nullable(),
  decidedAt: Timestamp,
  decidedBy: z.string(),
});
export type MatchDecisionNote = z.infer<typeof MatchDecisionNote>;

/** The optional parts come with crm-core's answer: absent while it is awaited, and where nobody was asked. */
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
  /** The key grouped for reading; null when withheld. */
  display: z.string().nullish(),
  /** What was taken away or added on the way from the raw number to its key, in order: `carrier_code`, `trunk_zero` … */
  steps: z.array(z.string()).optional(),
  extension: z.string().nullish(),
  alternatives: z.array(MatchAlternative).optional(),
  place: MatchPlace.nullish(),
  /** A rotating number of a delivery platform: never stored by itself. */
  privacy: z.boolean().optional(),
  /** A company's switchboard: which of its people calls is not known. */
  switchboard: z.boolean().optional(),
  mark: MatchMark.nullish(),
  decisions: z.array(MatchDecisionNote).optional(),
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
  'answered', 'abandoned', 'voicemail', 'no_answer', 'busy', 'declined', 'unreachable', 'cancelled', 'failed', 'answered_elsewhere', 'lost_contact',
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
  /** The recording is interrupted by an agent's wish; absent: it is not. */
  recordingPaused: z.boolean().optional(),
  /** This agent asks somebody before passing the call on; absent or null: nobody. */
  consult: Consult.nullable().optional(),
  /** Who passed it on last, to whom, and with what; absent or null: nobody has. */
  passedOn: PassedOn.nullable().optional(),
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
