import type { MatchView } from '../../protocol';
import type { Call } from '../domain/call/call';
import type { Clock } from '../ports/clock';
import type { CrmDirectory, NumberQuestion } from '../ports/crm-directory';
import type { Log } from '../ports/log';
import type { Telemetry } from '../ports/telemetry';
import type { CrmLink } from './crm-link';
import { firstMatch, type DescribeNumber } from './first-match';
import type { PopTrail } from './pop-trail';

export interface MatchingTiming {
  /** So long at most the question waits for what the dialplan says of line and area: without them it would be asked twice. */
  readonly dialplanMs: number;
  /** After this the panel is told that crm-core does not answer; the request goes on. */
  readonly noticeMs: number;
  readonly firstRetryMs: number;
  readonly longestRetryMs: number;
}

const DEFAULT_TIMING: MatchingTiming = { dialplanMs: 300, noticeMs: 1_500, firstRetryMs: 1_000, longestRetryMs: 15_000 };
/** Lookups on their way at once; with a slow CRM the others wait for their retry instead of piling up sockets. */
const MAX_IN_FLIGHT = 64;

/** Of a look-up that fails for the whole of a call the first tries tell enough. */
const NOTED_FAILURES = 5;

interface Lookup {
  readonly callId: string;
  readonly question: NumberQuestion;
  /** Not so for a caller without a number, and for colleagues. */
  readonly worthAsking: boolean;
  view: MatchView;
  attempt: number;
  /** Rises with every request, so that a late answer of an earlier one cannot overwrite a newer one. */
  generation: number;
  cancelTimers: () => void;
  abort: AbortController | null;
}

export interface CallerMatchingOptions {
  readonly crm: Pick<CrmDirectory, 'match'>;
  readonly link: CrmLink;
  readonly clock: Clock;
  readonly log: Log;
  readonly telemetry: Telemetry;
  readonly trail: PopTrail;
  readonly describe: DescribeNumber;
  readonly timing?: Partial<MatchingTiming>;
}

/**
 * Whose number is it? Asked when the call enters, long before a telephone rings; the answer completes a pop that is on the
 * screen already. While crm-core is slow or dead the number stands there, and it is asked again for as long as the call lives.
 */
export class CallerMatching {
  private readonly lookups = new Map<string, Lookup>();
  private readonly listeners = new Set<(callId: string, match: MatchView) => void>();
  private readonly timing: MatchingTiming;
  private readonly stopWatching: () => void;
  private inFlight = 0;

  constructor(private readonly options: CallerMatchingOptions) {
    this.timing = { ...DEFAULT_TIMING, ...options.timing };
    this.stopWatching = options.link.onState((state) => {
      if (state === 'up') this.retryAll();
    });
  }

