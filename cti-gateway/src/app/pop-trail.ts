import type { CallTrail, CallTrailStep } from '../../../crm-core/contract/call-trail';
import type { Call, CallEffect, Leg } from '../domain/call/call';
import type { Clock } from '../ports/clock';
import { isOrigin } from './call-projection';
import { iso } from './call-view';
import { offerReason, trailReason, type TrailOffer } from './no-pop-reason';

/** One thing that did or did not happen on the way of a call to an agent's screen. */
export interface TrailStep {
  readonly step: CallTrailStep['step'];
  readonly outcome: CallTrailStep['outcome'];
  readonly extension?: string;
  readonly value?: string | null;
  readonly count?: number;
  /** When it happened; now, unless Asterisk told. */
  readonly atMs?: number;
}

export interface TrailSources {
  readonly isLine: (line: string | null) => boolean;
  /** The windows of an agent that are connected, and whether one ever was. */
  readonly windowsOf: (extension: string) => { readonly tabs: readonly string[]; readonly known: boolean };
  /** Agents a queue could ring at this moment. */
  readonly agentsReady: () => number;
}

interface Kept {
  readonly steps: (TrailStep & { readonly atMs: number })[];
  readonly offers: TrailOffer[];
  leftOut: number;
  call: Call | null;
  line: string | null;
  visits: number;
  mostReady: number;
}

const MAX_CALLS = 2_000;
const MAX_STEPS = 200;
const MAX_OFFERS = 100;
const MAX_TABS = 4;
const NOTHING_KNOWN: TrailSources = { isLine: () => true, windowsOf: () => ({ tabs: [], known: false }), agentsReady: () => 0 };

/**
 * "Why did this call not pop?": every step of the last calls, bounded in memory, handed to crm-core with the finished call. What it
 * keeps is for those who may see the call; nothing of it is logged.
 */
export class PopTrail {
  private readonly calls = new Map<string, Kept>();
  private readonly lateListeners = new Set<(call: Call) => void>();

  constructor(
    private readonly clock: Clock,
    private readonly sources: TrailSources = NOTHING_KNOWN,
  ) {}

  /** Tells of a call whose trail has grown after its end. */
  onLate(listener: (call: Call) => void): () => void {
    this.lateListeners.add(listener);
    return () => this.lateListeners.delete(listener);
  }

  /** What the telephone system says; must come before the desk sends anything about it. */
  apply(effect: CallEffect): void {
    if (effect.type === 'event.ignored') return;
    const { call } = effect;
    const kept = this.kept(call.callId);
    if (kept.call === null) this.seen(call);
    kept.call = call;
    this.entry(kept, call);
    for (const leg of call.legs) if (ringsNow(call, leg) && !kept.offers.some((offer) => offer.channelId === leg.channelId)) this.offer(kept, leg);
    if (effect.type === 'leg.connected' && effect.leg.extension !== null && !isOrigin(call, effect.leg))
      this.add(call.callId, { step: 'answered', outcome: 'ok', extension: effect.leg.extension });
    if (effect.type === 'call.ended') this.add(call.callId, { step: 'ended', outcome: 'info', value: call.outcome ?? 'unknown' });
  }

  add(callId: string, step: TrailStep): void {
    const kept = this.kept(callId);
    kept.steps.push({ ...step, atMs: step.atMs ?? this.clock.nowMs() });
    if (kept.steps.length <= MAX_STEPS) return;
    // The beginning and the end say most.
    kept.steps.splice(MAX_STEPS / 2, 1);
    kept.leftOut += 1;
  }

  /** @param how `snapshot`: it rang already when a window came. */
  sent(callId: string, extension: string, windows: number, how: 'frame' | 'snapshot' = 'frame'): void {
    this.add(callId, { step: 'frame_sent', outcome: windows > 0 ? 'ok' : 'problem', extension, value: how, count: windows });
    const offer = this.kept(callId).offers.findLast((one) => one.extension === extension);
    if (offer !== undefined && windows > 0) offer.sentAtMs ??= this.clock.nowMs();
  }

  shown(callId: string, extension: string): void {
    this.add(callId, { step: 'frame_shown', outcome: 'ok', extension });
    const kept = this.kept(callId);
    const offer = kept.offers.findLast((one) => one.extension === extension);
    if (offer !== undefined) offer.shownAtMs ??= this.clock.nowMs();
    const { call } = kept;
    if (call?.phase === 'ended') for (const listener of this.lateListeners) listener(call);
  }

