import { CallTrail } from '../../crm-core/contract/call-trail';
import type { CallIntake } from '../../crm-core/contract';
import { errorOf, startHarness, until, type Harness, type TestPanel } from './gateway-harness';

/** "Why did this call not pop?", asked while the call lives, and answered also by what a window says too late. */
describe('the way of a call to the screens', () => {
  let h: Harness;
  beforeEach(async () => {
    h = await startHarness();
  });
  afterEach(() => h.close());

  const trailOf = async (panel: TestPanel, callId: string): Promise<CallTrail> => {
    const reply = await panel.command('call.trail', { callId });
    if (!reply.ok) throw new Error(errorOf(reply));
    return CallTrail.parse((reply.data as { trail: unknown }).trail);
  };
  const stepsOf = ({ steps }: CallTrail): string[] => steps.map(({ step }) => step);
  const delivered = (callId: string): CallTrail => CallTrail.parse((h.crm.rows.get(callId) as CallIntake | undefined)?.trail);

  it('is told over the WebSocket while the call lives, to its agent and to supervisors only', async () => {
    const [one, two] = [await h.panel({ extension: '1001' }), await h.panel({ extension: '1002' })];
    const supervisor = await h.panel({ extension: '1009', role: 'supervisor' });
    h.pbx.callIn({ callId: 'c1', number: '13912345678' });
    const leg = h.pbx.ring('c1', '1001');
    await one.event('call.offered');
    await one.command('call.shown', { callId: 'c1' });
    const ringing = await trailOf(one, 'c1');
    expect(ringing).toMatchObject({ callId: 'c1', finished: false, reason: null, offers: [{ extension: '1001', reason: null }] });
    expect(stepsOf(ringing)).toEqual(expect.arrayContaining(['event_seen', 'line', 'key', 'queue', 'endpoint', 'session', 'tab', 'frame_sent', 'frame_shown']));
    expect(ringing.offers[0]?.shownAt).not.toBeNull();
    h.pbx.answer('c1', leg);
    await one.event('call.changed', ({ call }) => call.state === 'connected');
    expect(stepsOf(await trailOf(one, 'c1')).at(-1)).toBe('answered');
    expect(stepsOf(await trailOf(supervisor, 'c1'))).toContain('answered');
    expect(errorOf(await two.command('call.trail', { callId: 'c1' }))).toBe('call.not_found');
    expect(errorOf(await one.command('call.trail', { callId: 'none' }))).toBe('call.not_found');
  });

  it('takes in that the pop was painted when the call was over already: crm-core is told again', async () => {
    const panel = await h.panel({ extension: '1001' });
    h.pbx.callIn({ callId: 'c1', number: '13912345678' });
    const leg = h.pbx.ring('c1', '1001');
    await panel.event('call.offered');
    h.clock.advance(400);
    h.pbx.stopRinging('c1', leg, { result: 'cancel', cause: 0 });
    h.pbx.abandon('c1');
    await until(() => h.crm.rows.has('c1'), 'the row');
    expect(delivered('c1')).toMatchObject({ finished: true, offers: [{ extension: '1001', shownAt: null, reason: 'not_shown' }] });
    h.clock.advance(150);
    expect((await panel.command('call.shown', { callId: 'c1' })).ok).toBe(true);
    await until(() => (h.crm.deliveries.get('c1') ?? 0) > 1, 'the row again');
    const late = delivered('c1');
    expect(late.offers).toMatchObject([{ extension: '1001', reason: null }]);
    expect(late.offers[0]?.shownAt).not.toBeNull();
    expect(late.reason).toBeNull();
    expect(stepsOf(late).indexOf('frame_shown')).toBeGreaterThan(stepsOf(late).indexOf('ended'));
  });
});
