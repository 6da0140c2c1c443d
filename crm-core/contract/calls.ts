import { z } from 'zod';
import { CallTrail } from './call-trail';
import { DurationMs, PageQuery, Timestamp, pageOf } from './common';
import { DispositionCode } from './dispositions';
import { identifier } from './text';

/** The id of a call as a person names it; the gateway's own are taken as they come. */
export const CallId = identifier(150);
export const CallDirection = z.enum(['inbound', 'outbound', 'internal']);
export type CallDirection = z.infer<typeof CallDirection>;
/**
 * How a call ended for the customer, in the words of the one who was not reached where nobody talked:
 * `answered` customer and agent talked (internal: the colleagues, or a service number that answered); `abandoned` the caller hung up
 * before; `voicemail` nobody talked with them, and they left a message; `no_answer` nobody answered in time, also when the caller then hung up on the announcement; `busy`, `declined` the other side
 * said so; `unreachable` no such number, or a telephone that is not there; `cancelled` the one who dialled gave up; `failed` for reasons
 * of the telephone system; `lost_contact` its end was not seen.
 */
export const CallOutcome = z.enum([
  'answered',
  'abandoned',
  'voicemail',
  'no_answer',
  'busy',
  'declined',
  'unreachable',
  'cancelled',
  'failed',
  'lost_contact',
]);
/** How a telephone that was called ended; one that called has the result of its call (`cancelled`: it hung up before anybody talked). */
export const LegResult = z.enum([
  'answered',
  'no_answer',
  'declined',
  'busy',
  'cancelled',
  'answered_elsewhere',
  'unreachable',
  'failed',
  'lost_contact',
]);
/** Who ended the talk (or gave up): `system` is the dialplan, a time-out, lost media; what comes after the talk, such as a survey, does not count. */
export const EndedBy = z.enum(['customer', 'agent', 'system', 'unknown']);

export type CallOutcome = z.infer<typeof CallOutcome>;

/**
 * Where the dialplan took a caller out of the ordinary way: `outside_hours` called while the line was closed; `callback_requested` asked
 * to be called back by a key; `queue_timeout` waited as long as a caller may; `blocked`
 * is on the list of callers turned away.
 */
export const CallExit = z.enum(['outside_hours', 'callback_requested', 'queue_timeout', 'blocked']);
export type CallExit = z.infer<typeof CallExit>;

/** One channel's part in a call. Times UTC; durations whole milliseconds. */
export const CallLogLeg = z.object({
  channelId: z.string().max(150),
  role: z.enum(['customer', 'agent']),
  endpoint: z.string().max(80),
  extension: z.string().max(32).nullable(),
  startedAt: Timestamp,
  alertingAt: Timestamp.nullable(),
  answeredAt: Timestamp.nullable(),
  endedAt: Timestamp,
  ringMs: DurationMs,
  talkMs: DurationMs,
  holdMs: DurationMs,
  result: LegResult,
  /** Q.850 cause as Asterisk gave it at hang-up. */
  cause: z.int32().nullable(),
});
export type CallLogLeg = z.infer<typeof CallLogLeg>;

export const CallLogQueueVisit = z.object({
  queue: z.string().max(80),
  joinedAt: Timestamp,
  leftAt: Timestamp,
  waitMs: DurationMs,
  result: z.enum(['connected', 'abandoned', 'left']),
});
export type CallLogQueueVisit = z.infer<typeof CallLogQueueVisit>;

/**
 * What became of passing the customer on: `answered` the other side talked with the customer; `not_answered` nobody there did;
 * `returned` the customer came back to the one who had passed the call on; `cancelled` the consultation ended without passing on;
 * `failed` the telephone system would not.
 */
export const TransferResult = z.enum(['answered', 'not_answered', 'returned', 'cancelled', 'failed']);
export type TransferResult = z.infer<typeof TransferResult>;

/** The customer passed on by an agent: `blind` without a word, `attended` after (or while) asking the other side; also when all three talked then. */
export const CallLogTransfer = z.object({
  at: Timestamp,
  kind: z.enum(['blind', 'attended']),
  fromExtension: z.string().max(32).nullable(),
  /** Extension, queue or number; null when the telephone system did not tell. */
  to: z.string().max(128).nullable(),
  result: TransferResult,
});
export type CallLogTransfer = z.infer<typeof CallLogTransfer>;

/** The customer waited in a parking place. */
export const CallLogParking = z.object({
  at: Timestamp,
  until: Timestamp,
  place: z.string().max(32),
  byExtension: z.string().max(32).nullable(),
  /** Who took it up; null: nobody. */
  toExtension: z.string().max(32).nullable().default(null),
  /** `retrieved` somebody took the call up; `timed_out` it went back by itself; `given_up` the customer hung up. */
  result: z.enum(['retrieved', 'timed_out', 'given_up']),
});
export type CallLogParking = z.infer<typeof CallLogParking>;

