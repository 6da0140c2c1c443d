import { errorOf, startHarness, until, type Harness, type TestPanel } from './gateway-harness';

const at = { userId: 'u-1001', extension: '1001' };
let h: Harness;
let panel: TestPanel;
beforeEach(async () => {
  h = await startHarness({ settings: { wrapUpMs: 10_000, wrapUpMaxMs: 30_000 } });
  panel = await h.panel(at);
  await panel.command('presence.set', { state: 'ready' });
});
afterEach(() => h.close());

const member = (extension = '1001') => h.pbx.members.get(extension);
const inWrapUp = (): Promise<unknown> => panel.event('afterCall.changed', ({ afterCall }) => afterCall.wrapUp !== null);
const free = (): Promise<unknown> => panel.event('afterCall.changed', ({ afterCall }) => afterCall.wrapUp === null);

async function talk(callId = 'c1'): Promise<string> {
  h.pbx.callIn({ callId, number: '13912345678' });
  const leg = h.pbx.ring(callId, '1001');
  h.pbx.answer(callId, leg);
  await until(() => member()?.reason.startsWith('wrap_up') === true, 'the queue to be told');
  return leg;
}

async function wrapUp(callId = 'c1'): Promise<void> {
  const leg = await talk(callId);
  h.pbx.end(leg);
  await inWrapUp();
}

