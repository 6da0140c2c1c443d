import { recordedEvents, recordingNames } from '../../../../test/replay/recordings';
import type { ChannelRef, PbxEvent } from '../../domain/call/pbx-event';
import { AmiReader, type AmiMessage } from './ami-reader';
import { channelRefOf, toPbxEvent, WANTED_EVENTS } from './pbx-events';

function message(text: string): AmiMessage {
  const messages: AmiMessage[] = [];
  const reader = new AmiReader({ onMessage: (each) => messages.push(each) });
  reader.push(Buffer.from(`${text.trim().replaceAll(/\r?\n\s*/g, '\r\n')}\r\n\r\n`));
  const [first] = messages;
  if (first === undefined) throw new Error('no message');
  return first;
}

const CHANNEL = `
  Channel: PJSIP/trunk-0000002a
  ChannelStateDesc: Up
  CallerIDNum: 13912345678
  CallerIDName: <unknown>
  ConnectedLineNum: <unknown>
  Exten: 02066668888
  Context: line
  Uniqueid: hotline-1795283190.0
  Linkedid: hotline-1795283190.0
  ChanVariable: CTI_ID=hotline-1795283190.0
  ChanVariable: CTI_LINE=02066668888
  ChanVariable: CTI_AREA=20
  ChanVariable: CTI_DIRECTION=inbound
  ChanVariable: CTI_RECORDING=2026/11/21/x=y.wav
  ChanVariable: CTI_DIAL=
  ChanVariable: OTHER=value`;

const DEST = `
  DestChannel: PJSIP/1001-0000002b
  DestChannelStateDesc: Ringing
  DestCallerIDNum: 1001
  DestUniqueid: hotline-1795283191.1
  DestLinkedid: hotline-1795283190.0
  DestChanVariable: CTI_ID=hotline-1795283190.0`;

function event(name: string, ...parts: string[]): PbxEvent | null {
  return toPbxEvent(message([`Event: ${name}`, 'Privilege: call,all', 'Timestamp: 1795283190.430999', ...parts].join('\n')));
}

describe('a channel of an event', () => {
  test('with the variables that the dialplan has set, and no others', () => {
    expect(channelRefOf(message(`Event: Newstate${CHANNEL}`), '')).toEqual({
      channelId: 'hotline-1795283190.0',
      linkedId: 'hotline-1795283190.0',
      channelName: 'PJSIP/trunk-0000002a',
      callerNumber: '13912345678',
      callerName: null,
      connectedNumber: null,
      exten: '02066668888',
      context: 'line',
      variables: {
        entryChannelId: 'hotline-1795283190.0',
        line: '02066668888',
        areaCode: '20',
        direction: 'inbound',
        recording: '2026/11/21/x=y.wav',
      },
      state: 'up',
    });
  });

  test('the other one of two', () => {
    expect(channelRefOf(message(`Event: DialBegin${CHANNEL}${DEST}`), 'Dest')).toMatchObject({
      channelId: 'hotline-1795283191.1',
      linkedId: 'hotline-1795283190.0',
      channelName: 'PJSIP/1001-0000002b',
      state: 'ringing',
      variables: { entryChannelId: 'hotline-1795283190.0' },
    });
  });

  test('none: an originate has no calling channel', () => {
    expect(channelRefOf(message(`Event: DialBegin${DEST}`), '')).toBeNull();
    expect(event('DialBegin', DEST, 'DialString: 1001')).toMatchObject({ type: 'dial.begun', from: null, dialString: '1001' });
  });
});

/** Headers of one channel of several in an event. */
function party(prefix: string, channelName: string): string {
  return `${prefix}Channel: ${channelName}\n${prefix}Uniqueid: ${channelName}\n${prefix}Linkedid: l`;
}

function ref(channelName: string): ChannelRef {
  return expect.objectContaining({ channelId: channelName, channelName, linkedId: 'l' }) as ChannelRef;
}

