import type { ChannelRef, PbxEvent } from '../../domain/call/pbx-event';
import type { AmiMessage } from './ami-reader';
import { channelRefOf, known } from './pbx-events-channel';

/**
 * Transfers and parking (Asterisk 18 to 22). What they do to bridges is told by BridgeEnter and BridgeLeave of each channel, Local ones
 * included; BridgeMerge, LocalOptimization… and Confbridge… add nothing to that and are not read.
 */
export const moveMappings: Readonly<Record<string, (message: AmiMessage, atMs: number) => PbxEvent | null>> = {
  BlindTransfer: (m, atMs) => {
    const channel = channelRefOf(m, 'Transferer');
    if (channel === null) return null;
    const transferee = channelRefOf(m, 'Transferee');
    return { type: 'transfer.blind', atMs, channel, transferee, exten: m.get('Extension') ?? '', done: isDone(m) };
  },
  AttendedTransfer: (m, atMs) => {
    const channel = channelRefOf(m, 'OrigTransferer');
    if (channel === null) return null;
    const second = channelRefOf(m, 'SecondTransferer') ?? channel;
    const parts = { channel, second, transferee: channelRefOf(m, 'Transferee'), target: channelRefOf(m, 'TransferTarget') };
    return { type: 'transfer.attended', atMs, ...parts, done: isDone(m) };
  },
  ParkedCall: onParkee((m, channel, atMs) => {
    const seconds = Number(m.get('ParkingTimeout'));
    const timeoutMs = Number.isFinite(seconds) && seconds > 0 ? seconds * 1_000 : null;
    return { type: 'call.parked', atMs, channel, parkedBy: parkerOf(m), place: m.get('ParkingSpace') ?? '', timeoutMs };
  }),
  UnParkedCall: unparked('retrieved'),
  ParkedCallSwap: unparked('retrieved'),
  ParkedCallTimeOut: unparked('timed_out'),
  ParkedCallGiveUp: unparked('given_up'),
};

function unparked(how: Extract<PbxEvent, { type: 'call.unparked' }>['how']): (message: AmiMessage, atMs: number) => PbxEvent | null {
  return onParkee((m, channel, atMs) => {
    const retriever = how === 'retrieved' ? channelRefOf(m, 'Retriever') : null;
    return { type: 'call.unparked', atMs, channel, retriever, place: m.get('ParkingSpace') ?? '', how };
  });
}

function onParkee(make: (message: AmiMessage, channel: ChannelRef, atMs: number) => PbxEvent) {
  return (message: AmiMessage, atMs: number): PbxEvent | null => {
    const channel = channelRefOf(message, 'Parkee');
    return channel === null ? null : make(message, channel, atMs);
  };
}

/** `PJSIP/1001` or, by some ways of parking, the whole channel name. */
function parkerOf(message: AmiMessage): string | null {
  return known(message.get('ParkerDialString')) ?? known(message.get('ParkerChannel'));
}

/** Success; else Fail, Invalid, Not Permitted. */
function isDone(message: AmiMessage): boolean {
  return message.get('Result') === 'Success';
}
