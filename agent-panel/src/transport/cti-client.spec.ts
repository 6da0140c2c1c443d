import { CloseCode, type ErrorCode } from '../../../cti-gateway/protocol';
import { createCtiClient } from './cti-client';
import { SignedOutError, type ConnectionState, type CtiClient, type RefusalReason, type DropReason } from './cti-types';
import { FakeGateway, FakeSignals, snapshot } from './testing/fake-gateway';
import { ManualClock, settle } from './testing/manual-clock';

const TICKET = { ticket: 'signed', url: 'ws://127.0.0.1:8081/cti' };

function workplace(getTicket: () => Promise<typeof TICKET> = () => Promise.resolve(TICKET), answers?: (url: string) => Promise<boolean>) {
  const gateway = new FakeGateway();
  const clock = new ManualClock();
  const signals = new FakeSignals();
  const states: ConnectionState[] = [];
  const tickets = jest.fn(getTicket);
  const asking = answers === undefined ? {} : { answers };
  const client = createCtiClient({
    getTicket: tickets,
    openSocket: gateway.open,
    clock,
    signals,
    random: () => 0,
    tab: 'window-1',
    ...asking,
  });
  client.onState((state) => states.push(state));
  return { gateway, clock, signals, client, tickets, names: () => states.map(({ name }) => name) };
}

async function opened(place: ReturnType<typeof workplace>): Promise<ReturnType<typeof workplace>> {
  place.client.connect();
  await settle();
  place.gateway.socket.accept();
  await settle();
  expect(place.client.state.name).toBe('open');
  return place;
}

const isOpen = (client: CtiClient): boolean => client.state.name === 'open';

describe('opening a session', () => {
  it('says hello first, with ticket and window, and is open with the snapshot', async () => {
    const place = workplace();
    const seen = jest.fn();
    place.client.on('session.started', seen);
    await opened(place);
    expect(place.gateway.socket.url).toBe(TICKET.url);
    expect(place.gateway.socket.received[0]).toMatchObject({
      v: 1,
      type: 'hello',
      data: { protocol: 1, ticket: 'signed', tab: 'window-1' },
    });
    expect(place.gateway.socket.received[0]?.data).not.toHaveProperty('resume');
    expect(place.names()).toEqual(['connecting', 'greeting', 'open']);
    expect(seen).toHaveBeenCalledWith(snapshot, expect.objectContaining({ seq: 1, epoch: 'epoch-1' }));
  });

  it('does nothing when connected twice', async () => {
    const place = await opened(workplace());
    place.client.connect();
    await settle();
    expect(place.gateway.sockets).toHaveLength(1);
  });

  it.each<[string, (place: ReturnType<typeof workplace>) => void | Promise<void>, DropReason, number]>([
    ['the socket closes before it is open', ({ gateway }) => gateway.socket.drop(1006), 'unreachable', 1],
    ['the socket does not open in time', ({ clock }) => clock.advance(8_000), 'timeout', 1],
    [
      'the hello is not answered in time',
      ({ gateway, clock }) => {
        gateway.greeting = 'silence';
        gateway.socket.accept();
        return clock.advance(8_000);
      },
      'timeout',
      2,
    ],
    [
      'the snapshot cannot be read',
      ({ gateway }) => {
        gateway.greeting = 'silence';
        gateway.socket.accept();
        gateway.seq = 1;
        gateway.raw('session.started', { agent: 'nobody' });
      },
      'protocol',
      2,
    ],
  ])('waits and tries again when %s', async (_, happen, reason, tickets) => {
    const place = workplace();
    place.client.connect();
    await settle();
    await happen(place);
    expect(place.client.state).toMatchObject({ name: 'waiting', reason });
    place.gateway.greeting = 'snapshot';
    await place.clock.advance(600);
    place.gateway.socket.accept();
    await settle();
    expect(isOpen(place.client)).toBe(true);
    // one that no gateway has seen is as good as new
    expect(place.tickets).toHaveBeenCalledTimes(tickets);
  });

  it('waits when there is no ticket, and gives up when nobody is signed in', async () => {
    const down = workplace(() => Promise.reject(new Error('502')));
    down.client.connect();
    await settle();
    expect(down.client.state).toMatchObject({ name: 'waiting', reason: 'ticket_unavailable' });
    const out = workplace(() => Promise.reject(new SignedOutError()));
    out.client.connect();
    await settle();
    expect(out.client.state).toEqual({ name: 'refused', reason: 'signed_out' });
    expect(out.clock.pending).toBe(0);
  });

  it('ignores a ticket that comes after its deadline', async () => {
    let give: (ticket: typeof TICKET) => void = () => {};
    const place = workplace(() => new Promise((resolve) => (give = resolve)));
    place.client.connect();
    await place.clock.advance(10_000);
    expect(place.client.state).toMatchObject({ name: 'waiting', reason: 'ticket_unavailable' });
    give(TICKET);
    await settle();
    expect(place.gateway.sockets).toHaveLength(0);
  });

  it.each<[ErrorCode, RefusalReason | DropReason]>([
    ['protocol.version', 'version'],
    ['session.too_many', 'too_many'],
    ['session.no_extension', 'no_extension'],
    ['session.ticket_used', 'ticket_rejected'],
    ['session.ticket_invalid', 'ticket_rejected'],
    ['internal', 'protocol'],
  ])('understands a hello refused with %s as %s', async (code, reason) => {
    const place = workplace();
    place.gateway.greeting = code;
    place.client.connect();
    await settle();
    place.gateway.socket.accept();
    expect(place.client.state).toMatchObject({ reason });
  });
});

