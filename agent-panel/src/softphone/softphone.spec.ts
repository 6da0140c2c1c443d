import type { PhoneAccount } from '../../../cti-gateway/protocol';
import { ManualClock, settle } from '../transport/testing/manual-clock';
import { createSoftphone } from './softphone';
import type { PhoneEndReason, Softphone, SoftphoneEvent } from './phone-types';
import type { SoundOutputs } from './sound-outputs';
import { FakeMicrophones, FakeUa, message, type FakeSession } from './testing/fake-sip';

const ACCOUNT: PhoneAccount = {
  extension: '1001',
  sipUri: 'sip:1001@hotline',
  authorizationUser: '1001',
  password: 'secret',
  webSocketPath: '/sip',
  iceServers: [],
};
const ORIGIN = 'ws://127.0.0.1:8081';
const KEPT = 'hotline.phone.dialog.1001';

class Memory {
  readonly items = new Map<string, string>();
  getItem = (key: string): string | null => this.items.get(key) ?? null;
  setItem = (key: string, value: string): void => void this.items.set(key, value);
  removeItem = (key: string): void => void this.items.delete(key);
}

class Desk {
  readonly clock = new ManualClock();
  readonly microphones = new FakeMicrophones();
  readonly uas: FakeUa[] = [];
  readonly events: SoftphoneEvent[] = [];
  readonly sound = {
    ringing: false,
    hearing: false,
    listenTo: jest.fn(),
    ring: jest.fn(),
    choose: jest.fn(() => Promise.resolve()),
    unlock: jest.fn(() => Promise.resolve()),
    close: jest.fn(),
  };
  readonly phone: Softphone;
  blocked: (value: boolean) => void = () => {};

  constructor(readonly memory = new Memory()) {
    this.phone = createSoftphone({
      clock: this.clock,
      storage: memory,
      mediaDevices: this.microphones,
      createUa: (config) => {
        const ua = new FakeUa(config);
        this.uas.push(ua);
        return Promise.resolve(ua);
      },
      createSound: (blocked) => {
        this.blocked = blocked;
        return this.sound satisfies SoundOutputs;
      },
    });
    this.phone.onEvent((event) => this.events.push(event));
  }

  get ua(): FakeUa {
    const ua = this.uas.at(-1);
    if (ua === undefined) throw new Error('not started');
    return ua;
  }

  get types(): string[] {
    return this.events.map(({ type }) => type);
  }

  get state(): string | null {
    return this.phone.status.session?.state ?? null;
  }

  async registered(): Promise<this> {
    this.phone.start(ACCOUNT, ORIGIN);
    await settle();
    this.ua.connect();
    await settle();
    return this;
  }

  async talking(): Promise<FakeSession> {
    const session = this.ua.invite();
    void this.phone.answer();
    await settle();
    session.accept();
    await settle();
    expect(this.state).toBe('active');
    return session;
  }
}

