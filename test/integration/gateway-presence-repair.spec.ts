import { PbxError } from '../../cti-gateway/src/ports/pbx';
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

const READY = { paused: false, reason: '' };
const member = () => h.pbx.members.get('1001');
const shown = () => panel.of('presence.changed').at(-1)?.presence;
const free = () => panel.of('afterCall.changed').at(-1)?.afterCall.wrapUp === null;

/** Lets time pass in steps, as it does, with everything done that is due. */
async function pass(ms: number): Promise<void> {
  for (let left = ms; left > 0; left -= 500) {
    h.clock.advance(Math.min(500, left));
    await panel.settle();
  }
}

async function wrapUp(callId = 'c1'): Promise<void> {
  h.pbx.callIn({ callId, number: '13912345678' });
  const leg = h.pbx.ring(callId, '1001');
  h.pbx.answer(callId, leg);
  await until(() => member()?.reason.startsWith('wrap_up') === true, 'the queue to be told of the talk');
  h.pbx.end(leg);
  await until(() => member()?.reason.startsWith('wrap_up@') === true, 'the queue to be told of the wrap-up');
}

/** The session for actions is away; events go on. */
function cutActions(): void {
  h.pbx.failures.queue = 'unavailable';
  h.pbx.setLink('ami', 'connecting');
}

function mendActions(): void {
  delete h.pbx.failures.queue;
  h.pbx.setLink('ami', 'up');
}

describe('a wrap-up that ends while Asterisk cannot be told', () => {
  it('is told when the session for actions is back, without any snapshot', async () => {
    await wrapUp();
    cutActions();
    await pass(10_000);
    expect(free()).toBe(true);
    expect(member()?.paused).toBe(true);
    mendActions();
    await until(() => member()?.paused === false);
    expect(shown()?.state).toBe('ready');
  });

  it('is told in time also when nothing tells that actions work again', async () => {
    await wrapUp();
    h.pbx.failures.queue = 'timeout';
    await pass(40_000);
    expect(member()?.paused).toBe(true);
    delete h.pbx.failures.queue;
    await pass(10_000);
    expect(member()).toEqual(READY);
  });

  it('is told when the events were back a moment before the actions', async () => {
    await wrapUp();
    const cutAtMs = h.clock.nowMs();
    cutActions();
    await pass(10_500);
    h.pbx.resync({ gapFromMs: cutAtMs, pbxRestarted: false });
    await pass(300);
    mendActions();
    await until(() => member()?.paused === false);
    expect(free()).toBe(true);
  });

  it('is not begun anew by its own mark, when the agent was done before its time', async () => {
    await wrapUp();
    cutActions();
    await panel.command('wrapUp.finish', { callId: 'c1' });
    const told = panel.of('afterCall.changed').length;
    h.pbx.resync({ gapFromMs: h.clock.nowMs(), pbxRestarted: false });
    await panel.settle();
    mendActions();
    await until(() => member()?.paused === false);
    expect(panel.of('afterCall.changed')).toHaveLength(told);
  });

  it.each([
    [{ state: 'paused', reason: 'break' } as const, { paused: true, reason: 'break' }],
    [{ state: 'offline' } as const, undefined],
  ])('is followed by %j all the same', async (next, after) => {
    await wrapUp();
    await panel.command('presence.next', { next });
    cutActions();
    await pass(11_000);
    expect(member()?.reason).toMatch(/^wrap_up@/);
    mendActions();
    await until(() => member()?.reason === after?.reason);
    await until(() => shown()?.state === next.state);
    expect(member()).toEqual(after);
  });

  it('lets go of a member who is written into the configuration and was to be signed out', async () => {
    await wrapUp();
    await panel.command('presence.next', { next: { state: 'offline' } });
    h.pbx.removeQueueMember = () => Promise.reject(new PbxError('refused', 'Unable to remove interface'));
    await pass(11_000);
    expect(member()).toEqual(READY);
    expect(shown()?.state).toBe('ready');
  });

  it('leaves the queue alone when the agent has signed out, and made ready by the agent it is over', async () => {
    await wrapUp();
    cutActions();
    await pass(10_000);
    expect(errorOf(await panel.command('presence.set', { state: 'offline' }))).not.toBe('ok');
    delete h.pbx.failures.queue;
    expect(errorOf(await panel.command('presence.set', { state: 'offline' }))).toBe('ok');
    mendActions();
    await pass(60_000);
    expect(member()).toBeUndefined();
    expect(errorOf(await panel.command('presence.set', { state: 'ready' }))).toBe('ok');
    expect(member()).toEqual(READY);
  });

  it('gives way to what somebody does at a console meanwhile', async () => {
    await wrapUp();
    cutActions();
    await pass(10_000);
    // a telephone changed its state: nothing new
    h.pbx.setMember('1001', { ...(member() ?? READY) });
    h.pbx.setMember('1001', { paused: true, reason: 'lunch with the boss' });
    mendActions();
    await pass(60_000);
    expect(member()?.reason).toBe('lunch with the boss');
    expect(shown()).toMatchObject({ state: 'paused', reasons: ['supervisor'] });
  });

  it('is undone by the next gateway where this one could not', async () => {
    await wrapUp();
    cutActions();
    await pass(10_000);
    const kept = { ...(member() ?? READY) };
    await h.restart();
    panel = await h.panel(at);
    h.pbx.members.set('1001', kept);
    h.pbx.failures.queue = 'unavailable';
    h.pbx.resync({ gapFromMs: null, pbxRestarted: false });
    await pass(1_000);
    mendActions();
    await until(() => member()?.paused === false);
  });

  it('is told once, however often the link comes and goes', async () => {
    await wrapUp();
    cutActions();
    await pass(10_000);
    const timers = h.clock.pending;
    for (let flap = 0; flap < 20; flap += 1) {
      h.pbx.setLink('ami', 'up');
      h.pbx.setLink('ami', 'connecting');
    }
    await panel.settle();
    expect(h.clock.pending).toBe(timers);
    let told = 0;
    h.pbx.onEvent((event) => (told += event.type === 'queue.memberStatus' ? 1 : 0));
    mendActions();
    mendActions();
    await pass(60_000);
    expect(member()).toEqual(READY);
    expect(told).toBe(1);
  });

  it('is not tried any more by a gateway that has closed', async () => {
    await wrapUp();
    cutActions();
    await pass(10_000);
    await h.gateway.close();
    delete h.pbx.failures.queue;
    h.clock.advance(60_000);
    await new Promise((resolve) => setImmediate(resolve));
    expect(member()?.paused).toBe(true);
  });
});

