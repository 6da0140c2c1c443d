/**
 * One call: the whole interaction with a customer, from its entry to its end, however many channels (legs) it used.
 */
export type CallDirection = 'inbound' | 'outbound' | 'internal';

export type CallOutcome =
  'answered' | 'abandoned' | 'voicemail' | 'no_answer' | 'busy' | 'declined' | 'unreachable' | 'cancelled' | 'failed' | 'lost_contact';

export type CallExit = 'outside_hours' | 'callback_requested' | 'queue_timeout' | 'blocked';

/** What a caller said instead of talking with somebody: a file below the recordings folder. */
export interface Voicemail {
  readonly file: string;
  readonly durationMs: number;
}

export type EndedBy = 'customer' | 'agent' | 'system' | 'unknown';

export type LegResult =
  'answered' | 'no_answer' | 'declined' | 'busy' | 'cancelled' | 'answered_elsewhere' | 'unreachable' | 'failed' | 'lost_contact';

/**
 * One channel's part in a call. Times are facts of this one telephone: `answeredAtMs` on a caller's leg is the line picked up
 * by the queue, which is long before anybody talks (`connectedAtMs`).
 */
export interface Leg {
  readonly channelId: string;
  /** `PJSIP/1001-0000002a`: what AMI actions on this leg need. */
  readonly channelName: string;
  readonly role: 'customer' | 'agent';
  /** The agent's channel that asks this one before passing the customer on, where Asterisk placed the consultation (Atxfer); null: none. */
  readonly consultedBy: string | null;
  /**
   * The same telephone's earlier channel whose place this one took (a panel that was loaded again); null: none. For the agent the two
   * are one talk.
   */
  readonly continues: string | null;
  /** It has ended, but its telephone goes on in a channel that has taken it over and is seen as soon as there is a bridge. */
  readonly handedOn: boolean;
  /** `PJSIP/1001`, `PJSIP/trunk`. */
  readonly endpoint: string;
  /** Agent's extension; null on a customer's leg. */
  readonly extension: string | null;
  /** The queue that rang it; null: something else did, or it called. */
  readonly queue: string | null;
  /** True when this telephone began the call; false when Asterisk called it (by queue, dial or click). */
  readonly placed: boolean;
  readonly startedAtMs: number;
  /** When the telephone began to ring. */
  readonly alertingAtMs: number | null;
  readonly answeredAtMs: number | null;
  /** When it first was in talk with the other side. */
  readonly connectedAtMs: number | null;
  readonly endedAtMs: number | null;
  readonly heldSinceMs: number | null;
  /** Finished stretches only, so that a live call does not change with every event; whole once the leg has ended. */
  readonly holdMs: number;
  readonly talkMs: number;
  /** Channels this leg talks with now. */
  readonly talkingTo: readonly string[];
  /** Those of them that do not hear it: one of the two waits while the other asks a colleague. */
  readonly awayFrom: readonly string[];
  readonly result: LegResult | null;
  readonly cause: number | null;
}

export interface QueueVisit {
  readonly queue: string;
  readonly joinedAtMs: number;
  readonly leftAtMs: number | null;
  readonly result: 'connected' | 'abandoned' | 'left' | null;
}

export type TransferKind = 'blind' | 'attended';
/** Words of the call log's row; see there. */
export type TransferResult = 'answered' | 'not_answered' | 'returned' | 'cancelled' | 'failed';

/** The customer passed on, or being passed on, by an agent. */
export interface CallTransfer {
  readonly atMs: number;
  readonly kind: TransferKind;
  readonly fromExtension: string | null;
  /** Extension, queue or number; null when Asterisk did not tell. */
  readonly to: string | null;
  /** Null: not decided; the other side is being asked or called. */
  readonly result: TransferResult | null;
}

export interface CallParking {
  readonly atMs: number;
  /** Null: waits there now. */
  readonly untilMs: number | null;
  /** Number of the parking place, as Asterisk says it. */
  readonly place: string;
  readonly byExtension: string | null;
  /** Who took it up; null: nobody (yet). */
  readonly toExtension: string | null;
  readonly result: 'retrieved' | 'timed_out' | 'given_up' | null;
}