describe('registration', () => {
  it('registers the account at the gateway’s own address', async () => {
    const desk = new Desk();
    const seen: string[] = [];
    desk.phone.onStatus(({ registration }) => seen.push(registration.state));
    await desk.registered();
    expect(desk.ua.config).toEqual({
      socketUrl: 'ws://127.0.0.1:8081/sip',
      uri: 'sip:1001@hotline',
      authorizationUser: '1001',
      password: 'secret',
    });
    expect(seen).toEqual(['connecting', 'registered']);
  });

  it('starts once for the same account, and anew for another', async () => {
    const desk = await new Desk().registered();
    desk.phone.start({ ...ACCOUNT }, ORIGIN);
    await settle();
    expect(desk.uas).toHaveLength(1);
    desk.phone.start({ ...ACCOUNT, password: 'changed' }, ORIGIN);
    await settle();
    expect(desk.uas.map(({ stopped }) => stopped)).toEqual([true, false]);
  });

  it('opens a lost socket at once when started again: the way is known to be there', async () => {
    const desk = await new Desk().registered();
    desk.phone.start(ACCOUNT, ORIGIN);
    expect(desk.ua.tries).toBe(0);
    desk.ua.cut();
    desk.phone.start(ACCOUNT, ORIGIN);
    expect(desk.ua.tries).toBe(1);
    expect(desk.uas).toHaveLength(1);
  });

  it.each([
    [403, 'Rejected', 'rejected', 30_000],
    [503, 'SIP Failure Code', 'unavailable', 5_000],
    [undefined, 'Request Timeout', 'timeout', 5_000],
  ])('says why it failed (%s) and tries again', async (status, cause, reason, againMs) => {
    const desk = await new Desk().registered();
    desk.ua.emitter.emit('registrationFailed', { response: status === undefined ? null : message({}, { status_code: status }), cause });
    expect(desk.phone.status.registration).toEqual({ state: 'failed', reason });
    await desk.clock.advance(againMs - 1);
    expect(desk.ua.registrations).toBe(0);
    await desk.clock.advance(1);
    expect(desk.ua.registrations).toBe(1);
  });

  it('makes little of one lost socket, and says it at the second', async () => {
    const desk = await new Desk().registered();
    desk.ua.cut();
    expect(desk.phone.status.registration).toEqual({ state: 'connecting' });
    desk.ua.cut();
    expect(desk.phone.status.registration).toEqual({ state: 'failed', reason: 'unreachable' });
    desk.ua.connect();
    expect(desk.phone.status.registration).toEqual({ state: 'registered' });
  });

  it('takes a new socket when a REGISTER is not answered, after longer each time', async () => {
    const desk = new Desk();
    desk.phone.start(ACCOUNT, ORIGIN);
    await settle();
    const open = (): void => {
      desk.ua.connected = true;
      desk.ua.emitter.emit('connected');
    };
    open();
    await desk.clock.advance(3_999);
    expect(desk.ua.tries).toBe(0);
    await desk.clock.advance(1);
    expect([desk.ua.tries, desk.ua.connected]).toEqual([1, false]);
    open();
    await desk.clock.advance(7_999);
    expect(desk.ua.tries).toBe(1);
    await desk.clock.advance(1);
    expect(desk.ua.tries).toBe(2);
    desk.ua.connect();
    await desk.clock.advance(60_000);
    expect([desk.ua.tries, desk.phone.status.registration.state]).toEqual([2, 'registered']);
  });

  it('ignores a user agent that is ready after the phone was stopped', async () => {
    const desk = new Desk();
    desk.phone.start(ACCOUNT, ORIGIN);
    await desk.phone.stop();
    await settle();
    expect(desk.ua.started).toBe(false);
    expect(desk.phone.status.registration).toEqual({ state: 'disconnected' });
  });
});

