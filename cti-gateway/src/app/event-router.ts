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
import type { ClickToDial } from './click-to-dial';
import type { GatewayHealth } from './gateway-health';
import type { LiveDesk } from './live-desk';
import type { PopTrail } from './pop-trail';
import type { QueueDepths } from './queue-depths';

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
  readonly delivery: CallDelivery;
  readonly presence: AgentPresence;
  readonly queues: QueueDepths;
  readonly health: GatewayHealth;
  readonly trail: PopTrail;
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

  constructor(private readonly options: EventRouterOptions) {
    this.stops = [
      options.pbx.onEvent((event) => this.route(event)),
      // A window said that it was painted when the call was over: crm-core takes the same call again.
      options.trail.onLate((call) => void options.delivery.add(this.intakeOf(call))),
    ];
  }

  close(): void {
    for (const stop of this.stops) stop();
  }

  private route(event: PbxEvent): void {
    const { calls, presence, queues, health, telemetry, clock } = this.options;
    telemetry.eventSeen(Math.max(0, clock.nowMs() - event.atMs));
    this.guarded(event, () => {
      for (const effect of calls.apply(event)) this.guarded(event, () => this.effect(effect));
    });
    this.guarded(event, () => presence.apply(event));
    this.guarded(event, () => queues.apply(event));
    this.guarded(event, () => health.apply(event));
    if (event.type === 'originate.failed') this.guarded(event, () => this.options.dialling.originateFailed(event.channelId));
  }

  private effect(effect: CallEffect): void {
    const { matching, desk, dialling, telemetry, trail } = this.options;
    if (effect.type === 'event.ignored') return telemetry.eventIgnored(effect.reason);
    const { call } = effect;
    trail.apply(effect);
    if (effect.type !== 'call.ended') matching.follow(call);
    desk.apply(effect);
    dialling.apply(effect);
    if (effect.type === 'call.ended') this.ended(call);
  }

  private ended(call: Call): void {
    const { delivery, telemetry, log } = this.options;
    telemetry.callEnded(call.direction, call.outcome ?? 'unknown');
    log.info({ callId: call.callId, direction: call.direction, outcome: call.outcome, endedBy: call.endedBy }, 'call ended');
    void delivery.add(this.intakeOf(call));
  }

  private intakeOf(call: Call): CallIntake {
    return { ...toCallLogRow(call), trail: this.options.trail.of(call.callId) };
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
