import type { AfterCall, CallView } from '../../../../cti-gateway/protocol';
import { barModel } from './bar-model';
import type { BarInput, BarModel } from './bar-types';

const NOW = Date.parse('2025-11-21T14:35:00.000Z');
const at = (secondsAgo: number) => new Date(NOW - secondsAgo * 1000).toISOString();

function call(over: Partial<CallView> = {}): CallView {
  return {
    callId: 'c1',
    direction: 'inbound',
    state: 'alerting',
    remoteNumber: '13912345678',
    remoteName: null,
    line: '02066668888',
    queue: 'hotline',
    enteredAt: at(30),
    alertingAt: at(7),
    ringUntil: at(-13),
    answeredAt: null,
    heldSince: null,
    muted: false,
    recording: false,
    endedAt: null,
    outcome: null,
    endedBy: null,
    cause: null,
    dialId: null,
    match: { kind: 'unknown', raw: '13912345678', key: '+8613912345678', numberClass: 'mobile', reason: 'mobile.plain', owners: [] },
    ...over,
  };
}

const active = {
  sessionId: 's1',
  remoteNumber: null,
  remoteName: null,
  dialId: null,
  callId: null,
  state: 'active',
  activeSinceMs: NOW,
  muted: false,
  held: false,
} as const;

function input(over: Partial<BarInput> = {}): BarInput {
  return {
    nowMs: NOW,
    connection: { name: 'open', sinceMs: 0, epoch: 'e' },
    everOpen: true,
    lostSinceMs: null,
    extension: '1001',
    presence: { state: 'ready', since: at(60) },
    queues: [],
    device: 'idle',
    browserPhone: true,
    ownsPhone: true,
    registration: { state: 'registered' },
    microphone: 'granted',
    session: null,
    call: null,
    mayTransfer: true,
    mayPauseRecording: true,
    dialSinceMs: null,
    afterCall: { wrapUp: null, next: null },
    wrapUpGiven: true,
    wrapUp: null,
    ...over,
  };
}

const inWrapUp = (over: Partial<NonNullable<AfterCall['wrapUp']>> = {}): AfterCall => ({
  wrapUp: { callId: 'c1', since: at(20), until: at(-40), limit: at(-280), standsUntil: at(20), ...over },
  next: null,
});

const slots = (model: BarModel) => [model.state, model.tint, model.main.action, model.end.action];
const lost = {
  connection: { name: 'waiting', attempt: 2, retryAtMs: NOW + 3000, reason: 'unreachable' },
  lostSinceMs: NOW - 5000,
} as const;

