/** Channels and calls that have ended, for as long as an echo of them may still come; holds no more than `limit` channels. */
export class EndedChannels {
  private readonly channels = new Map<string, { readonly callId: string; readonly endedAtMs: number }>();
  private readonly calls = new Map<string, number>();

  constructor(private readonly limit: number) {}

  add(callId: string, ids: Iterable<string>, endedAtMs: number): void {
    for (const id of ids) this.channels.set(id, { callId, endedAtMs });
    this.calls.set(callId, endedAtMs);
    trim(this.channels, this.limit);
    trim(this.calls, this.limit);
  }

  /** An event of this channel (or of a call with this Linkedid) that happened no later than its end. */
  isEcho(id: string, atMs: number): boolean {
    const ended = this.channels.get(id);
    return ended !== undefined && atMs <= ended.endedAtMs;
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

function trim(map: Map<string, unknown>, limit: number): void {
  for (const key of map.keys()) {
    if (map.size <= limit) return;
    map.delete(key);
  }
}
