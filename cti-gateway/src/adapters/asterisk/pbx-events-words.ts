import type { ChannelState, DialResult, PbxDeviceState } from '../../domain/call/pbx-event';

/** Asterisk's words for states and results (22.10, `main/channel.c`, `main/devicestate.c`, `apps/app_dial.c`) in ours. */

const channelStates: Readonly<Record<string, ChannelState>> = {
  Down: 'down',
  Rsrvd: 'down',
  OffHook: 'other',
  Dialing: 'other',
  Ring: 'ring',
  Ringing: 'ringing',
  Up: 'up',
  Busy: 'busy',
};

/** Value of `ChannelStateDesc`. */
export function channelState(word: string | undefined): ChannelState {
  return channelStates[word ?? ''] ?? 'other';
}

const dialResults: Readonly<Record<string, DialResult>> = {
  ANSWER: 'answer',
  BUSY: 'busy',
  NOANSWER: 'no_answer',
  CANCEL: 'cancel',
  CONGESTION: 'congestion',
  CHANUNAVAIL: 'unavailable',
  ABORT: 'abort',
};

/** Value of `DialStatus` in DialEnd. */
export function dialResult(word: string | undefined): DialResult {
  return dialResults[word ?? ''] ?? 'other';
}

/** Ringing while in use is in use: the agent is talking, whatever else comes. */
const deviceStates: Readonly<Record<string, PbxDeviceState>> = {
  NOT_INUSE: 'idle',
  INUSE: 'in_use',
  BUSY: 'busy',
  INVALID: 'invalid',
  UNAVAILABLE: 'unavailable',
  RINGING: 'ringing',
  RINGINUSE: 'in_use',
  ONHOLD: 'on_hold',
};

/** Value of `State` in DeviceStateChange. */
export function deviceState(word: string | undefined): PbxDeviceState {
  return deviceStates[word ?? ''] ?? 'unknown';
}

/** Position is the number: `Status` in QueueMember and QueueMemberStatus. Seven is ringing while in use. */
const memberStatuses: readonly PbxDeviceState[] = [
  'unknown',
  'idle',
  'in_use',
  'busy',
  'invalid',
  'unavailable',
  'ringing',
  'in_use',
  'on_hold',
];

export function memberDeviceState(number: string | undefined): PbxDeviceState {
  return memberStatuses[Number(number)] ?? 'unknown';
}

/** `Cause` of SoftHangupRequest is not a Q.850 cause but a flag (`include/asterisk/channel.h`): 32 is "explicit", told from outside. */
const SOFT_HANGUP_EXPLICIT = 32;

export function softHangupBy(cause: string | undefined): 'command' | 'dialplan' {
  return (Number(cause) & SOFT_HANGUP_EXPLICIT) !== 0 ? 'command' : 'dialplan';
}
