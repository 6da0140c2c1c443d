import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocket, WebSocketServer, type RawData } from 'ws';
import type { Clock } from '../../ports/clock';
import type { Log } from '../../ports/log';

export interface SipProxyOptions {
  /** Asterisk's SIP over WebSocket, e.g. `ws://127.0.0.1:8088/ws`. */
  readonly upstreamUrl: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly maxConnections?: number;
}

/** RFC 7118 §4: the subprotocol that makes a WebSocket a SIP transport. */
const SUBPROTOCOL = 'sip';
/** A SIP message with SDP is a few kB; the rest is not for us to carry. */
const MAX_FRAME_BYTES = 65_536;
const MAX_WAITING_BYTES = 1_048_576;
const CONNECT_TIMEOUT_MS = 5_000;
const PING_EVERY_MS = 20_000;

interface Pair {
  readonly browser: WebSocket;
  readonly asterisk: WebSocket;
  alive: boolean;
}

/**
 * Carries a browser phone's SIP to Asterisk, so that the panel needs one origin only. It reads nothing: Asterisk's digest
 * authentication decides who may register; a connection that does not come to anything costs two sockets, of which there
 * are a limited number.
 */
export class SipProxy {
  private readonly server: WebSocketServer;
  private readonly pairs = new Set<Pair>();
  private cancelBeat: () => void = () => undefined;
  private closed = false;

  constructor(private readonly options: SipProxyOptions) {
    this.server = new WebSocketServer({
      noServer: true,
      perMessageDeflate: false,
      clientTracking: false,
      maxPayload: MAX_FRAME_BYTES,
      handleProtocols: () => SUBPROTOCOL,
    });
    this.beat();
  }

  get size(): number {
    return this.pairs.size;
  }

  /** Takes over an upgrade whose path and Origin are right. @returns false when it is not SIP or there is no room. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): boolean {
    const offered = (request.headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim());
    if (this.closed || !offered.includes(SUBPROTOCOL) || this.pairs.size >= (this.options.maxConnections ?? 1_000)) return false;
    this.server.handleUpgrade(request, socket, head, (browser) => this.join(browser));
    return true;
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.cancelBeat();
    for (const pair of this.pairs) this.part(pair, 1012);
    this.server.close();
  }

  private join(browser: WebSocket): void {
    const asterisk = new WebSocket(this.options.upstreamUrl, SUBPROTOCOL, {
      perMessageDeflate: false,
      maxPayload: MAX_FRAME_BYTES,
      handshakeTimeout: CONNECT_TIMEOUT_MS,
    });
    const pair: Pair = { browser, asterisk, alive: true };
    this.pairs.add(pair);
    const waiting: { data: RawData; isBinary: boolean }[] = [];
    browser.on('message', (data, isBinary) => {
      pair.alive = true;
      if (asterisk.readyState === WebSocket.CONNECTING) waiting.push({ data, isBinary });
      else this.pass(pair, asterisk, data, isBinary);
      if (waiting.length > 32) this.part(pair, 1013);
    });
    asterisk.on('open', () => {
      for (const { data, isBinary } of waiting.splice(0)) this.pass(pair, asterisk, data, isBinary);
    });
    asterisk.on('message', (data, isBinary) => this.pass(pair, browser, data, isBinary));
    browser.on('pong', () => (pair.alive = true));
    for (const side of [browser, asterisk]) {
      side.on('close', () => this.part(pair, 1011));
      side.on('error', (err) => {
        this.options.log.debug({ err, side: side === browser ? 'browser' : 'asterisk' }, 'sip socket error');
        this.part(pair, 1011);
      });
    }
  }

  private pass(pair: Pair, to: WebSocket, data: RawData, isBinary: boolean): void {
    if (to.readyState !== WebSocket.OPEN) return;
    if (to.bufferedAmount > MAX_WAITING_BYTES) return this.part(pair, 1013);
    to.send(data, { binary: isBinary });
  }

  private part(pair: Pair, code: number): void {
    if (!this.pairs.delete(pair)) return;
    if (pair.browser.readyState === WebSocket.OPEN) pair.browser.close(code);
    else pair.browser.terminate();
    if (pair.asterisk.readyState === WebSocket.OPEN) pair.asterisk.close(1000);
    else pair.asterisk.terminate();
  }

  /** A browser that vanished without a word would keep its registration's socket for ever. */
  private beat(): void {
    for (const pair of this.pairs) {
      if (!pair.alive) {
        pair.browser.terminate();
        this.part(pair, 1011);
        continue;
      }
      pair.alive = false;
      if (pair.browser.readyState === WebSocket.OPEN) pair.browser.ping();
    }
    if (!this.closed) this.cancelBeat = this.options.clock.schedule(PING_EVERY_MS, () => this.beat());
  }
}
