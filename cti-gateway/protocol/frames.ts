import { z } from 'zod';
import { CallView, MatchView } from './call-view';
import { CallId, ClientId, PROTOCOL_VERSION, Timestamp } from './common';
import { ErrorCode } from './errors';
import { AfterCall, DeviceState, Health, NextPresence, ParkedCall, PauseReason, Presence, QueueDepth, Snapshot } from './session';
import { PassedContext, TransferTarget } from './transfer';

/**
 * How a click-to-dial ended, each leg in its own words. The first four: the customer's telephone was never rung.
 * An error code of {@link ErrorCode} stands in the same place when the policy refused or the telephone system failed.
 */
export const DialEndReason = z.enum([
  // the agent's own telephone
  'phone_unreachable', 'agent_no_answer', 'agent_declined', 'agent_busy',
  // the customer's
  'answered', 'busy', 'no_answer', 'declined', 'unreachable',
  // hung up by the agent before an answer; anything else; contact with Asterisk lost meanwhile
  'cancelled', 'failed', 'lost_contact',
]);
export type DialEndReason = z.infer<typeof DialEndReason>;

/** How far a click-to-dial has come. `refused` comes from the policy, before any telephone is rung. */
export const DialProgress = z.object({
  dialId: ClientId,
  callId: CallId.nullable(),
  number: z.string(),
  state: z.enum(['ringing_agent', 'ringing_customer', 'connected', 'ended', 'refused']),
  /** Only with `ended` and `refused`: a {@link DialEndReason} or an {@link ErrorCode}. */
  reason: z.string().nullable(),
});
export type DialProgress = z.infer<typeof DialProgress>;

/** Events, gateway → panel. Past tense. `seq` rises by one per session; a hole means: ask for a snapshot. */
const eventData = {
  'session.started': Snapshot,
  'session.resumed': z.object({ missed: z.number().int().nonnegative() }),
  'session.replaced': z.object({}),
  'call.offered': z.object({ call: CallView }),
  'call.changed': z.object({ call: CallView }),
  /** The agent's phone stopped ringing without being answered here: no answer, answered elsewhere, caller gone. */
  'call.withdrawn': z.object({ call: CallView }),
  'call.ended': z.object({ call: CallView }),
  /** The call log has the call's row, as it is now: to whose telephones had a part in it. May come again, with better knowledge. */
  'call.logged': z.object({ callId: CallId }),
  'call.matched': z.object({ callId: CallId, match: MatchView }),
  'dial.progressed': DialProgress,
  'presence.changed': z.object({ presence: Presence }),
  'afterCall.changed': z.object({ afterCall: AfterCall }),
  'device.changed': z.object({ device: DeviceState }),
  'health.changed': z.object({ health: Health }),
  'queues.changed': z.object({ queues: z.array(QueueDepth) }),
  'parked.changed': z.object({ parked: z.array(ParkedCall) }),
} as const;

export type EventType = keyof typeof eventData;
export type EventData<T extends EventType> = z.infer<(typeof eventData)[T]>;
export const EVENT_TYPES = Object.keys(eventData) as EventType[];

export const EventEnvelope = z.object({
  v: z.literal(PROTOCOL_VERSION),
  type: z.string(),
  seq: z.number().int().positive(),
  epoch: z.string(),
  at: Timestamp,
  data: z.unknown(),
});

export type EventFrame = {
  [T in EventType]: { v: typeof PROTOCOL_VERSION; type: T; seq: number; epoch: string; at: string; data: EventData<T> };
}[EventType];

