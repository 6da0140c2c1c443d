/** Channels and calls that have ended, for as long as an echo of them may still come; holds no more than `limit` channels. */
export class EndedChannels {
  private readonly channels = new Map<string, number>();
  private readonly calls = new Set<string>();

  constructor(private readonly limit: number) {}

  add(callId: string, ids: Iterable<string>, endedAtMs: number): void {
    for (const id of ids) this.addChannel(id, endedAtMs);
    this.addCall(callId);
  }

  /** An id that is not given again: of a call that ended, or became part of another. */
  addCall(callId: string): void {
    this.calls.add(callId);
    trim(this.calls, this.limit);
  }

  /** Also of a channel that nothing else is known of: what comes late would bring it to life for ever. */
  addChannel(channelId: string, endedAtMs: number): void {
    this.channels.set(channelId, endedAtMs);
    trim(this.channels, this.limit);
  }

  /** An event of this channel (or of a call with this Linkedid) that happened no later than its end. */
  isEcho(id: string, atMs: number): boolean {
    const endedAtMs = this.channels.get(id);
    return endedAtMs !== undefined && atMs <= endedAtMs;
  }

  has(id: string): boolean {
    return this.channels.has(id);
  }

  /** The id was given again, to a channel that lives. */
  forget(id: string): void {
    this.channels.delete(id);
  }

  hasCall(callId: string): boolean {
    return this.calls.has(callId);
  }

  get size(): number {
    return this.channels.size;
  }
}

/** Oldest first. */
function trim(kept: Map<string, unknown> | Set<string>, limit: number): void {
  for (const key of kept.keys()) {
    if (kept.size <= limit) return;
    kept.delete(key);
  }
}
