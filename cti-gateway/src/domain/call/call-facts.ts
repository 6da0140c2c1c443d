import type { ChannelRef, DialResult, DialplanVariables } from './pbx-event';

/**
 * What is known of a call, as events told it, each with its time. Facts only add up: taking them in another order, or twice, gives
 * the same facts, because Asterisk keeps the order within one channel and one bridge, but not among them (22.10: BridgeLeave,
 * AgentComplete, Hangup and DialEnd come in different orders in identical runs). What a call *is* is read from the facts.
 */
export interface CallFacts {
  readonly callId: string;
  readonly linkedIds: readonly string[];
  readonly variables: DialplanVariables;
  readonly legs: readonly LegFacts[];
  /** Channels of legs no longer kept, see {@link MAX_LEGS}. */
  readonly forgotten: readonly string[];
  readonly queueVisits: readonly QueueVisitFacts[];
  /** Local channels by which Asterisk joins bridges, see {@link HelperFacts}. */
  readonly helpers: readonly HelperFacts[];
  readonly transfers: readonly TransferFacts[];
  readonly parkings: readonly ParkingFacts[];
  /** Every `CTI_RECORDING` that was told, in order. */
  readonly recordings: readonly string[];
  /** Every `CTI_ID` by which its channels are known; more than one after two calls became one. */
  readonly entryIds: readonly string[];
  /** Who hung up, as the queue saw it. */
  readonly completedBy: 'caller' | 'agent' | null;
  /** A part of it fell into a gap of the event stream. */
  readonly gap: boolean;
  readonly lastEventAtMs: number;
}

export interface LegFacts {
  readonly channelId: string;
  readonly channelName: string;
  readonly endpoint: string;
  readonly role: 'customer' | 'agent';
  readonly extension: string | null;
  /** Its birth was seen; else it was found alive. */
  readonly born: boolean;
  /** True: this telephone began it. False: Asterisk called it. Null: not known. */
  readonly placed: boolean | null;
  readonly startedAtMs: number;
  readonly alertingAtMs: number | null;
  readonly upAtMs: number | null;
  readonly endedAtMs: number | null;
  readonly cause: number | null;
  /** Its end was not seen. */
  readonly lost: boolean;
  readonly stays: readonly BridgeStay[];
  readonly holds: readonly HoldSpan[];
  /** When it was played music; in talk that is a hold too, also where no telephone asked for it (ARI, Atxfer). */
  readonly music: readonly HoldSpan[];
  readonly hangups: readonly HangupRequest[];
  readonly dialResults: readonly DialResult[];
  readonly ringNoAnswer: boolean;
  /** The queue that called this leg. */
  readonly queue: string | null;
  /** What the telephone at this leg dialled (the DID on a trunk's leg). */
  readonly exten: string | null;
  /** What Asterisk dialled to reach it, e.g. `13800138000@trunk`. */
  readonly dialString: string | null;
  readonly caller: CallerFacts | null;
  /** Name of the channel for which Asterisk called this one. */
  readonly calledBy: string | null;
  /** The channel whose place in a bridge it took. */
  readonly replaces: string | null;
  /** It ended with the extension of a takeover: not in a bridge yet, so Asterisk moved all it was to the telephone's new channel. */
  readonly handedOn: boolean;
}

export interface BridgeStay {
  readonly bridgeId: string;
  readonly enteredAtMs: number;
  readonly leftAtMs: number | null;
  /**
   * How many had left the bridge before, when it was left: two who leave do so in one millisecond, and within one bridge Asterisk
   * keeps the order.
   */
  readonly leftRank: number | null;
  /** A waiting place (parking): who is there hears music, not each other. */
  readonly waiting?: boolean;
}

/** A Local channel: its two halves `…;1` and `…;2` make two bridges one, until Asterisk takes them out of the way. */
export interface HelperFacts {
  readonly channelId: string;
  readonly channelName: string;
  readonly stays: readonly BridgeStay[];
  readonly endedAtMs: number | null;
}

export interface TransferFacts {
  readonly kind: 'blind' | 'attended';
  readonly atMs: number;
  /** Channels of the one who passed on. */
  readonly fromIds: readonly string[];
  readonly transfereeId: string | null;
  readonly targetId: string | null;
  readonly exten: string | null;
  readonly done: boolean;
}

export interface ParkingFacts {
  readonly channelId: string;
  readonly atMs: number;
  readonly untilMs: number | null;
  readonly place: string;
  readonly parkedBy: string | null;
  readonly how: 'retrieved' | 'timed_out' | 'given_up' | null;
  /** Who took it up. */
  readonly retrieverId: string | null;
}

export interface HoldSpan {
  readonly fromMs: number;
  readonly untilMs: number | null;
}

export interface HangupRequest {
  readonly by: 'peer' | 'command' | 'dialplan';
  readonly atMs: number;
  readonly cause: number | null;
}

export interface QueueVisitFacts {
  readonly queue: string;
  readonly joinedAtMs: number;
  readonly leftAtMs: number | null;
  readonly connected: boolean;
}

export interface CallerFacts {
  readonly number: string | null;
  readonly name: string | null;
  readonly atMs: number;
}

/**
 * A caller who waits for an hour may have rung hundreds of telephones. Of those that did not answer, the oldest are forgotten, so that
 * a call's row stays of a size that can be delivered.
 */
export const MAX_LEGS = 200;

/** More bridges, holds or results than this on one leg are not kept; no telephone does that in one call. */
export const MAX_FACTS_PER_LEG = 1_000;

/** More transfers, parkings, recordings or Local channels than this are not kept of one call. */
export const MAX_FACTS_PER_CALL = 200;

export function newCallFacts(callId: string, linkedId: string, atMs: number): CallFacts {
  return {
    callId,
    linkedIds: [linkedId],
    variables: {},
    legs: [],
    forgotten: [],
    queueVisits: [],
    helpers: [],
    transfers: [],
    parkings: [],
    recordings: [],
    entryIds: [],
    completedBy: null,
    gap: false,
    lastEventAtMs: atMs,
  };
}

export function newLegFacts(channel: ChannelRef, identity: Pick<LegFacts, 'role' | 'endpoint' | 'extension'>, atMs: number): LegFacts {
  return {
    channelId: channel.channelId,
    channelName: channel.channelName,
    ...identity,
    born: false,
    placed: null,
    startedAtMs: atMs,
    alertingAtMs: null,
    upAtMs: null,
    endedAtMs: null,
    cause: null,
    lost: false,
    stays: [],
    holds: [],
    music: [],
    hangups: [],
    dialResults: [],
    ringNoAnswer: false,
    queue: null,
    exten: null,
    dialString: null,
    caller: null,
    calledBy: null,
    replaces: null,
    handedOn: false,
  };
}