it('an agent who declined is let go also when Asterisk could not be told in time', async () => {
  h.pbx.callIn({ callId: 'c1', number: '13912345678' });
  h.pbx.stopRinging('c1', h.pbx.ring('c1', '1001'), { result: 'busy', cause: 17 });
  await until(() => member()?.reason === 'declined');
  cutActions();
  await pass(10_000);
  expect(shown()).toMatchObject({ reasons: ['declined'] });
  mendActions();
  await until(() => member()?.paused === false);
  await until(() => shown()?.state === 'ready');
});

it('an agent who could not be paused for ringing in vain is not paused minutes later', async () => {
  h.pbx.callIn({ callId: 'c1', number: '13912345678' });
  const leg = h.pbx.ring('c1', '1001');
  cutActions();
  h.pbx.stopRinging('c1', leg, { result: 'no_answer', cause: 0 });
  await pass(60_000);
  mendActions();
  await pass(60_000);
  expect(member()).toEqual(READY);
});

describe('wishes', () => {
  it('that failed are not carried out later', async () => {
    cutActions();
    expect(errorOf(await panel.command('presence.pause', { reason: 'break' }))).not.toBe('ok');
    expect(errorOf(await panel.command('presence.set', { state: 'paused', reason: 'meeting' }))).not.toBe('ok');
    mendActions();
    await pass(60_000);
    expect(member()).toEqual(READY);
    expect(shown()?.state).toBe('ready');
  });

  it('are known to be done by their event, where only the answer was lost', async () => {
    h.pbx.failures.queueAnswer = 'timeout';
    expect(errorOf(await panel.command('presence.set', { state: 'paused', reason: 'break' }))).toBe('ok');
    expect(shown()).toMatchObject({ reasons: ['break'] });
  });

  it('that were done with neither answer nor event in time are shown when the event comes', async () => {
    h.pbx.failures.queueAnswer = 'timeout';
    h.pbx.fallBehind();
    expect(errorOf(await panel.command('presence.set', { state: 'paused', reason: 'break' }))).not.toBe('ok');
    h.pbx.catchUp();
    await until(() => shown()?.state === 'paused');
    delete h.pbx.failures.queueAnswer;
    await pass(60_000);
    expect(member()?.reason).toBe('break');
  });

  it('half done are shown for what the queue has', async () => {
    await panel.command('presence.set', { state: 'offline' });
    h.pbx.failures.queueAnswer = 'unavailable';
    h.pbx.fallBehind();
    expect(errorOf(await panel.command('presence.set', { state: 'ready' }))).not.toBe('ok');
    delete h.pbx.failures.queueAnswer;
    h.pbx.catchUp();
    await until(() => shown()?.state === 'ready');
    expect(member()).toEqual(READY);
  });
});

