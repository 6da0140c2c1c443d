import type { CallLogRow } from '../../crm-core/contract/calls';
import { Customer } from '../../crm-core/contract/customers';
import { MissedCall, MissedCallCounts, MissedCallDetail, MissedCallPage } from '../../crm-core/contract/missed-calls';
import type { CrmClient } from './crm-test-client';
import { callRow, freshMobile } from './crm-samples';
import { DATABASES, TestServer } from './crm-server';

const DAY = '2026-03-05T';
const at = (minutes: number) => new Date(Date.parse(`${DAY}01:00:00.000Z`) + minutes * 60_000).toISOString();

const LATER = 2_000_000;

type Changes = Partial<CallLogRow>;
const miss = (number: string | null, minute: number, more: Changes = {}): Changes => ({
  ...{ remoteNumber: number, agentExtension: null, outcome: 'abandoned', answeredAt: null, talkMs: 0, recording: null },
  ...{ startedAt: at(minute), endedAt: at(minute + 0.5), waitMs: 30_000 },
  ...more,
});
const talk = (number: string, minute: number, direction: 'inbound' | 'outbound'): Changes => ({
  ...{ remoteNumber: number, direction, outcome: 'answered', agentExtension: '1002' },
  ...{ startedAt: at(minute), answeredAt: at(minute + 0.1), endedAt: at(minute + 1) },
});

jest.setTimeout(60_000);

/** Every order of a few things. */
function orders<T>(things: readonly T[]): T[][] {
  if (things.length <= 1) return [[...things]];
  return things.flatMap((first, index) => orders(things.filter((_, other) => other !== index)).map((rest) => [first, ...rest]));
}