export interface Call {
  readonly callId: string;
  readonly linkedIds: readonly string[];
  readonly direction: CallDirection;
  /**
   * What goes on now: `entered` (in the dialplan) → `queued` → `alerting` (a called telephone rings) → `connected` (customer and agent
   * talk) → `ended`. Any of the first four may come again, as in a transfer; `ended` is final. Holding is a property of legs.
   */
  readonly phase: 'entered' | 'queued' | 'alerting' | 'connected' | 'ended';
  readonly line: string | null;
  readonly areaCode: string | null;
  /** The trunk's endpoint by which the caller came in, without its technology: `trunk`; null on calls that did not come in. */
  readonly trunk: string | null;
  /** Whether the caller stands inside, at another PBX of ours: only there a short number is an extension. */
  readonly context: 'internal' | 'external';
  /** The customer's number: caller's on inbound, dialled on outbound; null when withheld or not known. */
  readonly remoteNumber: string | null;
  readonly remoteName: string | null;
  readonly dialId: string | null;
  readonly recording: string | null;
  /** What the dialplan found in the list of marked callers. */
  readonly callerMark: 'blocked' | 'vip' | null;
  readonly enteredAtMs: number;
  /** When customer and agent were first connected. */
  readonly answeredAtMs: number | null;
  readonly endedAtMs: number | null;
  /** As on legs: time connected less holds, and holds, of finished stretches. */
  readonly talkMs: number;
  readonly holdMs: number;
  readonly legs: readonly Leg[];
  readonly queueVisits: readonly QueueVisit[];
  readonly transfers: readonly CallTransfer[];
  readonly parkings: readonly CallParking[];
  /** Three or more have talked together. */
  readonly conference: boolean;
  /** Every file of the call's recording, the first one first. */
  readonly recordings: readonly string[];
  readonly outcome: CallOutcome | null;
  /** Where the dialplan took the caller out of the ordinary way; null when it did not say. */
  readonly exitReason: CallExit | null;
  /** The message the caller left; null: none. */
  readonly voicemail: Voicemail | null;
  readonly endedBy: EndedBy | null;
  /** Q.850 cause of the leg that ended the call. */
  readonly cause: number | null;
  /** False when a part of the call fell into a gap of the event stream, so that its figures are not certain. */
  readonly complete: boolean;
}

/**
 * What the world is told about a change; the app layer turns them into frames, lookups and journal entries. Every effect carries
 * the call as it is after the event. Of one event the effects come in this order: `call.entered`, legs in order of their start,
 * `call.changed` or `call.ended`.
 */
export type CallEffect =
  /** A call is known for the first time: it began, or it was found alive after a gap (`complete` false). */
  | { readonly type: 'call.entered'; readonly call: Call }
  /** Something about the whole call: phase, queue, number, line, a new leg, its completeness. */
  | { readonly type: 'call.changed'; readonly call: Call }
  /** The called telephone of this leg began to ring; once per leg. A telephone that is called but silent never does. */
  | { readonly type: 'leg.alerting'; readonly call: Call; readonly leg: Leg }
  /** This leg talks with the other side; once per leg, for each of the two. */
  | { readonly type: 'leg.connected'; readonly call: Call; readonly leg: Leg }
  /** Picked up, put on hold, taken back, left alone, or a result corrected by a late event. */
  | { readonly type: 'leg.changed'; readonly call: Call; readonly leg: Leg }
  /** The channel is gone; `leg.result` says how it went. The call may go on. */
  | { readonly type: 'leg.ended'; readonly call: Call; readonly leg: Leg }
  /**
   * Two calls became one: a consultation that was a call of its own was joined to the customer's, a parked call was picked up, two talks
   * were made a conference. All that `absorbed` had belongs to `call` now; nothing more is told under the absorbed id, and it gets no
   * row. What the joining event itself changes follows as usual.
   */
  | { readonly type: 'call.merged'; readonly call: Call; readonly absorbed: Call }
  /** The last leg is gone. Comes once per call, and nothing of that call follows. */
  | { readonly type: 'call.ended'; readonly call: Call }
  /** An event that changes nothing, with the reason that is counted. */
  | { readonly type: 'event.ignored'; readonly reason: IgnoredReason };

export type IgnoredReason =
  /** Told before, or of no interest to any call. */
  | 'no_change'
  /** Of a channel whose call has ended. */
  | 'call_ended'
  /** Of a channel never heard of, and no proof that it lives. */
  | 'unknown_channel'
  /** Of a channel that is no telephone: Local, Snoop, recorder. */
  | 'not_a_leg'
  /** Of a telephone's new channel that is about to take the place of its old one. */
  | 'taking_over';
