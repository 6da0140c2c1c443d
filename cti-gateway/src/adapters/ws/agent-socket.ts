import type { WebSocket } from 'ws';
import type { Clock } from '../../ports/clock';
import type { SessionLimits } from './limits';

/**
 * One WebSocket with its bounds: what it may owe its reader, how long it may be silent, how fast it may talk.
 * `close()` may be called twice; after it nothing is sent any more.
 */
export class AgentSocket {
  private closing = false;
  private lastHeardMs: number;
  private lastPingMs: number;
  private tokens: number;
  private tokensAtMs: number;
  private cancelKill: () => void = () => undefined;

  constructor(
    private readonly ws: WebSocket,
    private readonly clock: Clock,
    private readonly limits: SessionLimits,
    /** Why it was closed by us, for the metrics. */
    private readonly onCut: (reason: string) => void,
  ) {
    const nowMs = clock.nowMs();
    this.lastHeardMs = nowMs;
    this.lastPingMs = nowMs;
    this.tokensAtMs = nowMs;
    this.tokens = limits.frameBurst;
    ws.on('pong', () => this.heard());
    ws.on('ping', () => this.heard());
  }

  get open(): boolean {
    return !this.closing && this.ws.readyState === this.ws.OPEN;
  }

  /** Something came in. */
  heard(): void {
    this.lastHeardMs = this.clock.nowMs();
  }

  /** @returns false when this window talks faster than anybody could. */
  takeToken(): boolean {
    const nowMs = this.clock.nowMs();
    const { framesPerSecond, frameBurst } = this.limits;
    this.tokens = Math.min(frameBurst, this.tokens + ((nowMs - this.tokensAtMs) * framesPerSecond) / 1000);
    this.tokensAtMs = nowMs;
    if (this.tokens < 1) return false;
    this.tokens -= 1;
    return true;
  }

  /** @returns false when the reader is too far behind: the caller cuts it. */
  send(frame: Buffer): boolean {
    if (!this.open) return true;
    if (this.ws.bufferedAmount + frame.length > this.limits.maxSendBufferBytes) return false;
    this.ws.send(frame, { binary: false });
    return true;
  }

  /** Heartbeat; called by the one timer of the hub. @returns false when the other side has been silent too long. */
  beat(nowMs: number): boolean {
    if (!this.open) return true;
    if (nowMs - this.lastHeardMs > this.limits.silenceMs) return false;
    if (nowMs - this.lastPingMs >= this.limits.pingEveryMs) {
      this.lastPingMs = nowMs;
      this.ws.ping();
    }
    return true;
  }

  /** Says why and leaves; a reader that does not even take that is dropped after a moment. */
  close(code: number, reason: string): void {
    if (this.closing) return;
    this.closing = true;
    this.onCut(reason);
    if (this.ws.readyState === this.ws.CLOSED) return;
    this.ws.close(code, reason);
    this.cancelKill = this.clock.schedule(this.limits.closeGraceMs, () => this.ws.terminate());
  }

  /** The socket has closed, whoever began. */
  closed(): void {
    this.closing = true;
    this.cancelKill();
  }
}
