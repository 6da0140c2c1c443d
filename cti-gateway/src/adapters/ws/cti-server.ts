import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { CloseCode } from '../../../protocol';
import { AgentConnection, type ConnectionContext } from './agent-connection';

const BEAT_MS = 1_000;
/** ws itself refuses beyond this; between the two limits the window is told why. */
const HARD_LIMIT_FACTOR = 4;

/** The agents' WebSocket endpoint: opens connections, keeps one heartbeat for all, ends them at shutdown. */
export class CtiServer {
  private readonly server: WebSocketServer;
  private readonly connections = new Set<AgentConnection>();
  private cancelBeat: () => void = () => undefined;
  private closed = false;

  constructor(private readonly context: ConnectionContext) {
    this.server = new WebSocketServer({
      noServer: true,
      perMessageDeflate: false,
      clientTracking: false,
      maxPayload: context.limits.maxFrameBytes * HARD_LIMIT_FACTOR,
    });
    this.beat();
  }

  /** Takes over an upgrade whose path and Origin are right. @returns false when there is no room. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): boolean {
    if (this.closed || this.connections.size >= this.context.limits.maxConnections) return false;
    this.server.handleUpgrade(request, socket, head, (ws) => {
      const connection = new AgentConnection(ws, this.context);
      this.connections.add(connection);
      ws.on('close', () => this.connections.delete(connection));
    });
    return true;
  }

  get size(): number {
    return this.connections.size;
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.cancelBeat();
    for (const connection of this.connections) connection.end(CloseCode.shuttingDown, 'shutting_down');
    this.server.close();
  }

  private beat(): void {
    const nowMs = this.context.clock.nowMs();
    for (const connection of this.connections) {
      if (!connection.socket.beat(nowMs)) connection.end(CloseCode.heartbeat, 'silent');
    }
    this.context.hub.sweep(nowMs);
    if (!this.closed) this.cancelBeat = this.context.clock.schedule(BEAT_MS, () => this.beat());
  }
}