/** Commands, panel → gateway. Verbs. Idempotent by `id`; never queued while offline. */
const commandData = {
  hello: z.object({
    protocol: z.number().int(),
    ticket: z.string().max(4096),
    tab: ClientId,
    /** Where to resume; omitted on the first connection. */
    resume: z.object({ epoch: z.string(), seq: z.number().int().nonnegative() }).optional(),
  }),
  'session.snapshot': z.object({}),
  'session.ping': z.object({}),
  'presence.set': z.discriminatedUnion('state', [
    z.object({ state: z.literal('ready') }),
    z.object({ state: z.literal('paused'), reason: PauseReason }),
    z.object({ state: z.literal('offline') }),
  ]),
  /** Adds a reason to the set, and takes one away: the last one gone, the agent is ready. */
  'presence.pause': z.object({ reason: PauseReason }),
  'presence.resume': z.object({ reason: PauseReason }),
  /** What happens once the call and its wrap-up are over; only during either. Null: nothing. */
  'presence.next': z.object({ next: NextPresence.nullable() }),
  /** Ends the wrap-up of this call (null: whichever); one that is over already is what was asked for. */
  'wrapUp.finish': z.object({ callId: CallId.nullable() }),
  /** `key`: another round; `typing`: the countdown stands for a moment. Both up to the limit. */
  'wrapUp.extend': z.object({ by: z.enum(['key', 'typing']) }),
  'call.dial': z.object({ dialId: ClientId, number: z.string().max(64), customerId: z.string().max(36).nullable() }),
  'call.hangup': z.object({ callId: CallId }),
  'call.mute': z.object({ callId: CallId, muted: z.boolean() }),
  'call.sendDigits': z.object({ callId: CallId, digits: z.string().regex(/^[0-9*#A-D]{1,32}$/) }),
  /** Passes the call on at once. What goes wrong brings it back to this agent. */
  'call.transfer': z.object({ callId: CallId, target: TransferTarget, context: PassedContext }),
  /** Asks somebody first, while the customer hears music. Not for queues. */
  'call.consult': z.object({ callId: CallId, target: TransferTarget, context: PassedContext }),
  /** Passes on to who was asked, also while their telephone still rings. */
  'call.consult.complete': z.object({ callId: CallId, context: PassedContext }),
  /** Back to the customer; who was asked is let go. */
  'call.consult.cancel': z.object({ callId: CallId }),
  /** Talks with this one of the two; the other hears music. */
  'call.consult.talkTo': z.object({ callId: CallId, party: z.enum(['customer', 'target']) }),
  /** All three together. Whoever hangs up leaves the other two. */
  'call.conference': z.object({ callId: CallId }),
  /** Connects the agent's telephone with a parked customer; `dialId` makes it one wish. */
  'call.takeUp': z.object({ callId: CallId, dialId: ClientId }),
  /** Interrupts the recording of the call, e.g. while a card number is spoken, and goes on with it. */
  'call.pauseRecording': z.object({ callId: CallId, paused: z.boolean() }),
  /** The pop was painted: proof for "why did this call not pop?". */
  'call.shown': z.object({ callId: CallId }),
  /** The customer was created or the number attached during the call: look it up again now. */
  'call.rematch': z.object({ callId: CallId }),
  /** What is known of one's own call on its way to the screen; supervisors may ask for any. Reply `{ trail }`. */
  'call.trail': z.object({ callId: CallId }),
  /** Demo mode only: a test call comes in from the simulated public network. */
  'demo.call': z.object({ callerId: z.string().max(64), line: z.string().max(32).optional() }),
} as const;

export type CommandType = keyof typeof commandData;
export type CommandData<T extends CommandType> = z.infer<(typeof commandData)[T]>;
export const COMMAND_TYPES = Object.keys(commandData) as CommandType[];
export const commandSchemas: { readonly [T in CommandType]: (typeof commandData)[T] } = commandData;
export const eventSchemas: { readonly [T in EventType]: (typeof eventData)[T] } = eventData;

export const CommandEnvelope = z.object({
  v: z.literal(PROTOCOL_VERSION),
  type: z.enum(COMMAND_TYPES as [CommandType, ...CommandType[]]),
  id: ClientId,
  data: z.unknown(),
});

/** Reply to a command, with the command's `id`. */
export const Reply = z.discriminatedUnion('ok', [
  z.object({ v: z.literal(PROTOCOL_VERSION), id: ClientId, ok: z.literal(true), data: z.unknown().optional() }),
  z.object({
    v: z.literal(PROTOCOL_VERSION),
    id: z.string().nullable(),
    ok: z.literal(false),
    error: z.object({ code: ErrorCode, message: z.string(), retryable: z.boolean(), field: z.string().optional() }),
  }),
]);
export type Reply = z.infer<typeof Reply>;
