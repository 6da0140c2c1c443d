import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { WebSocket } from 'ws';
import {
  CallView,
  EventEnvelope,
  eventSchemas,
  Reply,
  type CommandData,
  type CommandType,
  type EventData,
  type EventType,
} from '../../cti-gateway/protocol';
import type { GatewayConfig } from '../../cti-gateway/src/config';
import { createGateway, type Gateway, type GatewayParts } from '../../cti-gateway/src/gateway';
import { silentLog } from '../../cti-gateway/src/ports/log';
import { FakeCrm } from '../fakes/crm';
import { INTERNAL_SECRET, makeTicket, type TicketWish } from '../fakes/crm-tickets';
import { ManualClock } from '../fakes/manual-clock';
import { FakePbx } from '../fakes/pbx';

export const TOKEN = 'integration-test-token-0123456789abcdefgh';

/** Waits for the outside world (sockets, files), never for time: that is moved by hand. */
export async function until(condition: () => boolean, what = 'the condition'): Promise<void> {
  const deadline = Date.now() + 5_000;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error(`waited in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

export interface Harness {
  readonly clock: ManualClock;
  readonly crm: FakeCrm;
  readonly dataDir: string;
  pbx: FakePbx;
  gateway: Gateway;
  panel(wish?: Partial<TicketWish> & { extension: string | null }, options?: PanelOptions): Promise<TestPanel>;
  connect(options?: PanelOptions): Promise<TestPanel>;
  /** A new gateway process on the same data, beside the same telephone system. */
  restart(parts?: Partial<GatewayParts>): Promise<void>;
  close(): Promise<void>;
}

export async function startHarness(parts: Partial<GatewayParts> & { settings?: Partial<GatewayConfig> } = {}): Promise<Harness> {
  const clock = new ManualClock();
  const crm = new FakeCrm(TOKEN);
  await crm.start();
  const dataDir = mkdtempSync(path.join(os.tmpdir(), 'hotline-gateway-'));
  const config = makeConfig({ crmUrl: crm.url, dataDir, ...parts.settings });
  const { settings: _, ...rest } = parts;
  const panels: TestPanel[] = [];
  const start = async (more: Partial<GatewayParts> = {}): Promise<{ pbx: FakePbx; gateway: Gateway }> => {
    const pbx = new FakePbx(clock);
    return { pbx, gateway: await createGateway({ config, pbx, clock, log: silentLog, ...rest, ...more }) };
  };
  const harness: Harness = {
    clock,
    crm,
    dataDir,
    ...(await start()),
    async connect(options) {
      const panel = new TestPanel(harness.gateway.port, options);
      panels.push(panel);
      await panel.opened;
      return panel;
    },
    async panel(wish, options) {
      const panel = await harness.connect(options);
      await panel.hello({ userId: `u-${wish?.extension ?? 'none'}`, extension: '1001', ...wish }, clock.nowMs());
      await panel.event('session.started');
      return panel;
    },
    async restart(more) {
      await harness.gateway.close();
      Object.assign(harness, await start(more));
    },
    async close() {
      for (const panel of panels) panel.drop();
      await harness.gateway.close();
      await crm.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
  return harness;
}

export function makeConfig(more: Partial<GatewayConfig>): GatewayConfig {
  return {
    host: '127.0.0.1',
    port: 0,
    logLevel: 'silent',
    dataDir: '/nonexistent',
    internalSecret: INTERNAL_SECRET,
    gatewayToken: TOKEN,
    crmUrl: 'http://127.0.0.1:1',
    panelPort: 8080,
    allowedOrigins: [],
    queue: 'hotline',
    queueRingSec: 20,
    trunks: ['trunk'],
    ami: { host: '127.0.0.1', port: 1, username: 'x', secret: 'x' },
    amiFeed: { host: '127.0.0.1', port: 1, username: 'x', secret: 'x' },
    ari: { url: 'http://127.0.0.1:1', username: 'x', password: 'x' },
    sipWsUrl: 'ws://127.0.0.1:1/ws',
    phones: new Map([['1001', 'phone-secret-1001']]),
    lines: [{ number: '02066668888', label: '产品热线' }],
    areaCode: null,
    outsidePrefix: null,
    dialPerMinute: 12,
    signOutAfterMs: 15_000,
    callerMarksValidSec: 600,
    wrapUpMs: 0,
    wrapUpMaxMs: 300_000,
    demoCarrierUrl: null,
    celFile: null,
    celKeepDays: 90,
    ...more,
  };
}

export interface PanelOptions {
  readonly origin?: string;
  readonly path?: string;
}

interface SeenEvent {
  readonly type: string;
  readonly seq: number;
  readonly epoch: string;
  readonly data: unknown;
}

let commandSerial = 0;

/** A panel without a screen: every frame is parsed by the protocol's own schemas. */
export class TestPanel {
  readonly events: SeenEvent[] = [];
  readonly replies = new Map<string | null, Reply>();
  readonly opened: Promise<void>;
  closeCode: number | null = null;
  bytes = 0;
  private readonly ws: WebSocket;
  private taken = 0;

  constructor(port: number, { origin, path: where = '/cti' }: PanelOptions = {}) {
    this.ws = new WebSocket(`ws://127.0.0.1:${port}${where}`, { perMessageDeflate: false, ...(origin !== undefined && { origin }) });
    this.opened = new Promise((resolve, reject) => {
      this.ws.once('open', resolve);
      this.ws.once('error', reject);
    });
    this.ws.on('error', () => undefined);
    this.ws.on('close', (code) => (this.closeCode = code));
    this.ws.on('message', (data) => this.received((data as Buffer).toString('utf8')));
  }

  get epoch(): string {
    return this.events[0]?.epoch ?? '';
  }

  get seq(): number {
    return this.events.at(-1)?.seq ?? 0;
  }

  hello(
    wish: TicketWish,
    nowMs: number,
    more: { tab?: string; resume?: { epoch: string; seq: number }; ticket?: string; protocol?: number } = {},
  ): Promise<Reply> {
    const data = { protocol: more.protocol ?? 1, ticket: more.ticket ?? makeTicket(wish, nowMs), tab: more.tab ?? 'tab-00000001' };
    return this.command('hello', more.resume === undefined ? data : { ...data, resume: more.resume });
  }

  async command<T extends CommandType>(
    type: T,
    data: CommandData<T>,
    id = `cmd-${String(++commandSerial).padStart(8, '0')}`,
  ): Promise<Reply> {
    this.replies.delete(id);
    this.raw(JSON.stringify({ v: 1, type, id, data }));
    await until(() => this.replies.has(id), `the reply to ${type}`);
    return this.replies.get(id) as Reply;
  }

  raw(frame: string | Buffer): void {
    this.ws.send(frame);
  }

  /** The next event of this type that was not looked at yet. */
  async event<T extends EventType>(type: T, accept: (data: EventData<T>) => boolean = () => true): Promise<EventData<T>> {
    let found: EventData<T> | null = null;
    await until(
      () => {
        for (let index = this.taken; index < this.events.length; index += 1) {
          const event = this.events[index] as SeenEvent;
          if (event.type !== type || !accept(event.data as EventData<T>)) continue;
          this.taken = index + 1;
          found = event.data as EventData<T>;
          return true;
        }
        return false;
      },
      `${type}; seen: ${this.events.map((event) => event.type).join(', ')}`,
    );
    return found as unknown as EventData<T>;
  }

  of<T extends EventType>(type: T): readonly EventData<T>[] {
    return this.events.filter((event) => event.type === type).map((event) => event.data as EventData<T>);
  }

  callFrames(): readonly { type: string; call: CallView }[] {
    return this.events.flatMap((event) => {
      const call = CallView.safeParse((event.data as { call?: unknown } | null)?.call);
      return call.success ? [{ type: event.type, call: call.data }] : [];
    });
  }

  /** Everything sent before this has arrived. */
  async settle(): Promise<void> {
    await this.command('session.ping', {});
  }

  /** Stops reading, as a sleeping machine does. */
  stall(): void {
    this.ws.pause();
  }

  wake(): void {
    this.ws.resume();
  }

  /** Cuts the connection without a word. */
  drop(): void {
    this.ws.terminate();
  }

  async closed(): Promise<number> {
    await until(() => this.closeCode !== null, 'the connection to close');
    return this.closeCode ?? 0;
  }

  private received(text: string): void {
    this.bytes += text.length;
    const frame: unknown = JSON.parse(text);
    const event = EventEnvelope.safeParse(frame);
    if (!event.success) {
      const reply = Reply.parse(frame);
      this.replies.set(reply.id, reply);
      return;
    }
    const { type, seq, epoch, data } = event.data;
    const schema = eventSchemas[type as EventType];
    this.events.push({ type, seq, epoch, data: schema.parse(data) });
  }
}

export function errorOf(reply: Reply): string {
  return reply.ok ? 'ok' : reply.error.code;
}
