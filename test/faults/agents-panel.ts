import { setTimeout as delay } from 'node:timers/promises';
import { CtiTicket } from '../../crm-core/contract';
import { TestPanel } from '../integration/gateway-harness';
import { RestClient } from '../support/rest-client';

export interface AgentsPanelOptions {
  readonly extension: string;
  readonly password: string;
  readonly panelUrl: string;
  readonly ctiPort: number;
}

/** An agent's panel as it behaves in life: over the real WebSocket, back as soon as the gateway lets it, ready for calls. */
export class AgentsPanel {
  private rest: RestClient | null = null;
  private panel: TestPanel | null = null;
  private closed = false;
  private running: Promise<void> = Promise.resolve();

  constructor(private readonly options: AgentsPanelOptions) {}

  async start(): Promise<void> {
    await this.connect();
    this.running = this.stayConnected();
  }

  get extension(): string {
    return this.options.extension;
  }

  get connected(): boolean {
    return this.panel !== null && this.panel.closeCode === null;
  }

  /** Calls that this panel shows as live; none while it is not connected. */
  liveCalls(): ReadonlySet<string> {
    const live = new Set<string>();
    if (!this.connected) return live;
    for (const event of this.panel?.events ?? []) {
      const data = event.data as { calls?: { callId: string; state: string }[]; call?: { callId: string; state: string } };
      for (const call of [...(data.calls ?? []), ...(data.call === undefined ? [] : [data.call])]) {
        if (call.state === 'ended') live.delete(call.callId);
        else live.add(call.callId);
      }
    }
    return live;
  }

  /** @returns true when the gateway has accepted. */
  async dial(dialId: string, number: string): Promise<boolean> {
    const panel = this.panel;
    if (panel === null || panel.closeCode !== null) return false;
    return panel.command('call.dial', { dialId, number, customerId: null }).then(
      (reply) => reply.ok,
      () => false,
    );
  }

  async close(): Promise<void> {
    this.closed = true;
    await this.running;
    this.panel?.drop();
  }

  private async connect(): Promise<void> {
    const { extension, password, panelUrl, ctiPort } = this.options;
    this.rest ??= await RestClient.signIn(panelUrl, extension, password);
    const { ticket } = CtiTicket.parse(await this.rest.post('/session/ticket', {}));
    const panel = new TestPanel(ctiPort, { origin: panelUrl });
    await panel.opened;
    const hello = await panel.hello({ userId: '', extension: null }, 0, { ticket, tab: `tab-${extension}-0001` });
    if (!hello.ok) throw new Error(hello.error.code);
    await panel.command('presence.set', { state: 'ready' }).catch(() => undefined);
    this.panel = panel;
  }

  private async stayConnected(): Promise<void> {
    while (!this.closed) {
      if (!this.connected) await this.connect().catch(() => undefined);
      await delay(100);
    }
  }
}
