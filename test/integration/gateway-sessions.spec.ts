import { WebSocketServer, WebSocket } from 'ws';
import { CloseCode } from '../../cti-gateway/protocol';
import { makeTicket } from '../fakes/crm-tickets';
import { errorOf, startHarness, until, type Harness, type TestPanel } from './gateway-harness';

let h: Harness;
const start = async (parts: Parameters<typeof startHarness>[0] = {}): Promise<Harness> => (h = await startHarness(parts));
afterEach(() => h.close());

const agent = { userId: 'u-1001', extension: '1001' };
const resumed = async (from: TestPanel, seq = from.seq, epoch = from.epoch): Promise<TestPanel> => {
  const panel = await h.connect();
  await panel.hello(agent, h.clock.nowMs(), { resume: { epoch, seq } });
  return panel;
};

describe('the way in', () => {
  it('is closed to a ticket that is expired, forged, for somebody else, unsigned or used', async () => {
    await start();
    const now = h.clock.nowMs();
    const used = makeTicket(agent, now);
    const good = await h.connect();
    expect(errorOf(await good.hello(agent, now, { ticket: used }))).toBe('ok');
    const cases: [string, string][] = [
      [makeTicket({ ...agent, lifeSec: -60 }, now), 'session.ticket_invalid'],
      [makeTicket({ ...agent, secret: 'another-secret-another-secret-another' }, now), 'session.ticket_invalid'],
      [makeTicket({ ...agent, audience: 'crm-core' }, now), 'session.ticket_invalid'],
      [makeTicket({ ...agent, issuer: 'somebody' }, now), 'session.ticket_invalid'],
      [makeTicket({ ...agent, algorithm: 'HS512' }, now), 'session.ticket_invalid'],
      [makeTicket({ ...agent, lifeSec: 86_400 }, now - 600_000), 'session.ticket_invalid'],
      [`${Buffer.from('{"alg":"none"}').toString('base64url')}.${makeTicket(agent, now).split('.')[1] ?? ''}.`, 'session.ticket_invalid'],
      ['', 'session.ticket_invalid'],
      [used, 'session.ticket_used'],
    ];
    for (const [ticket, code] of cases) {
      const panel = await h.connect();
      expect(errorOf(await panel.hello(agent, now, { ticket }))).toBe(code);
      expect(await panel.closed()).toBe(CloseCode.ticket);
    }
  });

  it('is closed to foreign pages, other paths and silence', async () => {
    await start();
    await expect(h.connect({ origin: 'http://evil.example:8080' })).rejects.toThrow('403');
    await expect(h.connect({ origin: 'http://127.0.0.1:9999' })).rejects.toThrow('403');
    await expect(h.connect({ path: '/other' })).rejects.toThrow('404');
    for (const origin of ['http://127.0.0.1:8080', 'http://localhost:8080']) await h.connect({ origin });
    const panel = await h.connect();
    await until(() => h.clock.pending > 0);
    h.clock.advance(5_001);
    expect(await panel.closed()).toBe(CloseCode.helloTimeout);
  });

  it('asks for hello first, in its own version, and for frames that are frames', async () => {
    await start();
    const first = await h.connect();
    expect(errorOf(await first.command('session.ping', {}))).toBe('protocol.hello_expected');
    expect(await first.closed()).toBe(CloseCode.malformed);
    const old = await h.connect();
    expect(errorOf(await old.hello(agent, h.clock.nowMs(), { protocol: 2 }))).toBe('protocol.version');
    expect(await old.closed()).toBe(CloseCode.version);
    for (const garbage of ['not json', '[]', '{"v":1}', Buffer.from([0, 1, 2])]) {
      const panel = await h.connect();
      panel.raw(garbage);
      expect(await panel.closed()).toBe(CloseCode.malformed);
      expect(panel.replies.get(null)).toMatchObject({ ok: false, error: { code: 'protocol.malformed' } });
    }
  });

  it('lets no more windows in than allowed; the same window again takes the place of its old connection', async () => {
    await start({ limits: { maxSessionsPerUser: 2 } });
    const open = async (tab: string): Promise<TestPanel> => {
      const panel = await h.connect();
      await panel.hello(agent, h.clock.nowMs(), { tab });
      return panel;
    };
    const one = await open('tab-00000001');
    await open('tab-00000002');
    const third = await open('tab-00000003');
    expect(await third.closed()).toBe(CloseCode.tooMany);
    const again = await open('tab-00000001');
    expect(await one.closed()).toBe(CloseCode.replaced);
    expect(one.events.at(-1)?.type).toBe('session.replaced');
    await again.settle();
    expect(again.closeCode).toBeNull();
    expect(again.of('session.replaced')).toEqual([]);
  });
});