describe('a call comes in', () => {
  it('rings with number and name', async () => {
    const desk = await new Desk().registered();
    desk.ua.invite({ name: '<script>' });
    expect(desk.phone.status.session).toMatchObject({
      state: 'ringing',
      remoteNumber: '13912345678',
      remoteName: '<script>',
      dialId: null,
    });
    expect(desk.sound.ring).toHaveBeenLastCalledWith(true);
    expect(desk.types).toEqual(['ringing']);
  });

  it.each(['anonymous', 'Anonymous', ''])('shows no number for %j', async (user) => {
    const desk = await new Desk().registered();
    desk.ua.invite({ user });
    expect(desk.phone.status.session?.remoteNumber).toBeNull();
  });

  it('is answered with the microphone, which is let go at the end', async () => {
    const desk = await new Desk().registered();
    const session = desk.ua.invite();
    const answer = desk.phone.answer();
    await settle();
    expect(desk.state).toBe('answering');
    expect(session.answeredWith?.pcConfig).toEqual({ iceServers: [] });
    session.accept();
    expect(await answer).toEqual({ ok: true });
    expect(desk.sound.ring).toHaveBeenLastCalledWith(false);
    expect(await desk.phone.levels()).toEqual({ inbound: 0.25, outbound: 0.5 });
    session.end('remote', 'Terminated');
    expect(desk.phone.status.session).toBeNull();
    expect(desk.microphones.streams[0]?.tracks[0]?.stopped).toBe(true);
    expect(desk.events.at(-1)).toMatchObject({ type: 'ended', reason: 'remote' });
    expect(await desk.phone.levels()).toEqual({ inbound: null, outbound: null });
  });

  it('is not answered twice', async () => {
    const desk = await new Desk().registered();
    desk.ua.invite();
    void desk.phone.answer();
    expect(await desk.phone.answer()).toEqual({ ok: false, reason: 'wrong_state' });
  });

  it.each([
    ['NotAllowedError', 'microphone_denied'],
    ['SecurityError', 'microphone_denied'],
    ['NotFoundError', 'microphone_missing'],
    ['NotReadableError', 'microphone_busy'],
    ['TypeError', 'microphone_failed'],
  ])('goes on ringing when the microphone fails with %s', async (name, reason) => {
    const desk = await new Desk().registered();
    desk.microphones.failWith = name;
    desk.ua.invite();
    expect(await desk.phone.answer()).toEqual({ ok: false, reason });
    expect(desk.state).toBe('ringing');
    expect(desk.phone.status.microphone).toBe(reason);
    desk.microphones.failWith = null;
    expect(await desk.phone.requestMicrophone()).toBe('granted');
  });

  it('answers the agent’s own click by itself, and gives it up without a microphone', async () => {
    const desk = await new Desk().registered();
    const session = desk.ua.invite({ headers: { 'X-Hotline-Dial': 'dial-0001' } });
    await settle();
    session.accept();
    expect(desk.phone.status.session).toMatchObject({ state: 'active', dialId: 'dial-0001' });
    expect(desk.sound.ring).not.toHaveBeenCalledWith(true);
    session.end('remote', 'Terminated');
    desk.microphones.failWith = 'NotAllowedError';
    const second = desk.ua.invite({ headers: { 'X-Hotline-Dial': 'dial-0002' } });
    await settle();
    expect(second.terminatedWith).toEqual({ status_code: 480 });
  });

  it('says busy to a second one', async () => {
    const desk = await new Desk().registered();
    const first = await desk.talking();
    const second = desk.ua.invite();
    expect(second.terminatedWith).toEqual({ status_code: 486 });
    expect(first.ended).toBe(false);
    expect(desk.types.filter((type) => type === 'ringing')).toHaveLength(1);
  });

  it('is declined as busy; during a call there is nothing to decline', async () => {
    const desk = await new Desk().registered();
    expect(await desk.phone.reject()).toEqual({ ok: false, reason: 'no_session' });
    const session = desk.ua.invite();
    expect(await desk.phone.reject()).toEqual({ ok: true });
    expect(session.terminatedWith).toEqual({ status_code: 486 });
    expect(desk.events.at(-1)).toMatchObject({ type: 'ended', reason: 'rejected' });
    await desk.talking();
    expect(await desk.phone.reject()).toEqual({ ok: false, reason: 'wrong_state' });
  });

  it.each<['local' | 'remote' | 'system', string, Record<string, string>, PhoneEndReason]>([
    ['remote', 'Canceled', {}, 'cancelled'],
    ['remote', 'Canceled', { Reason: 'Q.850;cause=26' }, 'answered_elsewhere'],
    ['remote', 'Canceled', { Reason: 'SIP ;cause=200 ;text="Call completed elsewhere"' }, 'answered_elsewhere'],
    ['remote', 'Canceled', { Reason: 'Q.850;cause=16' }, 'cancelled'],
    ['local', 'No Answer', {}, 'no_answer'],
    ['system', 'Expires', {}, 'no_answer'],
    ['system', 'Internal Error', {}, 'failed'],
  ])('ends by %s with %s %j: %s', async (originator, cause, headers, reason) => {
    const desk = await new Desk().registered();
    desk.ua.invite().end(originator, cause, message(headers));
    expect(desk.events.at(-1)).toMatchObject({ type: 'ended', reason, cause });
    expect(desk.sound.ring).toHaveBeenLastCalledWith(false);
  });

  it('lets the microphone go when the caller gives up while it is being opened', async () => {
    const desk = await new Desk().registered();
    const session = desk.ua.invite();
    const answer = desk.phone.answer();
    session.end('remote', 'Canceled');
    expect(await answer).toEqual({ ok: false, reason: 'no_session' });
    expect(desk.microphones.streams[0]?.tracks[0]?.stopped).toBe(true);
  });

  it('does not wait for an answer for ever', async () => {
    const desk = await new Desk().registered();
    desk.ua.invite();
    const answer = desk.phone.answer();
    await desk.clock.advance(10_000);
    expect(await answer).toEqual({ ok: false, reason: 'timeout' });
  });
});

