import http from 'node:http';
import type { AddressInfo } from 'node:net';
import type { RequestListener } from 'node:http';

/** How long requests that are being answered may take after the order to stop. */
const DRAIN_MS = 5_000;
const SWEEP_MS = 50;

/** The open port of an application. */
export class Listener {
  private closing: Promise<void> | undefined;

  private constructor(private readonly server: http.Server) {}

  /** @throws the error of `listen`, e.g. with code `EADDRINUSE`. */
  static async open(handler: RequestListener, { host, port }: { host: string; port: number }): Promise<Listener> {
    const server = http.createServer(
      { keepAliveTimeout: 65_000, headersTimeout: 10_000, requestTimeout: 30_000, maxHeaderSize: 16_384 },
      handler,
    );
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, host, () => {
        server.off('error', reject);
        resolve();
      });
    });
    return new Listener(server);
  }

  get port(): number {
    const address = this.server.address();
    return isAddress(address) ? address.port : 0;
  }

  /** Takes no more connections, lets requests finish, then cuts what is left. */
  close(): Promise<void> {
    this.closing ??= new Promise((resolve) => {
      const cut = setTimeout(() => this.server.closeAllConnections(), DRAIN_MS);
      // A connection whose answer has gone out stays open for the next request; nothing else ends it.
      const sweep = setInterval(() => this.server.closeIdleConnections(), SWEEP_MS);
      this.server.close(() => {
        clearTimeout(cut);
        clearInterval(sweep);
        resolve();
      });
    });
    return this.closing;
  }
}

function isAddress(address: ReturnType<http.Server['address']>): address is AddressInfo {
  return typeof address === 'object' && address !== null;
}