describe('the call bar', () => {
  it.each<[string, Partial<BarInput>, [string, string, string, string]]>([
    ['signed out', { presence: { state: 'offline' } }, ['offline', 'none', 'sign-in', 'none']],
    [
      'connecting for the first time',
      { everOpen: false, connection: { name: 'connecting', attempt: 1 } },
      ['connecting', 'none', 'none', 'none'],
    ],
    ['ready', {}, ['ready', 'none', 'none', 'none']],
    ['ready, telephone in another tab', { ownsPhone: false }, ['ready', 'none', 'bring-here', 'none']],
    ['paused', { presence: { state: 'paused', since: at(5), reasons: ['break'] } }, ['paused', 'none', 'ready', 'none']],
    ['ringing in', { call: call() }, ['ringing', 'amber', 'answer', 'decline']],
    ['ringing in at a desk phone', { call: call(), browserPhone: false }, ['ringing', 'amber', 'none', 'decline']],
    ['asked to dial, no call yet', { dialSinceMs: NOW }, ['ringing-out', 'amber', 'none', 'none']],
    ['ringing out', { call: call({ direction: 'outbound', state: 'delivered' }) }, ['ringing-out', 'amber', 'none', 'cancel']],
    ['in a call', { call: call({ state: 'connected', answeredAt: at(222) }), session: active }, ['in-call', 'green', 'none', 'hangup']],
    [
      'on hold',
      { call: call({ state: 'hold', answeredAt: at(222), heldSince: at(38) }), session: active },
      ['hold', 'violet', 'none', 'hangup'],
    ],
    [
      'in a call whose sound is in another tab',
      { call: call({ state: 'connected', answeredAt: at(222) }), session: active, ownsPhone: false },
      ['other-tab', 'green', 'bring-here', 'hangup'],
    ],
    [
      'after a call, record open, where no time is given',
      { wrapUpGiven: false, wrapUp: call({ state: 'ended', answeredAt: at(300), endedAt: at(3), endedBy: 'customer' }) },
      ['ended', 'teal', 'finish', 'none'],
    ],
    ['in wrap-up', { afterCall: inWrapUp() }, ['ended', 'teal', 'finish', 'none']],
    [
      'the time is over, record still open',
      { wrapUp: call({ state: 'ended', answeredAt: at(300), endedAt: at(63), endedBy: 'customer' }) },
      ['ready', 'none', 'none', 'none'],
    ],
    [
      'in wrap-up, paused underneath',
      { afterCall: inWrapUp(), presence: { state: 'paused', since: at(5), reasons: ['break'] } },
      ['ended', 'teal', 'finish', 'none'],
    ],
    ['a call during wrap-up', { afterCall: inWrapUp(), call: call() }, ['ringing', 'amber', 'answer', 'decline']],
    ['cut off while talking', { ...lost, call: call({ state: 'connected', answeredAt: at(222) }) }, ['lost', 'red', 'reconnect', 'none']],
    ['without microphone', { microphone: 'microphone_denied' }, ['mic-refused', 'red', 'retry-mic', 'none']],
    ['registering its telephone', { registration: { state: 'connecting' } }, ['connecting', 'none', 'none', 'none']],
    ['refused for an old page', { connection: { name: 'refused', reason: 'version' } }, ['offline', 'red', 'reconnect', 'none']],
    ['a user without extension, connected all the same', { extension: null }, ['offline', 'none', 'none', 'none']],
    ['a user without extension', { connection: { name: 'refused', reason: 'no_extension' } }, ['offline', 'none', 'none', 'none']],
  ])('%s', (_name, over, expected) => {
    expect(slots(barModel(input(over)))).toEqual(expected);
  });

  it('shows the call before anything that stands in the way of the next one', () => {
    const model = barModel(
      input({
        call: call(),
        microphone: 'microphone_denied',
        registration: { state: 'connecting' },
        presence: { state: 'paused', since: at(1), reasons: ['break'] },
      }),
    );
    expect(model.state).toBe('ringing');
  });

  it('shows a new call while the record of the last one is open', () => {
    expect(
      barModel(input({ call: call(), wrapUp: call({ callId: 'c0', state: 'ended', answeredAt: at(99), endedAt: at(9) }) })).call?.callId,
    ).toBe('c1');
  });

  it('does not show a cut that lasts no longer than a breath', () => {
    expect(barModel(input({ ...lost, lostSinceMs: NOW - 500 })).state).toBe('ready');
    expect(barModel(input({ ...lost, lostSinceMs: NOW - 1500 })).state).toBe('lost');
  });

  it('stops the timer at the moment the line was lost', () => {
    const model = barModel(input({ ...lost, call: call({ state: 'connected', answeredAt: at(222) }) }));
    expect(model.timer).toEqual({ sinceMs: NOW - 222_000, frozenAtMs: NOW - 5000, label: 'bar.untilLost' });
  });

  it('lets a desk phone be muted and typed on, but held only on the phone itself', () => {
    const model = barModel(input({ browserPhone: false, call: call({ state: 'connected', answeredAt: at(5) }) }));
    expect([model.mute.enabled, model.hold.enabled, model.keypad.enabled]).toEqual([true, false, true]);
  });

  it('counts wrap-up down, lets it be extended up to its limit, and stands while the agent types', () => {
    const running = barModel(input({ afterCall: inWrapUp() }));
    expect(running.timer).toMatchObject({ downToMs: NOW + 40_000, frozenAtMs: null });
    expect(running.hold).toEqual({ enabled: true, on: false, extends: true });
    const standing = barModel(input({ afterCall: inWrapUp({ standsUntil: at(-3) }) }));
    expect(standing.timer?.frozenAtMs).toBe(NOW + 3_000);
    expect(standing.detail).toContainEqual({ key: 'bar.clockStands' });
    const begunAhead = barModel(input({ afterCall: inWrapUp({ since: at(-1), standsUntil: at(-1) }) }));
    expect([begunAhead.timer?.frozenAtMs, begunAhead.detail]).toEqual([null, running.detail]);
    expect(barModel(input({ afterCall: inWrapUp({ limit: at(-40) }) })).hold.enabled).toBe(false);
  });

  it('says in the left zone what comes after', () => {
    const afterCall: AfterCall = { wrapUp: null, next: { state: 'paused', reason: 'break' } };
    const talking = barModel(input({ afterCall, call: call({ state: 'connected', answeredAt: at(9) }), session: active }));
    expect(talking.agent).toMatchObject({ title: { key: 'presence.working' }, detail: { key: 'afterCall.break' } });
  });

  it('counts how long the customer is held, not how long the call lasts', () => {
    const model = barModel(input({ session: active, call: call({ state: 'hold', answeredAt: at(222), heldSince: at(38) }) }));
    expect(model.timer?.sinceMs).toBe(NOW - 38_000);
    expect(model.hold).toEqual({ enabled: true, on: true });
  });
});
