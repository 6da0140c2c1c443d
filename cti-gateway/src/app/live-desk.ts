import type { CallView, EventType, MatchView, PassedOn } from '../../protocol';
import type { Call, CallEffect } from '../domain/call/call';
import type { AgentChannel } from '../ports/agent-channel';
import type { Clock } from '../ports/clock';
import type { Log } from '../ports/log';
import type { Telemetry } from '../ports/telemetry';
import type { CallerMatching } from './caller-matching';
import { agentExtensions, projectAgentPart, type AgentPart } from './call-projection';
import { CallMarks } from './call-marks';
import { iso, toCallView } from './call-view';
import type { PopTrail } from './pop-trail';

/** A call stays on an agent's desk this long after its end, so that a reloaded panel still finds it. */
const KEEP_ENDED_MS = 60_000;

/** An agent's part in a call became another. */
export interface PartChange {
  readonly extension: string;
  readonly call: Call;
  readonly before: AgentPart | null;
  readonly part: AgentPart;
  /** A colleague asks this agent: the customer is the colleague's. */
  readonly asked: boolean;
  readonly askedBefore: boolean;
}

interface DeskEntry {
  readonly extension: string;
  call: Call;
  part: AgentPart;
  view: CallView;
  /** What the panel was last told, to tell a change from a repetition. */
  told: string;
  muted: boolean;
  asked: boolean;
}

export interface LiveDeskOptions {
  readonly channel: AgentChannel;
  readonly matching: CallerMatching;
  readonly clock: Clock;
  readonly log: Log;
  readonly telemetry: Telemetry;
  readonly trail: PopTrail;
  readonly marks?: CallMarks;
  /** Ring time of a click's own telephone, known because the gateway asked for it. */
  readonly dialRingMs: number;
  /** How long the queue rings one agent; null: not known. */
  readonly queueRingMs: number | null;
}

/**
 * What lies on each agent's desk: the calls their own telephone has a part in, and nobody else's. Turns changes of calls
 * into frames for exactly those agents.
 *
 *     (nothing) ──rings──▶ call.offered ──answered, held …──▶ call.changed ──over──▶ call.ended
 *         │                     └──stops ringing, not answered here──▶ call.withdrawn
 *         └──own click or digits──▶ call.changed … call.ended
 *
 * Later news about an ended call (who hung up) comes as another `call.changed`.
 */
export class LiveDesk {
  private readonly desks = new Map<string, Map<string, DeskEntry>>();
  private readonly expiries = new Map<string, () => void>();
  private readonly partListeners = new Set<(change: PartChange) => void>();
  private readonly stopMatched: () => void;
  private readonly marks: CallMarks;
  private readonly stopMarked: () => void;

  constructor(private readonly options: LiveDeskOptions) {
    this.stopMatched = options.matching.onMatched((callId, match) => this.matched(callId, match));
    this.marks = options.marks ?? new CallMarks();
    this.stopMarked = this.marks.onChanged((callId) => this.marked(callId));
  }

  /** Hears of every change before the agent's panels do, so that what follows from it is with them first. */
  onPart(listener: (change: PartChange) => void): () => void {
    this.partListeners.add(listener);
    return () => this.partListeners.delete(listener);
  }

  apply(effect: CallEffect): void {
    if (effect.type === 'event.ignored') return;
    const { call } = effect;
    if (effect.type === 'call.merged') this.absorbed(effect.absorbed, call);
    for (const extension of agentExtensions(call)) this.refresh(call, extension);
    if (effect.type === 'call.ended') this.callEnded(call);
  }

  /** Calls to show in a snapshot: all that live, and those this agent talked in a moment ago. */
  callsOf(extension: string): readonly CallView[] {
    return this.entries(extension)
      .filter((entry) => entry.part.state !== 'ended' || entry.part.answeredAtMs !== null)
      .map((entry) => entry.view);
  }

  find(extension: string, callId: string): { readonly call: Call; readonly part: AgentPart } | null {
    return this.desks.get(extension)?.get(callId) ?? null;
  }

  /** A call of this agent rings, is being placed or is talked in. */
  inCall(extension: string): boolean {
    return this.entries(extension).some((entry) => entry.part.state !== 'ended');
  }

  setMuted(extension: string, callId: string, muted: boolean): void {
    const entry = this.desks.get(extension)?.get(callId);
    if (entry === undefined) return;
    entry.muted = muted;
    this.refresh(entry.call, extension);
  }

  close(): void {
    this.stopMatched();
    this.stopMarked();
    for (const cancel of this.expiries.values()) cancel();
    this.expiries.clear();
    this.desks.clear();
    this.partListeners.clear();
  }

