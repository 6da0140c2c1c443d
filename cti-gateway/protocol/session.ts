import { z } from 'zod';
import { CallView } from './call-view';
import { CallId, Timestamp } from './common';

/**
 * Presence of an agent: signed out, ready for queue calls, or paused with a set of reasons.
 * Independent of calls: while a call is up the panel shows "working" whatever stands here.
 */
export const PauseReason = z.enum(['break', 'meeting', 'training', 'desk_work', 'ring_no_answer', 'declined', 'supervisor']);
export type PauseReason = z.infer<typeof PauseReason>;

export const Presence = z.discriminatedUnion('state', [
  z.object({ state: z.literal('offline') }),
  z.object({ state: z.literal('ready'), since: Timestamp }),
  z.object({ state: z.literal('paused'), since: Timestamp, reasons: z.array(PauseReason).min(1) }),
]);
export type Presence = z.infer<typeof Presence>;

/** What the agent chose to be after the call and its wrap-up. */
export const NextPresence = z.discriminatedUnion('state', [
  z.object({ state: z.literal('ready') }),
  z.object({ state: z.literal('paused'), reason: PauseReason }),
  z.object({ state: z.literal('offline') }),
]);
export type NextPresence = z.infer<typeof NextPresence>;

/** Wrap-up (话后处理) as the gateway keeps it, the same in every window; the queue gives no call meanwhile. */
export const AfterCall = z.object({
  wrapUp: z
    .object({
      /** Null when the gateway was started again meanwhile. */
      callId: CallId.nullable(),
      since: Timestamp,
      until: Timestamp,
      /** `until` is never moved beyond. */
      limit: Timestamp,
      /** The countdown stands until here, because the agent types; past: it runs. */
      standsUntil: Timestamp,
    })
    .nullable(),
  /** Chosen during the call or wrap-up; null: as before the call. */
  next: NextPresence.nullable(),
});
export type AfterCall = z.infer<typeof AfterCall>;

/** Registration of the agent's telephone at Asterisk, as Asterisk says. */
export const DeviceState = z.enum(['unknown', 'unavailable', 'idle', 'ringing', 'in_use', 'busy', 'on_hold', 'invalid']);
export type DeviceState = z.infer<typeof DeviceState>;

export const LinkState = z.enum(['up', 'connecting', 'down']);
export type LinkState = z.infer<typeof LinkState>;

/** Health of everything between the agent and the caller; shown in the call bar. */
export const Health = z.object({
  ami: LinkState,
  ari: LinkState,
  crm: LinkState,
  /** Finished calls written to the journal and not yet accepted by crm-core. */
  journalBacklog: z.number().int().nonnegative(),
  /** Last time the gateway could not see Asterisk's events, when it was resynchronised; null: no gap since its start. */
  lastGap: z.object({ from: Timestamp, to: Timestamp }).nullable(),
});
export type Health = z.infer<typeof Health>;

/** What the browser needs to be the agent's telephone. Sent only inside the authenticated session, never logged. */
export const PhoneAccount = z.object({
  extension: z.string(),
  sipUri: z.string(),
  authorizationUser: z.string(),
  password: z.string(),
  /** Path on the gateway's own origin that is proxied to Asterisk's SIP over WebSocket (RFC 7118). */
  webSocketPath: z.string(),
  iceServers: z.array(z.object({ urls: z.string(), username: z.string().optional(), credential: z.string().optional() })),
});
export type PhoneAccount = z.infer<typeof PhoneAccount>;

export const AgentIdentity = z.object({
  userId: z.string(),
  displayName: z.string(),
  role: z.enum(['agent', 'supervisor', 'administrator']),
  /** Null for users without a telephone. */
  extension: z.string().nullable(),
});
export type AgentIdentity = z.infer<typeof AgentIdentity>;

export const QueueDepth = z.object({ queue: z.string(), waiting: z.number().int().nonnegative() });
export type QueueDepth = z.infer<typeof QueueDepth>;

/** A customer who waits in a parking place until an agent takes the call up. */
export const ParkedCall = z.object({
  callId: CallId,
  /** Number of the place, as dialled on a telephone. */
  place: z.string(),
  since: Timestamp,
  byExtension: z.string().nullable(),
  /** Null: withheld, or not known. */
  remoteNumber: z.string().nullable(),
  name: z.string().nullable(),
});
export type ParkedCall = z.infer<typeof ParkedCall>;

/** The whole truth for one session: sent on hello without resume, and on request after a gap. */
export const Snapshot = z.object({
  agent: AgentIdentity,
  phone: PhoneAccount.nullable(),
  presence: Presence,
  afterCall: AfterCall,
  device: DeviceState,
  health: Health,
  calls: z.array(CallView),
  queues: z.array(QueueDepth),
  parked: z.array(ParkedCall),
  features: z.object({
    testCall: z.boolean(),
    /** Whether calls are followed by a wrap-up. */
    wrapUp: z.boolean(),
    lines: z.array(z.object({ number: z.string(), label: z.string() })),
  }),
});
export type Snapshot = z.infer<typeof Snapshot>;
