import { FakeAmi } from '../../../../../test/fakes/asterisk-ami';
import { machineClock, QUICK, recordedLog, until } from '../../../../../test/fakes/asterisk-times';
import type { LinkState, PbxError } from '../../../ports/pbx';
import { AmiActions, type AmiActionsOptions } from './ami-actions';

/** What `asterisk-manager` 0.2.0 does wrong, and that none of it is seen from outside of the adapter. */
describe('AmiActions', () => {
  let fake: FakeAmi;
  let actions: AmiActions;
  let states: LinkState[];
  let lines: string[];

  function makeActions(options: Partial<AmiActionsOptions> = {}): AmiActions {
    const recorded = recordedLog();
    lines = recorded.lines;
    actions = new AmiActions({
      account: { host: '127.0.0.1', port: fake.port, username: 'gateway', secret: 'right' },
      clock: machineClock,
      log: recorded.log,
      onState: (state) => states.push(state),
      ...QUICK,
      ...options,
    });
    return actions;
  }

  async function started(options: Partial<AmiActionsOptions> = {}): Promise<void> {
    makeActions(options).start();
    await until('link up', () => actions.state === 'up');
  }

  function failure(action: string, fields: Record<string, string> = {}): Promise<PbxError> {
    return actions.perform(action, fields).then(
      () => Promise.reject(new Error('did not fail')),
      (error: PbxError) => error,
    );
  }

  beforeEach(async () => {
    fake = await FakeAmi.start();
    states = [];
  });

  afterEach(async () => {
    await actions.close();
    await fake.stop();
  });

  it('sends an action and gives its answer', async () => {
    await started();
    await expect(actions.perform('QueueAdd', { Queue: 'hotline', Interface: 'PJSIP/1001', MemberName: '林晓' })).resolves.toMatchObject({
      success: true,
      message: 'Done',
    });
    expect(fake.actions('QueueAdd')[0]?.headers).toMatchObject({ Queue: 'hotline', Interface: 'PJSIP/1001', Membername: '林晓' });
  });

  it('tells apart why Asterisk refuses', async () => {
    await started();
    const words = [
      ['Unable to add interface: Already there', 'duplicate'],
      ['Unable to add interface to queue: No such queue', 'not_found'],
      ['Unable to remove interface: Not there', 'not_found'],
      ['Interface not found', 'not_found'],
      ['No such channel', 'not_found'],
      ['Channel not found', 'not_found'],
      ['Member not dynamic', 'refused'],
      ['Permission denied', 'refused'],
    ] as const;
    for (const [message, reason] of words) {
      fake.refusedActions.set('QueueAdd', message);
      expect(await failure('QueueAdd')).toMatchObject({ reason, message: `QueueAdd: ${message}` });
    }
  });

  it('fault 1, no reconnect: comes back by itself after the connection was lost', async () => {
    await started();
    fake.drop(false);
    await until('a second connection', () => fake.connections === 2 && actions.state === 'up');
    await actions.perform('QueuePause', {});
    expect(fake.actions('QueuePause')[0]?.connection).toBe(2);
    expect(states).toEqual(['connecting', 'up', 'down', 'up']);
  });

  it('fault 2, silent about a wrong password: reports it, and lets no action wait for it', async () => {
    fake.accounts.set('gateway', 'other');
    makeActions().start();
    await until('three attempts', () => fake.connections === 3);
    expect(lines.filter((line) => line.includes('check the name and password'))).toHaveLength(1);
    expect(lines.join()).not.toContain('right');
    expect(await failure('QueueAdd')).toMatchObject({ reason: 'unavailable' });
    fake.accounts.set('gateway', 'right');
    await until('link up', () => actions.state === 'up');
    expect(fake.actions('QueueAdd')).toEqual([]);
  });

  it('fault 2: a login that is not answered is given up, one refused by a shutdown tried again soon', async () => {
    fake.loginAnswer = 'none';
    makeActions({ timeoutMs: 60, backoff: { ...QUICK.backoff, refusedMs: 60_000 } }).start();
    await until('a second attempt', () => fake.connections === 2);
    fake.loginAnswer = 'shutting down';
    const before = fake.connections;
    await until('two more attempts', () => fake.connections === before + 2);
    fake.loginAnswer = 'usual';
    await until('link up', () => actions.state === 'up');
    expect(lines.join()).not.toContain('check the name and password');
  });

  it('fault 3, actions that never call back: one without answer ends at its deadline', async () => {
    await started({ timeoutMs: 80, heartbeatMs: 60_000 });
    fake.ignoredActions.add('QueueAdd');
    expect(await failure('QueueAdd')).toMatchObject({ reason: 'timeout' });
    await actions.perform('QueueRemove', {});
  });

  it('fault 3: what is under way when the connection ends fails then, and nothing is sent later', async () => {
    await started({ timeoutMs: 60_000, heartbeatMs: 60_000 });
    fake.ignoredActions.add('QueueAdd');
    const waiting = failure('QueueAdd');
    await until('action arrived', () => fake.actions('QueueAdd').length === 1);
    fake.drop();
    expect(await waiting).toMatchObject({ reason: 'unavailable' });
    expect(await failure('QueueAdd')).toMatchObject({ reason: 'unavailable' });
    await until('link up', () => actions.state === 'up');
    await actions.perform('QueueRemove', {});
    expect(fake.actions('QueueAdd')).toHaveLength(1);
  });

  it('fault 4, half an event glued to the next login: a new connection knows nothing of the old one', async () => {
    await started({ heartbeatMs: 60_000 });
    for (let round = 2; round <= 4; round++) {
      fake.ignoredActions.add('QueueAdd');
      const waiting = failure('QueueAdd');
      await until('action arrived', () => fake.actions('QueueAdd').length === round - 1);
      fake.halfMessage('Response: Success\r\nActionID: action-1-3\r\nMessage: Do');
      fake.drop();
      expect(await waiting).toMatchObject({ reason: 'unavailable' });
      await until('link up', () => fake.connections === round && actions.state === 'up');
      await expect(actions.perform('QueueRemove', {})).resolves.toMatchObject({ message: 'Done' });
    }
    expect(fake.connections).toBe(4);
  });

  it.each([
    ['line feed', 'Reason', 'x\r\nAction: Originate'],
    ['bare line feed', 'Reason', 'x\nVariable: y'],
    ['carriage return', 'Reason', 'x\ry'],
    ['NUL', 'Reason', 'x\u0000y'],
    ['header in the name', 'Reason: x\r\nY', 'z'],
    ['comma in a variable', 'Variable', 'A=1,B=2'],
    ['line of 1 kB', 'Reason', '王'.repeat(340)],
  ])('fault 5, no filter: refuses a value with %s and sends nothing', async (_, header, value) => {
    await started({ heartbeatMs: 60_000 });
    const before = fake.received.length;
    expect(await failure('QueuePause', { [header]: value })).toMatchObject({ reason: 'invalid_value' });
    await actions.perform('Events', { EventMask: 'off' });
    expect(fake.received.length).toBe(before + 1);
  });

  it('fault 6, the header that Asterisk does not read: switches events off itself', async () => {
    await started();
    expect(fake.actions('login')[0]?.headers).not.toHaveProperty('Events');
    expect(fake.actions('Events')[0]?.headers).toMatchObject({ Eventmask: 'off' });
    expect(fake.listeners).toBe(0);
  });

  it('fault 7, a reconnect that cannot be cancelled: nothing connects after close', async () => {
    await started();
    await fake.stop();
    await until('attempts fail', () => lines.filter((line) => line.includes('link failed')).length >= 3);
    await Promise.all([actions.close(), actions.close()]);
    await fake.listen(fake.port);
    const before = fake.connections;
    // Longer than every wait of the loop.
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect(fake.connections).toBe(before);
    expect(await failure('Ping')).toMatchObject({ reason: 'unavailable' });
  });

  it('fault 7: close while the login is open ends the socket as well', async () => {
    fake.loginAnswer = 'none';
    makeActions().start();
    await until('connected', () => fake.open === 1);
    await actions.close();
    await until('socket closed', () => fake.open === 0);
    expect(fake.connections).toBe(1);
  });

  it('fault 8, no heartbeat: notices a silent connection and makes another', async () => {
    await started({ timeoutMs: 80 });
    fake.frozen = true;
    await until('link lost', () => actions.state !== 'up');
    fake.frozen = false;
    await until('link up', () => actions.state === 'up');
  });

  it('fault 9, headers in four shapes: gives every header as a list of strings', async () => {
    await started();
    fake.extraHeaders.set('GetConfig', [
      ['Line', 'one'],
      ['Line', 'two'],
      ['ChanVariable', 'A=1'],
      ['ChanVariable', 'B=x=y'],
      ['DestChanVariable', 'C=3'],
    ]);
    const { headers } = await actions.perform('GetConfig', {});
    expect(headers.get('line')).toEqual(['one', 'two']);
    expect(headers.get('chanvariable')).toEqual(['A=1', 'B=x=y']);
    expect(headers.get('destchanvariable')).toEqual(['C=3']);
    expect(headers.get('message')).toEqual(['Done']);
  });
});