  private refresh(call: Call, extension: string): void {
    const part = projectAgentPart(call, extension);
    if (part === null) return;
    const before = this.desks.get(extension)?.get(call.callId);
    if (before === undefined && part.state === 'ended') return;
    const view = this.viewOf(call, part, before?.muted ?? false);
    const told = JSON.stringify(view);
    // Nothing to show, but perhaps another channel: that of a page that was loaded again.
    if (before?.told === told) return void Object.assign(before, { call, part });
    const type = frameFor(before?.part ?? null, part);
    const asked = isAsked(part, this.marks.of(call.callId).passedOn);
    const muted = part.state !== 'ended' && (before?.muted ?? false);
    this.put({ extension, call, part, view, told, muted, asked });
    const change = { extension, call, part, before: before?.part ?? null, asked, askedBefore: before?.asked ?? false };
    for (const listener of this.partListeners) listener(change);
    this.tell(extension, type, { call: view });
    this.note(type, call, part, extension);
  }

  /** A call that is part of another now: its card ends, and the other call is shown to those who had it. */
  private absorbed({ callId }: Call, into: Call): void {
    const { clock, matching, channel, log } = this.options;
    for (const [extension, desk] of this.desks) {
      const entry = desk.get(callId);
      if (entry === undefined) continue;
      desk.delete(callId);
      if (entry.part.state === 'ended') continue;
      const view: CallView = { ...entry.view, state: 'ended', heldSince: null, muted: false, endedAt: iso(clock.nowMs()) };
      channel.send({ extension }, 'call.ended', { call: { ...view, outcome: view.outcome ?? 'answered', endedBy: 'system' } });
    }
    matching.forget(callId);
    log.debug({ callId: into.callId, absorbed: callId }, 'call.merged');
  }

  private viewOf(call: Call, part: AgentPart, muted: boolean): CallView {
    const { dialRingMs, queueRingMs } = this.options;
    const clicked = part.state === 'initiated' && call.dialId !== null;
    const ringMs = clicked ? dialRingMs : part.leg.queue !== null ? queueRingMs : null;
    return toCallView(call, part, { match: this.options.matching.viewOf(call), muted, mark: this.marks.of(call.callId), ringMs });
  }

  private tell(extension: string, type: FrameType, data: { call: CallView }): void {
    const { channel, trail, telemetry, clock } = this.options;
    const sessions = channel.send({ extension }, type, data);
    if (type !== 'call.offered') return;
    trail.sent(data.call.callId, extension, sessions);
    const since = data.call.alertingAt;
    if (since !== null) telemetry.popSent(Math.max(0, clock.nowMs() - Date.parse(since)), sessions);
  }

  private note(type: FrameType, call: Call, part: AgentPart, extension: string): void {
    const { log, trail } = this.options;
    if (type === 'call.withdrawn')
      trail.add(call.callId, { step: 'withdrawn', outcome: 'info', extension, value: part.outcome ?? 'unknown' });
    log.debug({ callId: call.callId, extension, state: part.state, outcome: part.outcome }, type);
  }

  private marked(callId: string): void {
    for (const [extension, desk] of this.desks) {
      const entry = desk.get(callId);
      if (entry !== undefined) this.refresh(entry.call, extension);
    }
  }

  private matched(callId: string, match: MatchView): void {
    for (const [extension, desk] of this.desks) {
      const entry = desk.get(callId);
      if (entry === undefined) continue;
      entry.view = this.viewOf(entry.call, entry.part, entry.muted);
      entry.told = JSON.stringify(entry.view);
      this.options.channel.send({ extension }, 'call.matched', { callId, match });
    }
  }

  private callEnded(call: Call): void {
    if (this.expiries.has(call.callId)) return;
    const cancel = this.options.clock.schedule(KEEP_ENDED_MS, () => {
      this.expiries.delete(call.callId);
      this.options.matching.forget(call.callId);
      this.marks.forget(call.callId);
      for (const [extension, desk] of this.desks) {
        desk.delete(call.callId);
        if (desk.size === 0) this.desks.delete(extension);
      }
    });
    this.expiries.set(call.callId, cancel);
  }

  private put(entry: DeskEntry): void {
    const desk = this.desks.get(entry.extension) ?? new Map<string, DeskEntry>();
    desk.set(entry.call.callId, entry);
    this.desks.set(entry.extension, desk);
  }

  private entries(extension: string): readonly DeskEntry[] {
    return [...(this.desks.get(extension)?.values() ?? [])];
  }
}

/** Without a mark (this gateway did not begin it) nobody has talked with the customer who has not been in a bridge with them. */
function isAsked({ leg }: AgentPart, passedOn: PassedOn | null): boolean {
  if (leg.consultedBy === null) return false;
  return leg.connectedAtMs === null || (passedOn?.asking === true && passedOn.fromExtension !== leg.extension);
}

type FrameType = Extract<EventType, 'call.offered' | 'call.changed' | 'call.withdrawn' | 'call.ended'>;

function frameFor(before: AgentPart | null, now: AgentPart): FrameType {
  const lived = before !== null && before.state !== 'ended';
  if (now.state === 'alerting' && before?.state !== 'alerting') return 'call.offered';
  if (now.state !== 'ended' || !lived) return 'call.changed';
  return before.state === 'alerting' ? 'call.withdrawn' : 'call.ended';
}
