import type { PassedContext, TransferTarget } from '../../protocol';
import type { CallEffect } from '../domain/call/call';
import type { Clock } from '../ports/clock';
import type { Log } from '../ports/log';
import type { Pbx } from '../ports/pbx';
import { requireTransfer, type Agent, type AgentWithPhone } from './agent';
import type { CallControl, OwnCall } from './call-control';
import type { CallMarks } from './call-marks';
import { iso } from './call-view';
import { CallReturns } from './call-returns';
import { CommandError } from './command-error';
import { sameTarget, type TransferTargets } from './transfer-targets';

/** The same wish in another command (a second click, another window) within this time is one wish. */
const SAME_WISH_MS = 2_000;

export interface TransferWish {
  readonly callId: string;
  readonly target: TransferTarget;
  readonly context: PassedContext;
}

export interface CallTransferOptions {
  readonly pbx: Pick<Pbx, 'transfer' | 'park'>;
  readonly control: Pick<CallControl, 'talking'>;
  readonly marks: CallMarks;
  readonly targets: TransferTargets;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * Passing calls on at once, by Asterisk's BlindTransfer into the dialplan (dialplans/extensions.d/transfer.conf), which brings the customer
 * back when the target is not to be had.
 */
export class CallTransfer {
  private readonly returns: CallReturns;

  constructor(private readonly options: CallTransferOptions) {
    this.returns = new CallReturns(options.marks);
  }

  /** Resolves when Asterisk has done it; whether the target answers is told by events. */
  async transfer(person: Agent, wish: TransferWish): Promise<void> {
    const { control, marks, clock, log } = this.options;
    const agent = requireTransfer(person);
    const { callId, target, context } = wish;
    if (this.isRepeated(agent, wish)) return;
    const own = control.talking(agent, callId);
    if (marks.of(callId).consults[agent.extension] !== undefined)
      throw new CommandError('transfer.consulting', 'A colleague is being asked');
    requireCustomer(own);
    const pass = this.passing(agent, own, target);
    // Before Asterisk is asked: the next telephone can ring before its answer is here.
    const before = marks.of(callId).passedOn;
    this.returns.watch(own.call);
    marks.passOn(callId, { kind: 'blind', target, context, asking: false, from: agent, at: iso(clock.nowMs()) });
    try {
      await pass();
    } catch (error) {
      marks.change(callId, { passedOn: before });
      throw error;
    }
    log.info({ callId, extension: agent.extension, kind: target.kind }, 'call passed on');
  }

  apply(effect: CallEffect): void {
    this.returns.apply(effect);
  }

  close(): void {
    this.returns.close();
  }

  /** What Asterisk is to be asked, with everything checked before. Parking is of the customer's own channel. */
  private passing(agent: AgentWithPhone, { call, part }: OwnCall, target: TransferTarget): () => Promise<void> {
    const { pbx, targets } = this.options;
    if (target.kind !== 'parking') {
      const allowed = targets.allowed(agent, target);
      return () => pbx.transfer(part.leg.channelName, allowed);
    }
    const customer = call.legs.find((leg) => leg.role === 'customer' && leg.endedAtMs === null);
    if (customer === undefined) throw new CommandError('transfer.customer_gone', 'No customer to park');
    return () => pbx.park(customer.channelName, agent.extension);
  }

  private isRepeated(agent: AgentWithPhone, { callId, target }: TransferWish): boolean {
    const { passedOn } = this.options.marks.of(callId);
    if (passedOn === null || passedOn.kind !== 'blind' || passedOn.returned !== null) return false;
    if (passedOn.fromExtension !== agent.extension || !sameTarget(passedOn.target, target)) return false;
    return this.options.clock.nowMs() - Date.parse(passedOn.at) < SAME_WISH_MS;
  }
}

/** Whoever is on the other side: a customer, or a colleague who called. */
export function requireCustomer({ call, part }: OwnCall): void {
  const other = call.legs.some(
    (leg) => leg !== part.leg && leg.endedAtMs === null && (leg.role === 'customer' || call.direction === 'internal'),
  );
  if (!other) throw new CommandError('transfer.customer_gone', 'The customer has hung up');
}
