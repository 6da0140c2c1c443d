import type { PbxEvent } from '../../../domain/call/pbx-event';
import type { LinkState } from '../../../ports/pbx';
import type { AmiMessage, DroppedMessage } from '../ami-reader';
import type { AmiAccount } from '../link/ami-account';
import { AmiSession } from './ami-session';
import { SNAPSHOT_EVENTS, takeSnapshot } from './ami-snapshot';
import { heartbeat, withDeadline } from '../link/deadline';
import { FeedGate } from './feed-gate';
import { linkOf, type ConnectionOptions } from '../link/connection-options';
import type { LinkLoop, ReportState } from '../link/link-loop';
import { timestampOf, toPbxEvent, WANTED_EVENTS } from '../pbx-events';

export interface AmiFeedOptions extends ConnectionOptions<AmiAccount> {
  /** In order of arrival. After every (re)connection, and after a message that had to be dropped, `resynced` comes first. */
  readonly onEvent: (event: PbxEvent) => void;
  /** How long to wait for `FullyBooted` after the login; it does not come without read class `system`. Default 1 s. */
  readonly bootWaitMs?: number;
  /** Events kept while a snapshot is taken; more than that ends the session, and another begins. Default 50,000. */
  readonly maxHeld?: number;
}

/** Counted since the feed was made. */
export interface AmiFeedStats {
  events: number;
  resyncs: number;
  droppedMessages: number;
  listenerErrors: number;
}

/** Asterisk takes a channel out of its list some milliseconds before it tells of the end (22.10: up to 6, on an idle machine). */
const EVENT_LAG_MS = 100;

const READ_EVENTS: ReadonlySet<string> = new Set([...WANTED_EVENTS, ...SNAPSHOT_EVENTS, 'FullyBooted']);

/**
 * The event feed: everything that happens in Asterisk, as {@link PbxEvent}s, for as long as the process lives. It asks only
 * what a snapshot needs; actions have a session of their own, so that none of them can hold it up.
 *
 * MUST emit `resynced` before any event of a new connection. MUST NOT lose an event that arrives while the snapshot is taken.
 */
export class AmiFeed {
  readonly stats: AmiFeedStats = { events: 0, resyncs: 0, droppedMessages: 0, listenerErrors: 0 };

  private readonly loop: LinkLoop;
  private readonly gate: FeedGate;
  private readonly timeoutMs: number;
  private session: AmiSession | null = null;
  private boot = newBoot();
  /** Set while a snapshot is taken: `again` when it must be taken once more. */
  private resyncing: { again: boolean } | null = null;

  constructor(private readonly options: AmiFeedOptions) {
    this.gate = new FeedGate({ emit: (event) => this.emit(event), maxHeld: options.maxHeld ?? 50_000 });
    ({ loop: this.loop, timeoutMs: this.timeoutMs } = linkOf('ami feed', options, (signal, report) => this.attempt(signal, report)));
  }

  get state(): LinkState {
    return this.loop.state;
  }

  start(): void {
    this.loop.start();
  }

  close(): Promise<void> {
    return this.loop.close();
  }

  private async attempt(signal: AbortSignal, report: ReportState): Promise<void> {
    this.boot = newBoot();
    this.gate.begin();
    let stopHeartbeat: (() => void) | null = null;
    try {
      const session = await this.open(signal);
      this.session = session;
      await this.fullyBooted();
      await this.resync(session);
      report('up');
      stopHeartbeat = this.keepAlive(session);
      throw await session.closed;
    } finally {
      stopHeartbeat?.();
      this.session?.close();
      this.session = null;
      this.gate.lose();
    }
  }

  private open(signal: AbortSignal): Promise<AmiSession> {
    return AmiSession.open({
      ...this.options.account,
      clock: this.options.clock,
      timeoutMs: this.timeoutMs,
      wantedEvents: READ_EVENTS,
      onEvent: (message) => this.take(message),
      onDropped: (dropped) => this.dropped(dropped),
      signal,
    });
  }

  /** Asterisk lets in before it is ready: queues and their members come last. */
  private fullyBooted(): Promise<void> {
    const { clock, log, account, bootWaitMs = 1_000 } = this.options;
    return withDeadline(clock, bootWaitMs, this.boot.done, () => new Error('not yet')).catch(() =>
      log.warn({ link: 'ami feed', user: account.username }, 'no word that asterisk is ready: it is starting, or this account may read no events'),
    );
  }

  private async resync(session: AmiSession): Promise<void> {
    const resyncing = { again: false };
    this.resyncing = resyncing;
    try {
      let dated;
      do {
        resyncing.again = false;
        dated = await takeSnapshot(session, this.options.clock.nowMs());
        await this.caughtUp(session);
      } while (resyncing.again);
      this.stats.resyncs++;
      this.gate.release(dated);
    } finally {
      this.resyncing = null;
    }
  }

  /** A channel that is not in the list any more may end in an event that is still on its way: that is waited for with the others. */
  private async caughtUp(session: AmiSession): Promise<void> {
    await new Promise<void>((resolve) => this.options.clock.schedule(EVENT_LAG_MS, resolve));
    // Asterisk sends the events that have come up before it reads the next action.
    await session.send('Ping');
  }

  /** Something is missing although the connection is fine: hold events and ask for everything once more. */
  private requestResync(why: string): void {
    this.options.log.warn({ link: 'ami feed', why }, 'event stream has a gap');
    if (this.resyncing !== null) {
      this.resyncing.again = true;
      return;
    }
    const session = this.session;
    // Before the first snapshot of a connection nothing has gone out: that snapshot will tell all.
    if (session === null || !this.gate.isOpen) return;
    this.gate.begin();
    this.resync(session).catch((error: unknown) => session.fail(error instanceof Error ? error : new Error(String(error))));
  }

  private keepAlive(session: AmiSession): () => void {
    return heartbeat({
      clock: this.options.clock,
      everyMs: this.options.heartbeatMs ?? 10_000,
      timeoutMs: this.timeoutMs,
      ask: async () => this.gate.seen(timestampOf(await session.send('Ping')) ?? 0),
      onDead: (error) => session.fail(error),
    });
  }

  private take(message: AmiMessage): void {
    if (message.name === 'FullyBooted') return this.hasBooted();
    const event = toPbxEvent(message, this.options.clock.nowMs());
    if (event === null || this.gate.accept(event)) return;
    this.session?.fail(new Error('too many events while the snapshot was taken'));
  }

  private hasBooted(): void {
    const late = this.resyncing !== null || this.gate.isOpen;
    this.boot.resolve();
    if (late) this.requestResync('asterisk has booted just now');
  }

  private dropped(dropped: DroppedMessage): void {
    this.stats.droppedMessages++;
    this.options.log.warn({ link: 'ami feed', ...dropped }, 'message dropped');
    if (dropped.why !== 'cut_off' && WANTED_EVENTS.has(dropped.name)) this.requestResync(`${dropped.name} ${dropped.why}`);
  }

  /** A listener's exception must not stop the reading. */
  private emit(event: PbxEvent): void {
    this.stats.events++;
    try {
      this.options.onEvent(event);
    } catch (error) {
      this.stats.listenerErrors++;
      this.options.log.error({ link: 'ami feed', type: event.type, err: error }, 'event listener failed');
    }
  }
}

function newBoot(): { readonly done: Promise<void>; readonly resolve: () => void } {
  let resolve = (): void => undefined;
  const done = new Promise<void>((settle) => {
    resolve = settle;
  });
  return { done, resolve };
}