describe.each(DATABASES)('callers who were not served, on %s', (database) => {
  let server: TestServer;
  let gateway: CrmClient;
  let agent: CrmClient;
  let other: CrmClient;
  let supervisor: CrmClient;
  let calls = 0;
  beforeAll(async () => {
    server = await TestServer.start({ database });
    gateway = server.gateway();
    [agent, other, supervisor] = [await server.signedIn('1001'), await server.signedIn('1002'), await server.signedIn('zhuguan')];
  });
  afterAll(() => server.dispose());

  const put = async (changes: Changes, callId = `missed-${(calls += 1)}`): Promise<string> => {
    expect((await gateway.put(`/calls/${callId}`, callRow(callId, changes))).status).toBeLessThan(300);
    return callId;
  };
  const list = async (which: string, client = agent) => (await client.get('/missed-calls', { list: which, limit: 200 })).as(MissedCallPage).items;
  const of = async (number: string | null) =>
    [...(await list('all')), ...(await list('done'))].filter((entry) => entry.remoteNumber === number).sort((a, b) => (a.firstAt < b.firstAt ? -1 : 1));
  const openOf = async (number: string): Promise<MissedCall> => {
    const entry = (await of(number)).find(({ state }) => state === 'open');
    if (entry === undefined) throw new Error(`${number} has no open entry`);
    return entry;
  };
  const act = (client: CrmClient, entry: MissedCall, action: string, body: object = {}) =>
    client.post(`/missed-calls/${entry.missedCallId}/${action}`, { version: entry.version, ...body });
  const facts = (entry: MissedCall) => ({ tries: entry.tries, state: entry.state, firstAt: entry.firstAt, by: entry.done?.by ?? null });

  it('are one entry per caller, with each try and who was rung', async () => {
    // after everything the demo has of this customer
    await put(miss('13912345678', LATER, { legs: callRow('x').legs.map((leg) => ({ ...leg, result: 'no_answer' as const, answeredAt: null })) }));
    await put(miss('013912345678', LATER + 5, { exitReason: 'callback_requested', outcome: 'no_answer', line: '01066668888' }));
    const entry = (await list('all')).find(({ contactName }) => contactName === '吴海燕');
    expect(entry).toMatchObject({
      ...{ customerName: '云岭市政管网有限公司', tries: 2, firstAt: at(LATER), lastAt: at(LATER + 5), reason: 'callback_requested' },
      ...{ callbackRequested: true, state: 'open', ownerName: null, line: '01066668888', queue: 'hotline' },
    });
    const detail = (await agent.get(`/missed-calls/${entry?.missedCallId}`)).as(MissedCallDetail);
    expect(detail.calls.map(({ reason, rung }) => [reason, rung.map((leg) => [leg.agentName, leg.ringMs, leg.result])])).toEqual([
      ['callback_requested', []],
      ['abandoned', [['林晓', 4750, 'no_answer']]],
    ]);
  });

  it('tell what the dialplan said before what the call was', async () => {
    const number = freshMobile();
    await put(miss(number, 0, { queue: null, queueVisits: [], outcome: 'no_answer', exitReason: 'outside_hours' }));
    expect(await of(number)).toMatchObject([{ reason: 'outside_hours', queue: null }]);
  });

  it('are not those who were turned away', async () => {
    const number = freshMobile();
    await put(miss(number, 0, { queue: null, queueVisits: [], outcome: 'failed', exitReason: 'blocked', cause: 21 }));
    expect(await of(number)).toEqual([]);
  });

  it('whose number is withheld are listed call by call; numbers nobody can read by what arrived', async () => {
    const before = (await of(null)).length;
    await put(miss(null, 0));
    await put(miss(null, 1));
    expect(await of(null)).toHaveLength(before + 2);
    await put(miss('99', 0));
    await put(miss('99', 1));
    expect((await of('99')).map(facts)).toEqual([{ tries: 2, state: 'open', firstAt: at(0), by: null }]);
    await put(talk('99', 2, 'inbound'));
    expect((await of('99')).map(facts)).toEqual([{ tries: 2, state: 'done', firstAt: at(0), by: 'got_through' }]);
  });

  it('are done by a talk in either direction, in whatever order the calls are handed over', async () => {
    const story = (number: string) => [miss(number, 0), miss(number, 5), talk(number, 10, 'outbound'), miss(number, 20), talk(number, 15, 'inbound')];
    // every fifth of the 120
    for (const order of orders([0, 1, 2, 3, 4]).filter((_, index) => index % 5 === 0)) {
      const number = freshMobile();
      const told = story(number);
      for (const index of order) await put(told[index] ?? {});
      expect({ order, entries: (await of(number)).map(facts) }).toEqual({
        order,
        entries: [
          { tries: 2, state: 'done', firstAt: at(0), by: 'reached' },
          { tries: 1, state: 'open', firstAt: at(20), by: null },
        ],
      });
    }
  }, 60_000);

  type Event = 'first' | 'second' | 'talk' | 'closed';
  it.each([
    ['missed twice, reached after', { first: 0, second: 5, talk: 10 }],
    ['missed, reached, missed again', { first: 0, second: 10, talk: 5 }],
    ['reached, and missed twice after', { first: 5, second: 10, talk: 0 }],
  ] as const)('are right in each of the 24 orders, each told twice: %s, and closed by hand', async (_story, minutes) => {
    const isOpen = (told: ReadonlySet<Event>, one: 'first' | 'second') => !(told.has('talk') && minutes.talk >= minutes[one]);
    for (const order of orders<Event>(['first', 'second', 'talk', 'closed'])) {
      const number = freshMobile();
      const ids = { first: `order-${number}-1`, second: `order-${number}-2`, talk: `order-${number}-3` };
      const told = new Set<Event>();
      // What a person has closed stays closed; everything else is as if it had been told in its own order.
      let closed: ('first' | 'second')[] = [];
      for (const event of order) {
        if (event === 'closed') {
          closed = (['first', 'second'] as const).filter((one) => told.has(one) && isOpen(told, one));
          if (closed.length > 0) expect((await act(agent, await openOf(number), 'close', { by: 'not_needed', note: '已处理' })).status).toBe(200);
          expect((await of(number)).filter(({ state }) => state === 'open')).toEqual([]);
        } else {
          const row = event === 'talk' ? talk(number, minutes.talk, 'outbound') : miss(number, minutes[event]);
          for (let time = 0; time < 2; time += 1) await put(row, ids[event]);
        }
        told.add(event);
      }
      const left = (['first', 'second'] as const).filter((one) => !closed.includes(one));
      const groups = [
        { tries: closed, by: 'not_needed', state: 'done' },
        { tries: left.filter((one) => !isOpen(told, one)), by: 'reached', state: 'done' },
        { tries: left.filter((one) => isOpen(told, one)), by: null, state: 'open' },
      ].filter(({ tries }) => tries.length > 0);
      const expected = groups.map(({ tries, by, state }) => ({ tries: tries.length, state, firstAt: at(Math.min(...tries.map((one) => minutes[one]))), by }));
      const key = ({ firstAt, by }: { firstAt: string; by: string | null }) => `${firstAt} ${by}`;
      const sorted = <T extends { firstAt: string; by: string | null }>(list: T[]) => list.sort((a, b) => (key(a) < key(b) ? -1 : 1));
      expect({ order, entries: sorted((await of(number)).map(facts)) }).toEqual({ order, entries: sorted(expected) });
    }
  }, 60_000);

  it('say who reached them and when', async () => {
    const number = freshMobile();
    await put(miss(number, 0));
    const callId = await put(talk(number, 10, 'outbound'));
    const [entry] = await of(number);
    expect(entry?.done).toEqual({ at: at(10.1), by: 'reached', userId: expect.any(String), name: '何静', callId, note: '' });
  });

  it('have got through when they are answered on a second call while the first still waits', async () => {
    const number = freshMobile();
    await put(miss(number, 0, { endedAt: at(5) }));
    await put(talk(number, 2, 'inbound'));
    expect((await of(number)).map(facts)).toEqual([{ tries: 1, state: 'done', firstAt: at(0), by: 'got_through' }]);
  });

  it('stay as they are when a call is handed over again, and follow better knowledge', async () => {
    const number = freshMobile();
    const first = await put(miss(number, 0));
    const second = await put(miss(number, 1));
    const before = await openOf(number);
    await Promise.all([put(miss(number, 1), second), put(miss(number, 1), second), put(miss(number, 0), first)]);
    expect(await openOf(number)).toEqual(before);
    await put(talk(number, 1, 'inbound'), second);
    expect((await of(number)).map(facts)).toEqual([{ tries: 1, state: 'done', firstAt: at(0), by: 'got_through' }]);
    await put(miss(number, 1), second);
    expect((await of(number)).map(facts)).toEqual([{ tries: 2, state: 'open', firstAt: at(0), by: null }]);
    await put(talk(number, 0, 'inbound'), first);
    await put(talk(number, 1, 'inbound'), second);
    expect(await of(number)).toEqual([]);
  });

  it('keep their owner when they try again, and what one talk has done keeps its own', async () => {
    const number = freshMobile();
    await put(miss(number, 10));
    const claimed = (await act(agent, await openOf(number), 'claim')).as(MissedCall);
    expect(claimed).toMatchObject({ ownerName: '林晓' });
    await put(miss(number, 20));
    await put(talk(number, 5, 'inbound'));
    expect(await openOf(number)).toMatchObject({ ownerName: '林晓', tries: 2, missedCallId: claimed.missedCallId });
    await put(talk(number, 15, 'outbound'));
    expect(await of(number)).toMatchObject([
      { tries: 1, state: 'done' },
      { tries: 1, state: 'open', ownerName: '林晓', missedCallId: claimed.missedCallId },
    ]);
  });

  it('are taken on by one of two agents who ask at once; the other is told by whom', async () => {
    const number = freshMobile();
    await put(miss(number, 0));
    const entry = await openOf(number);
    const answers = await Promise.all([act(agent, entry, 'claim'), act(other, entry, 'claim')]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    const winner = answers.find(({ status }) => status === 200)?.as(MissedCall);
    const loser = answers.find(({ status }) => status === 409);
    expect(loser?.error.code).toBe('version_conflict');
    expect(MissedCall.parse(loser?.error.current)).toEqual(winner);
    const [winning, losing] = winner?.ownerName === '林晓' ? [agent, other] : [other, agent];
    expect((await act(winning, entry, 'claim')).as(MissedCall)).toEqual(winner);
    const current = await openOf(number);
    for (const action of ['claim', 'release', 'close'] as const) {
      expect((await act(losing, current, action, { by: 'called_back' })).error.code).toBe('invalid_state');
    }
    expect((await list('mine', winning)).map(({ missedCallId }) => missedCallId)).toContain(entry.missedCallId);
    expect((await list('mine', losing)).map(({ missedCallId }) => missedCallId)).not.toContain(entry.missedCallId);
    expect((await act(supervisor, current, 'claim')).as(MissedCall)).toMatchObject({ ownerName: '周敏' });
    const released = (await act(supervisor, await openOf(number), 'release')).as(MissedCall);
    expect(released).toMatchObject({ ownerName: null });
  });

  it('have a time to be called back, by one or by anyone, and are due then', async () => {
    const number = freshMobile();
    await put(miss(number, 0));
    const counts = async (client: CrmClient) => (await client.get('/missed-calls/counts')).as(MissedCallCounts);
    const before = { agent: await counts(agent), other: await counts(other) };
    const soon = new Date(Date.now() + 3_600_000).toISOString();
    const mine = (await act(agent, await openOf(number), 'schedule', { at: soon, owner: 'me' })).as(MissedCall);
    expect(mine).toMatchObject({ callbackAt: soon, ownerName: '林晓' });
    expect((await act(agent, mine, 'schedule', { at: soon, owner: 'me' })).as(MissedCall).version).toBe(mine.version);
    server.setClock(new Date(Date.now() + 2 * 3_600_000));
    expect((await counts(agent)).due).toBe(before.agent.due + 1);
    expect((await counts(other)).due).toBe(before.other.due);
    await act(agent, mine, 'schedule', { at: soon, owner: 'anyone' });
    expect((await counts(other)).due).toBe(before.other.due + 1);
    server.setClock(null);
  });

  it('are closed by hand with a reason; who tries again after that is a new entry', async () => {
    const number = freshMobile();
    await put(miss(number, 0));
    const entry = await openOf(number);
    expect((await act(agent, entry, 'close', { by: 'not_needed', note: ' ' })).fieldCodes).toEqual(['note: required']);
    const closed = (await act(agent, entry, 'close', { by: 'not_needed', note: '推销' })).as(MissedCall);
    expect(closed).toMatchObject({ state: 'done', done: { by: 'not_needed', name: '林晓', note: '推销' } });
    expect((await act(agent, entry, 'close', { by: 'not_needed', note: '推销' })).as(MissedCall)).toEqual(closed);
    expect((await act(agent, closed, 'claim')).error.code).toBe('invalid_state');
    await put(miss(number, -5));
    expect((await of(number)).map(facts)).toEqual([
      { tries: 1, state: 'open', firstAt: at(-5), by: null },
      { tries: 1, state: 'done', firstAt: at(0), by: 'not_needed' },
    ]);
  });

  it('stay one entry, of the customer that stays, when two customers become one', async () => {
    const [kept, twin] = [freshMobile(), freshMobile()];
    const make = async (name: string, raw: string) => (await agent.post('/customers', { name, numbers: [{ raw }] })).as(Customer);
    const [into, from] = [await make('留下的客户', kept), await make('重复的客户', twin)];
    await put(miss(kept, 0));
    await put(miss(twin, 1));
    await put(miss(twin, 2));
    const before = await openOf(twin);
    expect(before).toMatchObject({ customerId: from.customerId, tries: 2 });
    await act(agent, before, 'claim');
    const merged = await supervisor.post(`/customers/${into.customerId}/merge`, { customerId: from.customerId, version: into.version });
    expect(merged.status).toBe(200);
    const after = await openOf(twin);
    expect(after).toMatchObject({ missedCallId: before.missedCallId, customerId: into.customerId, customerName: '留下的客户', tries: 2, ownerName: '林晓' });
    // Each number is called back by itself: who calls from one of them has not been reached on the other.
    expect(await openOf(kept)).toMatchObject({ customerId: into.customerId, tries: 1 });
    await put(miss(twin, 3));
    expect((await openOf(twin)).tries).toBe(3);
    await put(talk(twin, 4, 'outbound'));
    expect((await of(twin)).map(({ state, customerName }) => [state, customerName])).toEqual([['done', '留下的客户']]);
    expect(await openOf(kept)).toMatchObject({ state: 'open', tries: 1 });
  });

  it('are paged by key and counted', async () => {
    const all = await list('all');
    const paged: string[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const page: MissedCallPage = (await agent.get('/missed-calls', { list: 'all', limit: 3, ...(cursor === '' ? {} : { cursor }) })).as(MissedCallPage);
      paged.push(...page.items.map(({ missedCallId }) => missedCallId));
      cursor = page.nextCursor;
    }
    expect(new Set(paged).size).toBe(paged.length);
    expect(paged.slice(0, all.length)).toEqual(all.map(({ missedCallId }) => missedCallId));
    expect((await agent.get('/missed-calls/counts')).as(MissedCallCounts).open).toBe(paged.length);
  });

  it('are for people with the right, and an unknown one is not found', async () => {
    expect((await server.client().get('/missed-calls')).status).toBe(401);
    expect((await gateway.get('/missed-calls')).status).toBe(403);
    expect((await agent.get('/missed-calls/0195e0f0-0000-7000-8000-000000000000')).error.code).toBe('not_found');
  });
});

it('are listed for as many days as the installation says', async () => {
  const server = await TestServer.start({ env: { HOTLINE_MISSED_DAYS: '7' } });
  const number = freshMobile();
  await server.gateway().put('/calls/old', callRow('old', miss(number, 0)));
  const agent = await server.signedIn('1001');
  const numbers = async () => (await agent.get('/missed-calls')).as(MissedCallPage).items.map(({ remoteNumber }) => remoteNumber);
  server.setClock(new Date(Date.parse(at(0)) + 6 * 86_400_000));
  expect(await numbers()).toContain(number);
  server.setClock(new Date(Date.parse(at(0)) + 8 * 86_400_000));
  expect(await numbers()).not.toContain(number);
  await server.dispose();
});
