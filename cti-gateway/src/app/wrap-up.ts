import type { AfterCall, CommandData } from '../../protocol';
import {
  afterCall,
  FREE,
  markOf,
  type AfterCallEvent,
  type AfterCallRules,
  type AfterCallState,
  type NextPresence,
} from '../domain/agent/after-call';
import { extensionOf } from '../domain/agent/endpoint';
import { withReason } from '../domain/agent/presence';
import type { PbxEvent } from '../domain/call/pbx-event';
import type { AgentChannel } from '../ports/agent-channel';
import type { Clock } from '../ports/clock';
import type { Log } from '../ports/log';
import { requirePhone, type Agent } from './agent';
import type { AgentPresence } from './agent-presence';
import { iso } from './call-view';
import { CommandError } from './command-error';
import type { LiveDesk, PartChange } from './live-desk';

interface Entry {
  state: AfterCallState;
  /** Somebody at a console has taken the mark of this talk away: until its end there is none. */
  letGo: boolean;
  cancelTimer: () => void;
}

export interface WrapUpOptions {
  readonly rules: AfterCallRules;
  readonly desk: Pick<LiveDesk, 'onPart'>;
  readonly presence: Pick<AgentPresence, 'change' | 'leave' | 'markOf' | 'mean' | 'onChange' | 'onMadeReady' | 'presenceOf' | 'set'>;
  readonly channel: AgentChannel;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * Wrap-up of every agent: who is in it, until when, and what comes after. The queue is told beforehand, as a pause whose reason carries
 * the times; so the truth outlives a reload of the panel (it is told again), a restart of the gateway (it is read back) and never
 * outlives its end (whoever reads an old one takes it away).
 */
export class WrapUp {
  private readonly entries = new Map<string, Entry>();
  private readonly stops: readonly (() => void)[];

  constructor(private readonly options: WrapUpOptions) {
    this.stops = [
      options.desk.onPart((change) => this.heard(change)),
      options.presence.onChange((extension, { state }) => {
        if (state === 'offline') this.dispatch(extension, { type: 'signed.out' });
        else this.mark(extension);
      }),
      options.presence.onMadeReady((extension) => this.madeReady(extension)),
    ];
  }

  of(extension: string): AfterCall {
    return toWire(this.entries.get(extension)?.state ?? FREE);
  }

  /** Whoever says ready during wrap-up is done with it, and with what was chosen for afterwards. */
  async setPresence(person: Agent, command: CommandData<'presence.set'>): Promise<void> {
    const { extension } = requirePhone(person);
    if (command.state === 'ready') this.dispatch(extension, { type: 'next.chosen', next: null });
    const wasInWrapUp = this.entry(extension).state.phase === 'wrap_up';
    await this.options.presence.set(person, command);
    if (command.state === 'ready' && wasInWrapUp) this.dispatch(extension, { type: 'done', callId: null });
  }

  async pause(person: Agent, { reason }: CommandData<'presence.pause'>): Promise<void> {
    await this.options.presence.change(this.signedIn(person), (reasons) => [...reasons, reason]);
  }

  async resume(person: Agent, { reason }: CommandData<'presence.resume'>): Promise<void> {
    await this.options.presence.change(this.signedIn(person), (reasons) => reasons.filter((one) => one !== reason));
  }

  async choose(person: Agent, next: NextPresence | null): Promise<void> {
    const { extension } = requirePhone(person);
    if (this.entry(extension).state.phase === 'free') throw new CommandError('call.wrong_state', 'Neither in a call nor in wrap-up');
    this.dispatch(extension, { type: 'next.chosen', next });
  }

  async finish(person: Agent, callId: string | null): Promise<void> {
    this.dispatch(requirePhone(person).extension, { type: 'done', callId });
  }

  async extend(person: Agent, by: 'key' | 'typing'): Promise<void> {
    const { extension } = requirePhone(person);
    if (this.entry(extension).state.phase !== 'wrap_up') throw new CommandError('call.wrong_state', 'Not in wrap-up');
    this.dispatch(extension, { type: by === 'key' ? 'key.pressed' : 'typed' });
  }