describe('losing it', () => {
  it.each<[number, DropReason]>([
    [1006, 'unreachable'],
    [CloseCode.helloTimeout, 'timeout'],
    [CloseCode.malformed, 'protocol'],
    [CloseCode.ticket, 'ticket_rejected'],
    [CloseCode.slowConsumer, 'too_slow'],
    [CloseCode.heartbeat, 'silent'],
    [CloseCode.tooLarge, 'protocol'],
    [CloseCode.shuttingDown, 'gateway_stopped'],
  ])('tries again after close code %i (%s)', async (code, reason) => {
    const place = await opened(workplace());
    place.gateway.socket.drop(code);
    expect(place.client.state).toMatchObject({ name: 'waiting', reason });
  });

  it.each<[number, RefusalReason]>([
    [CloseCode.version, 'version'],
    [CloseCode.replaced, 'replaced'],
    [CloseCode.tooMany, 'too_many'],
  ])('stops after close code %i (%s), until told to connect', async (code, reason) => {
    const place = await opened(workplace());
    place.gateway.socket.drop(code);
    expect(place.client.state).toEqual({ name: 'refused', reason });
    await place.clock.advance(60_000);
    place.signals.wake();
    expect(place.gateway.sockets).toHaveLength(1);
    await opened(place);
  });

  it('stops when the gateway says that another window took the session, whatever the close code', async () => {
    const place = await opened(workplace());
    place.gateway.event('session.replaced', {});
    place.gateway.socket.drop(1000);
    expect(place.client.state).toEqual({ name: 'refused', reason: 'replaced' });
  });

  async function delaysOf(place: ReturnType<typeof workplace>, fail: () => void | Promise<void>): Promise<number[]> {
    const delays: number[] = [];
    for (let i = 0; i < 7; i++) {
      await settle();
      await fail();
      const { state } = place.client;
      if (state.name !== 'waiting') throw new Error(state.name);
      delays.push(state.retryAtMs - place.clock.nowMs());
      await place.clock.advance(delays.at(-1) ?? 0);
    }
    return delays;
  }

  it('asks whether anybody answers while the gateway is away, opens a socket at once when somebody does, and now and then all the same', async () => {
    let isThere = false;
    const answers = jest.fn(() => Promise.resolve(isThere));
    const place = await opened(workplace(undefined, answers));
    const { gateway, clock, client } = place;
    gateway.socket.drop(1006);
    for (let tries = 0; tries < 40; tries++) {
      await clock.advance(800);
      if (client.state.name === 'connecting') gateway.socket.drop(1006);
    }
    expect(client.state).toMatchObject({ name: 'waiting', reason: 'unreachable' });
    const [opens, asked] = [gateway.sockets.length, answers.mock.calls.length];
    expect(opens).toBeLessThan(20);
    expect(asked).toBeGreaterThan(2 * opens);
    expect(answers).toHaveBeenCalledWith(TICKET.url);

    isThere = true;
    await clock.advance(800);
    expect(gateway.sockets.length).toBe(opens + 1);
    gateway.socket.accept();
    await settle();
    expect(isOpen(client)).toBe(true);
  });

  it('waits longer each time it is refused, up to the maximum, and anew after a session that lasted', async () => {
    const place = workplace();
    place.gateway.greeting = 'internal';
    place.client.connect();
    const delays = await delaysOf(place, async () => {
      place.gateway.socket.accept();
      await settle();
    });
    // random() is 0: the lower half of 500, 1000, … 15000
    expect(delays).toEqual([250, 500, 1000, 2000, 4000, 7500, 7500]);
    place.gateway.greeting = 'snapshot';
    place.gateway.socket.accept();
    await settle();
    await place.clock.advance(10_000);
    place.gateway.socket.drop(1006);
    expect(place.client.state).toMatchObject({ name: 'waiting', retryAtMs: place.clock.nowMs() + 250 });
  });

  it('tries about once a second while the gateway is away, with one ticket', async () => {
    const place = workplace();
    place.client.connect();
    expect(await delaysOf(place, () => place.gateway.socket.drop(1006))).toEqual([250, 400, 400, 400, 400, 400, 400]);
    expect(place.tickets).toHaveBeenCalledTimes(1);
    // a ticket does not last for ever
    await place.clock.advance(30_000);
    place.gateway.socket.drop(1006);
    await place.clock.advance(1_000);
    expect(place.tickets).toHaveBeenCalledTimes(2);
  });

  it('resumes where it was, and takes the missed events once', async () => {
    const place = await opened(workplace());
    const presence = jest.fn();
    place.client.on('presence.changed', presence);
    place.gateway.event('presence.changed', { presence: { state: 'offline' } });
    place.gateway.socket.drop(1006);
    place.gateway.greeting = 'resume';
    await place.clock.advance(300);
    place.gateway.socket.accept();
    await settle();
    const hello = place.gateway.socket.received[0];
    expect(hello?.data).toMatchObject({ resume: { epoch: 'epoch-1', seq: 2 } });
    expect(isOpen(place.client)).toBe(true);
    place.gateway.event('presence.changed', { presence: { state: 'offline' } }, { seq: 2 });
    expect(presence).toHaveBeenCalledTimes(1);
    expect(place.client.counters).toMatchObject({ duplicates: 1, reconnects: 1 });
  });

  it('takes the snapshot of a gateway that was started anew', async () => {
    const place = await opened(workplace());
    place.gateway.socket.drop(CloseCode.shuttingDown);
    place.gateway.epoch = 'epoch-2';
    place.gateway.seq = 0;
    await place.clock.advance(300);
    place.gateway.socket.accept();
    await settle();
    expect(place.client.state).toMatchObject({ name: 'open', epoch: 'epoch-2' });
    expect(place.client.counters.gaps).toBe(0);
  });

  it('tries at once when the network comes back', async () => {
    const place = await opened(workplace());
    place.gateway.socket.drop(1006);
    place.signals.wake();
    await settle();
    expect(place.gateway.sockets).toHaveLength(2);
  });
});

