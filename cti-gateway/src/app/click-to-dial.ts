import type { DialProgress } from '../../protocol';
import type { CallEffect } from '../domain/call/call';
import { decideDial, type DialDecision, type DialLimits, type DialRefusal } from '../domain/dial/dial-policy';
import type { ParsedNumber } from '../domain/dial/parsed-number';
import { dialProgressOf } from '../domain/dial/dial-progress';
import type { AgentChannel } from '../ports/agent-channel';
import type { Clock } from '../ports/clock';
import type { Log } from '../ports/log';
import { PbxError, type Pbx } from '../ports/pbx';
import type { Telemetry } from '../ports/telemetry';
import { requirePhone, type Agent, type AgentWithPhone } from './agent';
import { CommandError, toCommandError } from './command-error';
import { DialMemory, type Dial, type DialAccepted } from './dial-memory';
import { maskForLog } from '../../../crm-core/caller-id';

interface DialWish {
  readonly dialId: string;
  readonly number: string;
}

interface Refusal {
  readonly code: DialRefusal | 'pbx.timeout';
  readonly retryAfterMs?: number;
}

export interface ClickToDialOptions {
  readonly pbx: Pick<Pbx, 'originate' | 'takeBack'>;
  readonly channel: AgentChannel;
  readonly clock: Clock;
  readonly log: Log;
  readonly telemetry: Telemetry;
  readonly limits: DialLimits;
  readonly parse: (raw: string) => ParsedNumber;
  readonly inCall: (extension: string) => boolean;
  readonly ringTimeoutSec: number;
}

/**
 * A click on a number: policy, then the agent's telephone, then (by the dialplan) the customer's. One dial per `dialId` and
 * per click, however often it is asked for; the id is also the channel's, so that Asterisk refuses a second one as well.
 */
export class ClickToDial {
  private readonly memory = new DialMemory();

  constructor(private readonly options: ClickToDialOptions) {}

  /** Resolves when the agent's telephone is being rung; the dial it repeats answers a repeated click. */
  async dial(person: Agent, wish: DialWish): Promise<DialAccepted> {
    const agent = requirePhone(person);
    const nowMs = this.options.clock.nowMs();
    this.memory.forgetOld(nowMs);
    const earlier = this.memory.byDialId(wish.dialId);
    if (earlier !== null) {
      if (earlier.userId !== agent.userId) throw new CommandError('dial.invalid_number', 'This dial id is taken', { field: 'dialId' });
      return earlier.result;
    }
    const number = this.decide(agent, wish, { inCall: false, history: [], nowMs });
    // Before the rules about calls and rates: the click being repeated is itself the call that is up.
    const repeated = number.allowed ? this.memory.sameClick(agent.userId, number.digits, nowMs) : null;
    if (repeated !== null) return repeated.result;
    if (number.allowed && this.memory.takingBack(agent.extension)) return this.refuse(agent, wish, { code: 'pbx.timeout' });
    const decision = this.decide(agent, wish, { inCall: this.busy(agent, nowMs), history: this.memory.history(agent.userId), nowMs });
    return decision.allowed ? this.place(agent, wish.dialId, decision.digits) : this.refuse(agent, wish, decision);
  }

  /** An outside number that somebody else than the agent's own telephone will dial: the same policy, the same rate. @throws CommandError */
  permit(person: Agent, number: string): string {
    const agent = requirePhone(person);
    const nowMs = this.options.clock.nowMs();
    const decision = this.decide(agent, { dialId: '', number }, { inCall: false, history: this.memory.history(agent.userId), nowMs });
    if (!decision.allowed) {
      const { code } = decision;
      throw new CommandError(code, `Not dialled: ${code}`, { field: 'number', retryable: code === 'dial.rate_limited' });
    }
    if (decision.numberClass === 'internal') throw new CommandError('transfer.unknown_target', 'No such extension', { field: 'target' });
    this.memory.count(agent.userId, nowMs);
    return decision.digits;
  }

  /** Progress of clicked calls, told as it happens. */
  apply(effect: CallEffect): void {
    if (effect.type === 'event.ignored') return;
    const dial = this.memory.byCall(effect.call);
    if (dial === null || dial.over) return;
    dial.seen = true;
    const { state, reason } = dialProgressOf(effect.call);
    this.tell(dial, state, reason);
  }

  private busy(agent: AgentWithPhone, nowMs: number): boolean {
    return this.options.inCall(agent.extension) || this.memory.placing(agent.extension, nowMs);
  }

