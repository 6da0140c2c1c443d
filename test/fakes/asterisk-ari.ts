import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer, type WebSocket } from 'ws';

export interface ReceivedRequest {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly user: string;
  readonly body: unknown;
}

interface Answer {
  readonly status: number;
  /** Text goes out as it is, everything else as JSON. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** The connection ends instead of the answer, in the middle of it, or after something that is no HTTP. */
  readonly breaks?: 'before' | 'inside' | 'garbage';
}

/** What the description says of events: all that ari-client looks at is whether a type is there and which fields are channels. */
const EVENT_MODELS = {
  StasisStart: { id: 'StasisStart', properties: { channel: { required: true, type: 'Channel' } } },
  ApplicationReplaced: { id: 'ApplicationReplaced', properties: {} },
};

/**
 * Asterisk's REST interface as far as an adapter can see it, with the ways it fails: the description (Swagger 1.1), two
 * requests on channels, and the events socket.
 */
export class FakeAri {
  readonly accounts = new Map([['gateway', 's3cret&/right']]);
  readonly received: ReceivedRequest[] = [];
  /** Answers by `POST /channels`; default 200 and 204. */
  readonly answers = new Map<string, Answer>();
  /** Failure modes. */
  description: 'usual' | 'a web page' | 'breaks off' | 'of something else' | 'never' = 'usual';
  refuseSockets = false;
  /** Requests are read and never answered. */
  frozen = false;
  /** Requests are read and kept until {@link goOn}: a process that is held up. */
  stalled = false;
  /** Channels that live, where a test wants POST and DELETE to mean something; null: every request is a success. */
  channels: Set<string> | null = null;
  /** Sockets stay open and answer no ping. */
  deaf = false;
  descriptions = 0;
  socketsOpened = 0;

  private readonly held: (() => void)[] = [];
  private readonly server = http.createServer((request, response) => this.answer(request, response));
  private sockets = new WebSocketServer({ noServer: true, autoPong: false });
  private listeningPort = 0;

  static async start(): Promise<FakeAri> {
    const fake = new FakeAri();
    fake.server.on('upgrade', (request, socket, head) => {
      const url = new URL(request.url ?? '/', 'http://fake');
      if (fake.refuseSockets || !fake.knows((url.searchParams.get('api_key') ?? '').split(':'))) {
        socket.end('HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n');
        return;
      }
      fake.sockets.handleUpgrade(request, socket, head, (opened) => fake.opened(opened));
    });
    await fake.listen(0);
    return fake;
  }

  get url(): string {
    return `http://127.0.0.1:${this.listeningPort}`;
  }

  get open(): number {
    return this.sockets.clients.size;
  }

  requests(method: string, path: RegExp): ReceivedRequest[] {
    return this.received.filter((received) => received.method === method && path.test(received.path));
  }

  /** A frame to every events socket. */
  send(frame: string | object): void {
    for (const socket of this.sockets.clients) socket.send(typeof frame === 'string' ? frame : JSON.stringify(frame));
  }

  /** Ends the events sockets; REST goes on. */
  dropSockets(): void {
    for (const socket of this.sockets.clients) socket.terminate();
  }

  /** Does what was asked meanwhile, in that order or the other way round: threads of Asterisk have no order. */
  goOn(order: 'first' | 'last' = 'first'): void {
    this.stalled = false;
    const held = this.held.splice(0);
    for (const request of order === 'first' ? held : held.reverse()) request();
  }

