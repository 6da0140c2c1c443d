import { startHarness, errorOf, until, type Harness, type TestPanel } from './gateway-harness';

let h: Harness;
beforeEach(async () => {
  h = await startHarness();
});
afterEach(() => h.close());

const types = (panel: TestPanel): string[] => panel.callFrames().map(({ type, call }) => `${type} ${call.state}`);

async function known(number: string, name: string): Promise<void> {
  h.crm.customers.set(number, name);
}

describe('an inbound call', () => {
  it('pops at the agent whose telephone rings, with the customer, before anybody answers; and at nobody else', async () => {
    await known('13912345678', '广州星河软件');
    const one = await h.panel({ extension: '1001' });
    const two = await h.panel({ extension: '1002' });
    const nearly = await h.panel({ extension: '100' });
    h.pbx.callIn({ callId: 'c1', number: '13912345678' });
    await until(() => h.crm.requests.includes('POST /api/v1/match'));
    const leg = h.pbx.ring('c1', '1001');
    const offered = await one.event('call.offered');
    expect(offered.call).toMatchObject({
      callId: 'c1',
      direction: 'inbound',
      state: 'alerting',
      remoteNumber: '13912345678',
      line: '02066668888',
      queue: 'hotline',
    });
    expect(Date.parse(offered.call.ringUntil ?? '') - Date.parse(offered.call.alertingAt ?? '')).toBe(20_000);
    await until(() => one.of('call.matched').length > 0 || offered.call.match.kind === 'known');
    h.pbx.answer('c1', leg);
    expect((await one.event('call.changed', ({ call }) => call.state === 'connected')).call.match).toMatchObject({
      kind: 'known',
      owners: [{ customerName: '广州星河软件' }],
    });
    h.pbx.hold(leg, true);
    expect((await one.event('call.changed', ({ call }) => call.state === 'hold')).call.heldSince).not.toBeNull();
    h.pbx.hold(leg, false);
    h.pbx.end('c1', 16, 'peer');
    const ended = await one.event('call.ended');
    expect(ended.call).toMatchObject({ state: 'ended', outcome: 'answered', cause: 16 });
    await one.settle();
    expect(one.callFrames().at(-1)?.call.endedBy).toBe('customer');
    for (const other of [two, nearly]) {
      await other.settle();
      expect(other.callFrames()).toEqual([]);
      expect(other.of('call.matched')).toEqual([]);
    }
    await until(() => h.crm.rows.has('c1'));
    expect(h.crm.rows.get('c1')).toMatchObject({ outcome: 'answered', agentExtension: '1001', line: '02066668888' });
  });

  it('tells two agents of two calls each only their own', async () => {
    const one = await h.panel({ extension: '1001' });
    const two = await h.panel({ extension: '1002' });
    h.pbx.callIn({ callId: 'a', number: '13900000001' });
    h.pbx.callIn({ callId: 'b', number: '13900000002' });
    h.pbx.ring('a', '1001');
    h.pbx.ring('b', '1002');
    await one.event('call.offered');
    await two.event('call.offered');
    await Promise.all([one.settle(), two.settle()]);
    expect(new Set(one.callFrames().map(({ call }) => call.callId))).toEqual(new Set(['a']));
    expect(new Set(two.callFrames().map(({ call }) => call.callId))).toEqual(new Set(['b']));
  });

  it('is withdrawn where it was not answered and offered to the next agent', async () => {
    const one = await h.panel({ extension: '1001' });
    const two = await h.panel({ extension: '1002' });
    h.pbx.callIn({ callId: 'c1', number: '13912345678' });
    h.pbx.stopRinging('c1', h.pbx.ring('c1', '1001'), { result: 'no_answer', cause: 16 });
    expect((await one.event('call.withdrawn')).call).toMatchObject({ state: 'ended', outcome: 'no_answer' });
    h.pbx.answer('c1', h.pbx.ring('c1', '1002'));
    await two.event('call.changed', ({ call }) => call.state === 'connected');
    await one.settle();
    expect(types(one)).toEqual(['call.offered alerting', 'call.withdrawn ended']);
  });

  it('is withdrawn as answered elsewhere, and as abandoned when the caller goes', async () => {
    const one = await h.panel({ extension: '1001' });
    const two = await h.panel({ extension: '1002' });
    h.pbx.callIn({ callId: 'c1', number: '13912345678' });
    const first = h.pbx.ring('c1', '1001');
    const second = h.pbx.ring('c1', '1002');
    h.pbx.stopRinging('c1', first, { result: 'cancel', cause: 26 });
    h.pbx.answer('c1', second);
    expect((await one.event('call.withdrawn')).call.outcome).toBe('answered_elsewhere');
    h.pbx.callIn({ callId: 'c2', number: '13912345679' });
    const third = h.pbx.ring('c2', '1001');
    h.pbx.stopRinging('c2', third, { result: 'cancel', cause: 16 });
    h.pbx.abandon('c2');
    expect((await one.event('call.withdrawn')).call.outcome).toBe('abandoned');
    await until(() => h.crm.rows.has('c2'));
    expect(h.crm.rows.get('c2')?.outcome).toBe('abandoned');
    expect(two.of('call.withdrawn')).toEqual([]);
  });

  it('reaches every window of the agent, one that is opened during the call by its snapshot', async () => {
    const first = await h.panel({ extension: '1001' });
    h.pbx.callIn({ callId: 'c1', number: '13912345678' });
    const leg = h.pbx.ring('c1', '1001');
    const second = await h.connect();
    await second.hello({ userId: 'u-1001', extension: '1001' }, h.clock.nowMs(), { tab: 'tab-00000002' });
    expect((await second.event('session.started')).calls).toMatchObject([{ callId: 'c1', state: 'alerting' }]);
    h.pbx.answer('c1', leg);
    for (const panel of [first, second]) await panel.event('call.changed', ({ call }) => call.state === 'connected');
    h.pbx.end('c1', 16, 'peer');
    const third = await h.connect();
    await third.hello({ userId: 'u-1001', extension: '1001' }, h.clock.nowMs(), { tab: 'tab-00000003' });
    expect((await third.event('session.started')).calls).toMatchObject([{ callId: 'c1', state: 'ended' }]);
    h.clock.advance(61_000);
    const fourth = await h.connect();
    await fourth.hello({ userId: 'u-1001', extension: '1001' }, h.clock.nowMs(), { tab: 'tab-00000004' });
    expect((await fourth.event('session.started')).calls).toEqual([]);
  });

  it('passes a hostile caller name as text, whatever it is', async () => {
    const panel = await h.panel({ extension: '1001' });
    const name = '<script>alert("1")</script>\u202e";DROP';
    h.pbx.callIn({ callId: 'c1', number: '13912345678', name });
    h.pbx.ring('c1', '1001');
    expect((await panel.event('call.offered')).call.remoteName).toBe(name);
  });

  it('pops without a lookup when the number is withheld', async () => {
    const panel = await h.panel({ extension: '1001' });
    h.pbx.callIn({ callId: 'c1', number: 'anonymous' });
    h.pbx.ring('c1', '1001');
    expect((await panel.event('call.offered')).call).toMatchObject({ remoteNumber: null, match: { kind: 'withheld', raw: null } });
    expect(h.crm.requests.filter((request) => request.includes('match'))).toEqual([]);
  });

  it('is found again by a gateway that was started in the middle of it', async () => {
    await h.panel({ extension: '1001' });
    h.pbx.callIn({ callId: 'c1', number: '13912345678' });
    h.pbx.answer('c1', h.pbx.ring('c1', '1001'));
    const before = h.pbx;
    await h.restart();
    const panel = await h.panel({ extension: '1001' });
    // The telephone system itself went on: its snapshot is what the new gateway gets.
    for (const event of [before]) event.onEvent((resynced) => h.pbx.emit(resynced));
    before.resync({ gapFromMs: h.clock.nowMs(), pbxRestarted: false });
    expect((await panel.event('call.changed')).call).toMatchObject({ callId: 'c1', state: 'connected', remoteNumber: '13912345678' });
    expect((await panel.event('health.changed')).health.lastGap).not.toBeNull();
  });

  it('ends as lost contact when Asterisk was restarted', async () => {
    const panel = await h.panel({ extension: '1001' });
    h.pbx.callIn({ callId: 'c1', number: '13912345678' });
    h.pbx.answer('c1', h.pbx.ring('c1', '1001'));
    await panel.event('call.changed', ({ call }) => call.state === 'connected');
    h.pbx.restart({ keepMembers: true });
    expect((await panel.event('call.ended')).call.outcome).toBe('lost_contact');
  });
});