describe('a session', () => {
  it('begins with the whole truth, the telephone account of its own agent included', async () => {
    await start();
    const panel = await h.connect();
    await panel.hello({ ...agent, name: '林晓' }, h.clock.nowMs());
    expect(await panel.event('session.started')).toMatchObject({
      agent: { userId: 'u-1001', displayName: '林晓', extension: '1001' },
      phone: { extension: '1001', password: 'phone-secret-1001', webSocketPath: '/sip' },
      presence: { state: 'offline' },
      health: { ami: 'up', ari: 'up' },
      calls: [],
      queues: [{ queue: 'hotline', waiting: 0 }],
      features: { testCall: false, lines: [{ number: '02066668888', label: '产品热线' }] },
    });
    const desk = await h.panel({ extension: null, userId: 'u-admin' });
    expect(desk.of('session.started')[0]).toMatchObject({ phone: null, agent: { extension: null } });
    expect(errorOf(await desk.command('presence.set', { state: 'ready' }))).toBe('session.no_extension');
  });

  it('numbers its frames without a hole and gets what it missed after a cut', async () => {
    await start();
    const panel = await h.panel(agent);
    h.pbx.device('1001', 'idle');
    await panel.event('device.changed');
    const { seq, epoch } = panel;
    panel.drop();
    await panel.closed();
    h.pbx.callIn({ callId: 'c1', number: '13912345678' });
    const leg = h.pbx.ring('c1', '1001');
    h.pbx.answer('c1', leg);
    const back = await resumed(panel, seq, epoch);
    await back.event('session.resumed', ({ missed }) => missed >= 2);
    expect(back.callFrames().map(({ type }) => type)).toEqual(expect.arrayContaining(['call.offered', 'call.changed']));
    expect(back.of('session.started')).toEqual([]);
    const seqs = [...panel.events, ...back.events].map((event) => event.seq);
    expect(seqs).toEqual(seqs.map((_, index) => index + 1));
  });

  it('gets a snapshot instead when too much was missed, after a restart of the gateway, or when it asks', async () => {
    await start({ limits: { resumeFrames: 3 } });
    const panel = await h.panel(agent);
    panel.drop();
    for (const state of ['idle', 'ringing', 'in_use', 'idle', 'ringing'] as const) h.pbx.device('1001', state);
    const late = await resumed(panel);
    expect((await late.event('session.started')).device).toBe('ringing');
    const { seq, epoch } = late;
    await h.restart();
    expect(await late.closed()).toBe(CloseCode.shuttingDown);
    const other = await resumed(late, seq, epoch);
    await other.event('session.started');
    expect(other.events[0]?.epoch).not.toBe(epoch);
    expect(errorOf(await other.command('session.snapshot', {}))).toBe('ok');
    await other.event('session.started');
    expect(other.events.map((event) => event.seq)).toEqual(other.events.map((_, index) => index + 1));
  });

  it('cannot be resumed for ever, nor by somebody else', async () => {
    await start();
    const panel = await h.panel(agent);
    const { seq, epoch } = panel;
    panel.drop();
    const stranger = await h.connect();
    await stranger.hello({ userId: 'u-1002', extension: '1002' }, h.clock.nowMs(), { resume: { epoch, seq } });
    await stranger.event('session.started');
    await until(() => h.clock.pending > 0);
    h.clock.advance(1_000);
    for (let second = 0; second < 70; second += 1) h.clock.advance(1_000);
    const late = await resumed(panel, seq, epoch);
    await late.event('session.started');
  });

  it('is cut off when it does not read, without harm to others, and resumes', async () => {
    await start({ limits: { maxSendBufferBytes: 65_536, resumeFrames: 100_000, resumeBytes: 200_000_000 } });
    const slow = await h.panel(agent);
    const quick = await h.panel({ userId: 'u-1002', extension: '1002' });
    const { seq } = slow;
    slow.stall();
    const name = 'x'.repeat(4_000);
    let calls = 0;
    const metric = async (): Promise<boolean> => (await metrics()).includes('hotline_sessions_closed_total{reason="slow_consumer"} 1');
    while (!(await metric())) {
      for (let index = 0; index < 100; index += 1) {
        calls += 1;
        h.pbx.callIn({ callId: `s${calls}`, number: '13912345678', name });
        h.pbx.ring(`s${calls}`, '1001');
      }
      if (calls > 20_000) throw new Error('never cut off');
    }
    h.pbx.callIn({ callId: 'q', number: '13912345679' });
    h.pbx.ring('q', '1002');
    await quick.event('call.offered');
    slow.wake();
    expect(await slow.closed()).toBe(CloseCode.slowConsumer);
    expect(slow.seq).toBeGreaterThan(seq);
    const back = await resumed(slow);
    await until(
      () => new Set([...slow.callFrames(), ...back.callFrames()].map(({ call }) => call.callId)).size === calls,
      'every call, in pieces',
    );
  }, 60_000);

  it('is ended when the other side is gone without a word, and beats otherwise', async () => {
    await start();
    const panel = await h.panel(agent);
    for (let second = 0; second < 30; second += 1) h.clock.advance(1_000);
    await panel.settle();
    expect(panel.closeCode).toBeNull();
    for (let second = 0; second < 40; second += 1) h.clock.advance(1_000);
    expect(await panel.closed()).toBe(CloseCode.heartbeat);
  });
});

