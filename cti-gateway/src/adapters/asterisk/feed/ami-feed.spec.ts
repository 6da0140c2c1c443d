import { FakeAmi } from '../../../../../test/fakes/asterisk-ami';
import { machineClock, QUICK, recordedLog, until } from '../../../../../test/fakes/asterisk-times';
import type { CallLogRow } from '../../../../../crm-core/contract/calls';
import { CallBook } from '../../../domain/call/call-book';
import { toCallLogRow } from '../../../domain/call/call-log-row';
import type { PbxEvent } from '../../../domain/call/pbx-event';
import type { LinkState } from '../../../ports/pbx';
import { AmiFeed, type AmiFeedOptions } from './ami-feed';

type Resynced = Extract<PbxEvent, { type: 'resynced' }>;

const CHANNEL = { Channel: 'PJSIP/trunk-00000001', Uniqueid: 'hotline-1.0', Linkedid: 'hotline-1.0', ChannelStateDesc: 'Up' };

describe('AmiFeed', () => {
  let fake: FakeAmi;
  let feed: AmiFeed;
  let events: PbxEvent[];
  let states: LinkState[];
  let lines: string[];

  function makeFeed(options: Partial<AmiFeedOptions> = {}): AmiFeed {
    const recorded = recordedLog();
    lines = recorded.lines;
    feed = new AmiFeed({
      account: { host: '127.0.0.1', port: fake.port, username: 'gateway', secret: 'right' },
      clock: machineClock,
      log: recorded.log,
      onEvent: (event) => events.push(event),
      onState: (state) => states.push(state),
      bootWaitMs: 50,
      ...QUICK,
      ...options,
    });
    return feed;
  }

  async function started(options: Partial<AmiFeedOptions> = {}): Promise<void> {
    makeFeed(options).start();
    await until('link up', () => feed.state === 'up');
  }

  /** With the call model behind it, and the rows of the calls that ended. */
  async function startedWithBook(): Promise<{ book: CallBook; rows: CallLogRow[] }> {
    const book = new CallBook({ trunkEndpoints: ['trunk'], agentExtension: /^1\d{3}$/ });
    const rows: CallLogRow[] = [];
    await started({
      heartbeatMs: 60_000,
      onEvent: (event) => {
        events.push(event);
        for (const effect of book.apply(event)) if (effect.type === 'call.ended') rows.push(toCallLogRow(effect.call));
      },
    });
    return { book, rows };
  }

  const types = (): string[] => events.map((event) => event.type);
  const resyncs = (): Resynced[] => events.filter((event): event is Resynced => event.type === 'resynced');

  function newChannel(uniqueId: string, timestampSec = 1_795_283_190.5): void {
    fake.emit('Newchannel', { Timestamp: String(timestampSec), ...CHANNEL, Uniqueid: uniqueId, Linkedid: uniqueId });
  }

  /** One that is too long to be read. */
  function loseMessage(): void {
    fake.raw(`Event: Hangup\r\nCallerIDName: ${'x'.repeat(1_100_000)}\r\n\r\n`);
  }

  beforeEach(async () => {
    fake = await FakeAmi.start();
    events = [];
    states = [];
  });

  afterEach(async () => {
    await feed.close();
    await fake.stop();
  });

  it('begins with a snapshot of everything that lives', async () => {
    fake.channels = [
      [
        ...Object.entries(CHANNEL),
        ['Duration', '00:01:05'],
        ['BridgeId', 'b-1'],
        ['Application', 'Queue'],
        ['ChanVariable', 'CTI_LINE=02066668888'],
      ],
    ];
    fake.queue = [
      {
        name: 'QueueParams',
        rows: [
          ['Queue', 'hotline'],
          ['Calls', '1'],
        ],
      },
      {
        name: 'QueueMember',
        rows: [
          ['Queue', 'hotline'],
          ['Location', 'PJSIP/1001'],
          ['Paused', '1'],
          ['PausedReason', '小休'],
          ['Status', '6'],
        ],
      },
      {
        name: 'QueueEntry',
        rows: [
          ['Queue', 'hotline'],
          ['Uniqueid', 'hotline-1.0'],
        ],
      },
    ];
    fake.devices = [
      [
        ['Device', 'PJSIP/1001'],
        ['State', 'RINGING'],
      ],
      [
        ['Device', 'Queue:hotline_avail'],
        ['State', 'NOT_INUSE'],
      ],
    ];
    await started();
    const [first] = resyncs();
    expect(types()).toEqual(['resynced']);
    expect(first).toMatchObject({ gapFromMs: null, pbxRestarted: false });
    expect(first?.snapshot).toMatchObject({
      startupKey: '2026-11-21 10:00:00',
      channels: [
        { channel: { channelId: 'hotline-1.0', variables: { line: '02066668888' } }, state: 'up', bridgeId: 'b-1', application: 'Queue' },
      ],
      queues: [{ queue: 'hotline', waiting: 1, callerChannelIds: ['hotline-1.0'] }],
      members: [{ queue: 'hotline', interface: 'PJSIP/1001', paused: true, pausedReason: '小休', deviceStatus: 'ringing' }],
      devices: [{ device: 'PJSIP/1001', state: 'ringing' }],
    });
    expect(first?.snapshot.channels[0]?.createdAtMs).toBe((first?.atMs ?? 0) - 65_000);
  });

  it('keeps events that arrive during the snapshot, in order, behind it', async () => {
    let asked = 0;
    fake.beforeAnswer = (action) => {
      if (action === 'Login' || asked > 4) return;
      newChannel(`hotline-1.${asked++}`);
    };
    await started();
    await until('all events', () => events.length === asked + 1);
    expect(types()[0]).toBe('resynced');
    expect(events.slice(1).map((event) => (event.type === 'channel.created' ? event.channel.channelId : event.type))).toEqual(
      Array.from({ length: asked }, (_, index) => `hotline-1.${index}`),
    );
  });

  it.each([
    ['after a cut', () => fake.drop(false)],
    ['on the same connection', () => loseMessage()],
  ])('%s, a call that ends during the snapshot ends as it did, however much of it the channel list has', async (_, lose) => {
    const { book, rows } = await startedWithBook();
    const talk = new FakeTalk(fake);
    for (const listed of ['none', 'agent', 'both'] as const) {
      talk.begin();
      await until('in talk', () => book.live()[0]?.phase === 'connected');
      fake.beforeAnswer = (action) => {
        if (action !== 'CoreShowChannels') return;
        fake.beforeAnswer = null;
        fake.channels = talk.rows(listed);
        talk.end();
      };
      lose();
      await until('the row', () => rows.length > 0);
      expect(rows.splice(0)).toMatchObject([
        { outcome: 'answered', endedBy: 'customer', cause: 16, agentExtension: '1001', talkMs: 7_000, complete: false },
      ]);
      expect(book.size()).toMatchObject({ calls: 0, index: 0 });
      await until('link up', () => feed.state === 'up');
    }
  });

  it('waits for the end of a call that is out of the list and not told of yet', async () => {
    const { book, rows } = await startedWithBook();
    const talk = new FakeTalk(fake);
    talk.begin();
    await until('in talk', () => book.live()[0]?.phase === 'connected');
    fake.beforeAnswer = (action) => {
      if (action !== 'DeviceStateList') return;
      fake.beforeAnswer = null;
      setTimeout(() => talk.end(), 20);
    };
    loseMessage();
    await until('the row', () => rows.length > 0);
    expect(rows).toMatchObject([{ outcome: 'answered', endedBy: 'customer', talkMs: 7_000 }]);
  });

  it('passes events on at once when the stream is whole', async () => {
    await started();
    newChannel('hotline-1.7');
    await until('event', () => events.length === 2);
    expect(events[1]).toMatchObject({ type: 'channel.created', atMs: 1_795_283_190_500, channel: { channelId: 'hotline-1.7' } });
  });

  it.each([
    ['closed', true],
    ['reset', false],
  ])('comes back after a connection %s, with the gap and no restart', async (_, cleanly) => {
    await started({ heartbeatMs: 60_000 });
    const seenUntil = Date.now() / 1_000 + 10;
    newChannel('hotline-1.7', seenUntil);
    await until('event', () => events.length === 2);
    fake.drop(cleanly);
    await until('second snapshot', () => resyncs().length === 2);
    expect(resyncs()[1]).toMatchObject({ gapFromMs: Math.floor(seenUntil * 1_000), pbxRestarted: false });
    await until('states', () => states.at(-1) === 'up');
    expect(states).toEqual(['connecting', 'up', 'down', 'up']);
  });

  it('says that Asterisk was started anew when its startup time has changed', async () => {
    await started();
    fake.startupTime = '10:00:09';
    fake.drop(false);
    await until('second snapshot', () => resyncs().length === 2);
    expect(resyncs()[1]?.pbxRestarted).toBe(true);
    fake.drop();
    await until('third snapshot', () => resyncs().length === 3);
    expect(resyncs()[2]?.pbxRestarted).toBe(false);
  });

  it('drops half a message at the end of a connection', async () => {
    await started();
    fake.raw('Event: Newchannel\r\nChannel: PJSIP/tru');
    fake.drop();
    await until('second snapshot', () => resyncs().length === 2);
    newChannel('hotline-1.9');
    await until('event', () => types().includes('channel.created'));
    expect(types()).toEqual(['resynced', 'resynced', 'channel.created']);
    expect(feed.stats.droppedMessages).toBe(1);
  });

  it('is refused with a wrong password, says so once, and tries rarely', async () => {
    fake.accounts.set('gateway', 'other');
    makeFeed().start();
    await until('three attempts', () => fake.connections === 3);
    expect(feed.state).not.toBe('up');
    expect(events).toEqual([]);
    expect(lines.filter((line) => line.includes('check the name and password'))).toHaveLength(1);
    expect(lines.join()).not.toContain('right');
    fake.accounts.set('gateway', 'right');
    await until('link up', () => feed.state === 'up');
  });

  it('takes a shutdown during the login for what it is: tries again soon', async () => {
    fake.loginAnswer = 'shutting down';
    makeFeed({ backoff: { ...QUICK.backoff, refusedMs: 60_000 } }).start();
    await until('three attempts', () => fake.connections === 3);
    fake.loginAnswer = 'usual';
    await until('link up', () => feed.state === 'up');
    expect(lines.join()).not.toContain('check the name and password');
  });

  it('gives up a login that is never answered', async () => {
    fake.loginAnswer = 'none';
    makeFeed({ timeoutMs: 60 }).start();
    await until('a second attempt', () => fake.connections === 2);
    fake.loginAnswer = 'usual';
    await until('link up', () => feed.state === 'up');
  });

  it('notices by its heartbeat that nobody is there any more', async () => {
    await started({ timeoutMs: 100 });
    fake.frozen = true;
    await until('link lost', () => feed.state !== 'up');
    fake.frozen = false;
    await until('second snapshot', () => resyncs().length === 2);
  });

  it('takes the snapshot again when Asterisk was still booting at the first', async () => {
    fake.booted = false;
    await started();
    expect(resyncs()).toHaveLength(1);
    fake.emit('FullyBooted', { Status: 'Fully Booted' });
    await until('second snapshot', () => resyncs().length === 2);
    expect(resyncs()[1]).toMatchObject({ pbxRestarted: false });
    expect(fake.connections).toBe(1);
  });

  it('resynchronises on the same connection when a message had to be dropped', async () => {
    await started();
    loseMessage();
    newChannel('hotline-1.8');
    await until('second snapshot', () => resyncs().length === 2);
    await until('event', () => types().includes('channel.created'));
    expect(types()).toEqual(['resynced', 'resynced', 'channel.created']);
    expect(resyncs()[1]?.gapFromMs).not.toBeNull();
    expect(fake.connections).toBe(1);
  });

  it('takes one snapshot, not two, when a message is dropped before Asterisk has booted', async () => {
    fake.booted = false;
    makeFeed({ bootWaitMs: 150 }).start();
    await until('events on', () => fake.listeners === 1);
    loseMessage();
    await until('the gap noticed', () => feed.stats.droppedMessages === 1);
    await until('link up', () => feed.state === 'up');
    expect(resyncs()).toHaveLength(1);
    expect(fake.actions('CoreShowChannels')).toHaveLength(1);
  });

  it('says that the account may be one without events', async () => {
    await started();
    expect(lines.join()).not.toContain('may read no events');
    await feed.close();
    fake.booted = false;
    await started();
    expect(lines.join()).toContain('may read no events');
  });

  it('begins anew rather than keep events without end', async () => {
    let once = true;
    fake.beforeAnswer = (action) => {
      if (action !== 'QueueStatus' || !once) return;
      once = false;
      for (let i = 0; i < 50; i++) newChannel(`hotline-1.${i}`);
    };
    await started({ maxHeld: 20 });
    expect(fake.connections).toBe(2);
    expect(types()).toEqual(['resynced']);
  });

  it('does without device states when the account may not ask for them, but not without channels', async () => {
    fake.refusedActions.set('DeviceStateList', 'Permission denied');
    await started();
    expect(resyncs()[0]?.snapshot.devices).toEqual([]);
    await feed.close();
    fake.refusedActions.set('CoreShowChannels', 'Permission denied');
    makeFeed().start();
    await until('a failed attempt', () => lines.some((line) => line.includes('CoreShowChannels: Permission denied')));
    expect(resyncs()).toHaveLength(1);
  });

  it('goes on reading when a listener throws', async () => {
    await started({
      onEvent: (event) => {
        events.push(event);
        if (event.type !== 'resynced') throw new Error('listener');
      },
    });
    newChannel('hotline-1.1');
    newChannel('hotline-1.2');
    await until('both', () => events.length === 3);
    expect(feed.stats.listenerErrors).toBe(2);
    expect(feed.state).toBe('up');
  });

  it('ends for good: twice, while connecting, while waiting', async () => {
    await started();
    await Promise.all([feed.close(), feed.close()]);
    await until('connection closed', () => fake.open === 0);
    expect(feed.state).toBe('down');
    expect(() => feed.start()).toThrow('closed');

    fake.loginAnswer = 'none';
    makeFeed().start();
    await until('connected', () => fake.open === 1);
    await feed.close();
    await until('connection closed', () => fake.open === 0);

    fake.accounts.clear();
    fake.loginAnswer = 'usual';
    makeFeed({ backoff: { firstMs: 60_000, maxMs: 60_000, refusedMs: 60_000 } }).start();
    await until('refused', () => feed.state === 'down' && fake.open === 0);
    await feed.close();
    expect(fake.connections).toBe(3);
  });
});

