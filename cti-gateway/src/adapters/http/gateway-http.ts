import { timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import express, { type Express, type RequestHandler } from 'express';
import type { Registry } from 'prom-client';
import type { Health } from '../../../protocol';
import type { CallTrail } from '../../../../crm-core/contract/call-trail';
import type { Log } from '../../ports/log';

const GOODBYE_MS = 3_000;

/** What takes over a WebSocket handshake. @returns false when it has no room or it is not for it. */
export interface UpgradeTarget {
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): boolean;
}

export interface GatewayHttpOptions {
  readonly health: () => Health;
  readonly registry: Registry;
  readonly trailOf: (callId: string) => CallTrail | null;
  /** Bearer token of machine clients. */
  readonly token: string;
  readonly originAllowed: (request: IncomingMessage) => boolean;
  /** By path: `/cti`, `/sip`. */
  readonly upgrades: Readonly<Record<string, UpgradeTarget>>;
  readonly log: Log;
}

/** The small HTTP part of the gateway, and the door of its WebSockets. Everything hot is on the sockets. */
export class GatewayHttp {
  private readonly server: Server;
  private readonly upgraded = new Set<Duplex>();

  constructor(private readonly options: GatewayHttpOptions) {
    this.server = createServer(createApp(options));
    this.server.on('upgrade', (request, socket, head) => this.upgrade(request, socket, head));
    this.server.headersTimeout = 10_000;
    this.server.requestTimeout = 15_000;
  }

  /** @returns the port in use; @throws when it is taken. */
  listen(host: string, port: number): Promise<number> {
    return new Promise((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(port, host, () => {
        this.server.off('error', reject);
        this.server.on('error', (err) => this.options.log.error({ err }, 'http server error'));
        resolve((this.server.address() as AddressInfo).port);
      });
    });
  }

  /** Whoever does not take the goodbye within a moment is cut off: a shutdown does not wait for a sleeping browser. */
  async close(): Promise<void> {
    if (!this.server.listening) return;
    const cut = setTimeout(() => {
      this.server.closeAllConnections();
      for (const socket of this.upgraded) socket.destroy();
    }, GOODBYE_MS);
    await new Promise<void>((resolve) => {
      this.server.close(() => resolve());
      this.server.closeIdleConnections();
    });
    clearTimeout(cut);
  }

  private upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    // Before ws takes over there is no other listener: a reset would be an uncaught exception.
    const ignore = (): void => void socket.destroy();
    socket.on('error', ignore);
    const target = this.options.upgrades[pathOf(request)];
    if (target === undefined) return refuse(socket, '404 Not Found');
    if (!this.options.originAllowed(request)) {
      this.options.log.warn({ origin: request.headers.origin, path: pathOf(request) }, 'a foreign page was turned away');
      return refuse(socket, '403 Forbidden');
    }
    if (!target.upgrade(request, socket, head)) return refuse(socket, '503 Service Unavailable');
    socket.off('error', ignore);
    this.upgraded.add(socket);
    socket.once('close', () => this.upgraded.delete(socket));
  }
}

function createApp(options: GatewayHttpOptions): Express {
  const app = express();
  app.disable('x-powered-by');
  app.get('/healthz', (_request, response) => void response.json({ status: 'ok' }));
  app.get('/readyz', (_request, response) => {
    const health = options.health();
    // Without Asterisk no call is seen; without crm-core calls pop with their number, which is the job done less well.
    const ready = health.ami === 'up' && health.ari === 'up';
    response.status(ready ? 200 : 503).json({ status: ready ? 'ready' : 'not_ready', ...health });
  });
  app.get('/metrics', async (_request, response) => {
    response.type(options.registry.contentType).send(await options.registry.metrics());
  });
  app.get('/api/v1/pop-trail/:callId', machinesOnly(options.token), (request, response) => {
    const trail = options.trailOf(String(request.params['callId']));
    if (trail === null) return void response.status(404).json({ error: { code: 'not_found', message: 'No such call in memory' } });
    response.json(trail);
  });
  // Panels that wait for the gateway ask here by plain requests whether it is back: nothing to say is answer enough.
  app.get(Object.keys(options.upgrades), (_request, response) => void response.status(204).end());
  app.use((_request, response) => void response.status(404).json({ error: { code: 'not_found', message: 'Nothing here' } }));
  return app;
}

function machinesOnly(token: string): RequestHandler {
  const expected = Buffer.from(`Bearer ${token}`);
  return (request, response, next) => {
    const given = Buffer.from(request.headers.authorization ?? '');
    if (given.length === expected.length && timingSafeEqual(given, expected)) return next();
    response.status(401).json({ error: { code: 'unauthorized', message: 'Bearer token required' } });
  };
}

function pathOf(request: IncomingMessage): string {
  return (request.url ?? '').split('?', 1)[0] ?? '';
}

function refuse(socket: Duplex, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
