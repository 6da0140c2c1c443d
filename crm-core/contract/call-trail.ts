import { z } from 'zod';
import { Timestamp } from './common';

/**
 * What happens to a call on its way to an agent's screen, in the order it usually happens:
 * `event_seen` Asterisk's first event of it reached the gateway; `line`, `key` where it came in and how its number was read;
 * `caller_mark` the dialplan knew the caller as blocked or preferred; `queue` it waits; `lookup_*` the question to crm-core;
 * `endpoint` a telephone rings, and whose it is; `session`, `tab` which windows of that agent are connected; `frame_sent`, `frame_shown`
 * the pop was handed to them, and painted; then how the ringing went.
 */
export const CallTrailStepName = z.enum([
  'event_seen',
  'line',
  'key',
  'caller_mark',
  'queue',
  'lookup_started',
  'lookup_failed',
  'lookup_answered',
  'endpoint',
  'session',
  'tab',
  'frame_sent',
  'frame_shown',
  'answered',
  'withdrawn',
  'ended',
]);
export type CallTrailStepName = z.infer<typeof CallTrailStepName>;

/** `ok` as it should be; `info` neither good nor bad; `problem` why something was not on the screen, or came late. */
export const CallTrailOutcome = z.enum(['ok', 'info', 'problem']);
export type CallTrailOutcome = z.infer<typeof CallTrailOutcome>;

export const CallTrailStep = z.object({
  at: Timestamp,
  step: CallTrailStepName,
  outcome: CallTrailOutcome,
  /** Whose telephone or window; null: of the whole call. */
  extension: z.string().max(32).nullable(),
  /** What belongs to the step: line, key, kind of match, endpoint, result of the ringing. No names, no free text. */
  value: z.string().max(150).nullable(),
  /** What belongs to the step: milliseconds (`event_seen`, `lookup_*`), agents ready (`queue`), windows (`session`, `frame_sent`). */
  count: z.number().int().nonnegative().nullable(),
});
export type CallTrailStep = z.infer<typeof CallTrailStep>;

/**
 * Why a call was not on a screen. Of a whole call: `not_a_line` it never came to a line of ours; `blocked_caller` the dialplan turned it
 * away; `abandoned_before_ringing` the caller hung up before a telephone rang; `nobody_ready` no agent was there to be rung;
 * `phone_unreachable` telephones were called and none of them rang; `left_message` the caller left
 * a message, as outside hours; `pbx_ended` the dialplan ended it; `placed_by_agent` an agent dialled
 * it, which the call bar shows; `answered_without_ringing` a telephone answered at once; `gateway_gap` the gateway did not see that part.
 * Of one ringing telephone: `no_agent_mapped` no user has that extension; `agent_never_connected`, `panel_closed` its agent had no panel
 * open (not since the gateway's start, not any more); `not_shown` the pop was sent and no window said that it was painted.
 */
export const NoPopReason = z.enum([
  'not_a_line',
  'blocked_caller',
  'abandoned_before_ringing',
  'nobody_ready',
  'phone_unreachable',
  'left_message',
  'pbx_ended',
  'placed_by_agent',
  'answered_without_ringing',
  'gateway_gap',
  'no_agent_mapped',
  'agent_never_connected',
  'panel_closed',
  'not_shown',
]);
export type NoPopReason = z.infer<typeof NoPopReason>;

/** One ringing of one telephone: did the call come up on that agent's screen? */
export const CallTrailOffer = z.object({
  extension: z.string().max(32),
  endpoint: z.string().max(80),
  alertingAt: Timestamp,
  sentAt: Timestamp.nullable(),
  shownAt: Timestamp.nullable(),
  /** Null when it was shown, and while it may still be. */
  reason: NoPopReason.nullable(),
});
export type CallTrailOffer = z.infer<typeof CallTrailOffer>;

/** "Why did this call not pop?": all that is known of one call. */
export const CallTrail = z.object({
  callId: z.string().min(1).max(150),
  /** False while the call lives: more may follow. */
  finished: z.boolean(),
  /** In order of time; beyond the bound those in the middle are left out. */
  steps: z.array(CallTrailStep).max(200),
  stepsLeftOut: z.number().int().nonnegative(),
  /** Newest last; beyond the bound those in the middle are left out. */
  offers: z.array(CallTrailOffer).max(100),
  /** Why it was on no screen at all; null when it was on one, and while the call lives. */
  reason: NoPopReason.nullable(),
});
export type CallTrail = z.infer<typeof CallTrail>;

/** A trail as it is read: with the names of the agents by extension. */
export const CallTrailView = CallTrail.extend({ agents: z.record(z.string(), z.string()) });
export type CallTrailView = z.infer<typeof CallTrailView>;
