import type { CallTransfer, TransferResult } from './call';
import type { CallFacts, HelperFacts, LegFacts, TransferFacts } from './call-facts';
import { localPairOf } from './endpoint';
import { numberIn } from './remote-party';
import type { Connection } from './talk';

/** One agent's channel asks another telephone, by a call that Asterisk placed for it (Atxfer). */
export interface Consultation {
  readonly from: LegFacts;
  readonly to: LegFacts;
}

/** Order of events of one moment, see {@link CallFacts}. */
const MOMENT_MS = 100;

/**
 * Consultations inside one call: a leg that was called for a Local channel whose other half shares a bridge with an agent's leg. A
 * consultation that a telephone placed itself is a call of its own until it is joined.
 */
export function consultationsOf({ legs, helpers }: CallFacts): Consultation[] {
  if (helpers.length === 0) return [];
  return legs.flatMap((to) => {
    if (to.calledBy === null) return [];
    const pair = localPairOf(to.calledBy);
    const half = helpers.filter((helper) => localPairOf(helper.channelName) === pair);
    const from = legs.find((leg) => leg !== to && leg.role === 'agent' && leg.startedAtMs <= to.startedAtMs && sharesBridge(leg, half));
    return from === undefined ? [] : [{ from, to }];
  });
}

/** The first bridge of the half; later ones are those of the customer. */
function sharesBridge(leg: LegFacts, halves: readonly HelperFacts[]): boolean {
  return halves.some((half) => leg.stays.some((stay) => stay.bridgeId === half.stays[0]?.bridgeId));
}

interface Context {
  readonly facts: CallFacts;
  readonly connections: readonly Connection[];
  readonly consultations: readonly Consultation[];
  readonly ended: boolean;
}

/** The times the customer was passed on, or was to be, in order. */
export function transfersOf(facts: CallFacts, connections: readonly Connection[], ended: boolean): CallTransfer[] {
  const consultations = consultationsOf(facts);
  const context: Context = { facts, connections, consultations, ended };
  const told = facts.transfers.map((transfer, index) => toldTransfer(transfer, facts.transfers[index + 1]?.atMs ?? Infinity, context));
  const untold = consultations.filter((consultation) => !facts.transfers.some((transfer) => concludes(transfer, consultation, facts)));
  return [...told, ...untold.map((consultation) => openConsultation(consultation, context))].sort((a, b) => a.atMs - b.atMs);
}

/** Whether this transfer is what the consultation led to: the first by that agent after it began. */
function concludes(transfer: TransferFacts, { from, to }: Consultation, facts: CallFacts): boolean {
  if (transfer.kind !== 'attended' || !transfer.fromIds.includes(from.channelId) || transfer.atMs < to.startedAtMs - MOMENT_MS)
    return false;
  return !facts.transfers.some(
    (other) => other.atMs < transfer.atMs && other.atMs >= to.startedAtMs && other.fromIds.includes(from.channelId),
  );
}

function toldTransfer(transfer: TransferFacts, untilMs: number, context: Context): CallTransfer {
  const { facts, consultations } = context;
  const from = facts.legs.find((leg) => transfer.fromIds.includes(leg.channelId));
  const consulted =
    transfer.kind === 'blind'
      ? undefined
      : (facts.legs.find((leg) => leg.channelId === transfer.targetId) ??
        consultations.findLast((one) => concludes(transfer, one, facts))?.to);
  const next = connectedNext(transfer, untilMs, context);
  return {
    atMs: transfer.atMs,
    kind: transfer.kind,
    fromExtension: from?.extension ?? null,
    to: transfer.exten === null ? attendedTarget(transfer, consulted ?? next, context) : blindTarget(transfer, untilMs, facts),
    result: transfer.done ? resultOf(transfer, from, next, context, untilMs) : 'failed',
  };
}

function resultOf(
  transfer: TransferFacts,
  from: LegFacts | undefined,
  next: LegFacts | undefined,
  { ended }: Context,
  untilMs: number,
): TransferResult | null {
  if (next === undefined) return ended || untilMs !== Infinity ? 'not_answered' : null;
  const back = transfer.fromIds.includes(next.channelId) || (next.extension !== null && next.extension === from?.extension);
  return back && transfer.exten !== next.extension ? 'returned' : 'answered';
}

/** Whom the one passed on talked with first, after this transfer and before the next. */
function connectedNext(transfer: TransferFacts, untilMs: number, { facts, connections }: Context): LegFacts | undefined {
  const passedOn = transfereeOf(transfer, facts);
  const after = connections.filter(
    ({ away, span, legs }) =>
      !away &&
      legs.includes(passedOn as LegFacts) &&
      span.fromMs >= transfer.atMs - MOMENT_MS &&
      span.fromMs < untilMs &&
      !legs.some((leg) => transfer.fromIds.includes(leg.channelId) && (leg.endedAtMs ?? Infinity) <= transfer.atMs + MOMENT_MS),
  );
  const others = after.flatMap(({ legs }) => legs).filter((leg) => leg !== passedOn);
  // After a consultation all three may talk, the one who asked first.
  const consulted = transfer.kind === 'attended' ? others.find((leg) => !transfer.fromIds.includes(leg.channelId)) : undefined;
  return consulted ?? others[0];
}

/** The channel that was told, else the customer. */
function transfereeOf(transfer: TransferFacts, { legs }: CallFacts): LegFacts | undefined {
  return legs.find((leg) => leg.channelId === transfer.transfereeId) ?? legs.find((leg) => leg.role === 'customer');
}

/** The queue that was joined next, where the extension led to one. */
function blindTarget(transfer: TransferFacts, untilMs: number, facts: CallFacts): string | null {
  const calledFirst = facts.legs.find((leg) => leg.startedAtMs >= transfer.atMs && leg.placed !== true)?.startedAtMs ?? Infinity;
  const visit = facts.queueVisits.find(
    ({ joinedAtMs }) => joinedAtMs >= transfer.atMs && joinedAtMs < untilMs && joinedAtMs <= calledFirst,
  );
  return visit?.queue ?? transfer.exten;
}

function attendedTarget(transfer: TransferFacts, target: LegFacts | undefined, { facts }: Context): string | null {
  const own = facts.legs.filter((leg) => transfer.fromIds.includes(leg.channelId));
  const dialled = own.find((leg) => leg.channelId === transfer.fromIds[1] && leg.placed === true)?.exten ?? null;
  if (target !== undefined && !own.includes(target)) return nameOf(target) ?? dialled;
  return dialled;
}

/** Asked, and not (yet) passed on: the customer is back with the one who asked, or will be. */
function openConsultation({ from, to }: Consultation, { ended }: Context): CallTransfer {
  const over = ended || to.endedAtMs !== null || from.endedAtMs !== null;
  const result = !over ? null : to.upAtMs === null ? 'not_answered' : 'cancelled';
  return { atMs: to.startedAtMs, kind: 'attended', fromExtension: from.extension, to: nameOf(to), result };
}

function nameOf(leg: LegFacts): string | null {
  return leg.extension ?? numberIn(leg.dialString) ?? leg.caller?.number ?? null;
}
