import { createPinia, setActivePinia } from 'pinia';
import { setServices } from '../../app/services';
import { call, match, owner, snapshot, talkingTo } from '../../test-support/examples';
import { settle, stage, type Stage } from '../../test-support/fakes';
import { useCtiStore } from '../cti/cti.store';
import { useNoticeStore } from '../cti/notice.store';
import { useCallStore } from './call.store';

let world: Stage;

async function begin(role: 'leader' | 'follower' = 'leader') {
  world = stage(role);
  setServices(world.services);
  setActivePinia(createPinia());
  const calls = useCallStore();
  await useCtiStore().start('u1', (client) => calls.wire(client));
  world.client.emit('session.started', snapshot());
  return calls;
}

const session = { sessionId: 's1', remoteNumber: null, remoteName: null, dialId: null, callId: null } as const;
const sent = () => world.client.commands.map((one) => one.type);

describe('calls as the gateway tells them', () => {
  it('follow the gateway, whatever the device says', async () => {
    const calls = await begin();
    world.client.emit('call.offered', { call: call() });
    world.phone.change({ session: { ...session, state: 'active', activeSinceMs: 0, muted: false, held: false } });
    expect([calls.current?.state, calls.talking]).toEqual(['alerting', null]);
    world.client.emit('call.changed', { call: talkingTo() });
    expect(calls.talking?.callId).toBe('c1');
  });

  it('are answered by the device and announced once, as answered here', async () => {
    const calls = await begin();
    const heard: Array<[string, boolean]> = [];
    calls.onAnswered((one, here) => heard.push([one.callId, here]));
    world.client.emit('call.offered', { call: call() });
    await calls.answer();
    world.client.emit('call.changed', { call: talkingTo() });
    world.client.emit('call.changed', { call: talkingTo({ recording: true }) });
    expect(world.phone.orders).toEqual([{ type: 'answer' }]);
    expect(heard).toEqual([['c1', true]]);
  });

  it('say why they could not be answered', async () => {
    const calls = await begin();
    world.phone.result = { ok: false, reason: 'microphone_denied' };
    world.client.emit('call.offered', { call: call() });
    await calls.answer();
    expect(useNoticeStore().bar?.words).toEqual({ key: 'call.phoneFailed', params: { reason: 'microphone_denied' } });
  });

  it('are answered also when F2 comes before the telephone itself rings', async () => {
    const calls = await begin();
    world.phone.result = { ok: false, reason: 'no_session' };
    world.client.emit('call.offered', { call: call() });
    const answered = calls.answer();
    await world.clock.advance(200);
    world.phone.result = { ok: true };
    await world.clock.advance(200);
    await answered;
    expect([world.phone.orders.length > 1, useNoticeStore().bar]).toEqual([true, null]);
  });

  it.each([
    ['registered', ['hangup'], []],
    ['connecting', ['hangup'], ['call.hangup']],
  ] as const)('are hung up by the device, and by the gateway too while the device is cut off: %s', async (state, orders, commands) => {
    const calls = await begin();
    world.client.emit('call.changed', { call: talkingTo() });
    world.phone.change({ registration: { state }, session: { ...session, state: 'active', activeSinceMs: 0, muted: false, held: false } });
    await calls.hangup();
    expect(world.phone.orders.map((order) => order.type)).toEqual(orders);
    expect(sent().filter((type) => type === 'call.hangup')).toEqual(commands);
  });

  it.each(['no_answer', 'abandoned'] as const)('leave a card when they stop ringing: %s', async (outcome) => {
    const calls = await begin();
    world.client.emit('call.offered', { call: call() });
    world.client.emit('call.withdrawn', { call: call({ state: 'ended', outcome }) });
    expect([calls.current, calls.missed?.callId]).toEqual([null, 'c1']);
  });

  it('leave no card when somebody else answered', async () => {
    const calls = await begin();
    world.client.emit('call.offered', { call: call() });
    world.client.emit('call.withdrawn', { call: call({ state: 'ended', outcome: 'answered_elsewhere' }) });
    expect([calls.current, calls.missed]).toEqual([null, null]);
  });

  it('are not brought back by later news about their end', async () => {
    const calls = await begin();
    world.client.emit('call.changed', { call: talkingTo() });
    world.client.emit('call.ended', { call: talkingTo({ state: 'ended', outcome: 'answered', endedBy: 'unknown' }) });
    world.client.emit('call.changed', { call: talkingTo({ state: 'ended', outcome: 'answered', endedBy: 'agent' }) });
    expect([calls.current, calls.finished?.endedBy]).toEqual([null, 'agent']);
    calls.putAway();
    world.client.emit('call.changed', { call: talkingTo({ state: 'ended', outcome: 'answered', endedBy: 'agent', cause: 16 }) });
    expect([calls.current, calls.finished]).toEqual([null, null]);
  });

  it('stay at hand after the talk, also when the end was only noticed by a snapshot', async () => {
    const calls = await begin();
    world.client.emit('call.changed', { call: talkingTo() });
    world.client.emit('session.started', snapshot());
    expect([calls.current, calls.finished?.callId, calls.finished?.endedBy]).toEqual([null, 'c1', 'unknown']);
  });

  it('are back after a reload, and count as answered so that their record opens', async () => {
    const calls = await begin();
    const heard: string[] = [];
    calls.onAnswered((one) => heard.push(one.callId));
    world.client.emit('session.started', snapshot({ calls: [talkingTo({ callId: 'c7' })] }));
    expect([calls.talking?.callId, heard]).toEqual(['c7', ['c7']]);
  });

  it('put a talk before a second call that rings', async () => {
    const calls = await begin();
    world.client.emit('call.changed', { call: talkingTo() });
    world.client.emit('call.offered', { call: call({ callId: 'c2' }) });
    expect([calls.current?.callId, calls.alerting?.callId]).toEqual(['c1', 'c2']);
  });
});

