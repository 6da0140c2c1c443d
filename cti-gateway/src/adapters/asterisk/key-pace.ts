import type { Clock } from '../../ports/clock';

/**
 * Asterisk collects keys until `featuredigittimeout` (dialplans/features.conf, 700 ms) has passed since the last one, also after it has
 * done what they asked for: keys of the next wish that come sooner are lost (22.10: at 500 ms always, at 900 ms never).
 */
const GAP_MS = 1_000;
const MAX_REMEMBERED = 1_000;

/** Keeps wishes that are typed as keys on one channel apart. */
export class KeyPace {
  private readonly freeAtMs = new Map<string, number>();

  constructor(private readonly clock: Clock) {}

  /** Types as soon as the channel takes keys again; wishes for one channel one after the other. */
  async type<T>(channelName: string, keys: () => Promise<T>): Promise<T> {
    const nowMs = this.clock.nowMs();
    const atMs = Math.max(nowMs, this.freeAtMs.get(channelName) ?? 0);
    this.freeAtMs.delete(channelName);
    this.freeAtMs.set(channelName, atMs + GAP_MS);
    for (const oldest of this.freeAtMs.keys()) {
      if (this.freeAtMs.size <= MAX_REMEMBERED) break;
      this.freeAtMs.delete(oldest);
    }
    if (atMs > nowMs) await new Promise<void>((resolve) => this.clock.schedule(atMs - nowMs, resolve));
    return keys();
  }
}