describe('events that come late', () => {
  it('do not bring back what was before', async () => {
    h.pbx.fallBehind();
    h.pbx.setMember('1001', READY);
    await panel.command('presence.set', { state: 'paused', reason: 'break' });
    await panel.command('presence.set', { state: 'offline' });
    await panel.command('presence.set', { state: 'paused', reason: 'meeting' });
    const told = panel.of('presence.changed').length;
    for (let event = 0; event < 12; event += 1) {
      h.pbx.catchUp(1);
      await panel.settle();
    }
    h.pbx.catchUp();
    await pass(30_000);
    expect(panel.of('presence.changed')).toHaveLength(told);
    expect(shown()).toMatchObject({ reasons: ['meeting'] });
    expect(member()?.reason).toBe('meeting');
    // and is brought back to just that
    h.pbx.restart({ keepMembers: false });
    await until(() => member()?.reason === 'meeting');
  });

  it('tell what somebody did after our own word, which stands', async () => {
    h.pbx.fallBehind();
    await panel.command('presence.set', { state: 'paused', reason: 'break' });
    h.pbx.setMember('1001', { paused: true, reason: 'supervisor' });
    h.pbx.catchUp();
    await until(() => shown()?.state === 'paused');
    await pass(30_000);
    expect(member()?.reason).toBe('supervisor');
    expect(shown()).toMatchObject({ reasons: ['supervisor'] });
  });

  it('that never come do not make deaf for long', async () => {
    h.pbx.fallBehind();
    await panel.command('presence.set', { state: 'paused', reason: 'break' });
    h.pbx.loseLate();
    await pass(6_000);
    h.pbx.setMember('1001', { paused: true, reason: 'supervisor' });
    await until(() => JSON.stringify(shown()).includes('supervisor'));
  });
});

describe('a console', () => {
  it('may put a reason beside a wrap-up and take it away again', async () => {
    await wrapUp();
    h.pbx.setMember('1001', { paused: true, reason: 'supervisor' });
    await until(() => /^wrap_up@.*\+supervisor$/.test(member()?.reason ?? ''));
    h.pbx.setMember('1001', READY);
    await until(free);
    await pass(30_000);
    expect(member()).toEqual(READY);
  });

  it('is not overruled by the mark of a talk', async () => {
    h.pbx.callIn({ callId: 'c1', number: '13912345678' });
    h.pbx.answer('c1', h.pbx.ring('c1', '1001'));
    await until(() => member()?.reason === 'wrap_up');
    h.pbx.setMember('1001', READY);
    await pass(30_000);
    expect(member()).toEqual(READY);
  });

  it('keeps its own words', async () => {
    h.pbx.setMember('1001', { paused: true, reason: 'lunch with the boss' });
    await panel.event('presence.changed', ({ presence }) => presence.state === 'paused');
    h.pbx.setLink('ami', 'up');
    await pass(30_000);
    expect(member()?.reason).toBe('lunch with the boss');
  });
});
