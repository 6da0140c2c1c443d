import type { Client } from 'ari-client';
import { PbxError, type LinkState, type OriginateRequest } from '../../../ports/pbx';
import { ariFailure } from './ari-errors';
import type { AriFrameStats } from './ari-guards';
import type { AriAccount } from './ari-probe';
import { AriSession } from './ari-session';
import { AskedChannel, takeBack } from './take-back';
import { check, EXTENSION } from '../link/checked-values';
import { withDeadline } from '../link/deadline';
import { linkOf, type ConnectionOptions } from '../link/connection-options';
import type { LinkLoop, ReportState } from '../link/link-loop';

export interface AriOptions extends ConnectionOptions<AriAccount> {
  readonly onEvent?: (type: string) => void;
  /** Default `hotline`. */
  readonly app?: string;
}

const NUMBER = /^\+?[0-9*#]{1,40}$/;
const CHANNEL_ID = /^[A-Za-z0-9_.:-]{1,150}$/;
const DIAL_ID = /^[A-Za-z0-9_-]{1,100}$/;

/** How many ids of calls begun are remembered. */
const REMEMBERED = 10_000;
const DOUBTFUL_TIMEOUT_MS = 1_500;

/** ari-client keeps its credentials per process: the account that has them now. */
let account: AriAccount | null = null;
let users = 0;

/**
 * Call control by ARI: a client that is rebuilt when it gives up, and requests with a deadline. One Asterisk per process.
 *
 * The password is in the address of the events socket, because ari-client puts it there: loopback or https only, and that
 * address is never logged.
 */
export class Ari {
  readonly stats: AriFrameStats = { events: 0, unknownTypes: 0, notJson: 0, listenerErrors: 0 };

  private readonly loop: LinkLoop;
  private readonly timeoutMs: number;
  private session: AriSession | null = null;
  private claimed = false;
  private readonly closing = new AbortController();
  /** Channels that Asterisk was asked for by their ids, oldest first. */
  private readonly asked = new Map<string, AskedChannel>();

  constructor(private readonly options: AriOptions) {
    ({ loop: this.loop, timeoutMs: this.timeoutMs } = linkOf('ari', options, (signal, report) => this.attempt(signal, report)));
  }

  get state(): LinkState {
    return this.loop.state;
  }

  /** @throws Error when this process talks to another Asterisk already: the library would mix up their passwords. */
  start(): void {
    if (!this.claimed) claim(this.options.account);
    this.claimed = true;
    if (isPlainRemote(this.options.account.url)) {
      this.options.log.warn({ link: 'ari' }, 'ARI without TLS to another machine: name and password can be read on the way');
    }
    this.loop.start();
  }

  async close(): Promise<void> {
    this.closing.abort();
    await this.loop.close();
    if (this.claimed) release();
    this.claimed = false;
  }

  /** @see Pbx.originate */
  async originate(request: OriginateRequest): Promise<void> {
    check('extension', request.extension, EXTENSION);
    check('number', request.number, NUMBER);
    check('displayNumber', request.displayNumber, NUMBER);
    check('channelId', request.channelId, CHANNEL_ID);
    check('dialId', request.dialId, DIAL_ID);
    await this.once(request.channelId, (client) =>
      client.channels.originate({
        endpoint: `PJSIP/${request.extension}`,
        context: request.context ?? 'click-to-dial',
        extension: request.number,
        priority: 1,
        channelId: request.channelId,
        callerId: request.displayNumber,
        timeout: request.ringTimeoutSec,
        variables: variablesOf(request),
      }),
    );
  }

  /** @see Pbx.takeBack */
  async takeBack(channelId: string): Promise<void> {
    const asked = this.asked.get(channelId);
    if (asked === undefined) return;
    const { clock } = this.options;
    await takeBack({ asked, hangup: () => this.hangup(channelId), clock, signal: this.closing.signal });
    this.asked.delete(channelId);
  }

  /** @see Pbx.hangup */
  async hangup(channelId: string): Promise<void> {
    check('channelId', channelId, CHANNEL_ID);
    await this.answered('hangup', this.clientFor('hangup').channels.hangup({ channelId }));
  }

  /**
   * Asterisk itself refuses an id that is in use, but loses a channel doing so (seen with 22.10: an orderly stop then waits 15 s
   * for it), and takes an id again whose call is over. So the second request with an id does not get there, unless the first
   * one failed for certain: without an answer it may be done yet, and has to be taken back before.
   */
  private async once(channelId: string, ask: (client: Client) => PromiseLike<unknown>): Promise<void> {
    // Nobody may be rung by a request that was given up: what cannot be asked now is refused now.
    if (this.state !== 'up') throw new PbxError('unavailable', 'originate: no connection to ARI');
    if (this.asked.has(channelId)) throw new PbxError('duplicate', 'originate: this id was used already');
    const asked = new AskedChannel(Promise.resolve(ask(this.clientFor('originate'))));
    this.asked.set(channelId, asked);
    for (const oldest of this.asked.keys()) {
      if (this.asked.size <= REMEMBERED) break;
      this.asked.delete(oldest);
    }
    try {
      await this.answered('originate', asked.request);
    } catch (error) {
      const reason = error instanceof PbxError ? error.reason : null;
      if (reason !== 'duplicate' && reason !== 'timeout') this.asked.delete(channelId);
      throw error;
    }
  }

  private clientFor(what: string): Client {
    if (this.session === null) throw new PbxError('unavailable', `${what}: no connection to ARI`);
    return this.session.client;
  }

  /**
   * While the events' socket is broken requests may still get through; if not, whoever asks is told soon.
   */
  private async answered(what: string, request: PromiseLike<unknown>): Promise<void> {
    const timeoutMs = this.state === 'up' ? this.timeoutMs : Math.min(this.timeoutMs, DOUBTFUL_TIMEOUT_MS);
    const late = (): Error => new PbxError('timeout', `${what}: no answer within ${timeoutMs} ms`);
    try {
      await withDeadline(this.options.clock, timeoutMs, Promise.resolve(request), late);
    } catch (error) {
      throw ariFailure(what, error);
    }
  }

  private async attempt(signal: AbortSignal, report: ReportState): Promise<void> {
    const { account, clock, log, onEvent } = this.options;
    const session = await AriSession.open(
      {
        account,
        app: this.options.app ?? 'hotline',
        clock,
        log,
        timeoutMs: this.timeoutMs,
        heartbeatMs: this.options.heartbeatMs ?? 10_000,
        stats: this.stats,
        report,
        onEvent: onEvent ?? (() => undefined),
      },
      signal,
    );
    const close = (): void => session.close();
    signal.addEventListener('abort', close);
    if (signal.aborted) close();
    this.session = session;
    try {
      throw await session.closed;
    } finally {
      this.session = null;
      signal.removeEventListener('abort', close);
    }
  }
}

function claim(wanted: AriAccount): void {
  if (account !== null && (account.url !== wanted.url || account.username !== wanted.username || account.password !== wanted.password)) {
    throw new Error('this process is connected to another Asterisk by ARI already: one process serves one Asterisk');
  }
  account = wanted;
  users++;
}

function release(): void {
  users--;
  if (users === 0) account = null;
}

function isPlainRemote(url: string): boolean {
  const { protocol, hostname } = new URL(url);
  return protocol !== 'https:' && !/^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname);
}

/** The header lets the agent's browser answer by itself. A parked customer's call was begun by somebody else, not by this click. */
function variablesOf({ context, dialId }: OriginateRequest): Record<string, string> {
  const header = { 'PJSIP_HEADER(add,X-Hotline-Dial)': dialId };
  return context === 'parking-taken-up' ? header : { CTI_DIAL: dialId, ...header };
}