describe('commands', () => {
  it('are carried out once by their id, whichever window and connection they come from', async () => {
    await start();
    const panel = await h.panel(agent);
    const id = 'same-command-0001';
    const data = { dialId: 'dial-00000001', number: '13912345678', customerId: null };
    const first = await panel.command('call.dial', data, id);
    const again = await panel.command('call.dial', data, id);
    expect(again).toEqual(first);
    panel.drop();
    const back = await resumed(panel);
    expect(await back.command('call.dial', data, id)).toEqual(first);
    expect(h.pbx.originated).toHaveLength(1);
    expect(errorOf(await back.command('call.hangup', { callId: 'x' }, id))).toBe('protocol.malformed');
  });

  it('that fail give the same failure again', async () => {
    await start();
    const panel = await h.panel(agent);
    h.pbx.failures.queue = 'unavailable';
    const failed = await panel.command('presence.set', { state: 'ready' }, 'same-command-0002');
    expect(failed).toMatchObject({ ok: false, error: { code: 'pbx.unavailable', retryable: true } });
    delete h.pbx.failures.queue;
    expect(await panel.command('presence.set', { state: 'ready' }, 'same-command-0002')).toEqual(failed);
    expect(errorOf(await panel.command('presence.set', { state: 'ready' }))).toBe('ok');
  });

  it('of an unknown type, with wrong data, too big or too many are answered', async () => {
    await start({ limits: { frameBurst: 20, framesPerSecond: 1 } });
    const panel = await h.panel(agent);
    panel.raw(JSON.stringify({ v: 1, type: 'call.teleport', id: 'cmd-unknown-1', data: {} }));
    await until(() => panel.replies.has('cmd-unknown-1'));
    expect(panel.replies.get('cmd-unknown-1')).toMatchObject({ ok: false, error: { code: 'protocol.unknown_type', retryable: false } });
    const wrong = await panel.command('call.sendDigits', { callId: 'c1', digits: '1; rm' });
    expect(wrong).toMatchObject({ ok: false, error: { code: 'protocol.malformed', field: 'digits' } });
    for (let index = 0; index < 30; index += 1)
      panel.raw(JSON.stringify({ v: 1, type: 'session.ping', id: `flood-${String(index).padStart(4, '0')}`, data: {} }));
    await until(() => panel.replies.size >= 30);
    expect([...panel.replies.values()].some((reply) => errorOf(reply) === 'protocol.too_many')).toBe(true);
    expect(panel.closeCode).toBeNull();
    panel.raw(JSON.stringify({ v: 1, type: 'session.ping', id: 'cmd-too-big-1', data: { x: 'y'.repeat(20_000) } }));
    expect(await panel.closed()).toBe(CloseCode.tooLarge);
    const huge = await h.panel({ userId: 'u-1002', extension: '1002' });
    huge.raw('z'.repeat(1_000_000));
    expect(await huge.closed()).toBe(1009);
  });

  it('beyond the number that may be open at once are refused, and the others answered', async () => {
    await start({ limits: { maxOutstanding: 2 } });
    const panel = await h.panel(agent);
    let release: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (release = resolve));
    h.pbx.pauseQueueMember = () => gate;
    await panel.command('presence.set', { state: 'ready' });
    for (const index of [1, 2, 3])
      panel.raw(JSON.stringify({ v: 1, type: 'presence.set', id: `slow-0000${index}`, data: { state: 'paused', reason: 'break' } }));
    await until(() => panel.replies.has('slow-00003'));
    expect(panel.replies.get('slow-00003')).toMatchObject({ ok: false, error: { code: 'protocol.too_many', retryable: true } });
    release();
    await until(() => panel.replies.has('slow-00001') && panel.replies.has('slow-00002'));
  });

  it('for the demo are refused outside the demo', async () => {
    await start();
    const panel = await h.panel(agent);
    expect(errorOf(await panel.command('demo.call', { callerId: '13912345678' }))).toBe('demo.disabled');
  });
});

