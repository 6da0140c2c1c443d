import type { Consult, PassedContext, PassedOn, TransferTarget } from '../../protocol';
import type { Call, CallEffect, Leg } from '../domain/call/call';
import type { Clock } from '../ports/clock';
import type { Log } from '../ports/log';
import type { ConsultStep, Pbx, PbxTarget } from '../ports/pbx';
import { requireTransfer, type Agent, type AgentWithPhone } from './agent';
import type { CallControl, OwnCall } from './call-control';
import type { CallMarks } from './call-marks';
import { agentExtensions } from './call-projection';
import { requireCustomer, type CallTransfer, type TransferWish } from './call-transfer';
import { iso } from './call-view';
import { CommandError } from './command-error';
import { ConsultKeys } from './consult-keys';
import { consultPart } from './consult-part';
import { sameTarget, type TransferTargets } from './transfer-targets';

export interface ConsultationsOptions {
  readonly pbx: Pick<Pbx, 'consult' | 'consultSettled' | 'consultStep'>;
  readonly control: Pick<CallControl, 'talking' | 'channelOf'>;
  readonly transfer: Pick<CallTransfer, 'transfer'>;
  readonly marks: CallMarks;
  readonly targets: TransferTargets;
  readonly clock: Clock;
  readonly log: Log;
}

/** A consultation that was begun from the panel. */
interface Ask {
  readonly target: TransferTarget;
  /** Legs that were there before: the first other one is the target's. */
  readonly known: ReadonlySet<string>;
  /** How the call had been passed on before; comes back when this agent keeps it. */
  readonly before: PassedOn | null;
  targetId: string | null;
}

/**
 * Asking somebody before passing a call on: Asterisk's own attended transfer, whose state machine goes on without us (the gateway may die,
 * who was asked may hang up, the agent may). What the panels are shown is read from Asterisk's events.
 *
 *     (talk) ──consult──▶ calling ──answers──▶ target ◀──talkTo──▶ customer
 *        ▲                  │ │                  │ └──────────┬────────┘
 *        └──cancel, no answer, hung up───────────┘        conference
 *                             └─────── complete ──▶ passed on
 */
export class Consultations {
  private readonly asks = new Map<string, Ask>();
  /** Channel of who is asked, as long as a consultation is shown. */
  private readonly asked = new Map<string, string>();
  private readonly keys: ConsultKeys;

  constructor(private readonly options: ConsultationsOptions) {
    this.keys = new ConsultKeys(options.control, options.clock);
  }

  /** Resolves when the target's telephone is being called. */
  async consult(person: Agent, { callId, target, context }: TransferWish): Promise<void> {
    const { control, marks, targets, clock, log } = this.options;
    const agent = requireTransfer(person);
    const key = keyOf(callId, agent.extension);
    const running = this.asks.get(key)?.target ?? this.shown(callId, agent)?.target;
    if (running !== undefined && sameTarget(running, target)) return;
    if (running !== undefined) throw new CommandError('transfer.consulting', 'Another colleague is being asked');
    const own = control.talking(agent, callId);
    requireCustomer(own);
    if (target.kind === 'queue') throw new CommandError('transfer.unknown_target', 'A queue cannot be asked', { field: 'target' });
    const allowed = targets.allowed(agent, target);
    const known = new Set(own.call.legs.map((leg) => leg.channelId));
    this.asks.set(key, { target, known, before: marks.of(callId).passedOn, targetId: null });
    marks.passOn(callId, { kind: 'consult', target, context, asking: true, from: agent, at: iso(clock.nowMs()) });
    try {
      await this.begin(callId, agent, allowed);
    } catch (error) {
      this.over(callId, agent.extension);
      throw error;
    }
    log.info({ callId, extension: agent.extension, kind: target.kind }, 'consultation begun');
  }

  /** While the target still rings it is let go and called again by the dialplan, which brings the customer back when nobody answers. */
  async complete(person: Agent, { callId, context }: { callId: string; context: PassedContext }): Promise<void> {
    const { marks, transfer } = this.options;
    const agent = requireTransfer(person);
    const { passedOn } = marks.of(callId);
    if (passedOn?.kind === 'consult' && passedOn.fromExtension === agent.extension && !passedOn.asking) return;
    const { own, consult } = this.consulting(agent, callId);
    if (consult.state === 'calling') {
      await this.step(own, agent, 'cancel', () => this.shown(callId, agent) === undefined);
      return transfer.transfer(person, { callId, target: consult.target, context });
    }
    if (passedOn?.asking === true) marks.change(callId, { passedOn: { ...passedOn, context } });
    await this.step(own, agent, 'complete', () => this.shown(callId, agent) === undefined);
  }

  async cancel(person: Agent, callId: string): Promise<void> {
    const agent = requireTransfer(person);
    const { own } = this.consulting(agent, callId);
    await this.step(own, agent, 'cancel', () => this.shown(callId, agent) === undefined);
  }

  async talkTo(person: Agent, callId: string, party: 'customer' | 'target'): Promise<void> {
    const agent = requireTransfer(person);
    const { own, consult } = this.answered(agent, callId);
    if (consult.state === party) return;
    if (consult.state === 'conference') throw new CommandError('call.wrong_state', 'All three are together');
    await this.step(own, agent, 'swap', () => this.isShown(callId, agent, party));
  }