describe('matching with a CRM that has bad days', () => {
  it('pops the number at once while the CRM is silent, says so, and completes it when it is back', async () => {
    await known('13912345678', '广州星河软件');
    const panel = await h.panel({ extension: '1001' });
    h.crm.mode = 'silent';
    h.pbx.callIn({ callId: 'c1', number: '13912345678' });
    h.pbx.ring('c1', '1001');
    const { call } = await panel.event('call.offered');
    expect(call).toMatchObject({ remoteNumber: '13912345678', match: { kind: 'pending', key: '+8613912345678', numberClass: 'mobile' } });
    h.clock.advance(1_500);
    expect((await panel.event('call.matched')).match.kind).toBe('unavailable');
    h.crm.mode = 'well';
    await h.crm.stop();
    await h.crm.start();
    await until(() => {
      h.clock.advance(1_000);
      return panel.of('call.matched').some(({ match }) => match.kind === 'known');
    });
  });

  it('does not ask a CRM that is known to be dead, and asks again for every live call when it is back', async () => {
    await known('13912345678', '广州星河软件');
    const panel = await h.panel({ extension: '1001' });
    await h.crm.stop();
    await until(() => {
      h.clock.advance(5_000);
      return panel.of('health.changed').some(({ health }) => health.crm === 'down');
    });
    h.pbx.callIn({ callId: 'c1', number: '13912345678' });
    h.pbx.ring('c1', '1001');
    expect((await panel.event('call.offered')).call.match.kind).toBe('unavailable');
    await h.crm.start();
    await until(() => {
      h.clock.advance(1_000);
      return panel.of('call.matched').some(({ match }) => match.kind === 'known');
    });
    expect(panel.of('health.changed').at(-1)?.health.crm).toBe('up');
  });

  it('believes no answer that is not one', async () => {
    const panel = await h.panel({ extension: '1001' });
    h.crm.mode = 'garbage';
    h.pbx.callIn({ callId: 'c1', number: '13912345678' });
    h.pbx.ring('c1', '1001');
    await panel.event('call.offered');
    await until(
      () =>
        panel.of('call.matched').some(({ match }) => match.kind === 'unavailable') ||
        panel.callFrames().some(({ call }) => call.match.kind === 'unavailable'),
    );
  });

  it('looks up again when the customer was created during the call', async () => {
    const panel = await h.panel({ extension: '1001' });
    h.pbx.callIn({ callId: 'c1', number: '13912345678' });
    h.pbx.answer('c1', h.pbx.ring('c1', '1001'));
    await until(
      () =>
        panel.of('call.matched').some(({ match }) => match.kind === 'unknown') ||
        panel.callFrames().some(({ call }) => call.match.kind === 'unknown'),
    );
    await known('13912345678', '新客户');
    expect(await panel.command('call.rematch', { callId: 'c1' })).toMatchObject({ ok: true, data: { match: { kind: 'known' } } });
    expect(panel.of('call.matched').at(-1)).toMatchObject({ callId: 'c1', match: { kind: 'known', owners: [{ customerName: '新客户' }] } });
    const other = await h.panel({ extension: '1002' });
    expect(errorOf(await other.command('call.rematch', { callId: 'c1' }))).toBe('call.not_found');
  });
});