  async listen(port: number): Promise<void> {
    await new Promise<void>((resolve) => this.server.listen(port, '127.0.0.1', resolve));
    this.listeningPort = (this.server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    this.dropSockets();
    this.server.closeAllConnections();
    if (this.server.listening) await new Promise((resolve) => this.server.close(resolve));
  }

  /** Stops, and comes back at the same address with `resume`. */
  async resume(): Promise<void> {
    await this.listen(this.listeningPort);
  }

  private opened(socket: WebSocket): void {
    this.socketsOpened++;
    socket.on('error', () => undefined);
    socket.on('ping', () => !this.deaf && socket.pong());
  }

  private knows([user = '', password = '']: readonly string[]): boolean {
    return this.accounts.get(user) === password;
  }

  private answer(request: http.IncomingMessage, response: http.ServerResponse): void {
    const url = new URL(request.url ?? '/', this.url);
    const [user = '', password = ''] = Buffer.from((request.headers.authorization ?? '').replace('Basic ', ''), 'base64')
      .toString()
      .split(':');
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      if (url.pathname.startsWith('/ari/api-docs/')) return this.describe(url, this.knows([user, password]), response);
      const text = Buffer.concat(chunks).toString('utf8');
      const path = decodeURIComponent(url.pathname.replace('/ari', ''));
      const received = {
        method: request.method ?? '',
        path,
        query: Object.fromEntries(url.searchParams),
        user,
        body: text === '' ? null : JSON.parse(text),
      };
      this.received.push(received);
      if (this.frozen) return;
      const act = (): void => answerWith(response, this.answers.get(`${received.method} ${path}`) ?? this.done(received));
      if (this.stalled) this.held.push(act);
      else act();
    });
  }

  private done({ method, path, query }: ReceivedRequest): Answer {
    if (method !== 'DELETE') {
      this.channels?.add(query['channelId'] ?? '');
      return { status: 200, body: { id: 'x' } };
    }
    const lived = this.channels?.delete(path.replace('/channels/', '')) ?? true;
    return lived ? { status: 204 } : { status: 404, body: { message: 'Channel not found' } };
  }

  private describe(url: URL, known: boolean, response: http.ServerResponse): void {
    if (url.pathname.endsWith('/resources.json')) this.descriptions++;
    if (this.description === 'never') return;
    if (this.description === 'a web page') {
      response.writeHead(200, { 'Content-Type': 'text/html' }).end('<html>It works!</html>');
    } else if (!known) {
      send(response, 401, { message: 'Authentication required' });
    } else if (this.description === 'breaks off' && !url.pathname.endsWith('/resources.json')) {
      send(response, 503, { message: 'Asterisk not booted' });
    } else if (this.description === 'of something else' && url.pathname.endsWith('/channels.json')) {
      send(response, 200, { swaggerVersion: '1.1', basePath: this.url, apis: [{ path: '/x', operations: [null] }] });
    } else {
      send(response, 200, descriptionOf(url));
    }
  }
}

function answerWith(response: http.ServerResponse, { status, body, headers, breaks }: Answer): void {
  if (breaks === 'before') return void response.socket?.resetAndDestroy();
  if (breaks === 'garbage') return void response.socket?.end('garbage\r\n\r\n');
  if (breaks === 'inside') {
    response.writeHead(status, { 'Content-Length': '100' }).write('{"id":');
    setImmediate(() => response.socket?.destroy());
  } else if (typeof body === 'string') {
    response.writeHead(status, headers).end(body);
  } else {
    send(response, status, body);
  }
}

function descriptionOf(url: URL): object {
  const basePath = `${url.origin}/ari`;
  const common = { apiVersion: '2.0.0', swaggerVersion: '1.1', basePath };
  const parameter = (name: string, paramType: string, dataType = 'string'): object => ({
    name,
    paramType,
    dataType,
    required: false,
    allowMultiple: false,
  });
  if (url.pathname.endsWith('/channels.json')) {
    const originate = ['endpoint', 'extension', 'context', 'priority', 'channelId', 'callerId', 'timeout'].map((name) =>
      parameter(name, 'query'),
    );
    return {
      ...common,
      apis: [
        {
          path: '/channels',
          operations: [
            {
              httpMethod: 'POST',
              nickname: 'originate',
              responseClass: 'Channel',
              parameters: [...originate, parameter('variables', 'body', 'containers')],
            },
          ],
        },
        {
          path: '/channels/{channelId}',
          operations: [{ httpMethod: 'DELETE', nickname: 'hangup', responseClass: 'void', parameters: [parameter('channelId', 'path')] }],
        },
      ],
      models: { Channel: { id: 'Channel', properties: { id: { required: true, type: 'string' } } } },
    };
  }
  if (url.pathname.endsWith('/events.json')) return { ...common, apis: [], models: EVENT_MODELS };
  return { ...common, apis: ['channels', 'events'].map((name) => ({ path: `/api-docs/${name}.{format}`, description: name })) };
}

function send(response: http.ServerResponse, status: number, body: unknown): void {
  const text = body === undefined ? '' : JSON.stringify(body);
  response.writeHead(status, body === undefined ? {} : { 'Content-Type': 'application/json' }).end(text);
}
