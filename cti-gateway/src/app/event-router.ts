import type { CallIntake } from '../../../crm-core/contract/calls';
import { toCallLogRow } from '../domain/call/call-log-row';
import type { Call, CallEffect } from '../domain/call/call';
import type { PbxEvent } from '../domain/call/pbx-event';
import type { Clock } from '../ports/clock';
import type { Log } from '../ports/log';
import type { Pbx } from '../ports/pbx';
import type { Telemetry } from '../ports/telemetry';
import type { AgentPresence } from './agent-presence';
import type { CallDelivery } from './call-delivery';
import type { CallerMatching } from './caller-matching';
import type { CheckpointKeeper } from './checkpoint-keeper';
import type { CallTransfer } from './call-transfer';
import type { Consultations } from './consultations';
import type { ClickToDial } from './click-to-dial';
import type { GatewayHealth } from './gateway-health';
import type { LiveDesk } from './live-desk';
import type { ParkedCalls } from './parked-calls';
import type { PopTrail } from './pop-trail';
import type { RecordingControl } from './recording-control';
import type { QueueDepths } from './queue-depths';
import type { WrapUp } from './wrap-up';

const FLUSH_AFTER_MS = 200;

/** The call model as the gateway uses it. */
export interface CallModel {
  apply(event: PbxEvent): readonly CallEffect[];
  live(): readonly Call[];
  find(callId: string): Call | null | undefined;
}

export interface EventRouterOptions {
  readonly pbx: Pick<Pbx, 'onEvent'>;
  readonly calls: CallModel;
  readonly matching: CallerMatching;
  readonly desk: LiveDesk;
  readonly dialling: ClickToDial;
  readonly transfer: CallTransfer;
  readonly consultations: Consultations;
  readonly recording: RecordingControl;
  readonly parked: ParkedCalls;
  readonly delivery: CallDelivery;
  readonly presence: AgentPresence;
  readonly wrapUp: WrapUp;
  readonly queues: QueueDepths;
  readonly health: GatewayHealth;
  readonly trail: PopTrail;
  readonly checkpoints?: Pick<CheckpointKeeper, 'apply' | 'callEnded'>;
  readonly clock: Clock;
  readonly log: Log;
  readonly telemetry: Telemetry;
}

/**
 * Carries every event of the telephone system to those it concerns, in one fixed order: the lookup before the pop, so that
 * an answer that is there already goes out with it. Decides nothing itself.
 */
export class EventRouter {
  private readonly stops: readonly (() => void)[];
  /** What became of calls in a gap, until the snapshot tells which of them live. */
  private recovered: CallEffect[] = [];
  /** Calls whose end was found in Asterisk's log only. */
  private readonly rebuilt = new Set<string>();
  private cancelFlush: (() => void) | null = null;

  constructor(private readonly options: EventRouterOptions) {
    this.stops = [
      options.pbx.onEvent((event) => this.route(event)),
      // A window said that it was painted when the call was over: crm-core takes the same call again.
      options.trail.onLate((call) => void options.delivery.add(this.intakeOf(call))),
    ];
  }

  close(): void {
    this.cancelFlush?.();
    for (const stop of this.stops) stop();
  }

  private route(event: PbxEvent): void {
    if (event.recovered === true) return this.recover(event);
    const { calls, presence, wrapUp, queues, health, telemetry, clock } = this.options;
    telemetry.eventSeen(Math.max(0, clock.nowMs() - event.atMs));
    this.guarded(event, () => {
      const effects = calls.apply(event);
      for (const effect of [...this.afterGap(), ...effects]) this.guarded(event, () => this.effect(effect));
    });
    this.guarded(event, () => presence.apply(event));
    this.guarded(event, () => wrapUp.apply(event));
    this.guarded(event, () => queues.apply(event));
    this.guarded(event, () => health.apply(event));
    this.guarded(event, () => this.options.checkpoints?.apply(event));
    if (event.type === 'recording.pauseAsked') this.pauseAsked(event);
  }

  private pauseAsked({ channel, paused }: Extract<PbxEvent, { type: 'recording.pauseAsked' }>): void {
    const { recording, log } = this.options;
    recording
      .asked(channel.channelId, paused)
      .catch((err: unknown) => log.warn({ err }, 'a recording could not be interrupted as asked by a key'));
  }

  /** Nobody is shown ringing that is over: agents see what is, as soon as the snapshot has come. */
  private recover(event: PbxEvent): void {
    this.guarded(event, () => this.recovered.push(...this.options.calls.apply(event)));
    // What was read late has no snapshot coming after it.
    this.cancelFlush ??= this.options.clock.schedule(FLUSH_AFTER_MS, () => {
      this.cancelFlush = null;
      for (const effect of this.afterGap()) this.guarded(event, () => this.effect(effect));
    });
  }

  /** Of a call that ended in the gap its end, of one that lives what it is now. */
  private afterGap(): readonly CallEffect[] {
    if (this.recovered.length === 0) return [];
    const told = this.recovered.flatMap((effect) => (effect.type === 'event.ignored' ? [] : [effect]));
    this.recovered = [];
    const entered = new Set(told.filter((effect) => effect.type === 'call.entered').map((effect) => effect.call.callId));
    const ends = told.filter((effect) => effect.type === 'call.ended');
    this.rebuilt.clear();
    for (const { call } of ends) this.rebuilt.add(call.callId);
    const live = [...new Set(told.map((effect) => effect.call.callId))].flatMap((callId) => this.options.calls.find(callId) ?? []);
    return [...ends, ...live.map((call): CallEffect => ({ type: entered.has(call.callId) ? 'call.entered' : 'call.changed', call }))];
  }

  private effect(effect: CallEffect): void {
    const { matching, desk, dialling, transfer, consultations, recording, parked, telemetry, trail } = this.options;
    if (effect.type === 'event.ignored') return telemetry.eventIgnored(effect.reason);
    const { call } = effect;
    trail.apply(effect);
    if (effect.type !== 'call.ended') matching.follow(call);
    desk.apply(effect);
    // After the desk: who was asked and hangs up must first see the call end, not become its agent for a moment.
    consultations.apply(effect);
    transfer.apply(effect);
    recording.apply(effect);
    parked.apply(effect);
    dialling.apply(effect);
    if (effect.type === 'call.ended') this.ended(call);
  }

  private ended(call: Call): void {
    const { delivery, telemetry, log, checkpoints } = this.options;
    checkpoints?.callEnded(call);
    telemetry.callEnded(call.direction, call.outcome ?? 'unknown');
    log.info({ callId: call.callId, direction: call.direction, outcome: call.outcome, endedBy: call.endedBy }, 'call ended');
    void delivery.add(this.intakeOf(call));
  }

  private intakeOf(call: Call): CallIntake {
    const source = this.rebuilt.has(call.callId) ? 'cel' : 'live';
    return { ...toCallLogRow(call), source, trail: this.options.trail.of(call.callId) };
  }

  /** A bug in one consumer must not take the event away from the others, nor end the feed. */
  private guarded(event: PbxEvent, consume: () => void): void {
    try {
      consume();
    } catch (err) {
      this.options.log.error({ err, event: event.type }, 'an event could not be handled');
    }
  }
}