describe('control of a call', () => {
  it('is for the agent who has it, in the states where it makes sense', async () => {
    const one = await h.panel({ extension: '1001' });
    const two = await h.panel({ extension: '1002' });
    h.pbx.callIn({ callId: 'c1', number: '13912345678' });
    const leg = h.pbx.ring('c1', '1001');
    await one.event('call.offered');
    expect(errorOf(await one.command('call.mute', { callId: 'c1', muted: true }))).toBe('call.wrong_state');
    expect(errorOf(await two.command('call.hangup', { callId: 'c1' }))).toBe('call.not_yours');
    expect(errorOf(await two.command('call.hangup', { callId: 'nothing' }))).toBe('call.not_found');
    h.pbx.answer('c1', leg);
    expect(errorOf(await two.command('call.mute', { callId: 'c1', muted: true }))).toBe('call.not_yours');
    expect(errorOf(await one.command('call.mute', { callId: 'c1', muted: true }))).toBe('ok');
    expect((await one.event('call.changed', ({ call }) => call.muted)).call.state).toBe('connected');
    expect(errorOf(await one.command('call.sendDigits', { callId: 'c1', digits: '12#' }))).toBe('ok');
    expect(h.pbx.actions[0]).toMatch(/^mute PJSIP\/1001-[0-9a-f]{8} true$/);
    expect(h.pbx.actions[1]).toMatch(/^digits PJSIP\/1001-[0-9a-f]{8} 12#$/);
    h.pbx.failures.hangup = 'timeout';
    expect(await one.command('call.hangup', { callId: 'c1' })).toMatchObject({
      ok: false,
      error: { code: 'pbx.timeout', retryable: true },
    });
    delete h.pbx.failures.hangup;
    expect(errorOf(await one.command('call.hangup', { callId: 'c1' }))).toBe('ok');
    await one.event('call.ended');
    expect(errorOf(await one.command('call.hangup', { callId: 'c1' }))).toBe('call.wrong_state');
  });

  it('keeps a trail of the pop, from the event to the painted frame', async () => {
    const panel = await h.panel({ extension: '1001' });
    h.pbx.callIn({ callId: 'c1', number: '13912345678' });
    h.pbx.ring('c1', '1001');
    await panel.event('call.offered');
    await panel.command('call.shown', { callId: 'c1' });
    const url = `http://127.0.0.1:${h.gateway.port}/api/v1/pop-trail/c1`;
    expect((await fetch(url)).status).toBe(401);
    const response = await fetch(url, { headers: { authorization: 'Bearer integration-test-token-0123456789abcdefgh' } });
    const { steps } = (await response.json()) as { steps: { step: string }[] };
    expect(steps.map(({ step }) => step)).toEqual(expect.arrayContaining(['event_seen', 'line', 'key', 'endpoint', 'session', 'tab', 'frame_sent', 'frame_shown']));
  });
});