describe('in a call', () => {
  it('holds, mutes, sends digits and hangs up', async () => {
    const desk = await new Desk().registered();
    const session = await desk.talking();
    expect(await desk.phone.perform({ type: 'hold', held: true })).toEqual({ ok: true });
    expect(await desk.phone.perform({ type: 'hold', held: true })).toEqual({ ok: true });
    expect(await desk.phone.perform({ type: 'mute', muted: true })).toEqual({ ok: true });
    expect(desk.phone.status.session).toMatchObject({ held: true, muted: true });
    expect(await desk.phone.perform({ type: 'hold', held: false })).toEqual({ ok: true });
    expect(await desk.phone.perform({ type: 'mute', muted: false })).toEqual({ ok: true });
    expect(await desk.phone.perform({ type: 'digits', digits: '12#' })).toEqual({ ok: true });
    expect(session.tones).toEqual([{ tones: '12#', transportType: 'RFC2833' }]);
    expect(session.offers).toEqual(['hold', 'unhold']);
    expect(await desk.phone.perform({ type: 'hangup' })).toEqual({ ok: true });
    expect(session.terminatedWith).toEqual({});
    expect(desk.types).toEqual(['ringing', 'answered', 'held', 'muted', 'unheld', 'unmuted', 'ended']);
    expect(await desk.phone.perform({ type: 'hangup' })).toEqual({ ok: false, reason: 'no_session' });
  });

  it('loses no digit of keys that are pressed faster than tones are played', async () => {
    const desk = await new Desk().registered();
    const session = await desk.talking();
    const sender = session.connection?.getSenders()[0] as unknown as { dtmf: { toneBuffer: string } };
    await desk.phone.sendDigits('*');
    sender.dtmf.toneBuffer = '7';
    await desk.phone.sendDigits('8');
    expect(session.tones.map(({ tones }) => tones)).toEqual(['*', '78']);
  });

  it('sends digits by INFO where the media cannot carry them', async () => {
    const desk = await new Desk().registered();
    const session = await desk.talking();
    const sender = session.connection?.getSenders()[0] as unknown as { dtmf: { canInsertDTMF: boolean } };
    sender.dtmf.canInsertDTMF = false;
    await desk.phone.sendDigits('5');
    expect(session.tones).toEqual([{ tones: '5', transportType: 'INFO' }]);
  });

  it.each([true, false])('does not lose the customer when a re-INVITE is refused (hold %s)', async (held) => {
    const desk = await new Desk().registered();
    const session = await desk.talking();
    if (!held) await desk.phone.setHeld(true);
    session.nextOffer = 'refuse';
    expect(await desk.phone.setHeld(held)).toEqual({ ok: false, reason: 'rejected' });
    await settle();
    expect(session.ended).toBe(false);
    expect(session.localHold).toBe(!held);
    expect(desk.phone.status.session).toMatchObject({ state: 'active', held: !held });
  });

  it('waits for one re-INVITE before the next, and not for ever', async () => {
    const desk = await new Desk().registered();
    const session = await desk.talking();
    session.nextOffer = 'silence';
    const first = desk.phone.setHeld(true);
    expect(await desk.phone.setHeld(true)).toEqual({ ok: false, reason: 'wrong_state' });
    await desk.clock.advance(8_000);
    expect(await first).toEqual({ ok: false, reason: 'timeout' });
    session.nextOffer = 'not_now';
    expect(await desk.phone.setHeld(true)).toEqual({ ok: false, reason: 'wrong_state' });
    expect(await desk.phone.setHeld(true)).toEqual({ ok: true });
  });

  it.each(['hold', 'mute', 'digits'] as const)('%s needs a call that is answered', async (type) => {
    const desk = await new Desk().registered();
    const command = {
      hold: { type: 'hold', held: true },
      mute: { type: 'mute', muted: true },
      digits: { type: 'digits', digits: '1' },
    } as const;
    expect(await desk.phone.perform(command[type])).toEqual({ ok: false, reason: 'no_session' });
    desk.ua.invite();
    expect(await desk.phone.perform(command[type])).toEqual({ ok: false, reason: 'wrong_state' });
  });

  it('tells the other side where it is after the socket was cut', async () => {
    const desk = await new Desk().registered();
    const session = await desk.talking();
    desk.ua.cut();
    expect(desk.state).toBe('active');
    desk.ua.connect();
    expect(session.offers).toEqual(['renegotiate']);
  });

  it('changes the microphone in the middle', async () => {
    const desk = await new Desk().registered();
    await desk.talking();
    await desk.phone.setMuted(true);
    await desk.phone.chooseDevices({ microphoneId: 'headset', speakerId: 'headset' });
    expect(desk.microphones.asked.at(-1)).toMatchObject({ audio: { deviceId: { exact: 'headset' } } });
    expect(desk.microphones.streams.map(({ tracks }) => tracks[0]?.stopped)).toEqual([true, false]);
    expect(desk.microphones.streams[1]?.tracks[0]?.enabled).toBe(false);
    expect(desk.sound.choose).toHaveBeenCalledWith({ microphoneId: 'headset', speakerId: 'headset', ringerId: '' });
    expect(await desk.phone.listDevices()).toEqual({
      microphones: [{ deviceId: 'headset', label: 'headset' }],
      speakers: [
        { deviceId: 'headset', label: 'headset' },
        { deviceId: 'loudspeaker', label: 'loudspeaker' },
      ],
    });
  });
});