describe('the telephone of the browser', () => {
  it('reaches Asterisk through the gateway, by SIP only, and both ends close together', async () => {
    const asterisk = new WebSocketServer({ port: 0, handleProtocols: () => 'sip' });
    const seen: string[] = [];
    asterisk.on('connection', (ws) =>
      ws.on('message', (data, isBinary) => {
        seen.push(`${(data as Buffer).toString()} ${String(isBinary)}`);
        ws.send('SIP/2.0 401 Unauthorized\r\n\r\n');
      }),
    );
    await start({ settings: { sipWsUrl: `ws://127.0.0.1:${(asterisk.address() as { port: number }).port}/ws` } });
    const url = `ws://127.0.0.1:${h.gateway.port}/sip`;
    const phone = new WebSocket(url, 'sip');
    const answers: string[] = [];
    phone.on('message', (data) => answers.push((data as Buffer).toString()));
    phone.on('open', () => phone.send('REGISTER sip:hotline.invalid SIP/2.0\r\n\r\n'));
    await until(() => answers.length === 1);
    expect(phone.protocol).toBe('sip');
    expect(seen).toEqual(['REGISTER sip:hotline.invalid SIP/2.0\r\n\r\n false']);
    let closed = false;
    phone.on('close', () => (closed = true));
    for (const client of asterisk.clients) client.close();
    await until(() => closed);
    for (const [protocols, origin] of [
      [[], undefined],
      [['sip'], 'http://evil.example'],
    ] as const) {
      const refused = new WebSocket(url, [...protocols], origin === undefined ? {} : { origin });
      await expect(new Promise((resolve, reject) => refused.on('open', resolve).on('error', reject))).rejects.toThrow(/503|403/);
    }
    await new Promise<void>((resolve) => asterisk.close(() => resolve()));
  });
});

describe('what an operator sees', () => {
  it('is health, readiness by Asterisk, and figures', async () => {
    await start();
    const get = (path: string): Promise<Response> => fetch(`http://127.0.0.1:${h.gateway.port}${path}`);
    expect((await get('/healthz')).status).toBe(200);
    expect((await get('/cti')).status).toBe(204);
    expect((await get('/readyz')).status).toBe(200);
    h.pbx.setLink('ami', 'down');
    const ready = await get('/readyz');
    expect([ready.status, await ready.json()]).toMatchObject([503, { status: 'not_ready', ami: 'down' }]);
    expect((await get('/nothing')).status).toBe(404);
    await h.panel(agent);
    expect(await metrics()).toMatch(/hotline_sessions 1\n/);
  });

  it('is told to every panel when a link goes', async () => {
    await start();
    const panel = await h.panel(agent);
    h.pbx.setLink('ari', 'down');
    expect((await panel.event('health.changed', ({ health }) => health.ari === 'down')).health.ami).toBe('up');
  });
});

async function metrics(): Promise<string> {
  return (await fetch(`http://127.0.0.1:${h.gateway.port}/metrics`)).text();
}
