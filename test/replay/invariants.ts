import type { CallLogRow } from '../../crm-core/contract/calls';
import type { Call, CallEffect, Leg } from '../../cti-gateway/src/domain/call/call';
import { CallBook } from '../../cti-gateway/src/domain/call/call-book';
import { toCallLogRow } from '../../cti-gateway/src/domain/call/call-log-row';
import type { PbxEvent } from '../../cti-gateway/src/domain/call/pbx-event';
import { MODEL } from './recordings';

/** Passing on, Asterisk takes both talks from hold before it puts them together. */
const MOMENT_MS = 100;

/** Plays events into a call book and holds it to its promises after every one of them. */
export class WatchedBook {
  readonly book = new CallBook(MODEL);
  readonly rows: CallLogRow[] = [];
  private readonly entered = new Set<string>();
  private readonly ended = new Set<string>();
  /** Agents in two talking calls, and since when. */
  private readonly inTwo = new Map<string, number>();

  /** `lossy`: after a lost BridgeLeave three may seem to be in one bridge; nobody can know better. */
  constructor(private readonly options: { readonly lossy: boolean } = { lossy: false }) {}

  play(events: readonly PbxEvent[]): this {
    for (const event of events) this.apply(event);
    return this;
  }

  /** @returns the calls that ended by it. */
  apply(event: PbxEvent): readonly Call[] {
    const effects = this.book.apply(event);
    for (const effect of effects) this.check(effect);
    const live = this.book.live();
    live.forEach(checkTimes);
    live.forEach(checkState);
    live.forEach((call) => ensure(this.entered.has(call.callId), 'lives and never entered', call));
    ensureAll(new Set(live.map((call) => call.callId)).size === live.length, 'two live calls of one name', live);
    if (!this.options.lossy) this.checkTalking(live, event.atMs);
    return effects.flatMap((effect) => (effect.type === 'call.ended' ? [effect.call] : []));
  }

  /** A telephone talks with one other unless in a conference, an agent in one call: another may be held. */
  private checkTalking(calls: readonly Call[], atMs: number): void {
    for (const call of calls) call.legs.filter(isTalking).forEach((leg) => checkTalk(leg, call));
    const talks = calls.flatMap((call) =>
      call.legs.filter((leg) => isTalking(leg) && leg.heldSinceMs === null).map((leg) => ({ leg, call })),
    );
    const agents = new Set(talks.flatMap(({ leg }) => leg.extension ?? []));
    for (const agent of agents) {
      const callIds = new Set(talks.filter(({ leg }) => leg.extension === agent).map(({ call }) => call.callId));
      if (callIds.size < 2) this.inTwo.delete(agent);
      else ensureAll(atMs - (this.inTwo.get(agent) ?? atMs) <= MOMENT_MS, `${agent} is in two talking calls`, calls);
      if (callIds.size > 1 && !this.inTwo.has(agent)) this.inTwo.set(agent, atMs);
    }
  }

  /** Two that were both live are one from now on; nothing more is told of the other. */
  private absorb({ absorbed }: Extract<CallEffect, { type: 'call.merged' }>): void {
    ensure(this.entered.has(absorbed.callId), 'absorbed before it entered', absorbed);
    ensure(!this.ended.has(absorbed.callId), 'absorbed after its end', absorbed);
    this.ended.add(absorbed.callId);
  }

  private check(effect: CallEffect): void {
    if (effect.type === 'event.ignored') return;
    const { callId } = effect.call;
    ensure(!this.ended.has(callId), `${effect.type} after the end`, effect.call);
    if (effect.type === 'call.merged') this.absorb(effect);
    if (effect.type === 'call.entered') {
      ensure(!this.entered.has(callId), 'entered twice', effect.call);
      this.entered.add(callId);
    }
    ensure(this.entered.has(callId), `${effect.type} before the call entered`, effect.call);
    if (effect.type !== 'call.ended') return;
    this.ended.add(callId);
    checkTimes(effect.call);
    const row = toCallLogRow(effect.call);
    ensure(
      row.talkMs + row.holdMs <= Date.parse(row.endedAt) - Date.parse(row.answeredAt ?? row.endedAt) + 1,
      'talked longer than connected',
      effect.call,
    );
    this.rows.push(row);
  }
}

/** The phase is what its telephones do, and a call without a living telephone is over: none lives for ever. */
function checkState(call: Call): void {
  ensure(call.phase !== 'ended', 'an ended call is not live', call);
  ensure(
    call.legs.some((leg) => leg.endedAtMs === null),
    'lives without any telephone',
    call,
  );
  ensure((call.phase === 'connected') === call.legs.some(isTalking), 'connected is who talks', call);
  const rings = call.legs.some((leg) => !leg.placed && leg.alertingAtMs !== null && leg.answeredAtMs === null && leg.endedAtMs === null);
  ensure(call.phase !== 'alerting' || rings, 'alerting and nothing rings', call);
  ensure(call.phase !== 'queued' || call.queueVisits.some((visit) => visit.leftAtMs === null), 'queued in no queue', call);
}

function checkTimes(call: Call): void {
  ensure(call.answeredAtMs === null || call.answeredAtMs >= call.enteredAtMs, 'answered before it entered', call);
  ensure(call.endedAtMs === null || call.endedAtMs >= (call.answeredAtMs ?? call.enteredAtMs), 'ended before it was answered', call);
  ensure((call.endedAtMs === null) === (call.phase !== 'ended'), 'phase and end disagree', call);
  ensure((call.outcome === null) === (call.endedAtMs === null), 'an outcome belongs to an end', call);
  for (const leg of call.legs) {
    ensure(leg.startedAtMs >= call.enteredAtMs, 'a leg before its call', call);
    ensure(leg.endedAtMs === null || leg.endedAtMs >= leg.startedAtMs, 'a leg ended before it began', call);
    ensure((leg.result === null) === (leg.endedAtMs === null), 'a result belongs to an end', call);
    ensure(leg.talkMs >= 0 && leg.holdMs >= 0, 'time runs forwards', call);
  }
  for (const transfer of call.transfers) {
    ensure(transfer.atMs >= call.enteredAtMs, 'passed on before it entered', call);
    ensure(call.endedAtMs === null || transfer.result !== null, 'a transfer without an outcome', call);
  }
  for (const visit of call.queueVisits) ensure(visit.leftAtMs === null || visit.leftAtMs >= visit.joinedAtMs, 'left before joined', call);
}

function checkTalk(leg: Leg, call: Call): void {
  ensure(leg.talkingTo.length === 1 || call.legs.filter(isTalking).length > 2, 'talks with two at once', call);
  ensure(leg.endedAtMs === null, 'talks after its end', call);
}

function isTalking(leg: Leg): boolean {
  return leg.talkingTo.length > 0;
}

function ensure(holds: boolean, promise: string, call: Call): void {
  ensureAll(holds, promise, [call]);
}

function ensureAll(holds: boolean, promise: string, calls: readonly Call[]): void {
  if (!holds) throw new Error(`${promise}: ${JSON.stringify(calls)}`);
}
