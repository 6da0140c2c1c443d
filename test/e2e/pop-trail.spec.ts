import { CallTrailView } from '../../crm-core/contract/call-trail';
import type { CallLogEntry } from '../../crm-core/contract';
import { freeSipPort } from '../../cti-gateway/launch/asterisk/ports';
import { udpBound } from '../support/udp-bound';
import { ensureAsterisk } from '../../cti-gateway/launch/asterisk/distribution';
import { AmiTap } from '../support/ami-tap';
import { eventually } from '../support/eventually';
import { Hotline } from '../support/hotline';
import type { RestClient } from '../support/rest-client';
import { Sipp } from '../support/sipp';

const DESK = '127.0.0.3';

jest.setTimeout(120_000);

/** "Why did this call not pop?", asked of calls that did and that did not. */
describe('the way of a call to the screen', () => {
  let hotline: Hotline;
  let supervisor: RestClient;
  let ami: AmiTap;
  let deskPort: number;

  beforeAll(async () => {
    deskPort = await freeSipPort(DESK);
    const desk = { extension: '1002', phone: 'desk' as const, contact: `sip:1002@${DESK}:${deskPort}` };
    hotline = await Hotline.start({ agents: [{ extension: '1001' }, desk] });
    supervisor = await hotline.rest('zhuguan');
    ami = await AmiTap.connect(hotline.pbx.ami, hotline.pbx.ami);
  });
  afterAll(async () => {
    ami?.close();
    await hotline?.stop();
  });

  const rowOf = (number: string): Promise<CallLogEntry> =>
    eventually('the call is in the log', async () => (await supervisor.calls(`number=${number}`))[0] ?? null);
  const trailOf = async ({ callId }: CallLogEntry): Promise<CallTrailView> =>
    CallTrailView.parse(await supervisor.get(`/calls/${encodeURIComponent(callId)}/trail`));

  it('says that nobody was ready', async () => {
    const from = '13600010001';
    await hotline.caller({ from, hangUpAfterMs: 1_500 }).finished();
    const trail = await trailOf(await rowOf(from));
    expect(trail).toMatchObject({ finished: true, reason: 'nobody_ready', offers: [] });
    expect(trail.steps.find(({ step }) => step === 'queue')).toMatchObject({ outcome: 'problem', value: 'hotline', count: 0 });
  });

  it('says that the number dialled is no line', async () => {
    const from = '13600010002';
    await hotline.caller({ from, line: '02066660000', hangUpAfterMs: 500 }).finished();
    expect(await trailOf(await rowOf(from))).toMatchObject({ reason: 'not_a_line' });
  });

  it('says that the panel of the agent whose desk phone rang was not open', async () => {
    const from = '13600010003';
    const { sipp } = await ensureAsterisk();
    const values = { RING_MS: 1_000, HANGUP_MS: 20_000 };
    const phone = new Sipp({ binary: sipp ?? 'sipp', scenario: 'called-answers', workDir: hotline.workDir, localIp: DESK, localPort: deskPort, values, args: [] });
    await eventually('the desk phone', () => udpBound(DESK, deskPort));
    await ami.action('QueueAdd', { Queue: 'hotline', Interface: 'PJSIP/1002', MemberName: 'desk' });
    await hotline.caller({ from, hangUpAfterMs: 3_500 }).finished();
    await phone.stop();
    await ami.action('QueueRemove', { Queue: 'hotline', Interface: 'PJSIP/1002' });

    const row = await rowOf(from);
    expect(row).toMatchObject({ outcome: 'answered', agentExtension: '1002' });
    const trail = await trailOf(row);
    expect(trail).toMatchObject({
      reason: 'agent_never_connected',
      offers: [{ extension: '1002', endpoint: 'PJSIP/1002', sentAt: null, shownAt: null, reason: 'agent_never_connected' }],
      agents: { 1002: '何静' },
    });
    expect(trail.steps.find(({ step }) => step === 'session')).toMatchObject({ outcome: 'problem', extension: '1002', value: 'never', count: 0 });
    expect(trail.steps.map(({ step }) => step)).toEqual(expect.arrayContaining(['endpoint', 'answered', 'ended']));
  });

  it('shows every step of a call that came to the screen, in the panel too', async () => {
    const from = '13600010004';
    const agent = await hotline.browser();
    await agent.goReady('1001', hotline.password);
    const caller = hotline.caller({ from, hangUpAfterMs: 20_000 });
    await agent.at('pop').waitFor();
    await agent.press('bar-main');
    await agent.barState('in-call');
    await agent.press('bar-end');
    await caller.finished();

    const trail = await trailOf(await rowOf(from));
    expect(trail).toMatchObject({ finished: true, reason: null, stepsLeftOut: 0 });
    expect(trail.offers).toMatchObject([{ extension: '1001', reason: null }]);
    const steps = ['event_seen', 'line', 'key', 'lookup_started', 'lookup_answered', 'queue', 'endpoint', 'session', 'tab', 'frame_sent', 'frame_shown', 'answered', 'ended'];
    expect(trail.steps.map(({ step }) => step)).toEqual(expect.arrayContaining(steps));
    expect(trail.steps.filter(({ outcome }) => outcome === 'problem')).toEqual([]);
    expect(trail.steps.map(({ at }) => at)).toEqual(trail.steps.map(({ at }) => at).sort());

    await agent.at('nav-calls').click();
    await agent.at('calllog-row').first().locator('td').first().click();
    await agent.at('calllog-trail').click();
    await agent.at('trail').waitFor();
    expect(await agent.at('trail-reason').textContent()).toContain('已弹屏');
    for (const step of steps) expect(await agent.page.locator(`[data-test="trail-step"][data-step="${step}"]`).count()).toBeGreaterThan(0);
    expect(await agent.at('trail').innerText()).not.toMatch(/trail\./);
    expect(agent.errors).toEqual([]);
  });
});
