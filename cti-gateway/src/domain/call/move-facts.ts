import { MAX_FACTS_PER_CALL, type CallFacts, type HelperFacts, type ParkingFacts, type TransferFacts } from './call-facts';
import { isLocalChannel } from './endpoint';
import { isWaitingPlace } from './leg-changes';
import { withBridgeEntered, withBridgeLeft } from './leg-facts';
import type { PbxEvent } from './pbx-event';

/** Where Asterisk's own Local channels are; the same object when the event is of none. */
export function withHelperEvent(facts: CallFacts, event: PbxEvent): CallFacts {
  if (event.type !== 'bridge.entered' && event.type !== 'bridge.left' && event.type !== 'channel.ended') return facts;
  const { channelId, channelName } = event.channel;
  if (!isLocalChannel(channelName)) return facts;
  const index = facts.helpers.findIndex((helper) => helper.channelId === channelId);
  const before = facts.helpers[index] ?? { channelId, channelName, stays: [], endedAtMs: null };
  const after = withHelperFact(before, event);
  if (after === before || (index < 0 && facts.helpers.length >= MAX_FACTS_PER_CALL)) return facts;
  const helpers = index < 0 ? [...facts.helpers, after] : facts.helpers.with(index, after);
  return { ...facts, helpers, lastEventAtMs: Math.max(facts.lastEventAtMs, event.atMs) };
}

function withHelperFact(
  helper: HelperFacts,
  event: Extract<PbxEvent, { type: 'bridge.entered' | 'bridge.left' | 'channel.ended' }>,
): HelperFacts {
  switch (event.type) {
    case 'bridge.entered':
      return withBridgeEntered(helper, event.bridgeId, event.atMs, isWaitingPlace(event));
    case 'bridge.left':
      return withBridgeLeft(helper, event.bridgeId, event.atMs, 0);
    case 'channel.ended':
      return helper.endedAtMs === null && helper.stays.length > 0 ? { ...helper, endedAtMs: event.atMs } : helper;
  }
}

/** Transfers and parking; the same object when the event is none, or was told before. */
export function withMoveEvent(facts: CallFacts, event: PbxEvent): CallFacts {
  switch (event.type) {
    case 'transfer.blind':
      return withTransfer(facts, {
        kind: 'blind',
        atMs: event.atMs,
        fromIds: [event.channel.channelId],
        transfereeId: event.transferee?.channelId ?? null,
        targetId: null,
        exten: event.exten === '' ? null : event.exten,
        done: event.done,
      });
    case 'transfer.attended':
      return withTransfer(facts, {
        kind: 'attended',
        atMs: event.atMs,
        fromIds: [...new Set([event.channel.channelId, event.second.channelId])],
        transfereeId: event.transferee?.channelId ?? null,
        targetId: event.target?.channelId ?? null,
        exten: null,
        done: event.done,
      });
    case 'call.parked':
      return withParking(facts, event);
    case 'call.unparked':
      return withParkingEnd(facts, event);
    default:
      return facts;
  }
}

function withTransfer(facts: CallFacts, transfer: TransferFacts): CallFacts {
  const known = facts.transfers.some((other) => other.atMs === transfer.atMs && other.fromIds[0] === transfer.fromIds[0]);
  if (known || facts.transfers.length >= MAX_FACTS_PER_CALL) return facts;
  return { ...facts, transfers: [...facts.transfers, transfer].sort((a, b) => a.atMs - b.atMs) };
}

function withParking(facts: CallFacts, event: Extract<PbxEvent, { type: 'call.parked' }>): CallFacts {
  const { channelId } = event.channel;
  const known = facts.parkings.some((other) => other.channelId === channelId && other.atMs === event.atMs);
  if (known || facts.parkings.length >= MAX_FACTS_PER_CALL) return facts;
  const { atMs, place, parkedBy } = event;
  const parking: ParkingFacts = { channelId, atMs, untilMs: null, place, parkedBy, how: null, retrieverId: null };
  return { ...facts, parkings: [...facts.parkings, parking].sort((a, b) => a.atMs - b.atMs) };
}

function withParkingEnd(facts: CallFacts, event: Extract<PbxEvent, { type: 'call.unparked' }>): CallFacts {
  const index = facts.parkings.findLastIndex((other) => other.channelId === event.channel.channelId && other.atMs <= event.atMs);
  const parking = facts.parkings[index];
  if (parking === undefined || parking.untilMs !== null) return facts;
  return {
    ...facts,
    parkings: facts.parkings.with(index, {
      ...parking,
      untilMs: event.atMs,
      how: event.how,
      retrieverId: event.retriever?.channelId ?? null,
    }),
  };
}