describe('a reload in a call', () => {
  async function reloadedFrom(prepare: (desk: Desk) => Promise<unknown> = () => Promise.resolve()): Promise<Desk> {
    const before = await new Desk().registered();
    await before.talking();
    await prepare(before);
    // the page is gone: nothing of it says goodbye
    const after = new Desk(before.memory);
    await after.clock.advance(before.clock.nowMs() - after.clock.nowMs() + 400);
    return after.registered();
  }

  const answer = (desk: Desk): void =>
    desk.ua.calls[0]?.session.accept(message({}, { call_id: 'sip-call-2', from_tag: 'new-tag', to_tag: 'asterisk-tag-2' }));

  it('takes the living call over with an INVITE that replaces it', async () => {
    const desk = await reloadedFrom();
    expect(desk.state).toBe('resuming');
    expect(desk.ua.calls).toHaveLength(1);
    expect(desk.ua.calls[0]).toMatchObject({
      target: 'resume',
      options: { extraHeaders: ['Replaces: sip-call-1;to-tag=asterisk-tag;from-tag=browser-tag', 'Require: replaces'] },
    });
    const activeSinceMs = desk.clock.nowMs() - 400;
    answer(desk);
    expect(desk.phone.status.session).toMatchObject({
      state: 'active',
      remoteNumber: '13912345678',
      activeSinceMs,
      held: false,
      muted: false,
    });
    expect(desk.types).toEqual(['resumed']);
    expect(JSON.parse(desk.memory.getItem(KEPT) ?? '{}')).toMatchObject({
      sipCallId: 'sip-call-2',
      localTag: 'new-tag',
      remoteTag: 'asterisk-tag-2',
    });
  });

  it('stays muted and held, and lets no word through in between', async () => {
    const desk = await reloadedFrom(async (before) => {
      await before.phone.setMuted(true);
      await before.phone.setHeld(true);
    });
    expect(desk.microphones.streams[0]?.tracks[0]?.enabled).toBe(false);
    answer(desk);
    await settle();
    expect(desk.phone.status.session).toMatchObject({ held: true, muted: true });
    expect(desk.types).toEqual(['resumed', 'muted', 'held']);
  });

  it('says that the call is gone when it is, and does not try again', async () => {
    const desk = await reloadedFrom();
    desk.ua.calls[0]?.session.end('remote', 'SIP Failure Code', message({}, { status_code: 481 }));
    expect(desk.events).toMatchObject([{ type: 'resumeFailed', cause: 'SIP Failure Code' }]);
    expect(desk.phone.status.session).toBeNull();
    expect(desk.memory.getItem(KEPT)).toBeNull();
  });

  it('can be given up while it is under way', async () => {
    const desk = await reloadedFrom();
    expect(await desk.phone.hangup()).toEqual({ ok: true });
    expect(desk.ua.calls[0]?.session.ended).toBe(true);
    expect(desk.phone.status.session).toBeNull();
  });

  it('answers what rang before the reload, when the agent says so', async () => {
    const before = await new Desk().registered();
    before.ua.invite();
    const desk = await new Desk(before.memory).registered();
    expect(desk.state).toBeNull();
    expect(desk.ua.calls).toHaveLength(0);
    const result = desk.phone.answer();
    await settle();
    expect(desk.state).toBe('resuming');
    expect(desk.ua.calls[0]?.options.extraHeaders?.[0]).toBe('Replaces: sip-call-1;to-tag=asterisk-tag;from-tag=browser-tag');
    answer(desk);
    expect(await result).toEqual({ ok: true });
    expect(desk.phone.status.session).toMatchObject({ state: 'active', activeSinceMs: desk.clock.nowMs() });
    expect(desk.types).toEqual(['answered']);
  });

  it('says so when what rang has stopped meanwhile', async () => {
    const before = await new Desk().registered();
    before.ua.invite();
    const desk = await new Desk(before.memory).registered();
    const result = desk.phone.answer();
    await settle();
    desk.ua.calls[0]?.session.end('remote', 'SIP Failure Code', message({}, { status_code: 481 }));
    expect(await result).toEqual({ ok: false, reason: 'no_session' });
    expect(await desk.phone.answer()).toEqual({ ok: false, reason: 'no_session' });
  });

  it('goes on with the agent’s own click by itself', async () => {
    const before = await new Desk().registered();
    before.microphones.getUserMedia = () => new Promise(() => {});
    before.ua.invite({ headers: { 'X-Hotline-Dial': 'dial-0001' } });
    const desk = await new Desk(before.memory).registered();
    expect(desk.ua.calls).toHaveLength(1);
  });

  it('keeps nothing of a call that stopped ringing', async () => {
    const desk = await new Desk().registered();
    const session = desk.ua.invite();
    expect(desk.memory.items.size).toBe(1);
    session.end('remote', 'Canceled');
    expect(desk.memory.items.size).toBe(0);
  });

  it('needs the microphone, and can be tried again when there is one', async () => {
    const before = await new Desk().registered();
    await before.talking();
    const after = new Desk(before.memory);
    after.microphones.failWith = 'NotAllowedError';
    await after.registered();
    expect(after.ua.calls).toHaveLength(0);
    expect(after.types).toEqual(['resumeFailed']);
    expect(await after.phone.answer()).toEqual({ ok: false, reason: 'microphone_denied' });
    after.microphones.failWith = null;
    const second = after.phone.answer();
    await settle();
    answer(after);
    expect(await second).toEqual({ ok: true });
  });

  it('keeps the dialog fresh during a long call, and does not try one that is old', async () => {
    const before = await new Desk().registered();
    await before.talking();
    await before.clock.advance(3_600_000);
    const soon = new Desk(before.memory);
    await soon.clock.advance(3_600_000);
    await soon.registered();
    expect(soon.state).toBe('resuming');
    const late = new Desk(before.memory);
    await late.clock.advance(3_600_000 + 120_000);
    await late.registered();
    expect(late.state).toBeNull();
  });

  it('keeps nothing after the end of a call', async () => {
    const desk = await new Desk().registered();
    const session = await desk.talking();
    expect(desk.memory.items.size).toBe(1);
    session.end('remote', 'Terminated');
    expect(desk.memory.items.size).toBe(0);
    await desk.clock.advance(60_000);
    expect(desk.memory.items.size).toBe(0);
  });

  it('a window that does not have the call leaves what another one keeps', async () => {
    const owner = await new Desk().registered();
    await owner.talking();
    const follower = new Desk(owner.memory);
    await follower.phone.stop();
    await follower.phone.close();
    expect(owner.memory.items.size).toBe(1);
  });

  it.each(['not json', '{}', '{"sipCallId":7}'])('ignores %s in the storage', async (text) => {
    const desk = new Desk();
    desk.memory.setItem(KEPT, text);
    await desk.registered();
    expect(desk.phone.status.session).toBeNull();
  });

  it('works without any storage', async () => {
    const memory = new Memory();
    memory.setItem = () => {
      throw new DOMException('full', 'QuotaExceededError');
    };
    const desk = await new Desk(memory).registered();
    await desk.talking();
  });
});

