import { errorOf, startHarness, until, type Harness, type TestPanel } from './gateway-harness';

let h: Harness;
let panel: TestPanel;
beforeEach(async () => {
  h = await startHarness();
  panel = await h.panel({ userId: 'u-1001', extension: '1001' });
  await panel.command('presence.set', { state: 'ready' });
  h.pbx.callIn({ callId: 'c1', number: '13912345678' });
});
afterEach(() => h.close());

const member = () => h.pbx.members.get('1001');

describe('an agent whose telephone rang in vain', () => {
  it('is paused, told why, and stays so until they are ready', async () => {
    const leg = h.pbx.ring('c1', '1001');
    h.pbx.stopRinging('c1', leg, { result: 'no_answer', cause: 0 });
    const { presence } = await panel.event('presence.changed', (data) => data.presence.state === 'paused');
    expect(presence).toMatchObject({ reasons: ['ring_no_answer'] });
    expect(member()).toEqual({ paused: true, reason: 'ring_no_answer' });
    h.clock.advance(14_000);
    await panel.settle();
    expect(member()?.paused).toBe(true);
    expect(errorOf(await panel.command('presence.set', { state: 'ready' }))).toBe('ok');
    expect(member()).toEqual({ paused: false, reason: '' });
  });

  it('keeps the reasons there were before', async () => {
    const leg = h.pbx.ring('c1', '1001');
    await panel.command('presence.set', { state: 'paused', reason: 'break' });
    h.pbx.stopRinging('c1', leg, { result: 'no_answer', cause: 0 });
    await until(() => member()?.reason === 'break+ring_no_answer');
  });

  it('is passed over for a moment only after declining by hand', async () => {
    const leg = h.pbx.ring('c1', '1001');
    h.pbx.stopRinging('c1', leg, { result: 'busy', cause: 17 });
    await until(() => member()?.reason === 'declined');
    h.clock.advance(9_000);
    await panel.settle();
    expect(member()?.paused).toBe(true);
    h.clock.advance(1_000);
    await until(() => member()?.paused === false);
  });

  it('is not paused when a colleague was faster, or the caller gave up', async () => {
    const leg = h.pbx.ring('c1', '1001');
    h.pbx.stopRinging('c1', leg, { result: 'cancel', cause: 26 });
    h.pbx.ring('c1', '1001');
    h.pbx.abandon('c1');
    await panel.event('call.withdrawn');
    await panel.settle();
    expect(member()).toEqual({ paused: false, reason: '' });
  });

  it('is let go after a decline that was followed by a crash of the gateway', async () => {
    const before = h.pbx.members;
    before.set('1001', { paused: true, reason: 'declined' });
    await h.restart();
    await h.panel({ userId: 'u-1001', extension: '1001' });
    h.pbx.members.set('1001', { paused: true, reason: 'declined' });
    h.pbx.resync({ gapFromMs: null, pbxRestarted: false });
    h.clock.advance(10_000);
    await until(() => member()?.paused === false);
  });
});