/** A customer in talk with an agent for seven seconds; the customer hangs up. */
class FakeTalk {
  private calls = 0;
  private beganAtSec = 0;

  constructor(private readonly fake: FakeAmi) {}

  begin(): void {
    this.calls += 1;
    this.beganAtSec = Date.now() / 1_000 - 7;
    const { customer, agent } = this.channels();
    this.tell('Newchannel', { ...customer, ChannelStateDesc: 'Ring' });
    this.tell('Newchannel', { ...agent, ChannelStateDesc: 'Down' });
    for (const channel of [customer, agent]) this.tell('Newstate', channel);
    for (const channel of [customer, agent]) this.tell('BridgeEnter', { ...channel, BridgeUniqueid: `b-${this.calls}` });
  }

  end(): void {
    const { customer, agent } = this.channels();
    this.tell('HangupRequest', customer, 7);
    for (const channel of [customer, agent]) this.tell('BridgeLeave', { ...channel, BridgeUniqueid: `b-${this.calls}` }, 7);
    for (const channel of [customer, agent]) this.tell('Hangup', { ...channel, Cause: '16' }, 7);
  }

  rows(listed: 'none' | 'agent' | 'both'): FakeAmi['channels'] {
    const { customer, agent } = this.channels();
    const channels = { none: [], agent: [agent], both: [customer, agent] }[listed];
    return channels.map((channel) => [...Object.entries(channel), ['BridgeId', `b-${this.calls}`]]);
  }

  private tell(name: string, headers: Readonly<Record<string, string>>, afterSec = 0): void {
    this.fake.emit(name, { Timestamp: (this.beganAtSec + afterSec).toFixed(3), ...headers });
  }

  private channels(): Record<'customer' | 'agent', Readonly<Record<string, string>>> {
    const common = { Linkedid: `t-${this.calls}.0`, ChannelStateDesc: 'Up', Exten: '02066668888' };
    return {
      customer: { ...common, Channel: 'PJSIP/trunk-1', Uniqueid: `t-${this.calls}.0` },
      agent: { ...common, Channel: 'PJSIP/1001-2', Uniqueid: `t-${this.calls}.1` },
    };
  }
}