  of(callId: string): CallTrail | null {
    const kept = this.calls.get(callId);
    if (kept === undefined) return null;
    const { call, offers } = kept;
    return {
      callId,
      finished: call?.phase === 'ended',
      steps: [...kept.steps].sort((a, b) => a.atMs - b.atMs).map(toStep),
      stepsLeftOut: kept.leftOut,
      offers: offers.map((offer) => ({
        extension: offer.extension,
        endpoint: offer.endpoint,
        alertingAt: iso(offer.alertingAtMs),
        sentAt: offer.sentAtMs === null ? null : iso(offer.sentAtMs),
        shownAt: offer.shownAtMs === null ? null : iso(offer.shownAtMs),
        reason: offerReason(offer, call),
      })),
      reason: call === null ? null : trailReason({ call, offers, isLine: this.sources.isLine(call.line), mostReady: kept.mostReady }),
    };
  }

  private seen(call: Call): void {
    this.add(call.callId, {
      step: 'event_seen',
      outcome: call.complete ? 'ok' : 'problem',
      value: call.direction,
      atMs: call.enteredAtMs,
      count: Math.max(0, Math.round(this.clock.nowMs() - call.enteredAtMs)),
    });
  }

  private entry(kept: Kept, call: Call): void {
    const { callId, direction, line, callerMark, queueVisits } = call;
    if (direction === 'inbound' && line !== null && line !== kept.line) {
      kept.line = line;
      this.add(callId, { step: 'line', outcome: this.sources.isLine(line) ? 'ok' : 'problem', value: line });
    }
    if (callerMark !== null && !kept.steps.some(({ step }) => step === 'caller_mark'))
      this.add(callId, { step: 'caller_mark', outcome: callerMark === 'blocked' ? 'problem' : 'info', value: callerMark });
    for (const visit of queueVisits.slice(kept.visits)) {
      const ready = this.sources.agentsReady();
      kept.mostReady = Math.max(kept.mostReady, ready);
      this.add(callId, { step: 'queue', outcome: ready > 0 ? 'ok' : 'problem', value: visit.queue, count: ready, atMs: visit.joinedAtMs });
    }
    kept.visits = queueVisits.length;
  }

  private offer(kept: Kept, leg: Leg): void {
    const callId = kept.call?.callId ?? '';
    const { extension, endpoint, channelId } = leg;
    if (extension === null) return;
    const alertingAtMs = leg.alertingAtMs ?? this.clock.nowMs();
    const { tabs, known } = this.sources.windowsOf(extension);
    this.add(callId, { step: 'endpoint', outcome: 'ok', extension, value: endpoint, atMs: alertingAtMs });
    const value = tabs.length > 0 ? null : known ? 'closed' : 'never';
    this.add(callId, { step: 'session', outcome: value === null ? 'ok' : 'problem', extension, value, count: tabs.length });
    for (const tab of tabs.slice(0, MAX_TABS)) this.add(callId, { step: 'tab', outcome: 'ok', extension, value: tab.slice(0, 8) });
    kept.offers.push({ channelId, extension, endpoint, alertingAtMs, known, sentAtMs: null, shownAtMs: null });
    if (kept.offers.length > MAX_OFFERS) kept.offers.splice(MAX_OFFERS / 2, 1);
  }

  private kept(callId: string): Kept {
    let kept = this.calls.get(callId);
    if (kept === undefined) {
      kept = { steps: [], offers: [], leftOut: 0, call: null, line: null, visits: 0, mostReady: 0 };
      this.calls.set(callId, kept);
      this.forgetOldest();
    }
    return kept;
  }

  private forgetOldest(): void {
    while (this.calls.size > MAX_CALLS) {
      const oldest = this.calls.keys().next();
      if (oldest.done === true) return;
      this.calls.delete(oldest.value);
    }
  }
}

/** An agent's telephone rings for a call that somebody else began. */
function ringsNow(call: Call, leg: Leg): boolean {
  const ringing = leg.alertingAtMs !== null && leg.answeredAtMs === null && leg.endedAtMs === null;
  return ringing && leg.role === 'agent' && leg.extension !== null && !isOrigin(call, leg);
}

function toStep({ atMs, step, outcome, extension, value, count }: TrailStep & { readonly atMs: number }): CallTrailStep {
  return { at: iso(atMs), step, outcome, extension: extension ?? null, value: value?.slice(0, 150) ?? null, count: count ?? null };
}
