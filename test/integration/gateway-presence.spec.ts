import { errorOf, startHarness, until, type Harness } from './gateway-harness';

let h: Harness;
beforeEach(async () => {
  h = await startHarness();
});
afterEach(() => h.close());

const at = { userId: 'u-1001', extension: '1001' };

describe('presence', () => {
  it('is what the queue says: signed in, paused with a reason, ready, signed out', async () => {
    const panel = await h.panel(at);
    expect(errorOf(await panel.command('presence.set', { state: 'paused', reason: 'break' }))).toBe('ok');
    expect(
      (await panel.event('presence.changed', ({ presence }) => presence.state === 'paused' && presence.reasons.includes('break'))).presence,
    ).toMatchObject({ reasons: ['break'] });
    expect(h.pbx.members.get('1001')).toEqual({ paused: true, reason: 'break' });
    await panel.command('presence.set', { state: 'ready' });
    await panel.event('presence.changed', ({ presence }) => presence.state === 'ready');
    await panel.command('presence.set', { state: 'paused', reason: 'meeting' });
    expect((await panel.event('presence.changed')).presence).toMatchObject({ state: 'paused', reasons: ['meeting'] });
    await panel.command('presence.set', { state: 'offline' });
    await panel.event('presence.changed', ({ presence }) => presence.state === 'offline');
    expect(h.pbx.members.size).toBe(0);
    expect(errorOf(await panel.command('presence.set', { state: 'offline' }))).toBe('ok');
  });

  it('shows what somebody else did, in every window of that agent only', async () => {
    const one = await h.panel(at);
    const again = await h.connect();
    await again.hello(at, h.clock.nowMs(), { tab: 'tab-00000002' });
    const other = await h.panel({ extension: '1002' });
    await one.command('presence.set', { state: 'ready' });
    h.pbx.setMember('1001', { paused: true, reason: '' });
    for (const panel of [one, again]) {
      expect((await panel.event('presence.changed', ({ presence }) => presence.state === 'paused')).presence).toMatchObject({
        reasons: ['supervisor'],
      });
    }
    h.pbx.setMember('1001', { paused: true, reason: 'Auto-Pause' });
    expect((await one.event('presence.changed')).presence).toMatchObject({ reasons: ['ring_no_answer'] });
    await other.settle();
    expect(other.of('presence.changed')).toEqual([]);
  });

  it('takes an agent without any window out of the queue, but not one who comes back in time', async () => {
    const panel = await h.panel(at);
    await panel.command('presence.set', { state: 'ready' });
    panel.drop();
    await panel.closed();
    await until(() => h.clock.pending > 0);
    h.clock.advance(14_000);
    const back = await h.panel(at);
    h.clock.advance(20_000);
    await back.settle();
    expect(h.pbx.members.has('1001')).toBe(true);
    back.drop();
    await until(() => {
      h.clock.advance(1_000);
      return !h.pbx.members.has('1001');
    });
    const late = await h.connect();
    await late.hello(at, h.clock.nowMs());
    expect((await late.event('session.started')).presence).toEqual({ state: 'offline' });
  });

  it('survives a restart of the gateway, because the queue remembers', async () => {
    const panel = await h.panel(at);
    await panel.command('presence.set', { state: 'paused', reason: 'training' });
    const members = new Map(h.pbx.members);
    await h.restart();
    for (const [extension, member] of members) h.pbx.members.set(extension, member);
    h.pbx.resync({ gapFromMs: null, pbxRestarted: false });
    const back = await h.connect();
    await back.hello(at, h.clock.nowMs());
    expect((await back.event('session.started')).presence).toMatchObject({ state: 'paused', reasons: ['training'] });
    const empty = h.pbx.members.size;
    back.drop();
    await until(() => {
      h.clock.advance(1_000);
      return h.pbx.members.size < empty;
    });
  });

  it('is brought back when Asterisk was restarted and has forgotten', async () => {
    const panel = await h.panel(at);
    await panel.command('presence.set', { state: 'paused', reason: 'desk_work' });
    h.pbx.restart({ keepMembers: false });
    await until(() => h.pbx.members.get('1001')?.reason === 'desk_work');
    await until(() => panel.of('presence.changed').at(-1)?.presence.state === 'paused');
    await panel.command('presence.set', { state: 'ready' });
    h.pbx.restart({ keepMembers: true });
    await panel.settle();
    expect(h.pbx.members.get('1001')?.paused).toBe(false);
  });

  it('is said again when Asterisk was restarted and remembers what was before', async () => {
    const panel = await h.panel(at);
    await panel.command('presence.set', { state: 'ready' });
    const before = { ...(h.pbx.members.get('1001') ?? { paused: false, reason: '' }) };
    await panel.command('presence.set', { state: 'paused', reason: 'break' });
    h.pbx.members.set('1001', before);
    h.pbx.failures.queue = 'unavailable';
    h.pbx.restart({ keepMembers: true });
    await panel.settle();
    expect(panel.of('presence.changed').at(-1)?.presence).toMatchObject({ state: 'paused', reasons: ['break'] });
    delete h.pbx.failures.queue;
    await until(() => {
      h.clock.advance(500);
      return h.pbx.members.get('1001')?.reason === 'break';
    });
    // what the agent wishes meanwhile is newer
    h.pbx.failures.queue = 'unavailable';
    h.pbx.members.set('1001', before);
    h.pbx.restart({ keepMembers: true });
    await panel.settle();
    delete h.pbx.failures.queue;
    await panel.command('presence.set', { state: 'paused', reason: 'meeting' });
    h.clock.advance(1_000);
    await panel.settle();
    expect(h.pbx.members.get('1001')?.reason).toBe('meeting');
  });

  it('is brought back also to whom the gateway had only found there', async () => {
    const panel = await h.panel(at);
    h.pbx.members.set('1001', { paused: true, reason: 'training' });
    h.pbx.resync({ gapFromMs: null, pbxRestarted: false });
    await panel.event('presence.changed', ({ presence }) => presence.state === 'paused');
    h.pbx.restart({ keepMembers: false });
    await until(() => h.pbx.members.get('1001')?.reason === 'training');
  });

  it('is what the queue says after a gap, when somebody removed the agent meanwhile', async () => {
    const panel = await h.panel(at);
    await panel.command('presence.set', { state: 'ready' });
    h.pbx.members.clear();
    h.pbx.resync({ gapFromMs: h.clock.nowMs(), pbxRestarted: false });
    await panel.event('presence.changed', ({ presence }) => presence.state === 'offline');
    expect(h.pbx.members.size).toBe(0);
  });

  it('stays out of the queue whom somebody removed at a console, also after a restart of Asterisk', async () => {
    const panel = await h.panel(at);
    await panel.command('presence.set', { state: 'ready' });
    h.pbx.removeMember('1001');
    await panel.event('presence.changed', ({ presence }) => presence.state === 'offline');
    h.pbx.restart({ keepMembers: false });
    await panel.settle();
    h.clock.advance(14_000);
    await panel.settle();
    expect(h.pbx.members.size).toBe(0);
    // seen or not
    await panel.command('presence.set', { state: 'ready' });
    h.pbx.members.clear();
    h.pbx.resync({ gapFromMs: h.clock.nowMs(), pbxRestarted: false });
    h.pbx.restart({ keepMembers: false });
    await panel.settle();
    expect(h.pbx.members.size).toBe(0);
  });

  it.each(['not at all', 'by a snapshot', 'by an event'] as const)(
    'is brought back after a restart of Asterisk that lets in before it has read its members: remembered %s',
    async (how) => {
      const panel = await h.panel(at);
      await panel.command('presence.set', { state: 'paused', reason: 'meeting' });
      h.pbx.failures.queue = 'not_found';
      h.pbx.restart({ keepMembers: false });
      await panel.settle();
      if (how === 'by a snapshot') h.pbx.members.set('1001', { paused: true, reason: 'break' });
      if (how === 'by an event') h.pbx.setMember('1001', { paused: false, reason: '' });
      h.pbx.resync({ gapFromMs: null, pbxRestarted: false });
      await panel.settle();
      delete h.pbx.failures.queue;
      h.pbx.setLink('ami', 'up');
      await until(() => h.pbx.members.get('1001')?.reason === 'meeting');
      await until(() => panel.of('presence.changed').at(-1)?.presence.state === 'paused');
      expect(panel.of('presence.changed').at(-1)?.presence).toMatchObject({ reasons: ['meeting'] });
    },
  );

  it('is not brought back after a restart of Asterisk when the agent has gone for good', async () => {
    const panel = await h.panel(at);
    await panel.command('presence.set', { state: 'ready' });
    panel.drop();
    await panel.closed();
    await until(() => h.clock.pending > 0);
    h.pbx.restart({ keepMembers: false });
    h.clock.advance(15_000);
    const back = await h.panel(at);
    h.pbx.restart({ keepMembers: false });
    await back.settle();
    expect(h.pbx.members.size).toBe(0);
  });

  it('is brought back after a restart of Asterisk also when the window was being loaded just then', async () => {
    const panel = await h.panel(at);
    await panel.command('presence.set', { state: 'ready' });
    panel.drop();
    await panel.closed();
    await until(() => h.clock.pending > 0);
    h.pbx.restart({ keepMembers: false });
    await h.panel(at);
    await until(() => h.pbx.members.has('1001'));
  });

  it('carries out the wishes of two windows one after the other', async () => {
    const one = await h.panel(at);
    const two = await h.connect();
    await two.hello(at, h.clock.nowMs(), { tab: 'tab-00000002' });
    const replies = await Promise.all([
      one.command('presence.set', { state: 'ready' }),
      two.command('presence.set', { state: 'paused', reason: 'break' }),
      one.command('presence.set', { state: 'ready' }),
    ]);
    expect(replies.map(errorOf)).toEqual(['ok', 'ok', 'ok']);
    expect(h.pbx.members.get('1001')?.paused).toBe(h.pbx.members.get('1001')?.reason !== '');
  });

  it('says the state of the telephone and the length of the queue', async () => {
    const panel = await h.panel(at);
    h.pbx.device('1001', 'unavailable');
    expect((await panel.event('device.changed')).device).toBe('unavailable');
    h.pbx.device('10011', 'ringing');
    h.pbx.callIn({ callId: 'c1', number: '13912345678' });
    h.clock.advance(600);
    expect((await panel.event('queues.changed')).queues).toEqual([{ queue: 'hotline', waiting: 1 }]);
    await panel.settle();
    expect(panel.of('device.changed')).toHaveLength(1);
  });
});

it('a member who was removed unseen is added again by the next wish', async () => {
  const panel = await h.panel(at);
  await panel.command('presence.set', { state: 'ready' });
  h.pbx.members.clear();
  expect(errorOf(await panel.command('presence.set', { state: 'paused', reason: 'break' }))).toBe('ok');
  expect(h.pbx.members.get('1001')).toEqual({ paused: true, reason: 'break' });
});
