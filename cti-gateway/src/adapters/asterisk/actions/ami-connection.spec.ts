import { FakeAmi } from '../../../../../test/fakes/asterisk-ami';
import { machineClock, until } from '../../../../../test/fakes/asterisk-times';
import { AmiConnection } from './ami-connection';

describe('AmiConnection', () => {
  let fake: FakeAmi;
  const abort = new AbortController();
  const open = (timeoutMs = 4_000): Promise<AmiConnection> =>
    AmiConnection.open({
      account: { host: '127.0.0.1', port: fake.port, username: 'gateway', secret: 'right' },
      clock: machineClock,
      timeoutMs,
      signal: abort.signal,
    });

  /** The connection's own tables, to see that nothing is left in them. */
  const waitingIn = (connection: AmiConnection): number => (connection as unknown as { waiting: Set<unknown> }).waiting.size;

  beforeEach(async () => {
    fake = await FakeAmi.start();
  });

  afterEach(() => fake.stop());

  it('holds nothing of an action that is over, however it went', async () => {
    const connection = await open(200);
    // A promise keeps whoever waits for it until it settles: here as long as the connection lives.
    const waitedFor = jest.spyOn(connection.closed, 'then');
    for (let i = 0; i < 500; i++) await connection.send('Ping');
    fake.refusedActions.set('QueueAdd', 'No');
    await connection.send('QueueAdd');
    fake.ignoredActions.add('QueueRemove');
    await expect(connection.send('QueueRemove')).rejects.toMatchObject({ reason: 'timeout' });
    await expect(connection.send('QueuePause', { Reason: '\n' })).rejects.toMatchObject({ reason: 'invalid_value' });
    expect(waitedFor).not.toHaveBeenCalled();
    expect(waitingIn(connection)).toBe(0);
    connection.close();
  });

  it('fails everything that is under way when it ends, and what comes after', async () => {
    const connection = await open();
    fake.ignoredActions.add('QueueAdd');
    const waiting = Promise.allSettled([connection.send('QueueAdd'), connection.send('QueueAdd')]);
    await until('both arrived', () => fake.actions('QueueAdd').length === 2);
    expect(waitingIn(connection)).toBe(2);
    fake.drop();
    const failed = { status: 'rejected', reason: { reason: 'unavailable', message: 'connection closed by Asterisk' } };
    expect(await waiting).toMatchObject([failed, failed]);
    expect(waitingIn(connection)).toBe(0);
    await expect(connection.send('Ping')).rejects.toMatchObject({ reason: 'unavailable' });
    expect((await connection.closed).message).toBe('connection closed by Asterisk');
  });

  it('is not opened by whoever has given up', async () => {
    abort.abort();
    await expect(open()).rejects.toThrow('closed');
    await until('no connection', () => fake.open === 0);
  });
});