describe('heartbeat', () => {
  it('asks every 15 s and is content with anything it hears', async () => {
    const place = await opened(workplace());
    await place.clock.advance(15_000);
    expect(place.gateway.commands('session.ping')).toHaveLength(1);
    await place.clock.advance(60_000);
    expect(isOpen(place.client)).toBe(true);
    expect(place.gateway.commands('session.ping')).toHaveLength(5);
    expect(place.client.counters.unmatchedReplies).toBe(0);
  });

  it('leaves a connection that has gone silent', async () => {
    const place = await opened(workplace());
    place.gateway.mute.add('session.ping');
    await place.clock.advance(15_000 + 8_000);
    expect(place.client.state).toMatchObject({ name: 'waiting', reason: 'silent' });
    expect(place.gateway.sockets[0]?.closedWith).toBe(CloseCode.heartbeat);
  });

  it('asks at once when the machine wakes up', async () => {
    const place = await opened(workplace());
    place.gateway.mute.add('session.ping');
    place.signals.wake();
    await place.clock.advance(1_500);
    expect(place.client.state).toMatchObject({ name: 'waiting', reason: 'silent' });
  });
});

describe('events', () => {
  it('asks for one snapshot when there is a hole, and hands out what came after it meanwhile', async () => {
    const place = await opened(workplace());
    const presence = jest.fn();
    place.client.on('presence.changed', presence);
    place.gateway.mute.add('session.snapshot');
    place.gateway.event('presence.changed', { presence: { state: 'offline' } }, { seq: 5 });
    place.gateway.event('presence.changed', { presence: { state: 'offline' } }, { seq: 8 });
    expect(presence).toHaveBeenCalledTimes(2);
    expect(place.gateway.commands('session.snapshot')).toHaveLength(1);
    expect(place.client.counters.gaps).toBe(2);
    await place.clock.advance(10_000);
    expect(place.client.state).toMatchObject({ name: 'waiting', reason: 'protocol' });
    await place.clock.advance(300);
    place.gateway.socket.accept();
    await settle();
    expect(place.gateway.socket.received[0]?.data).not.toHaveProperty('resume');
  });

  it('asks for a snapshot as soon as it is open when the resume itself had a hole', async () => {
    const place = await opened(workplace());
    place.gateway.socket.drop(1006);
    place.gateway.greeting = 'silence';
    await place.clock.advance(300);
    place.gateway.socket.accept();
    place.gateway.event('presence.changed', { presence: { state: 'offline' } }, { seq: 9 });
    expect(place.gateway.commands('session.snapshot')).toHaveLength(0);
    place.gateway.event('session.resumed', { missed: 1 });
    await settle();
    expect(place.gateway.commands('session.snapshot')).toHaveLength(1);
  });

  it('ignores and counts what a newer gateway sends, without taking it for a hole', async () => {
    const place = await opened(workplace());
    place.gateway.seq = 2;
    place.gateway.raw('weather.changed', { rain: true });
    place.gateway.event('presence.changed', { presence: { state: 'offline' } });
    expect(place.client.counters).toMatchObject({ unknownTypes: 1, gaps: 0, malformed: 0 });
  });

  it.each(['not json', '[]', 'null', '{"v":1}', '{"v":2,"type":"session.started","seq":2,"epoch":"e","at":"x","data":{}}', '{"ok":"yes"}'])(
    'counts %s as malformed and goes on',
    async (text) => {
      const place = await opened(workplace());
      place.gateway.socket.say(text);
      expect(place.client.counters.malformed).toBe(1);
      expect(isOpen(place.client)).toBe(true);
    },
  );

  it('asks for a snapshot when an event of a known type cannot be read', async () => {
    const place = await opened(workplace());
    place.gateway.seq = 2;
    place.gateway.raw('call.offered', { call: { callId: 7 } });
    await settle();
    expect(place.client.counters).toMatchObject({ malformed: 1, gaps: 0 });
    expect(place.gateway.commands('session.snapshot')).toHaveLength(1);
  });

  it('lets one listener fail without harm to the others', async () => {
    const place = await opened(workplace());
    const complaint = jest.spyOn(console, 'error').mockImplementation(() => {});
    const second = jest.fn();
    place.client.on('device.changed', () => {
      throw new Error('a bug');
    });
    place.client.on('device.changed', second);
    place.gateway.event('device.changed', { device: 'ringing' });
    expect(second).toHaveBeenCalledWith({ device: 'ringing' }, expect.anything());
    complaint.mockRestore();
  });
});

