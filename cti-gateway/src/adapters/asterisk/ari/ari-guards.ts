import { EventEmitter } from 'node:events';
import { createRequire } from 'node:module';
import type { Client, Socket } from 'ari-client';
import { askInstead, type SwaggerRequest } from './ari-http';

/** What came over the events socket and did not become an event. */
export interface AriFrameStats {
  events: number;
  unknownTypes: number;
  notJson: number;
  listenerErrors: number;
}

interface SwaggerApi {
  failure(message: unknown): void;
  fail(message: unknown): void;
  buildFromSpec(description: unknown): unknown;
  buildFrom1_1Spec(description: unknown): unknown;
}

interface SwaggerClient {
  readonly SwaggerApi: { readonly prototype: SwaggerApi };
  readonly SwaggerHttp: { readonly prototype: { execute(request: SwaggerRequest): void } };
}

let swaggerGuarded = false;

/**
 * The swagger-client under ari-client reports a failure and then throws it, out of a network callback, where nobody can
 * catch it: a wrong password would end the process. And it prints a notice about its age on every connect. How it asks, see
 * {@link askInstead}.
 */
export function guardSwagger(): void {
  if (swaggerGuarded) return;
  swaggerGuarded = true;
  const fromHere = createRequire(__filename);
  const fromAri = createRequire(fromHere.resolve('ari-client'));
  const { SwaggerApi, SwaggerHttp } = fromAri('swagger-client') as SwaggerClient;
  SwaggerHttp.prototype.execute = askInstead;
  SwaggerApi.prototype.fail = function (this: SwaggerApi, message) {
    this.failure(new Error(String(message)));
  };
  // The same function but for the notice.
  SwaggerApi.prototype.buildFrom1_1Spec = function (this: SwaggerApi, description) {
    return this.buildFromSpec(description);
  };
}

/**
 * Puts a check before the client's own reading of frames, which ends the process on a frame that is not JSON or has a type
 * that is not in the server's description. To be called for every new socket, before its first frame.
 */
export function guardFrames(client: Client, stats: AriFrameStats, onListenerError: (error: unknown) => void): void {
  const socket = client._ws;
  if (socket === undefined) return;
  const readers = socket.listeners('message') as ((data: unknown) => void)[];
  const types = client._swagger.apis.events?.models ?? {};
  socket.removeAllListeners('message');
  socket.on('message', (data: Buffer) => {
    const type = typeOf(data);
    if (type === null) {
      stats.notJson++;
    } else if (!Object.hasOwn(types, type)) {
      stats.unknownTypes++;
    } else {
      stats.events++;
      try {
        for (const read of readers) read(data);
      } catch (error) {
        stats.listenerErrors++;
        onListenerError(error);
      }
    }
  });
}

function typeOf(data: Buffer): string | null {
  try {
    const frame: unknown = JSON.parse(data.toString('utf8'));
    const type = typeof frame === 'object' && frame !== null ? (frame as { type?: unknown }).type : undefined;
    return typeof type === 'string' ? type : null;
  } catch {
    return null;
  }
}

/**
 * Ends a client for good. Its own `stop` leaves a reconnect that is waiting in place, which would open a socket later: from
 * here on every socket it makes is ended at once.
 */
export function retire(client: Client): void {
  client.removeAllListeners();
  end(client._ws);
  const deaf = Object.assign(new EventEmitter(), { close: () => undefined, terminate: () => undefined });
  Object.defineProperty(client, '_ws', { configurable: true, get: () => deaf, set: end });
}

function end(socket: Socket | undefined): void {
  if (socket === undefined) return;
  socket.removeAllListeners();
  socket.on('error', () => undefined);
  // The goodbye spares Asterisk a warning; nobody waits for its answer.
  socket.close();
  socket.terminate();
}