const mapped: [string, string[], Partial<PbxEvent> | null][] = [
  ['Newchannel', [CHANNEL], { type: 'channel.created', state: 'up', atMs: 1_795_283_190_430 }],
  ['UserEvent', [CHANNEL, 'UserEvent: RecordingPause', 'Paused: change'], { type: 'recording.pauseAsked', paused: null }],
  ['UserEvent', [CHANNEL, 'UserEvent: RecordingPause', 'Paused: yes'], { type: 'recording.pauseAsked', paused: true }],
  ['UserEvent', [CHANNEL, 'UserEvent: RecordingPause', 'Paused: no'], { type: 'recording.pauseAsked', paused: false }],
  ['UserEvent', [CHANNEL, 'UserEvent: Another'], null],
  ['HangupRequest', [CHANNEL, 'Cause: 17'], { type: 'channel.hangupRequested', requestedBy: 'peer', cause: 17 }],
  ['HangupRequest', [CHANNEL], { type: 'channel.hangupRequested', requestedBy: 'peer', cause: null }],
  // Soft hang-up flags, not Q.850: 32 explicit, 16 end of the dialplan, 1 device (lost media), 4 shutdown.
  ['SoftHangupRequest', [CHANNEL, 'Cause: 32'], { type: 'channel.hangupRequested', requestedBy: 'command', cause: null }],
  ['SoftHangupRequest', [CHANNEL, 'Cause: 16'], { type: 'channel.hangupRequested', requestedBy: 'dialplan' }],
  ['SoftHangupRequest', [CHANNEL, 'Cause: 1'], { type: 'channel.hangupRequested', requestedBy: 'dialplan' }],
  ['Hangup', [CHANNEL, 'Cause: 26'], { type: 'channel.ended', cause: 26 }],
  ['DialState', [CHANNEL, DEST, 'DialStatus: RINGING'], { type: 'dial.ringing' }],
  ['DialState', [CHANNEL, DEST, 'DialStatus: PROGRESS'], null],
  ['DialEnd', [CHANNEL, DEST, 'DialStatus: NOANSWER'], { type: 'dial.ended', result: 'no_answer' }],
  ['DialEnd', [CHANNEL, DEST, 'DialStatus: CHANUNAVAIL'], { type: 'dial.ended', result: 'unavailable' }],
  ['DialEnd', [CHANNEL, DEST, 'DialStatus: GOTO:x'], { type: 'dial.ended', result: 'other' }],
  [
    'BridgeEnter',
    [CHANNEL, 'BridgeUniqueid: b-1', 'BridgeTechnology: simple_bridge'],
    { type: 'bridge.entered', bridgeId: 'b-1', bridgeTechnology: 'simple_bridge' },
  ],
  ['BridgeLeave', [CHANNEL, 'BridgeUniqueid: b-1'], { type: 'bridge.left', bridgeId: 'b-1' }],
  ['Hold', [CHANNEL], { type: 'hold.begun' }],
  ['Unhold', [CHANNEL], { type: 'hold.ended' }],
  ['DTMFEnd', [CHANNEL, 'Digit: #'], { type: 'dtmf', digit: '#' }],
  [
    'QueueCallerJoin',
    [CHANNEL, 'Queue: hotline', 'Position: 2', 'Count: 3'],
    { type: 'queue.joined', queue: 'hotline', position: 2, waiting: 3 },
  ],
  ['QueueCallerLeave', [CHANNEL, 'Queue: hotline', 'Count: 0'], { type: 'queue.left', queue: 'hotline', waiting: 0 }],
  ['QueueCallerAbandon', [CHANNEL, 'Queue: hotline'], { type: 'queue.abandoned', queue: 'hotline' }],
  [
    'AgentCalled',
    [CHANNEL, DEST, 'Queue: hotline', 'Interface: PJSIP/1001'],
    { type: 'queue.memberCalled', queue: 'hotline', interface: 'PJSIP/1001' },
  ],
  // Seconds in one, milliseconds in the other.
  [
    'AgentConnect',
    [CHANNEL, DEST, 'Queue: hotline', 'Interface: PJSIP/1001', 'HoldTime: 11', 'RingTime: 3'],
    { type: 'queue.memberConnected', holdMs: 11_000, ringMs: 3_000 },
  ],
  [
    'AgentRingNoAnswer',
    [CHANNEL, DEST, 'Queue: hotline', 'Interface: PJSIP/1001', 'RingTime: 10000'],
    { type: 'queue.memberRingNoAnswer', ringMs: 10_000 },
  ],
  ['AgentComplete', [CHANNEL, DEST, 'Queue: hotline', 'Reason: agent'], { type: 'queue.memberCompleted', reason: 'agent' }],
  ['AgentComplete', [CHANNEL, 'Queue: hotline', 'Reason: transfer'], { type: 'queue.memberCompleted', reason: 'transfer', member: null }],
  [
    'QueueMemberStatus',
    ['Queue: hotline', 'Interface: PJSIP/1001', 'Status: 6', 'Paused: 0', 'InCall: 0', 'PausedReason: '],
    { type: 'queue.memberStatus', interface: 'PJSIP/1001', deviceStatus: 'ringing', paused: false, pausedReason: null, inCall: false },
  ],
  [
    'QueueMemberPause',
    ['Queue: hotline', 'Interface: PJSIP/1001', 'Status: 1', 'Paused: 1', 'PausedReason: break'],
    { type: 'queue.memberStatus', paused: true, pausedReason: 'break', deviceStatus: 'idle' },
  ],
  ['QueueMemberStatus', ['Queue: hotline', 'Interface: PJSIP/1001', 'Status: 6'], { deviceStatus: 'ringing' }],
  ['QueueMemberStatus', ['Queue: hotline', 'Interface: PJSIP/1001', 'Status: 7'], { deviceStatus: 'in_use' }],
  [
    'QueueMemberRemoved',
    ['Queue: hotline', 'Interface: PJSIP/1001'],
    { type: 'queue.memberRemoved', queue: 'hotline', interface: 'PJSIP/1001' },
  ],
  ['DeviceStateChange', ['Device: PJSIP/1001', 'State: RINGINUSE'], { type: 'device.state', device: 'PJSIP/1001', state: 'in_use' }],
  ['DeviceStateChange', ['Device: PJSIP/1001', 'State: SOMETHING_NEW'], { type: 'device.state', state: 'unknown' }],
  ['DeviceStateChange', ['Device: Queue:hotline_pause_PJSIP/1001', 'State: NOT_INUSE'], null],
  ['MusicOnHoldStart', [CHANNEL, 'Class: default'], { type: 'music.begun' }],
  ['MusicOnHoldStop', [CHANNEL], { type: 'music.ended' }],
  [
    'BlindTransfer',
    [party('Transferer', 'PJSIP/1001-1'), party('Transferee', 'PJSIP/trunk-2'), 'Result: Success', 'Extension: 1002'],
    { type: 'transfer.blind', exten: '1002', done: true, channel: ref('PJSIP/1001-1'), transferee: ref('PJSIP/trunk-2') },
  ],
  ['BlindTransfer', [party('Transferer', 'PJSIP/1001-1'), 'Result: Fail', 'Extension: 9'], { done: false, transferee: null }],
  [
    'AttendedTransfer',
    [party('OrigTransferer', 'PJSIP/1001-1'), party('SecondTransferer', 'PJSIP/1001-3'), 'Result: Success', 'DestType: Bridge'],
    { type: 'transfer.attended', channel: ref('PJSIP/1001-1'), second: ref('PJSIP/1001-3'), transferee: null, target: null, done: true },
  ],
  [
    'ParkedCall',
    [party('Parkee', 'PJSIP/trunk-2'), 'ParkerDialString: PJSIP/1001', 'ParkingSpace: 701', 'ParkingTimeout: 45'],
    { type: 'call.parked', channel: ref('PJSIP/trunk-2'), parkedBy: 'PJSIP/1001', place: '701', timeoutMs: 45_000 },
  ],
  [
    'UnParkedCall',
    [party('Parkee', 'PJSIP/trunk-2'), party('Retriever', 'PJSIP/1002-5'), 'ParkingSpace: 701'],
    { type: 'call.unparked', how: 'retrieved', retriever: ref('PJSIP/1002-5') },
  ],
  ['ParkedCallTimeOut', [party('Parkee', 'PJSIP/trunk-2')], { type: 'call.unparked', how: 'timed_out', retriever: null }],
  ['ParkedCallGiveUp', [party('Parkee', 'PJSIP/trunk-2')], { type: 'call.unparked', how: 'given_up' }],
  ['Shutdown', ['Shutdown: Cleanly', 'Restart: True'], { type: 'pbx.shutdown' }],
  ['Cdr', ['Disposition: ANSWERED'], null],
  ['constructor', [], null],
];

