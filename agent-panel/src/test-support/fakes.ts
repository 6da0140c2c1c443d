import type { EventData, EventType } from '../../../cti-gateway/protocol';
import type { Api, Query } from '../app/api-client';
import type { Services } from '../app/services';
import type { PhoneCommand, PhoneResult, Softphone, SoftphoneStatus } from '../softphone';
import type { CommandResult, ConnectionState, CtiClient, Leadership, PanelClock, TabRole } from '../transport';

/** A clock that stands until a test moves it. */
export class FakeClock implements PanelClock {
  #now = Date.parse('2025-11-21T14:30:00.000Z');
  #timers: Array<{ readonly atMs: number; readonly run: () => void }> = [];

  nowMs(): number {
    return this.#now;
  }

  schedule(delayMs: number, callback: () => void): () => void {
    const timer = { atMs: this.#now + delayMs, run: callback };
    this.#timers.push(timer);
    return () => (this.#timers = this.#timers.filter((one) => one !== timer));
  }

  /** Moves on, runs what is due in order, and lets promises settle after each. */
  async advance(ms: number): Promise<void> {
    const untilMs = this.#now + ms;
    for (;;) {
      const next = this.#timers.filter((one) => one.atMs <= untilMs).sort((a, b) => a.atMs - b.atMs)[0];
      if (next === undefined) break;
      this.#timers = this.#timers.filter((one) => one !== next);
      this.#now = Math.max(this.#now, next.atMs);
      next.run();
      await settle();
    }
    this.#now = untilMs;
    await settle();
  }
}

export async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
}

/** A gateway's session that says what the test says. */
export class FakeClient implements CtiClient {
  state: ConnectionState = { name: 'idle' };
  readonly counters = { framesReceived: 0, unknownTypes: 0, malformed: 0, duplicates: 0, gaps: 0, reconnects: 0, unmatchedReplies: 0 };
  readonly commands: Array<{ readonly type: string; readonly data: unknown }> = [];
  reply: (type: string, data: unknown) => CommandResult = () => ({ ok: true, data: {} });
  #listeners = new Map<string, Set<(data: never, frame: never) => void>>();
  #states = new Set<(state: ConnectionState) => void>();

  connect(): void {
    this.become({ name: 'open', sinceMs: 0, epoch: 'e' });
  }

  become(state: ConnectionState): void {
    this.state = state;
    for (const listener of this.#states) listener(state);
  }

  command(type: string, data: unknown): Promise<CommandResult> {
    this.commands.push({ type, data });
    return Promise.resolve(this.reply(type, data));
  }

  on<T extends EventType>(type: T, listener: (data: EventData<T>, frame: never) => void): () => void {
    const set = this.#listeners.get(type) ?? new Set();
    this.#listeners.set(type, set.add(listener as never));
    return () => set.delete(listener as never);
  }

  emit<T extends EventType>(type: T, data: EventData<T>): void {
    for (const listener of this.#listeners.get(type) ?? []) listener(data as never, undefined as never);
  }

  onState(listener: (state: ConnectionState) => void): () => void {
    this.#states.add(listener);
    return () => this.#states.delete(listener);
  }

  close(): void {
    this.become({ name: 'closed' });
  }
}

/** A telephone that does what it is told and remembers it. */
export class FakePhone {
  status: SoftphoneStatus = { registration: { state: 'registered' }, session: null, microphone: 'granted', audioBlocked: false };
  readonly orders: PhoneCommand[] = [];
  result: PhoneResult = { ok: true };
  #listeners = new Set<(status: SoftphoneStatus) => void>();

  onStatus(listener: (status: SoftphoneStatus) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
  change(status: Partial<SoftphoneStatus>): void {
    this.status = { ...this.status, ...status };
    for (const listener of this.#listeners) listener(this.status);
  }
  perform(order: PhoneCommand): Promise<PhoneResult> {
    this.orders.push(order);
    return Promise.resolve(this.result);
  }
  onEvent = () => () => {};
  start = () => {};
  stop = () => Promise.resolve();
  close = () => Promise.resolve();
  chooseDevices = () => Promise.resolve();
  unlockAudio = () => Promise.resolve();
  requestMicrophone = () => Promise.resolve(this.status.microphone);
  listDevices = () => Promise.resolve({ microphones: [], speakers: [] });
  levels = () => Promise.resolve({ inbound: null, outbound: null });
}

export function fakeLeadership(phone: FakePhone, role: TabRole = 'leader'): Leadership<SoftphoneStatus> {
  return {
    tab: 'tab-0001',
    role,
    leaderStatus: role === 'leader' ? null : phone.status,
    onRole: () => () => {},
    onLeaderStatus: () => () => {},
    publish: () => {},
    perform: (order) => phone.perform(order),
    bringHere: () => Promise.resolve({ ok: true }),
    close: () => {},
  };
}

/** An API whose answers the test gives by method and path; what is not given fails like a dead server. */
export class FakeApi {
  readonly requests: Array<{ readonly method: string; readonly path: string; readonly body: unknown; readonly query?: Query }> = [];
  answer: (method: string, path: string, body: unknown) => unknown = () => {
    throw new Error('not given');
  };

  readonly api: Api = {
    get: (path, _schema, options) => this.#run('GET', path, undefined, options?.query) as never,
    send: (method, path, body) => this.#run(method, path, body) as never,
  };

  async #run(method: string, path: string, body: unknown, query?: Query): Promise<unknown> {
    this.requests.push({ method, path, body, ...(query === undefined ? {} : { query }) });
    await Promise.resolve();
    return this.answer(method, path, body);
  }
}

export interface Stage {
  readonly services: Services;
  readonly clock: FakeClock;
  readonly client: FakeClient;
  readonly phone: FakePhone;
  readonly api: FakeApi;
}

export function stage(role: TabRole = 'leader'): Stage {
  const clock = new FakeClock();
  const client = new FakeClient();
  const phone = new FakePhone();
  const api = new FakeApi();
  const services: Services = {
    api: api.api,
    clock,
    storage: globalThis.localStorage,
    createClient: () => client as unknown as CtiClient,
    createPhone: () => Promise.resolve(phone as unknown as Softphone),
    createHandover: () => null,
    createLeadership: () => fakeLeadership(phone, role),
  };
  return { services, clock, client, phone, api };
}