  async conference(person: Agent, callId: string): Promise<void> {
    const agent = requireTransfer(person);
    const { own, consult } = this.answered(agent, callId);
    if (consult.state === 'conference') return;
    await this.step(own, agent, 'conference', () => this.isShown(callId, agent, 'conference'));
  }

  /** Follows what really happens, whoever made it happen. */
  apply(effect: CallEffect): void {
    if (effect.type === 'event.ignored') return;
    const { call } = effect;
    for (const extension of agentExtensions(call)) this.follow(call, extension);
    this.keys.look(call.callId);
  }

  close(): void {
    this.keys.close();
    this.asks.clear();
    this.asked.clear();
  }

  private async begin(callId: string, agent: AgentWithPhone, target: PbxTarget): Promise<void> {
    const { pbx, log } = this.options;
    const begun = (): boolean => this.asks.get(keyOf(callId, agent.extension))?.targetId !== null;
    let channel = '';
    try {
      await this.keys.insist(agent, callId, (channelName) => pbx.consult((channel = channelName), target), begun);
    } finally {
      pbx.consultSettled(channel).catch((err: unknown) => log.warn({ callId, err }, 'the target of a consultation stays on its channel'));
    }
  }

  private step({ call }: OwnCall, agent: AgentWithPhone, step: ConsultStep, done: () => boolean): Promise<void> {
    const gone = (): boolean => this.shown(call.callId, agent) === undefined;
    return this.keys.insist(
      agent,
      call.callId,
      (channelName) => this.options.pbx.consultStep(channelName, step),
      () => done() || gone(),
    );
  }

  private follow(call: Call, extension: string): void {
    const { callId } = call;
    const key = keyOf(callId, extension);
    const ask = this.asks.get(key);
    const shown = this.options.marks.of(callId).consults[extension];
    if (ask !== undefined)
      ask.targetId ??= call.legs.find((leg) => !ask.known.has(leg.channelId) && leg.extension !== extension)?.channelId ?? null;
    const part = consultPart(call, extension);
    if (part !== null) {
      this.asked.set(key, part.target.channelId);
      if (shown?.state !== part.state) this.show(callId, extension, part.state, shown?.target ?? ask?.target ?? targetOf(part.target));
      return;
    }
    const target = call.legs.find((leg) => leg.channelId === (this.asked.get(key) ?? ask?.targetId));
    if (shown === undefined && (target === undefined || target.endedAtMs === null) && call.phase !== 'ended') return;
    if (shown === undefined && ask === undefined) return;
    const own = call.legs.findLast((leg) => leg.extension === extension);
    const gone = own === undefined || (own.endedAtMs !== null && !own.handedOn);
    // Who hangs up while asking has passed the call on: that is how Asterisk has it.
    if (gone && target?.endedAtMs === null) this.passedOn(callId);
    // Between two bridges nobody is asked for a moment.
    if (gone || target?.endedAtMs !== null) this.over(callId, extension);
  }

  /** Before it is over: the next agent's panel takes the draft the moment it is not asked any more. */
  private passedOn(callId: string): void {
    const { marks, clock } = this.options;
    const { passedOn } = marks.of(callId);
    if (passedOn?.asking === true) marks.change(callId, { passedOn: { ...passedOn, at: iso(clock.nowMs()), asking: false } });
  }

  private consulting(agent: AgentWithPhone, callId: string): { own: OwnCall; consult: Consult } {
    const own = this.options.control.talking(agent, callId);
    const consult = this.shown(callId, agent);
    if (consult === undefined) throw new CommandError('transfer.no_consult', 'Nobody is asked');
    requireCustomer(own);
    return { own, consult };
  }

  private answered(agent: AgentWithPhone, callId: string): { own: OwnCall; consult: Consult } {
    const found = this.consulting(agent, callId);
    if (found.consult.state === 'calling') throw new CommandError('transfer.not_answered_yet', 'Still rings', { retryable: true });
    return found;
  }

  private shown(callId: string, { extension }: AgentWithPhone): Consult | undefined {
    return this.options.marks.of(callId).consults[extension];
  }

  private isShown(callId: string, agent: AgentWithPhone, state: Consult['state']): boolean {
    return this.shown(callId, agent)?.state === state;
  }

  private show(callId: string, extension: string, state: Consult['state'], target: TransferTarget): void {
    const { marks, clock } = this.options;
    const since = iso(clock.nowMs());
    const held = state === 'calling' || state === 'target';
    const customerHeldSince = held ? (marks.of(callId).consults[extension]?.customerHeldSince ?? since) : null;
    marks.setConsult(callId, extension, { target, state, since, customerHeldSince });
  }

  private over(callId: string, extension: string): void {
    const { marks } = this.options;
    const key = keyOf(callId, extension);
    const ask = this.asks.get(key);
    this.asks.delete(key);
    this.asked.delete(key);
    const { passedOn, consults } = marks.of(callId);
    if (passedOn?.asking === true && passedOn.fromExtension === extension) marks.change(callId, { passedOn: ask?.before ?? null });
    if (consults[extension] !== undefined) marks.setConsult(callId, extension, null);
  }
}

/** Begun by keys on the telephone, or before this gateway was started. */
function targetOf({ extension, endpoint }: Leg): TransferTarget {
  return extension === null ? { kind: 'number', number: endpoint } : { kind: 'agent', extension };
}

function keyOf(callId: string, extension: string): string {
  return `${extension} ${callId}`;
}