  onMatched(listener: (callId: string, match: MatchView) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Begins the lookup once the number is known, anew when something that decides how it is read has changed. */
  follow(call: Call): void {
    const question = questionOf(call);
    const former = this.lookups.get(call.callId);
    if (former !== undefined && isSame(former.question, question)) return;
    this.forget(call.callId);
    const view = firstMatch(call, this.options.describe);
    const worthAsking = view.kind === 'pending';
    const lookup: Lookup = {
      callId: call.callId,
      question,
      worthAsking,
      // The same number read by other rules: what was found stays until the answer is here.
      view: worthAsking && former?.question.callerId === question.callerId ? former.view : view,
      attempt: 0,
      generation: 0,
      cancelTimers: () => undefined,
      abort: null,
    };
    this.lookups.set(call.callId, lookup);
    if (!hasDialplanSpoken(call)) lookup.cancelTimers = this.options.clock.schedule(this.timing.dialplanMs, () => this.begin(lookup, view));
    else this.begin(lookup, view);
  }

  /** What is known now. */
  viewOf(call: Call): MatchView {
    return this.lookups.get(call.callId)?.view ?? firstMatch(call, this.options.describe);
  }

  /**
   * Asks again now: the customer was created, the number attached. Resolves with what is known when it was answered, could not
   * be, or takes too long for somebody to wait for; a later answer comes as news. Null: no such call.
   */
  async rematch(callId: string): Promise<MatchView | null> {
    const lookup = this.lookups.get(callId);
    if (lookup === undefined) return null;
    if (lookup.worthAsking) await this.patiently(this.ask(lookup));
    return lookup.view;
  }

  /** The call and the time after it are over. */
  forget(callId: string): void {
    const lookup = this.lookups.get(callId);
    if (lookup === undefined) return;
    this.lookups.delete(callId);
    stop(lookup);
  }

  close(): void {
    this.stopWatching();
    for (const callId of [...this.lookups.keys()]) this.forget(callId);
    this.listeners.clear();
  }

  private begin(lookup: Lookup, { key, reason }: MatchView): void {
    this.options.trail.add(lookup.callId, { step: 'key', outcome: key === null ? 'info' : 'ok', value: key ?? reason });
    if (lookup.worthAsking) void this.ask(lookup);
    else this.options.telemetry.lookupDone('skipped', 0);
  }

  private patiently(answer: Promise<void>): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.options.clock.schedule(this.timing.noticeMs * 2, resolve);
      void answer.finally(() => {
        cancel();
        resolve();
      });
    });
  }

  private async ask(lookup: Lookup): Promise<void> {
    const { callId, question } = lookup;
    const { crm, link, clock, telemetry, trail } = this.options;
    stop(lookup);
    const generation = ++lookup.generation;
    if (!link.usable || this.inFlight >= MAX_IN_FLIGHT) {
      telemetry.lookupDone('failed', 0);
      return this.failed(lookup);
    }
    const startedAtMs = clock.nowMs();
    if (lookup.attempt === 0) trail.add(callId, { step: 'lookup_started', outcome: 'ok' });
    const abort = new AbortController();
    lookup.abort = abort;
    lookup.cancelTimers = clock.schedule(this.timing.noticeMs, () => {
      if (lookup.attempt === 0) this.noteFailure(lookup, 'slow');
      this.setUnavailable(lookup);
    });
    this.inFlight += 1;
    try {
      const view = await link.watch(() => crm.match(question, abort.signal), abort.signal);
      telemetry.lookupDone('answered', clock.nowMs() - startedAtMs);
      if (generation !== lookup.generation || !this.isCurrent(lookup)) return;
      stop(lookup);
      const outcome = lookup.attempt > 0 ? 'info' : 'ok';
      lookup.attempt = 0;
      trail.add(callId, { step: 'lookup_answered', outcome, value: view.kind, count: Math.round(clock.nowMs() - startedAtMs) });
      this.publish(lookup, view);
    } catch {
      telemetry.lookupDone('failed', clock.nowMs() - startedAtMs);
      if (generation === lookup.generation && this.isCurrent(lookup)) this.failed(lookup);
    } finally {
      this.inFlight -= 1;
    }
  }

  private failed(lookup: Lookup): void {
    stop(lookup);
    this.noteFailure(lookup, 'unavailable');
    this.setUnavailable(lookup);
    const delayMs = Math.min(this.timing.longestRetryMs, this.timing.firstRetryMs * 2 ** Math.min(lookup.attempt, 10));
    lookup.attempt += 1;
    lookup.cancelTimers = this.options.clock.schedule(delayMs, () => void this.ask(lookup));
  }

  private noteFailure(lookup: Lookup, value: 'slow' | 'unavailable'): void {
    if (lookup.attempt < NOTED_FAILURES)
      this.options.trail.add(lookup.callId, { step: 'lookup_failed', outcome: 'problem', value, count: lookup.attempt + 1 });
  }

  private setUnavailable(lookup: Lookup): void {
    // A match found earlier stays: asking again for it and getting no answer does not make it wrong.
    if (lookup.view.kind !== 'pending') return;
    this.publish(lookup, { ...lookup.view, kind: 'unavailable', reason: 'crm.unavailable' });
  }

  private retryAll(): void {
    for (const lookup of this.lookups.values()) {
      if (lookup.worthAsking && lookup.view.kind === 'unavailable' && lookup.abort === null) void this.ask(lookup);
    }
  }

  private publish(lookup: Lookup, view: MatchView): void {
    lookup.view = view;
    for (const listener of this.listeners) listener(lookup.callId, view);
  }

  private isCurrent(lookup: Lookup): boolean {
    return this.lookups.get(lookup.callId) === lookup;
  }
}

function questionOf({ remoteNumber, line, areaCode, trunk, context }: Call): NumberQuestion {
  return { callerId: remoteNumber, line, areaCode, trunk, context };
}

function isSame(one: NumberQuestion, other: NumberQuestion): boolean {
  return (Object.keys(one) as (keyof NumberQuestion)[]).every((field) => one[field] === other[field]);
}

/** A caller is seen some milliseconds before the dialplan has said what line that is. */
function hasDialplanSpoken({ direction, areaCode }: Call): boolean {
  return direction !== 'inbound' || areaCode !== null;
}

function stop(lookup: Lookup): void {
  lookup.cancelTimers();
  lookup.cancelTimers = () => undefined;
  lookup.abort?.abort();
  lookup.abort = null;
}