describe('the end of the phone', () => {
  it('stop hangs up and unregisters; it can be started again', async () => {
    const desk = await new Desk().registered();
    const session = await desk.talking();
    await desk.phone.stop();
    expect(session.ended).toBe(true);
    expect(desk.ua.stopped).toBe(true);
    expect(desk.phone.status).toMatchObject({ registration: { state: 'disconnected' }, session: null });
    await desk.registered();
    expect(desk.uas).toHaveLength(2);
    expect(desk.phone.status.registration.state).toBe('registered');
  });

  it('close is final and may be called twice', async () => {
    const desk = await new Desk().registered();
    await desk.talking();
    await desk.phone.close();
    await desk.phone.close();
    desk.phone.start(ACCOUNT, ORIGIN);
    await settle();
    expect(desk.uas).toHaveLength(1);
    expect(desk.sound.close).toHaveBeenCalledTimes(1);
    expect(desk.clock.pending).toBe(0);
    expect(await desk.phone.answer()).toEqual({ ok: false, reason: 'no_session' });
  });

  it('a page without media devices says so', () => {
    const phone = createSoftphone({ storage: null, mediaDevices: undefined, createSound: () => new Desk().sound });
    expect(phone.status.microphone).toBe('microphone_insecure');
  });

  it('tells when the browser blocks sound', async () => {
    const desk = await new Desk().registered();
    desk.blocked(true);
    expect(desk.phone.status.audioBlocked).toBe(true);
    await desk.phone.unlockAudio();
    expect(desk.sound.unlock).toHaveBeenCalled();
  });
});
