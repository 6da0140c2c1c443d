import type { CallTrail, CallTrailView, NoPopReason } from '../../../contract/call-trail';
import { AppError } from '../../app-error';
import type { AppContext } from '../../context';
import type { Tx } from '../../db';
import { callTrailOf, deleteTrailsBefore, putCallTrail } from '../../db/repositories/call-trails.repository';
import { namesByExtension } from '../../db/repositories/users.repository';

const DAY_MS = 86_400_000;
const PRUNE_EVERY_MS = 3_600_000;
/** What the gateway says of an extension it has no window of; whether it is anybody's it cannot know. */
const NO_WINDOW: ReadonlySet<NoPopReason | null> = new Set<NoPopReason | null>(['agent_never_connected', 'panel_closed']);

/** Why a call was, or was not, on a screen: taken in with the call, kept for `trailDays`. */
export class CallTrails {
  private prunedAtMs = -Infinity;

  constructor(private readonly app: AppContext) {}

  async takeIn(tx: Tx, trail: CallTrail): Promise<void> {
    const receivedAt = this.app.now();
    await putCallTrail(tx, { callId: trail.callId, trail, receivedAt });
    if (receivedAt.getTime() - this.prunedAtMs < PRUNE_EVERY_MS) return;
    this.prunedAtMs = receivedAt.getTime();
    await deleteTrailsBefore(tx, new Date(this.prunedAtMs - this.app.config.trailDays * DAY_MS));
  }

  /** @throws AppError `not_found`: none was kept, or not any more. */
  async of(callId: string): Promise<CallTrailView> {
    const { read } = this.app.db;
    const trail = await callTrailOf(read, callId);
    if (trail === null) throw AppError.notFound();
    const extensions = [...trail.offers, ...trail.steps].flatMap(({ extension }) => extension ?? []);
    const names = await namesByExtension(read, extensions);
    const offers = trail.offers.map((offer) => ({ ...offer, reason: known(offer.reason, names.has(offer.extension)) }));
    const last = offers.at(-1);
    return { ...trail, offers, reason: NO_WINDOW.has(trail.reason) ? (last?.reason ?? trail.reason) : trail.reason, agents: Object.fromEntries(names) };
  }
}

function known(reason: NoPopReason | null, isUser: boolean): NoPopReason | null {
  return NO_WINDOW.has(reason) && !isUser ? 'no_agent_mapped' : reason;
}
