import { DemoCarrierError, type DemoCarrier } from '../../ports/demo-carrier';

/** What a caller ID may be on the simulated network, hostile ones included, short of what would break Asterisk's own syntax. */
const CALLER_ID = /^(\+?[0-9*#]{1,32}|anonymous|unknown)$/;
const LINE = /^\d{3,20}$/;
const DEADLINE_MS = 5_000;

export interface AriCarrierOptions {
  /** `http://user:password@host:port/ari` */
  readonly url: string;
  readonly defaultLine: string;
}

/** The demo's public network: a second Asterisk whose ARI places a call into our trunk, as a stranger would. */
export class AriCarrier implements DemoCarrier {
  private readonly endpoint: URL;
  private readonly authorization: string;

  constructor(private readonly options: AriCarrierOptions) {
    const url = new URL(options.url);
    this.authorization = `Basic ${Buffer.from(`${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`).toString('base64')}`;
    url.username = '';
    url.password = '';
    this.endpoint = new URL(`${url.href.replace(/\/$/, '')}/channels`);
  }

  async call({ callerId, line }: { callerId: string; line: string | null }): Promise<void> {
    const number = line ?? this.options.defaultLine;
    const from = callerId.trim() === '' ? 'anonymous' : callerId.trim();
    if (!CALLER_ID.test(from)) throw new DemoCarrierError('invalid_value', 'A caller ID has digits, +, * and # only');
    if (!LINE.test(number)) throw new DemoCarrierError('invalid_value', 'A line has digits only');
    const response = await this.post({
      endpoint: `PJSIP/${number}@hotline`,
      context: 'customer',
      extension: 's',
      priority: 1,
      callerId: from,
      timeout: 120,
    });
    await response.body?.cancel();
    if (!response.ok) throw new DemoCarrierError('unavailable', `The simulated network answered ${response.status}`);
  }

  private async post(body: object): Promise<Response> {
    try {
      return await fetch(this.endpoint, {
        method: 'POST',
        headers: { authorization: this.authorization, 'content-type': 'application/json' },
        body: JSON.stringify(body),
        signal: AbortSignal.timeout(DEADLINE_MS),
        redirect: 'error',
      });
    } catch {
      throw new DemoCarrierError('unavailable', 'The simulated network does not answer');
    }
  }
}