describe('commands', () => {
  it('fails at once without a session and is not sent later', async () => {
    const place = workplace();
    const data = { dialId: 'dial-0001', number: '13912345678', customerId: null };
    expect(await place.client.command('call.dial', data)).toMatchObject({ ok: false, error: { code: 'offline' } });
    await opened(place);
    await place.clock.advance(1_000);
    expect(place.gateway.commands('call.dial')).toHaveLength(0);
  });

  it('answers with what the gateway says', async () => {
    const place = await opened(workplace());
    place.gateway.mute.add('call.hangup');
    const answer = place.client.command('call.hangup', { callId: 'c1' });
    await settle();
    const { id } = place.gateway.commands('call.hangup')[0] ?? { id: '' };
    place.gateway.fail(id, 'call.not_yours');
    expect(await answer).toEqual({ ok: false, error: { code: 'call.not_yours', message: 'call.not_yours', retryable: false } });
    expect(await place.client.command('call.shown', { callId: 'c1' })).toEqual({ ok: true, data: { callId: 'c1' } });
  });

  it('sends the same id once while it is under way', async () => {
    const place = await opened(workplace());
    place.gateway.mute.add('call.hangup');
    const first = place.client.command('call.hangup', { callId: 'c1' }, { id: 'the-same-1' });
    const second = place.client.command('call.hangup', { callId: 'c1' }, { id: 'the-same-1' });
    await settle();
    expect(place.gateway.commands('call.hangup')).toHaveLength(1);
    place.gateway.ok('the-same-1');
    expect(await first).toEqual(await second);
  });

  it('refuses what the protocol does not allow before it leaves the window', async () => {
    const place = await opened(workplace());
    const result = await place.client.command('call.sendDigits', { callId: 'c1', digits: '1\r\nAction: Logoff' });
    expect(result).toMatchObject({ ok: false, error: { code: 'protocol.malformed' } });
    expect(place.gateway.commands('call.sendDigits')).toHaveLength(0);
  });

  it('ends by its deadline, and counts a reply that comes later', async () => {
    const place = await opened(workplace());
    place.gateway.mute.add('call.hangup');
    const answer = place.client.command('call.hangup', { callId: 'c1' }, { id: 'too-late-1', timeoutMs: 2_000 });
    await place.clock.advance(2_000);
    expect(await answer).toMatchObject({ ok: false, error: { code: 'timeout', retryable: true } });
    place.gateway.ok('too-late-1');
    expect(place.client.counters.unmatchedReplies).toBe(1);
  });

  it('ends with the connection', async () => {
    const place = await opened(workplace());
    place.gateway.mute.add('call.hangup');
    const answer = place.client.command('call.hangup', { callId: 'c1' });
    await settle();
    place.gateway.socket.drop(1006);
    expect(await answer).toMatchObject({ ok: false, error: { code: 'disconnected', retryable: true } });
  });
});

describe('closing', () => {
  it.each(['idle', 'connecting', 'greeting', 'open', 'waiting'])('ends everything from %s, twice without harm', async (from) => {
    const place = workplace();
    if (from !== 'idle') place.client.connect();
    await settle();
    if (from === 'greeting') place.gateway.greeting = 'silence';
    if (from === 'greeting' || from === 'open') place.gateway.socket.accept();
    if (from === 'waiting') place.gateway.socket.drop(1006);
    expect(place.client.state.name).toBe(from);
    const pending = place.client.command('call.shown', { callId: 'c1' });
    place.client.close();
    place.client.close();
    await settle();
    expect(place.client.state).toEqual({ name: 'closed' });
    expect(place.clock.pending).toBe(0);
    expect(place.signals.count).toBe(0);
    await pending;
    place.client.connect();
    await place.clock.advance(60_000);
    expect(place.client.state).toEqual({ name: 'closed' });
    expect(await place.client.command('call.shown', { callId: 'c1' })).toMatchObject({ ok: false });
  });
});