describe('whose call it is', () => {
  it('is the one owner of a known number', async () => {
    const calls = await begin();
    expect(calls.ownerOf(call({ match: match('known') }))?.contactName).toBe('吴海燕');
  });

  it.each(['shared', 'maybe'] as const)('is nobody until the agent says so: %s', async (kind) => {
    const calls = await begin();
    const owners = [owner(), owner({ customerId: 'k2', contactId: 'p2' })];
    const one = call({ match: match(kind, { owners }) });
    expect([calls.ownerOf(one), calls.customerOf(one)]).toEqual([null, null]);
    calls.choose(one.callId, owner({ customerId: 'k2', contactId: 'p2' }));
    expect(calls.customerOf(one)).toBe('k2');
    calls.choose(one.callId, null);
    expect(calls.customerOf(one)).toBeNull();
  });

  it('is the company, person open, when all who share a number are of one company', async () => {
    const calls = await begin();
    const one = call({ match: match('shared', { owners: [owner(), owner({ contactId: 'p2' })] }) });
    expect([calls.ownerOf(one), calls.customerOf(one)]).toEqual([null, 'k1']);
  });

  it('is completed when the match comes late', async () => {
    const calls = await begin();
    world.client.emit('call.offered', { call: call({ match: match('pending') }) });
    world.client.emit('call.matched', { callId: 'c1', match: match('known') });
    expect(calls.current && calls.ownerOf(calls.current)?.customerId).toBe('k1');
  });
});

describe('hanging up', () => {
  it('is done by the device that carries the call', async () => {
    const calls = await begin();
    world.phone.change({ session: { ...session, state: 'active', activeSinceMs: 0, muted: false, held: false } });
    world.client.emit('call.changed', { call: talkingTo() });
    await calls.hangup();
    expect([world.phone.orders, sent()]).toEqual([[{ type: 'hangup' }], []]);
  });

  it('is asked of the gateway when a desk phone carries it', async () => {
    const calls = await begin();
    world.client.emit('call.changed', { call: talkingTo() });
    await calls.hangup();
    await calls.setMuted(true);
    expect([world.phone.orders, sent()]).toEqual([[], ['call.hangup', 'call.mute']]);
  });
});

describe('dialling', () => {
  it('takes a second click within two seconds for the first', async () => {
    const calls = await begin();
    await calls.dialNumber('13912345678', 'k1');
    await calls.dialNumber('13912345678', 'k1');
    expect(sent()).toEqual(['call.dial']);
    await world.clock.advance(2_100);
    await calls.dialNumber('13912345678', 'k1');
    expect([sent(), useNoticeStore().bar?.words.params?.code]).toEqual([['call.dial'], 'dial.already_in_call']);
  });

  it('uses a fresh id for every dial', async () => {
    const calls = await begin();
    world.client.reply = () => ({ ok: false, error: { code: 'dial.rate_limited', message: '', retryable: true } });
    await calls.dialNumber('13912345678');
    await world.clock.advance(3_000);
    await calls.dialNumber('13912345678');
    const ids = world.client.commands.map((one) => (one.data as { dialId: string }).dialId);
    expect(new Set(ids).size).toBe(2);
  });

  it('says in the bar what the policy refused', async () => {
    const calls = await begin();
    world.client.reply = () => ({ ok: false, error: { code: 'dial.class_not_allowed', message: '', retryable: false } });
    await calls.dialNumber('0019005551234');
    expect([calls.dial, useNoticeStore().bar?.words]).toEqual([
      null,
      { key: 'call.dialRefused', params: { number: '0019005551234', code: 'dial.class_not_allowed' } },
    ]);
  });

  it('says why nobody answered, and is free again', async () => {
    const calls = await begin();
    await calls.dialNumber('13912345678');
    const dialId = calls.dial?.dialId ?? '';
    const outbound = call({ direction: 'outbound', state: 'delivered', dialId });
    world.client.emit('call.changed', { call: outbound });
    expect([calls.dial, calls.current?.state]).toEqual([null, 'delivered']);
    world.client.emit('call.ended', { call: { ...outbound, state: 'ended', outcome: 'busy', endedBy: 'customer' } });
    expect([calls.current, useNoticeStore().bar?.words.params]).toEqual([null, { number: '13912345678', outcome: 'busy' }]);
  });

  it('forgets a dial of which the gateway knows nothing after a cut', async () => {
    const calls = await begin();
    await calls.dialNumber('13912345678');
    world.client.emit('session.started', snapshot());
    expect(calls.dial).toBeNull();
  });
});

it('tells the gateway once that the card was painted', async () => {
  const calls = await begin();
  calls.popShown('c1');
  calls.popShown('c1');
  await settle();
  expect(sent()).toEqual(['call.shown']);
});
