import type { LinkState } from '../../protocol';
import type { Clock } from '../ports/clock';
import { CrmError, type CrmDirectory } from '../ports/crm-directory';

export interface CrmLinkTiming {
  /** Between two pings while all is well, and the longest while it is not. */
  readonly pingEveryMs: number;
  readonly firstRetryMs: number;
  /** Failures in a row after which nobody is sent to crm-core any more until a ping succeeds. */
  readonly failuresToOpen: number;
}

const DEFAULT_TIMING: CrmLinkTiming = { pingEveryMs: 2_000, firstRetryMs: 250, failuresToOpen: 2 };

/**
 * Circuit breaker towards crm-core.
 *
 *     connecting ──ping ok──▶ up ──failures in a row──▶ down ──ping ok──▶ up
 *
 * While `down`, use cases do not even try: a dead CRM costs no socket and no waiting. Pings go on, and whoever waits is
 * told by {@link onState} the moment it is back.
 */
export class CrmLink {
  private current: LinkState = 'connecting';
  private failures = 0;
  private readonly listeners = new Set<(state: LinkState) => void>();
  private cancelPing: () => void = () => undefined;
  private closed = false;
  private readonly timing: CrmLinkTiming;

  constructor(
    private readonly crm: Pick<CrmDirectory, 'ping'>,
    private readonly clock: Clock,
    timing: Partial<CrmLinkTiming> = {},
  ) {
    this.timing = { ...DEFAULT_TIMING, ...timing };
  }

  get state(): LinkState {
    return this.current;
  }

  /** Anything but `down`: before the first ping has answered, trying is worth it. */
  get usable(): boolean {
    return !this.closed && this.current !== 'down';
  }

  start(): void {
    void this.ping();
  }

  onState(listener: (state: LinkState) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /**
   * Runs a request and takes its outcome as news about the link. No news is one that we gave up (`signal`), and one that was
   * answered with an error: whoever answers at once costs nothing, and is asked again by those who need it.
   */
  async watch<T>(request: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    try {
      const result = await request();
      this.succeeded();
      return result;
    } catch (error) {
      if (signal?.aborted !== true && !(error instanceof CrmError && error.reason === 'misbehaved')) this.failed();
      throw error;
    }
  }

  close(): void {
    this.closed = true;
    this.cancelPing();
    this.listeners.clear();
  }

  private async ping(): Promise<void> {
    const ok = await this.crm.ping().catch(() => false);
    if (this.closed) return;
    if (ok) this.succeeded();
    else this.failed();
    const { pingEveryMs, firstRetryMs } = this.timing;
    const delayMs = ok ? pingEveryMs : Math.min(pingEveryMs, firstRetryMs * 2 ** Math.min(this.failures, 10));
    this.cancelPing = this.clock.schedule(delayMs, () => void this.ping());
  }

  private succeeded(): void {
    this.failures = 0;
    this.become('up');
  }

  private failed(): void {
    this.failures += 1;
    if (this.failures >= this.timing.failuresToOpen) this.become('down');
  }

  private become(state: LinkState): void {
    if (this.closed || this.current === state) return;
    this.current = state;
    for (const listener of this.listeners) listener(state);
  }
}
