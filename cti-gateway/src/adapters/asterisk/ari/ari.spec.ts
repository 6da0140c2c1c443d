import { createRequire } from 'node:module';
import type { Client } from 'ari-client';
import { FakeAri } from '../../../../../test/fakes/asterisk-ari';
import { machineClock, QUICK, recordedLog, until } from '../../../../../test/fakes/asterisk-times';
import type { LinkState, OriginateRequest, PbxError } from '../../../ports/pbx';
import { Ari, type AriOptions } from './ari';

const PASSWORD = 's3cret&/right';
const DIAL: OriginateRequest = {
  channelId: 'dial-7',
  extension: '1001',
  number: '013912345678',
  dialId: '7',
  displayNumber: '13912345678',
  ringTimeoutSec: 25,
};

/** Once by us, twice by the library. */
const DESCRIPTIONS_PER_CLIENT = 3;

/** What `ari-client` 2.2.0 does wrong, and that none of it is seen from outside of the adapter. */
describe('Ari', () => {
  let fake: FakeAri;
  let ari: Ari;
  let states: LinkState[];
  let events: string[];
  let lines: string[];

  function makeAri(options: Partial<AriOptions> = {}): Ari {
    const recorded = recordedLog();
    lines = recorded.lines;
    ari = new Ari({
      account: { url: fake.url, username: 'gateway', password: PASSWORD },
      clock: machineClock,
      log: recorded.log,
      onState: (state) => states.push(state),
      onEvent: (type) => events.push(type),
      ...QUICK,
      timeoutMs: 1_000,
      ...options,
    });
    return ari;
  }

  async function started(options: Partial<AriOptions> = {}): Promise<void> {
    makeAri(options).start();
    await until('link up', () => ari.state === 'up');
  }

  /** The library's own object, to see that nothing is left on it. */
  function client(): Client {
    const { session } = ari as unknown as { session: { client: Client } | null };
    if (session === null) throw new Error('no session');
    return session.client;
  }

  function failure(asked: Promise<void>): Promise<PbxError> {
    return asked.then(
      () => Promise.reject(new Error('did not fail')),
      (error: PbxError) => error,
    );
  }

  beforeEach(async () => {
    fake = await FakeAri.start();
    states = [];
    events = [];
  });

  afterEach(async () => {
    await ari.close();
    await fake.stop();
  });

  it('rings the telephone into the dialplan', async () => {
    await started();
    await ari.originate(DIAL);
    expect(fake.requests('POST', /^\/channels$/)).toEqual([
      {
        method: 'POST',
        path: '/channels',
        user: 'gateway',
        query: {
          endpoint: 'PJSIP/1001',
          context: 'click-to-dial',
          extension: '013912345678',
          priority: '1',
          channelId: 'dial-7',
          callerId: '13912345678',
          timeout: '25',
        },
        body: { variables: { CTI_DIAL: '7', 'PJSIP_HEADER(add,X-Hotline-Dial)': '7' } },
      },
    ]);
    await ari.hangup('hotline-1795283190.4');
    expect(fake.requests('DELETE', /./)[0]?.path).toBe('/channels/hotline-1795283190.4');
  });

  it.each([
    [409, { message: 'Channel with given unique ID already exists' }, 'duplicate'],
    [500, { error: 'Allocation failed' }, 'phone_unreachable'],
    [400, { message: 'Invalid endpoint specified' }, 'invalid_value'],
    [403, { message: 'Forbidden' }, 'refused'],
  ])('says why an originate answered %d was not done', async (status, body, reason) => {
    await started();
    fake.answers.set('POST /channels', { status, body });
    expect(await failure(ari.originate(DIAL))).toMatchObject({ name: 'PbxError', reason });
  });

  it('asks for an id once, even while the first request is under way; again only after a failure', async () => {
    await started();
    const [first, second] = await Promise.allSettled([ari.originate(DIAL), ari.originate(DIAL)]);
    expect([first.status, second.status]).toEqual(['fulfilled', 'rejected']);
    expect(await failure(ari.originate(DIAL))).toMatchObject({ reason: 'duplicate' });
    expect(fake.requests('POST', /./)).toHaveLength(1);

    fake.answers.set('POST /channels', { status: 500, body: { error: 'Allocation failed' } });
    const other = { ...DIAL, channelId: 'dial-8' };
    expect(await failure(ari.originate(other))).toMatchObject({ reason: 'phone_unreachable' });
    fake.answers.clear();
    await ari.originate(other);
    expect(fake.requests('POST', /./)).toHaveLength(3);
  });

  it('says that a channel is gone already', async () => {
    await started();
    fake.answers.set('DELETE /channels/1.1', { status: 404, body: { message: 'Channel not found' } });
    expect(await failure(ari.hangup('1.1'))).toMatchObject({ reason: 'not_found' });
  });

  it.each([
    ['extension', '1001&PJSIP/1002'],
    ['extension', '1001@elsewhere'],
    ['extension', ''],
    ['number', '139\r\nX'],
    ['number', '139,1)'],
    ['displayNumber', '"x" <1>'],
    ['channelId', '../applications'],
    ['dialId', '7\nY'],
  ] as const)('refuses a %s of %j and asks nothing', async (field, value) => {
    await started();
    expect(await failure(ari.originate({ ...DIAL, [field]: value }))).toMatchObject({ reason: 'invalid_value' });
    expect(fake.received).toEqual([]);
  });

  it('ends a request that is never answered, and fails at once without a connection', async () => {
    makeAri({ timeoutMs: 200 });
    expect(await failure(ari.originate(DIAL))).toMatchObject({ reason: 'unavailable' });
    ari.start();
    await until('link up', () => ari.state === 'up');
    fake.frozen = true;
    expect(await failure(ari.originate(DIAL))).toMatchObject({ reason: 'timeout' });
  });

  it.each(['first', 'last'] as const)('takes back a dial that was not answered in time, asked %s when Asterisk goes on', async (order) => {
    await started({ timeoutMs: 150, heartbeatMs: 60_000 });
    fake.channels = new Set();
    fake.stalled = true;
    expect(await failure(ari.originate(DIAL))).toMatchObject({ reason: 'timeout' });
    let over = false;
    const takenBack = ari.takeBack(DIAL.channelId).then(() => (over = true));
    await until('it is being taken back', () => fake.requests('DELETE', /dial-7$/).length > 0);
    expect(await failure(ari.originate(DIAL))).toMatchObject({ reason: 'duplicate' });
    expect(over).toBe(false);
    fake.goOn(order);
    await takenBack;
    expect([...fake.channels]).toEqual([]);
    expect(fake.requests('POST', /./)).toHaveLength(1);
    await ari.originate(DIAL);
  });

  it('has nothing to take back when Asterisk refuses late, or was never asked', async () => {
    await started({ timeoutMs: 150, heartbeatMs: 60_000 });
    await ari.takeBack('dial-6');
    fake.answers.set('POST /channels', { status: 500, body: { error: 'Allocation failed' } });
    fake.stalled = true;
    expect(await failure(ari.originate(DIAL))).toMatchObject({ reason: 'timeout' });
    const takenBack = ari.takeBack(DIAL.channelId);
    fake.goOn();
    await takenBack;
  });

  it('takes nothing back any more once it is closed', async () => {
    await started({ timeoutMs: 150, heartbeatMs: 60_000 });
    fake.stalled = true;
    expect(await failure(ari.originate(DIAL))).toMatchObject({ reason: 'timeout' });
    const takenBack = failure(ari.takeBack(DIAL.channelId));
    await ari.close();
    expect(await takenBack).toMatchObject({ reason: 'unavailable' });
  });

  it('fault 1, credentials shared by the process: does not start for a second Asterisk', async () => {
    await started();
    const other = new Ari({
      account: { url: 'http://127.0.0.1:1', username: 'other', password: 'other' },
      clock: machineClock,
      log: recordedLog().log,
      onState: () => undefined,
    });
    expect(() => other.start()).toThrow('one process serves one Asterisk');
    await other.close();
    await ari.originate(DIAL);
    expect(fake.received[0]?.user).toBe('gateway');
    await ari.close();
    makeAri();
    await started();
  });

  it('fault 2, gives up after ten tries: is rebuilt, and up again', async () => {
    await started();
    const first = client();
    jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask', 'Date', 'performance', 'hrtime'] });
    try {
      const turn = async (): Promise<void> => {
        await jest.advanceTimersByTimeAsync(200);
        for (let i = 0; i < 20; i++) await new Promise((resolve) => setImmediate(resolve));
      };
      let gaveUp = false;
      first.on('WebSocketMaxRetries', () => (gaveUp = true));
      await fake.stop();
      for (let i = 0; i < 600 && !gaveUp; i++) await turn();
      expect(gaveUp).toBe(true);
      await fake.resume();
      for (let i = 0; i < 400 && ari.state !== 'up'; i++) await turn();
    } finally {
      jest.useRealTimers();
    }
    expect(ari.state).toBe('up');
    expect(client()).not.toBe(first);
    expect(fake.descriptions).toBeGreaterThanOrEqual(2 * DESCRIPTIONS_PER_CLIENT);
    await ari.originate(DIAL);
  });

  it('fault 2: a socket that drops shortly comes back, REST works meanwhile', async () => {
    await started();
    fake.dropSockets();
    await until('link lost', () => ari.state === 'connecting');
    await ari.hangup('1.1');
    await until('link up', () => ari.state === 'up');
    expect(fake.socketsOpened).toBe(2);
    expect(fake.descriptions).toBe(DESCRIPTIONS_PER_CLIENT);
  });

  it('fault 3, frames that end the process: counts unknown types and what is not JSON, reads on', async () => {
    await started();
    fake.send('<html>');
    fake.send('null');
    fake.send('[]');
    fake.send('{"type":7}');
    fake.send({ type: 'FromTheFuture', channel: { id: '1' } });
    fake.send({ type: 'toString' });
    fake.send({ type: 'StasisStart', channel: { id: 'c-1' } });
    await until('event', () => events.length === 1);
    expect(ari.stats).toEqual({ events: 1, unknownTypes: 2, notJson: 4, listenerErrors: 0 });
    fake.dropSockets();
    await until('a second socket', () => fake.socketsOpened === 2 && ari.state === 'up');
    fake.send('{');
    fake.send({ type: 'StasisStart', channel: { id: 'c-2' } });
    await until('event', () => events.length === 2);
    expect(ari.stats.notJson).toBe(5);
  });

  it('fault 3: a listener that throws does not end the process either', async () => {
    await started({
      onEvent: (type) => {
        events.push(type);
        throw new Error('listener');
      },
    });
    fake.send({ type: 'StasisStart', channel: { id: 'c-1' } });
    await until('event', () => events.length === 1);
    expect(ari.stats.listenerErrors).toBe(1);
    expect(ari.state).toBe('up');
  });

  it.each<[string, Parameters<FakeAri['answers']['set']>[1], string]>([
    ['a web page', { status: 200, body: '<html>It works!</html>', headers: { 'Content-Type': 'text/html' } }, 'refused'],
    ['a web page said to be JSON', { status: 200, body: '<html>', headers: { 'Content-Type': 'application/json' } }, 'refused'],
    ['nothing', { status: 200, body: '' }, 'refused'],
    ['null', { status: 200, body: null }, 'refused'],
    ['a number', { status: 200, body: 7 }, 'refused'],
    ['text that is not the gzip it says', { status: 200, body: '{"id":"x"}!', headers: { 'Content-Encoding': 'gzip' } }, 'refused'],
    ['more than anybody reads', { status: 200, body: JSON.stringify({ id: 'x'.repeat(3_000_000) }) }, 'refused'],
    ['another address', { status: 302, body: '', headers: { Location: '/ari/elsewhere' } }, 'refused'],
    ['an error in no words', { status: 500, body: '' }, 'refused'],
    ['an error said to be JSON', { status: 502, body: '<html>', headers: { 'Content-Type': 'application/json' } }, 'refused'],
    ['a broken connection', { status: 200, breaks: 'before' }, 'timeout'],
    ['half an answer', { status: 200, breaks: 'inside' }, 'timeout'],
    ['what is no HTTP', { status: 200, breaks: 'garbage' }, 'timeout'],
  ])('fault 3, answers that end the process: one that is %s is an error as any other', async (_, answer, reason) => {
    await started({ heartbeatMs: 60_000, timeoutMs: 4_000 });
    fake.answers.set('POST /channels', answer);
    expect(await failure(ari.originate(DIAL))).toMatchObject({ name: 'PbxError', reason });
    expect(fake.requests('POST', /./)).toHaveLength(1);
    expect(fake.requests('GET', /./)).toEqual([]);
    expect(ari.state).toBe('up');
    fake.answers.clear();
    await ari.originate({ ...DIAL, channelId: 'dial-8' });
  });

  it('fault 3: a description that is JSON but none of ARI is an error as any other', async () => {
    fake.description = 'of something else';
    makeAri({ timeoutMs: 400 }).start();
    await until('two attempts', () => fake.descriptions > DESCRIPTIONS_PER_CLIENT);
    fake.description = 'usual';
    await until('link up', () => ari.state === 'up');
  });

  it('fault 4, listeners that stay: a thousand channels and five sockets leave none behind', async () => {
    await started({ heartbeatMs: 5 });
    const before = listenerCount(client());
    for (let i = 0; i < 1_000; i++) fake.send({ type: 'StasisStart', channel: { id: `c-${i}` } });
    await until('all events', () => events.length === 1_000);
    for (let i = 2; i <= 5; i++) {
      fake.dropSockets();
      await until('another socket', () => fake.socketsOpened === i && ari.state === 'up');
    }
    expect(client()._instanceListeners).toEqual({});
    expect(listenerCount(client())).toBeLessThanOrEqual(before + 1);
    const last = client();
    await ari.close();
    expect(listenerCount(last)).toBe(0);
  });

  it('fault 5, the password in an address: it is in no log line and no error', async () => {
    await started();
    const errors: unknown[] = [];
    fake.answers.set('POST /channels', { status: 500, body: { error: 'Allocation failed' } });
    errors.push(await failure(ari.originate(DIAL)));
    fake.refuseSockets = true;
    fake.dropSockets();
    await until('refused', () => ari.state === 'connecting');
    await fake.stop();
    errors.push(await failure(ari.hangup('1.1')));
    await ari.close();
    await fake.resume();
    makeAri({ timeoutMs: 200 }).start();
    await until('a failed attempt', () => lines.some((line) => line.includes('link failed')));
    fake.accounts.set('gateway', 'other');
    await until('refused', () => lines.some((line) => line.includes('check the name and password')));
    const said = lines.join() + JSON.stringify(errors.map((error) => [String(error), (error as Error).stack]));
    for (const secret of [PASSWORD, encodeURIComponent(PASSWORD), Buffer.from(`gateway:${PASSWORD}`).toString('base64')]) {
      expect(said).not.toContain(secret);
    }
  });

  it('fault 5: warns when the password goes to another machine without TLS', async () => {
    makeAri({ account: { url: 'http://pbx.invalid:8088', username: 'gateway', password: PASSWORD } }).start();
    expect(lines.filter((line) => line.includes('without TLS'))).toHaveLength(1);
  });

  it('fault 6, old dependencies: runs on the replacements named in package.json', async () => {
    await started();
    const fromAri = createRequire(createRequire(__filename).resolve('ari-client'));
    const versionOf = (name: string): string => {
      const { version, name: really } = fromAri(`${name}/package.json`) as { version: string; name: string };
      return `${really} ${version.split('.')[0]}`;
    };
    expect(['request', 'ws', 'uuid'].map(versionOf)).toEqual(['@cypress/request 4', 'ws 8', 'uuid 11']);
    const { version } = fromAri('cookiejar/package.json') as { version: string };
    expect(version).toBe('2.1.4');
  });

  it('survives a wrong password, says so once, and is up when it is mended', async () => {
    fake.accounts.set('gateway', 'other');
    makeAri().start();
    await until('three attempts', () => fake.descriptions === 3);
    expect(lines.filter((line) => line.includes('check the name and password'))).toHaveLength(1);
    fake.accounts.set('gateway', PASSWORD);
    await until('link up', () => ari.state === 'up');
  });

  it.each(['a web page', 'breaks off', 'never'] as const)('survives a description that is %s', async (description) => {
    fake.description = description;
    makeAri({ timeoutMs: 200 }).start();
    await until('two attempts', () => fake.descriptions > DESCRIPTIONS_PER_CLIENT);
    fake.description = 'usual';
    await until('link up', () => ari.state === 'up');
  });

  it('notices by its heartbeat that the events socket is dead', async () => {
    await started({ timeoutMs: 150 });
    fake.deaf = true;
    await until('link lost', () => ari.state === 'connecting');
    fake.deaf = false;
    await until('a second socket', () => fake.socketsOpened >= 2 && ari.state === 'up');
  });

  it('steps back when another program takes its application', async () => {
    await started({ backoff: { ...QUICK.backoff, refusedMs: 60_000 } });
    fake.send({ type: 'ApplicationReplaced', application: 'hotline' });
    await until('link down', () => ari.state === 'down');
    const [said, ...more] = lines.filter((line) => line.includes('link refused'));
    expect(more).toEqual([]);
    expect(said).toContain('another program has taken the application hotline');
    expect(said).toContain('end the other gateway');
    expect(said).not.toContain('password');
  });

  it('ends for good: twice, while connecting, and while the library waits to reconnect', async () => {
    await started();
    await Promise.all([ari.close(), ari.close()]);
    await until('socket closed', () => fake.open === 0);

    fake.description = 'never';
    makeAri().start();
    await until('asked', () => fake.descriptions > DESCRIPTIONS_PER_CLIENT);
    await ari.close();
    fake.description = 'usual';

    await started();
    fake.dropSockets();
    await until('reconnecting', () => ari.state === 'connecting');
    const opened = fake.socketsOpened;
    await ari.close();
    // The library's first wait is 100 ms.
    await new Promise((resolve) => setTimeout(resolve, 250));
    expect(fake.open).toBe(0);
    expect(fake.socketsOpened - opened).toBeLessThanOrEqual(1);
    expect(states.at(-1)).toBe('down');
  });
});

function listenerCount(emitter: Client): number {
  return emitter.eventNames().reduce((sum, name) => sum + emitter.listenerCount(name), 0);
}