  private decide(agent: AgentWithPhone, wish: DialWish, now: { inCall: boolean; history: readonly number[]; nowMs: number }): DialDecision {
    const { limits, parse } = this.options;
    const subject = {
      extension: agent.extension,
      mayDial: agent.permissions.has('call.dial'),
      mayDialInternational: agent.permissions.has('call.dial_international'),
      inCall: now.inCall,
    };
    return decideDial({ number: wish.number, parse, nowMs: now.nowMs }, subject, limits, now.history);
  }

  private refuse(agent: AgentWithPhone, wish: DialWish, { code, retryAfterMs }: Refusal): never {
    const { channel, telemetry, log } = this.options;
    telemetry.dialed(code);
    log.info({ extension: agent.extension, number: maskForLog(wish.number), code }, 'dial refused');
    const progress = { dialId: wish.dialId, callId: null, number: shown(wish.number), state: 'refused' as const, reason: code };
    channel.send({ userId: agent.userId }, 'dial.progressed', progress);
    const wait = retryAfterMs === undefined ? '' : `; again in ${Math.ceil(retryAfterMs / 1000)} s`;
    const retryable = code === 'dial.rate_limited' || code === 'dial.already_in_call' || code === 'pbx.timeout';
    throw new CommandError(code, `Not dialled: ${code}${wait}`, { field: 'number', retryable });
  }

  private place(agent: AgentWithPhone, dialId: string, digits: string): Promise<DialAccepted> {
    const accepted = { dialId, callId: `dial-${dialId}` };
    const dial: Dial = {
      ...accepted,
      userId: agent.userId,
      extension: agent.extension,
      number: digits,
      atMs: this.options.clock.nowMs(),
      result: Promise.resolve(accepted),
      told: '',
      seen: false,
      over: false,
      takingBack: false,
    };
    this.memory.add(dial);
    this.tell(dial, 'ringing_agent', null);
    dial.result = this.ring(dial).then(() => accepted);
    return dial.result;
  }

  private async ring(dial: Dial): Promise<void> {
    const { pbx, telemetry, log, ringTimeoutSec } = this.options;
    const { callId: channelId, dialId, extension, number } = dial;
    try {
      await pbx.originate({ channelId, extension, number, dialId, displayNumber: number, ringTimeoutSec });
    } catch (error) {
      if (!isThere(dial, error)) throw this.notPlaced(dial, error);
    }
    telemetry.dialed('accepted');
    log.info({ dialId, extension, number: maskForLog(number) }, 'dial placed');
  }

  private notPlaced(dial: Dial, cause: unknown): CommandError {
    const error = toCommandError(cause);
    const { telemetry, log } = this.options;
    telemetry.dialed(error.code);
    log.warn({ dialId: dial.dialId, extension: dial.extension, code: error.code, why: String(cause) }, 'dial not placed');
    this.tell(dial, 'ended', error.code === 'pbx.phone_unreachable' ? 'phone_unreachable' : error.code);
    if (error.code !== 'pbx.timeout') return error;
    void this.takeBack(dial);
    return new CommandError(error.code, 'The telephone system did not answer; nothing will be rung', { retryable: true, cause });
  }

  /** A telephone system that was held up would ring a telephone that nobody waits at any more, and the next click's beside it. */
  private async takeBack(dial: Dial): Promise<void> {
    const { pbx, log } = this.options;
    const { dialId, extension, callId } = dial;
    dial.takingBack = true;
    try {
      await pbx.takeBack(callId);
      log.info({ dialId, extension }, 'dial taken back');
    } catch (err) {
      log.warn({ dialId, extension, err }, 'dial not taken back');
    } finally {
      dial.takingBack = false;
    }
  }

  private tell(dial: Dial, state: DialProgress['state'], reason: string | null): void {
    const told = `${state} ${reason ?? ''}`;
    if (dial.told === told || dial.over) return;
    dial.told = told;
    dial.over = state === 'ended';
    const { dialId, callId, number } = dial;
    this.options.channel.send({ userId: dial.userId }, 'dial.progressed', { dialId, callId, number, state, reason });
  }
}

/** A gateway before us has placed this very dial, or the call has shown itself although nobody said so in time. */
function isThere(dial: Dial, error: unknown): boolean {
  if (!(error instanceof PbxError)) return false;
  return error.reason === 'duplicate' || (error.reason === 'timeout' && dial.seen);
}

/** A refused text goes back to the panel that sent it, cut and without control characters. */
function shown(number: string): string {
  return number.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '').slice(0, 64);
}
