/**
 * One call: the whole interaction with a customer, from its entry to its end, however many channels (legs) it used.
 */
export type CallDirection = 'inbound' | 'outbound' | 'internal';

export type CallOutcome =
  | 'answered'
  | 'abandoned'
  | 'no_answer'
  | 'busy'
  | 'declined'
  | 'unreachable'
  | 'cancelled'
  | 'failed'
  | 'lost_contact';

export type EndedBy = 'customer' | 'agent' | 'system' | 'unknown';

export type LegResult = 'answered' | 'no_answer' | 'declined' | 'busy' | 'cancelled' | 'answered_elsewhere' | 'unreachable' | 'failed' | 'lost_contact';

/** One channel's part in a call. */
export interface Leg {
  readonly channelId: string;
  readonly role: 'customer' | 'agent';
  /** `PJSIP/1001`, `PJSIP/trunk`. */
  readonly endpoint: string;
  /** Agent's extension; null on a customer's leg. */
  readonly extension: string | null;
  readonly startedAtMs: number;
  /** When the telephone began to ring. */
  readonly alertingAtMs: number | null;
  readonly answeredAtMs: number | null;
  /** When it first was in talk with the other side. */
  readonly connectedAtMs: number | null;
  readonly endedAtMs: number | null;
  readonly heldSinceMs: number | null;
  readonly holdMs: number;
  readonly talkMs: number;
  readonly result: LegResult | null;
  readonly cause: number | null;
}

export interface QueueVisit {
  readonly queue: string;
  readonly joinedAtMs: number;
  readonly leftAtMs: number | null;
  readonly result: 'connected' | 'abandoned' | 'left' | null;
}

export interface Call {
  readonly callId: string;
  readonly linkedIds: readonly string[];
  readonly direction: CallDirection;
  /** `entered` → (`queued`) → `alerting` → `connected` → `ended`; holding is a property of legs. */
  readonly phase: 'entered' | 'queued' | 'alerting' | 'connected' | 'ended';
  readonly line: string | null;
  readonly areaCode: string | null;
  /** The customer's number: caller's on inbound, dialled on outbound; null when withheld or not known. */
  readonly remoteNumber: string | null;
  readonly remoteName: string | null;
  readonly dialId: string | null;
  readonly recording: string | null;
  readonly enteredAtMs: number;
  readonly answeredAtMs: number | null;
  readonly endedAtMs: number | null;
  readonly legs: readonly Leg[];
  readonly queueVisits: readonly QueueVisit[];
  readonly outcome: CallOutcome | null;
  readonly endedBy: EndedBy | null;
  /** Q.850 cause of the leg that ended the call. */
  readonly cause: number | null;
  /** False when a part of the call fell into a gap of the event stream, so that its figures are not certain. */
  readonly complete: boolean;
}

/** What the world is told about a change; the app layer turns them into frames, lookups and journal entries. */
export type CallEffect =
  | { readonly type: 'call.entered'; readonly call: Call }
  | { readonly type: 'call.changed'; readonly call: Call }
  | { readonly type: 'leg.alerting'; readonly call: Call; readonly leg: Leg }
  | { readonly type: 'leg.connected'; readonly call: Call; readonly leg: Leg }
  | { readonly type: 'leg.changed'; readonly call: Call; readonly leg: Leg }
  | { readonly type: 'leg.ended'; readonly call: Call; readonly leg: Leg }
  | { readonly type: 'call.ended'; readonly call: Call }
  /** An event that changes nothing, with the reason that is counted. */
  | { readonly type: 'event.ignored'; readonly reason: string };