/**
 * The call log's row: one finished call, as `npm run replay` prints it and `PUT /api/v1/calls/{callId}` takes it.
 * `talkMs` is the time customer and agent were connected, holds excluded; `holdMs` the time held meanwhile.
 */
export const CallLogRow = z.object({
  callId: z.string().min(1).max(150),
  linkedIds: z.array(z.string().max(150)),
  direction: CallDirection,
  line: z.string().max(32).nullable(),
  areaCode: z.string().max(8).nullable(),
  /** The trunk a caller came in by, as the telephone system names its endpoint; null where that is not known, and on calls that did not come in. */
  trunk: z.string().max(80).nullable().default(null),
  /** `internal`: the dialplan says that the caller is a telephone of ours, so that a short number is an extension. */
  context: z.enum(['internal', 'external']).default('external'),
  /** Customer's number, raw: the caller's on inbound, the dialled one on outbound; null when withheld. */
  remoteNumber: z.string().max(128).nullable(),
  remoteName: z.string().max(255).nullable(),
  /** First queue entered. */
  queue: z.string().max(80).nullable(),
  /** Extension of the agent who talked last; of the one who dialled on an unanswered outbound call; else null. */
  agentExtension: z.string().max(32).nullable(),
  dialId: z.string().max(64).nullable(),
  startedAt: Timestamp,
  /** When the customer was first connected to an agent (not when an announcement answered the line). */
  answeredAt: Timestamp.nullable(),
  endedAt: Timestamp,
  outcome: CallOutcome,
  /** Absent when the dialplan did not say. */
  exitReason: CallExit.optional(),
  endedBy: EndedBy,
  cause: z.int32().nullable(),
  /** From entry into the first queue (or entry of the call) to the connection, or, when there was none, to the end of the call; to the message that was left instead. */
  waitMs: DurationMs,
  talkMs: DurationMs,
  holdMs: DurationMs,
  recording: z.string().max(255).nullable(),
  /** False when part of it fell into a gap of the event stream: figures are then not certain. */
  complete: z.boolean(),
  /** In order of their start; of the telephones that rang in vain the oldest are left out beyond 200 legs. */
  legs: z.array(CallLogLeg),
  queueVisits: z.array(CallLogQueueVisit),
  /** In order. */
  transfers: z.array(CallLogTransfer).default([]),
  parkings: z.array(CallLogParking).default([]),
  /** Three or more talked together. */
  conference: z.boolean().default(false),
  /**
   * Every file of the call, `recording` first; more than one when recording was begun anew, or when two calls became one. A message the
   * caller left is the last.
   */
  recordings: z.array(z.string().max(255)).default([]),
  /** The message that the caller left, one of `recordings`; null: none. */
  voicemail: z
    .object({ file: z.string().max(255), durationMs: DurationMs })
    .nullable()
    .default(null),
  /**
   * `live`: from events as they came. `cel`: made afterwards from Asterisk's channel event log, which knows no ringing (it counts from
   * being called) and holds only where Asterisk logs its music; `complete` is then false.
   */
  source: z.enum(['live', 'cel']).default('live'),
});
export type CallLogRow = z.infer<typeof CallLogRow>;

/**
 * What `PUT /api/v1/calls/{callId}` takes: the row, and how the call came, or did not come, to an agent's screen, where the gateway saw it.
 */
export const CallIntake = CallLogRow.extend({ trail: CallTrail.nullish() });
export type CallIntake = z.infer<typeof CallIntake>;

/** A row as it is read back: with whom the number belonged to when it was taken in. */
export const CallLogEntry = CallLogRow.extend({
  numberKey: z.string().nullable(),
  numberClass: z.string(),
  customerId: z.string().nullable(),
  customerName: z.string().nullable(),
  contactId: z.string().nullable(),
  contactName: z.string().nullable(),
  agentName: z.string().nullable(),
  hotlineRecordId: z.string().nullable(),
  /** How it went, as its agent said; null: not said (未填结果). */
  disposition: DispositionCode.nullable(),
  /** Names of the extensions that stand anywhere in the row, where they are somebody's. */
  agents: z.record(z.string(), z.string()).default({}),
});
export type CallLogEntry = z.infer<typeof CallLogEntry>;

export const CallLogQuery = PageQuery.extend({
  from: Timestamp.optional(),
  to: Timestamp.optional(),
  direction: CallDirection.optional(),
  outcome: CallOutcome.optional(),
  /** The agent's telephone had a part in it, also where it only rang. */
  agentExtension: z.string().max(32).optional(),
  queue: z.string().max(80).optional(),
  line: z.string().max(32).optional(),
  /** Any spelling of a number: compared by its key. */
  number: z.string().max(64).optional(),
  customerId: z.string().max(36).optional(),
  /** A code; `none`: talked with a customer, and nobody has said how it went. */
  disposition: DispositionCode.optional(),
});
export type CallLogQuery = z.infer<typeof CallLogQuery>;
export const CallLogPage = pageOf(CallLogEntry);
export type CallLogPage = z.infer<typeof CallLogPage>;