test.each(mapped)('%s %j', (name, parts, expected) => {
  if (expected === null) expect(event(name, ...parts)).toBeNull();
  else expect(event(name, ...parts)).toMatchObject(expected);
});

describe('what is not whole', () => {
  test('an event without its channel is none', () => {
    for (const name of WANTED_EVENTS) expect(() => event(name)).not.toThrow();
    expect(event('Newchannel')).toBeNull();
    expect(event('AgentCalled', CHANNEL)).toBeNull();
    expect(event('BridgeEnter', CHANNEL)).toBeNull();
  });

  test('without a timestamp the time of arrival counts', () => {
    const hangup = message(`Event: Hangup${CHANNEL}\nCause: 16`);
    expect(toPbxEvent(hangup, 1_234)).toMatchObject({ atMs: 1_234 });
    expect(toPbxEvent(message(`Event: Hangup${CHANNEL}\nTimestamp: soon`), 5)).toMatchObject({ atMs: 5, cause: 0 });
  });

  test('a response is no event, whatever it is called', () => {
    expect(toPbxEvent(message('Response: Success\nMessage: Newchannel'))).toBeNull();
  });

  test('hostile names stay text', () => {
    const hostile = event('Newchannel', CHANNEL.replace('<unknown>', '<script>alert(1)</script>'));
    expect(hostile).toMatchObject({ channel: { callerName: '<script>alert(1)</script>' } });
  });
});

test('every recorded event has its time and its channels', () => {
  const events = recordingNames().flatMap(recordedEvents);
  expect(events.length).toBeGreaterThan(1_000);
  // One recording holds a DeviceStateList, whose rows have no time.
  for (const each of events.filter((event) => event.type !== 'device.state')) expect(each.atMs).toBeGreaterThan(Date.UTC(2026, 10, 21));
});
