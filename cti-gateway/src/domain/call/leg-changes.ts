import type { CallFacts, LegFacts } from './call-facts';
import { isTakeOverExtension } from './endpoint';
import {
  withBirth,
  withBridgeEntered,
  withBridgeLeft,
  withDialResult,
  withEnd,
  withHandedOn,
  withHangupRequest,
  withHold,
  withOrigin,
  withPlaceOf,
  withState,
  withUnhold,
} from './leg-facts';
import { channelsOf, type ChannelRef, type PbxEvent } from './pbx-event';

/** What an event tells of one channel. */
export interface LegChange {
  readonly channel: ChannelRef;
  readonly apply: (leg: LegFacts) => LegFacts;
}

/** What an event tells of each channel that it speaks of; the channel it is mostly about first. */
export function legChangesOf(event: PbxEvent, facts: CallFacts): readonly LegChange[] {
  const { atMs } = event;
  switch (event.type) {
    case 'channel.created':
      return [{ channel: event.channel, apply: (leg) => withState(withBirth(leg, event.channel, event.state, atMs), event.state, atMs) }];
    case 'channel.state':
      return [{ channel: event.channel, apply: (leg) => withState(leg, event.state, atMs) }];
    case 'channel.updated':
    case 'dtmf':
    case 'queue.left':
    case 'queue.abandoned':
    case 'call.parked':
      return [mentioned(event.channel)];
    case 'transfer.blind':
    case 'transfer.attended':
    case 'call.unparked':
      return channelsOf(event).map(mentioned);
    case 'channel.hangupRequested':
      return [{ channel: event.channel, apply: (leg) => withHangupRequest(leg, { by: event.requestedBy, atMs, cause: event.cause }) }];
    case 'channel.ended':
      return [
        { channel: event.channel, apply: (leg) => withHandedOn(withEnd(leg, event.cause, atMs), isTakeOverExtension(event.channel)) },
      ];
    case 'bridge.entered':
      return [{ channel: event.channel, apply: (leg) => entered(leg, event) }];
    case 'bridge.left':
      return [{ channel: event.channel, apply: (leg) => withBridgeLeft(leg, event.bridgeId, atMs, leaversOf(facts, event.bridgeId)) }];
    case 'hold.begun':
      return [{ channel: event.channel, apply: (leg) => withHold(leg, atMs) }];
    case 'hold.ended':
      return [{ channel: event.channel, apply: (leg) => withUnhold(leg, atMs) }];
    case 'music.begun':
      return [{ channel: event.channel, apply: (leg) => withHold(leg, atMs, 'music') }];
    case 'music.ended':
      return [{ channel: event.channel, apply: (leg) => withUnhold(leg, atMs, 'music') }];
    case 'queue.joined':
      return [{ channel: event.channel, apply: (leg) => withOrigin(leg, true, event.channel) }];
    default:
      return changesOfCalledLeg(event);
  }
}

/** Events of calling somebody: by dial, by originate (no `from`), by a queue. */
function changesOfCalledLeg(event: PbxEvent): readonly LegChange[] {
  const { atMs } = event;
  switch (event.type) {
    case 'dial.begun':
      return [called(event.to, (leg) => withDialString(withCalledBy(leg, event.from), event.dialString)), ...caller(event.from)];
    case 'dial.ringing':
      return [called(event.to, (leg) => withState(leg, 'ringing', atMs)), ...caller(event.from)];
    case 'dial.ended':
      return [called(event.to, (leg) => withDialEnd(leg, event)), ...caller(event.from)];
    case 'queue.memberCalled':
      return [called(event.member, (leg) => withQueue(leg, event.queue)), mentioned(event.channel)];
    case 'queue.memberConnected':
      return [called(event.member, (leg) => withState(withQueue(leg, event.queue), 'up', atMs))];
    case 'queue.memberRingNoAnswer':
      return [{ channel: event.member, apply: (leg) => (leg.ringNoAnswer ? leg : { ...withQueue(leg, event.queue), ringNoAnswer: true }) }];
    default:
      return [];
  }
}

function mentioned(channel: ChannelRef): LegChange {
  return { channel, apply: (leg) => leg };
}

function caller(channel: ChannelRef | null): LegChange[] {
  return channel === null ? [] : [mentioned(channel)];
}

function called(channel: ChannelRef, apply: LegChange['apply']): LegChange {
  return { channel, apply: (leg) => apply(withOrigin(leg, false, channel)) };
}

function entered(leg: LegFacts, event: Extract<PbxEvent, { type: 'bridge.entered' }>): LegFacts {
  const inside = withBridgeEntered(leg, event.bridgeId, event.atMs, isWaitingPlace(event));
  const up = event.channel.state === 'up' ? withState(inside, 'up', event.atMs) : inside;
  return withPlaceOf(up, event.replacesChannelId);
}

/** Parking lots and the like: those in it do not hear each other. */
export function isWaitingPlace(event: Extract<PbxEvent, { type: 'bridge.entered' }>): boolean {
  return event.bridgeTechnology === 'holding_bridge';
}

function withCalledBy(leg: LegFacts, from: ChannelRef | null): LegFacts {
  return leg.calledBy === null && from !== null ? { ...leg, calledBy: from.channelName } : leg;
}

function withDialEnd(leg: LegFacts, event: Extract<PbxEvent, { type: 'dial.ended' }>): LegFacts {
  const ended = withDialResult(leg, event.result);
  return event.result === 'answer' ? withState(ended, 'up', event.atMs) : ended;
}

function withDialString(leg: LegFacts, dialString: string | null): LegFacts {
  return leg.dialString === null && dialString !== null ? { ...leg, dialString } : leg;
}

function withQueue(leg: LegFacts, queue: string): LegFacts {
  return leg.queue === null ? { ...leg, queue } : leg;
}

/** How many of the call have left this bridge. */
export function leaversOf(facts: CallFacts, bridgeId: string): number {
  return facts.legs.filter((leg) => leg.stays.some((stay) => stay.bridgeId === bridgeId && stay.leftAtMs !== null)).length;
}