describe('wrap-up', () => {
  it('keeps the queue away from the first word to the end of the time, without showing a pause', async () => {
    const leg = await talk();
    expect(member()).toEqual({ paused: true, reason: 'wrap_up' });
    h.pbx.end(leg);
    const { afterCall } = await panel.event('afterCall.changed');
    expect(afterCall.wrapUp).toMatchObject({ callId: 'c1' });
    expect(Date.parse(afterCall.wrapUp?.until ?? '') - h.clock.nowMs()).toBe(10_000);
    h.clock.advance(9_999);
    await panel.settle();
    expect(member()?.paused).toBe(true);
    h.clock.advance(1);
    await until(() => member()?.paused === false);
    await free();
    expect(panel.of('presence.changed').every(({ presence }) => presence.state === 'ready')).toBe(true);
    expect(panel.events.findIndex(({ type }) => type === 'afterCall.changed')).toBeLessThan(panel.events.findIndex(({ type }) => type === 'call.ended'));
  });

  it('is over when the agent is done, and a late click does not end the next one', async () => {
    await wrapUp('c1');
    expect(errorOf(await panel.command('wrapUp.finish', { callId: 'c1' }))).toBe('ok');
    await until(() => member()?.paused === false);
    await wrapUp('c2');
    expect(errorOf(await panel.command('wrapUp.finish', { callId: 'c1' }))).toBe('ok');
    expect(member()?.paused).toBe(true);
    await panel.command('wrapUp.finish', { callId: 'c2' });
    await until(() => member()?.paused === false);
  });

  it('is extended by the key and by typing, up to the limit', async () => {
    await wrapUp();
    await panel.command('wrapUp.extend', { by: 'key' });
    const longer = (await panel.event('afterCall.changed')).afterCall.wrapUp;
    expect(Date.parse(longer?.until ?? '') - Date.parse(longer?.since ?? '')).toBe(20_000);
    await panel.command('wrapUp.extend', { by: 'typing' });
    for (let press = 0; press < 3; press += 1) await panel.command('wrapUp.extend', { by: 'key' });
    expect(panel.of('afterCall.changed').at(-1)?.afterCall.wrapUp?.until).toBe(longer?.limit);
    h.clock.advance(14_000);
    await panel.settle();
    h.clock.advance(15_999);
    expect(member()?.paused).toBe(true);
    h.clock.advance(1);
    await until(() => member()?.paused === false);
    expect(errorOf(await panel.command('wrapUp.extend', { by: 'key' }))).toBe('call.wrong_state');
  });

  it('is followed by what was chosen during the call', async () => {
    const leg = await talk();
    expect(errorOf(await panel.command('presence.next', { next: { state: 'paused', reason: 'break' } }))).toBe('ok');
    h.pbx.end(leg);
    await inWrapUp();
    expect(panel.of('presence.changed').at(-1)?.presence.state).toBe('ready');
    await panel.command('wrapUp.finish', { callId: 'c1' });
    await until(() => member()?.reason === 'break');
    expect((await panel.event('presence.changed', ({ presence }) => presence.state === 'paused')).presence).toMatchObject({ reasons: ['break'] });
    expect(errorOf(await panel.command('presence.next', { next: null }))).toBe('call.wrong_state');
  });

  it('may be followed by signing out', async () => {
    await wrapUp();
    await panel.command('presence.next', { next: { state: 'offline' } });
    h.clock.advance(10_000);
    await until(() => member() === undefined);
  });

  it('ends with saying ready, and with signing out', async () => {
    await wrapUp('c1');
    await panel.command('presence.set', { state: 'ready' });
    await until(() => member()?.paused === false);
    await wrapUp('c2');
    await panel.command('presence.set', { state: 'offline' });
    expect(panel.of('afterCall.changed').at(-1)?.afterCall.wrapUp).toBeNull();
    await panel.command('presence.set', { state: 'ready' });
    expect(member()).toEqual({ paused: false, reason: '' });
  });

  it('ends when somebody at a console makes the agent ready', async () => {
    await wrapUp();
    h.pbx.setMember('1001', { paused: false, reason: '' });
    await free();
  });

  it('is the same in a second window and after a reload', async () => {
    await wrapUp();
    const second = await h.connect();
    await second.hello(at, h.clock.nowMs(), { tab: 'tab-00000002' });
    expect((await second.event('session.started')).afterCall.wrapUp).toMatchObject({ callId: 'c1' });
    await second.command('wrapUp.finish', { callId: 'c1' });
    await free();
  });

  it('goes on after a restart of the gateway, and is undone when its time passed meanwhile', async () => {
    await wrapUp();
    const kept = { ...(member() ?? { paused: false, reason: '' }) };
    await h.restart();
    h.pbx.members.set('1001', kept);
    h.pbx.resync({ gapFromMs: null, pbxRestarted: false });
    const back = await h.connect();
    await back.hello(at, h.clock.nowMs());
    expect((await back.event('session.started')).afterCall.wrapUp).not.toBeNull();
    await h.restart();
    h.clock.advance(14_000);
    h.pbx.members.set('1001', kept);
    h.pbx.resync({ gapFromMs: null, pbxRestarted: false });
    h.clock.advance(0);
    await until(() => member()?.paused === false);
  });

  it('is not begun anew by what a restarted Asterisk remembers of a call before', async () => {
    await wrapUp();
    const stale = { ...(member() ?? { paused: false, reason: '' }) };
    await panel.command('wrapUp.finish', { callId: 'c1' });
    await free();
    h.pbx.members.set('1001', stale);
    h.pbx.restart({ keepMembers: true });
    await until(() => member()?.paused === false);
    await panel.settle();
    expect(panel.of('afterCall.changed').at(-1)?.afterCall.wrapUp).toBeNull();
  });

  it('follows clicks to dial, but not an internal call or one that was not answered', async () => {
    await panel.command('call.dial', { dialId: 'dial-00000001', number: '13912345678', customerId: null });
    await until(() => h.pbx.originated.length === 1);
    const agentLeg = h.pbx.originated[0]?.channelId ?? '';
    const customer = h.pbx.dialCustomer(agentLeg, '13912345678');
    expect(member()?.paused).toBe(false);
    h.pbx.customerAnswers(agentLeg, customer);
    await until(() => member()?.paused === true);
    h.pbx.end(agentLeg);
    await inWrapUp();
  });

  it('says again what Asterisk was not told', async () => {
    const leg = await talk();
    h.pbx.failures.queue = 'unavailable';
    h.pbx.end(leg);
    await inWrapUp();
    delete h.pbx.failures.queue;
    h.pbx.members.set('1001', { paused: false, reason: '' });
    h.pbx.resync({ gapFromMs: h.clock.nowMs(), pbxRestarted: false });
    await until(() => member()?.reason.startsWith('wrap_up@') === true);
  });
});

describe('reasons of a pause', () => {
  it('are a set; the last one taken away makes ready', async () => {
    await panel.command('presence.pause', { reason: 'break' });
    await panel.command('presence.pause', { reason: 'training' });
    expect(member()?.reason).toBe('break+training');
    await panel.command('presence.resume', { reason: 'break' });
    expect(member()?.reason).toBe('training');
    await panel.command('presence.resume', { reason: 'training' });
    expect(member()).toEqual({ paused: false, reason: '' });
    await panel.command('presence.set', { state: 'offline' });
    expect(errorOf(await panel.command('presence.pause', { reason: 'break' }))).toBe('call.wrong_state');
  });

  it('are kept beside a wrap-up', async () => {
    await wrapUp();
    await panel.command('presence.pause', { reason: 'meeting' });
    expect(member()?.reason).toMatch(/^wrap_up@.*\+meeting$/);
    await panel.command('wrapUp.finish', { callId: 'c1' });
    await until(() => member()?.reason === 'meeting');
  });
});
