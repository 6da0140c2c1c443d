import { randomUUID } from 'node:crypto';
import WebSocket from 'ws';
import { LaunchError } from './launch-error';
import type { CallRequest } from './call-arguments';

/** Causes a caller hears of (ITU-T Q.850). */
const CAUSES: Readonly<Record<number, string>> = {
  0: 'ended',
  1: 'no such number',
  16: 'hung up',
  17: 'busy',
  18: 'no reply',
  19: 'nobody answered',
  21: 'declined',
  34: 'no channel free',
};

/** What the hotline is to the public network (dialplans/carrier/pjsip.conf). */
const TECHNOLOGY = 'PJSIP';
const HOTLINE = 'hotline';

interface AriEvent {
  readonly type?: string;
  readonly cause?: number;
  readonly channel?: { readonly id?: string; readonly state?: string };
}

/** One call of a simulated customer, placed by the REST interface of the demo's public network. */
export class TestCall {
  private readonly channelId = `customer-${randomUUID()}`;
  private constructor(
    private readonly url: URL,
    private readonly socket: WebSocket,
  ) {}

  /** @param carrierUrl see HOTLINE_DEMO_CARRIER_URL */
  static async connect(carrierUrl: string): Promise<TestCall> {
    const url = new URL(carrierUrl);
    const app = `call-${process.pid}`;
    const events = new URL(`${url.pathname}/events`, url);
    events.protocol = 'ws:';
    events.search = new URLSearchParams({ app, api_key: `${url.username}:${url.password}` }).toString();
    events.username = events.password = '';
    const socket = new WebSocket(events, { handshakeTimeout: 10_000 });
    await new Promise<void>((resolve, reject) => {
      socket.once('open', resolve);
      socket.once('error', () => reject(new LaunchError('The simulated public network does not answer; is "npm start" still running?')));
    });
    const call = new TestCall(url, socket);
    // Not subscribeAll: that takes in states of devices too, and Asterisk 22.10 locks itself up when one changes while an application comes or goes.
    await call.request('POST', `/applications/${app}/subscription`, { eventSource: `endpoint:${TECHNOLOGY}/${HOTLINE}` });
    return call;
  }

  /** Resolves when the call is over. Says each step. */
  async place(request: CallRequest, say: (news: string) => void): Promise<void> {
    const ended = new Promise<void>((resolve) => {
      this.socket.once('close', () => resolve());
      this.socket.on('message', (data: WebSocket.RawData) => {
        const event = JSON.parse(String(data)) as AriEvent;
        if (event.channel?.id !== this.channelId) return;
        const news = describeEvent(event);
        if (news !== null) say(news);
        if (event.type === 'ChannelDestroyed') resolve();
      });
    });
    await this.request('POST', '/channels', {
      endpoint: `${TECHNOLOGY}/${request.line}@${HOTLINE}`,
      context: 'customer',
      extension: 's',
      priority: '1',
      callerId: `"" <${request.callerId}>`,
      timeout: '120',
      channelId: this.channelId,
    });
    await ended;
  }

  async hangUp(): Promise<void> {
    await this.request('DELETE', `/channels/${this.channelId}`, {}).catch(() => undefined);
  }

  close(): void {
    this.socket.close();
  }

  private async request(method: string, path: string, query: Record<string, string>): Promise<void> {
    const target = new URL(`${this.url.pathname}${path}`, this.url);
    target.search = new URLSearchParams(query).toString();
    target.username = target.password = '';
    const authorization = `Basic ${Buffer.from(`${this.url.username}:${this.url.password}`).toString('base64')}`;
    const response = await fetch(target, { method, headers: { authorization }, signal: AbortSignal.timeout(10_000) });
    if (!response.ok) throw new LaunchError(`The simulated public network refused the call (${response.status}): ${(await response.text()).slice(0, 200)}`);
  }
}

function describeEvent(event: AriEvent): string | null {
  if (event.type === 'ChannelStateChange' && event.channel?.state === 'Ringing') return 'ringing';
  if (event.type === 'ChannelStateChange' && event.channel?.state === 'Up') return 'answered by the hotline; the customer speaks';
  if (event.type === 'ChannelDestroyed') return CAUSES[event.cause ?? 0] ?? `ended (cause ${event.cause})`;
  return null;
}
