import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ActiveCallerMarks } from '../../crm-core/contract/caller-marks';
import type { CallLogRow } from '../../crm-core/contract/calls';
import type { AgentList } from '../../crm-core/contract/users';
import type { MatchOwner } from '../../crm-core/contract/match';

export type FakeCrmMode = 'well' | 'silent' | 'error' | 'refuses_rows' | 'garbage';

/** crm-core as the gateway sees it, on a real port: a directory by number, an intake of rows by call, and its bad days. */
export class FakeCrm {
  mode: FakeCrmMode = 'well';
  readonly customers = new Map<string, string>();
  readonly rows = new Map<string, CallLogRow>();
  readonly requests: string[] = [];
  /** Calls whose rows it stumbles over, all else being well. */
  readonly stumblesOver = new Set<string>();
  /** Null: it does not tell. */
  agents: AgentList['items'] | null = null;
  callerMarks: ActiveCallerMarks = { items: [], version: '0' };
  /** How often each call was delivered. */
  readonly deliveries = new Map<string, number>();
  private readonly hanging = new Set<ServerResponse>();
  private server: Server | null = null;
  private port = 0;

  constructor(private readonly token: string) {}

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** The same port again after a `stop`. */
  async start(): Promise<void> {
    const server = createServer((request, response) => void this.handle(request, response));
    await new Promise<void>((resolve) => server.listen(this.port, '127.0.0.1', resolve));
    this.port = (server.address() as AddressInfo).port;
    this.server = server;
  }

  async stop(): Promise<void> {
    const server = this.server;
    this.server = null;
    for (const response of this.hanging) response.destroy();
    if (server === null) return;
    server.closeAllConnections();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url ?? '';
    this.requests.push(`${request.method ?? ''} ${path}`);
    const body = await text(request);
    if (this.mode === 'silent') return void this.hanging.add(response);
    if (this.mode === 'error') return reply(response, 500, {});
    if (this.mode === 'garbage') return reply(response, 200, { surprise: true });
    if (path === '/readyz') return reply(response, 200, { status: 'ready' });
    if (request.headers.authorization !== `Bearer ${this.token}`) return reply(response, 401, {});
    if (path === '/api/v1/agents' && this.agents !== null) return reply(response, 200, { items: this.agents });
    if (path === '/api/v1/match') return reply(response, 200, this.match(JSON.parse(body) as { callerId: string }));
    if (path.startsWith('/api/v1/caller-marks?active=true')) return this.marks(request, response);
    if (request.method === 'PUT') return this.intake(response, JSON.parse(body) as CallLogRow);
    reply(response, 404, {});
  }

  private marks(request: IncomingMessage, response: ServerResponse): void {
    const tag = `"${this.callerMarks.version}"`;
    if (request.headers['if-none-match'] === tag) return void response.writeHead(304).end();
    response.setHeader('etag', tag);
    reply(response, 200, this.callerMarks);
  }

  private intake(response: ServerResponse, row: CallLogRow): void {
    if (this.mode === 'refuses_rows') {
      return reply(response, 422, {
        error: { code: 'validation', message: 'no', requestId: 'r', fields: [{ path: 'line', code: 'too_big', message: 'x' }] },
      });
    }
    if (this.stumblesOver.has(row.callId)) return reply(response, 500, {});
    this.deliveries.set(row.callId, (this.deliveries.get(row.callId) ?? 0) + 1);
    this.rows.set(row.callId, row);
    reply(response, 200, { callId: row.callId });
  }

  private match({ callerId }: { callerId: string }): object {
    const customerName = this.customers.get(callerId);
    const base = { raw: callerId, key: `+86${callerId}`, numberClass: 'mobile', reason: 'mobile.plain' };
    return customerName === undefined
      ? { ...base, kind: 'unknown', owners: [] }
      : { ...base, kind: 'known', owners: [owner(customerName)] };
  }
}

function owner(customerName: string): MatchOwner {
  return {
    customerId: 'c1',
    customerName,
    customerNumber: 'K-0001',
    customerLevel: null,
    customerType: null,
    contactId: null,
    contactName: null,
    contactPosition: null,
    lastContactAt: null,
    lastContactSummary: null,
    openRecordCount: 0,
    matchedBy: 'stored_number',
    reason: 'mobile.plain',
    number: null,
  };
}

async function text(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

function reply(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
