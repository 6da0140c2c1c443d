import { CloseCode } from '../../../protocol';
import type { Agent } from '../../app/agent';
import type { AgentSocket } from './agent-socket';
import { withSeq, type EncodedEvent } from './frame-encoder';
import type { SessionLimits } from './limits';
import { ResumeBuffer } from './resume-buffer';

/**
 * The frames of one window (user and tab), numbered without a hole, across the connections it uses one after the other.
 *
 *     attached(socket) ──socket closed──▶ detached(since) ──same tab says hello──▶ attached(socket)
 *                                             └── too long ──▶ dropped by the hub
 */
export class SessionStream {
  private readonly buffer: ResumeBuffer;
  private socket: AgentSocket | null = null;
  private detachedAtMs: number | null = null;

  constructor(
    readonly tab: string,
    limits: SessionLimits,
    /** As the newest ticket says. */
    public agent: Agent,
  ) {
    this.buffer = new ResumeBuffer(limits.resumeFrames, limits.resumeBytes);
  }

  get attached(): boolean {
    return this.socket !== null;
  }

  get seq(): number {
    return this.buffer.seq;
  }

  /** @returns true when a connected reader has it on its way. */
  send(event: EncodedEvent): boolean {
    const frame = withSeq(event, this.buffer.seq + 1);
    this.buffer.push(frame);
    return this.deliver(frame);
  }

  /** @returns frames the window has missed, or null when only a snapshot can help. */
  missedSince(seq: number): readonly Buffer[] | null {
    return this.buffer.after(seq);
  }

  resend(frames: readonly Buffer[]): void {
    for (const frame of frames) if (!this.deliver(frame)) return;
  }

  attach(socket: AgentSocket): void {
    this.socket = socket;
    this.detachedAtMs = null;
  }

  /** Nothing happens when `socket` is not the one in use: a newer connection of the same tab has taken over. */
  detach(socket: AgentSocket, nowMs: number): boolean {
    if (this.socket !== socket) return false;
    this.socket = null;
    this.detachedAtMs = nowMs;
    return true;
  }

  current(): AgentSocket | null {
    return this.socket;
  }

  detachedForMs(nowMs: number): number {
    return this.detachedAtMs === null ? 0 : nowMs - this.detachedAtMs;
  }

  private deliver(frame: Buffer): boolean {
    const socket = this.socket;
    if (socket === null || !socket.open) return false;
    if (socket.send(frame)) return true;
    socket.close(CloseCode.slowConsumer, 'slow_consumer');
    return false;
  }
}