  apply(event: PbxEvent): void {
    if (event.type !== 'resynced') return;
    for (const { interface: member } of event.snapshot.members) {
      const extension = extensionOf(member);
      const mark = extension === null ? null : this.options.presence.markOf(extension);
      if (extension !== null && mark !== null) this.dispatch(extension, { type: 'mark.found', mark });
    }
    // What somebody took away in the gap.
    for (const extension of this.entries.keys()) this.mark(extension);
  }

  close(): void {
    for (const stop of this.stops) stop();
    for (const { cancelTimer } of this.entries.values()) cancelTimer();
    this.entries.clear();
  }

  private signedIn(person: Agent): string {
    const { extension } = requirePhone(person);
    if (this.options.presence.presenceOf(extension).state === 'offline') throw new CommandError('call.wrong_state', 'Not signed in');
    return extension;
  }

  private heard({ extension, call, before, part, asked, askedBefore }: PartChange): void {
    if (call.direction === 'internal' || part.answeredAtMs === null || asked) return;
    const { callId } = call;
    const wasTalking = (before?.state === 'connected' || before?.state === 'hold') && !askedBefore;
    if (part.state === 'connected' || part.state === 'hold') {
      if (!wasTalking) this.dispatch(extension, { type: 'talk.began', callId });
    } else if (part.state === 'ended' && before?.state !== 'ended') {
      const signedIn = this.options.presence.presenceOf(extension).state !== 'offline';
      this.dispatch(extension, { type: 'talk.ended', callId, signedIn });
    }
  }

  /** Somebody at a console made this agent ready: so be it. */
  private madeReady(extension: string): void {
    const entry = this.entry(extension);
    if (entry.state.phase === 'talking') entry.letGo = true;
    if (entry.state.phase !== 'wrap_up') return;
    this.dispatch(extension, { type: 'next.chosen', next: null });
    this.dispatch(extension, { type: 'done', callId: null });
  }

  private dispatch(extension: string, event: AfterCallEvent): void {
    const { rules, clock, channel, log } = this.options;
    const entry = this.entry(extension);
    const before = entry.state;
    const state = afterCall(before, event, { rules, nowMs: clock.nowMs() });
    if (state === before) return;
    entry.state = state;
    entry.letGo = false;
    entry.cancelTimer();
    if (state.phase === 'wrap_up') {
      const delayMs = Math.max(0, state.untilMs - clock.nowMs());
      entry.cancelTimer = clock.schedule(delayMs, () => this.dispatch(extension, { type: 'time.passed' }));
    }
    if (state.phase === 'free') this.release(extension, before.phase === 'free' ? null : before.next);
    this.mark(extension);
    if (JSON.stringify(toWire(state)) !== JSON.stringify(toWire(before)))
      channel.send({ extension }, 'afterCall.changed', { afterCall: toWire(state) });
    if (state.phase !== before.phase) log.debug({ extension, phase: state.phase, cause: event.type }, 'after call');
  }

  private mark(extension: string): void {
    const { state, letGo } = this.entry(extension);
    if (state.phase === 'free' || letGo) return;
    const mark = markOf(state, this.options.rules);
    this.options.presence.mean(extension, () => ({ mark }));
  }

  private release(extension: string, next: NextPresence | null): void {
    const { presence } = this.options;
    if (next?.state === 'offline') return presence.leave(extension);
    presence.mean(extension, ({ reasons }) => {
      if (next === null) return { mark: null };
      return { mark: null, reasons: next.state === 'ready' ? [] : withReason(reasons, next.reason) };
    });
  }

  private entry(extension: string): Entry {
    let entry = this.entries.get(extension);
    if (entry === undefined) {
      entry = { state: FREE, letGo: false, cancelTimer: () => undefined };
      this.entries.set(extension, entry);
    }
    return entry;
  }
}

function toWire(state: AfterCallState): AfterCall {
  if (state.phase === 'free') return { wrapUp: null, next: null };
  if (state.phase === 'talking') return { wrapUp: null, next: state.next };
  const { callId, sinceMs, untilMs, limitMs, standsUntilMs, next } = state;
  return { wrapUp: { callId, since: iso(sinceMs), until: iso(untilMs), limit: iso(limitMs), standsUntil: iso(standsUntilMs) }, next };
}
