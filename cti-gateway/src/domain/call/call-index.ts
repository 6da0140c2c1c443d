import type { CallState } from './call-reducer';
import type { ChannelRef } from './pbx-event';

/**
 * Which live call a channel belongs to: by its own id, else by its Linkedid (all legs of a call share it), else by the dialplan's
 * `CTI_ID` (inherited where Linkedid is not).
 */
export class CallIndex {
  private readonly byChannel = new Map<string, string>();
  private readonly byLinkedId = new Map<string, string>();
  private readonly byEntry = new Map<string, string>();

  ownerOf(channelId: string): string | null {
    return this.byChannel.get(channelId) ?? null;
  }

  /** The call of a channel that is not known yet. */
  relatedTo({ linkedId, variables }: ChannelRef): string | null {
    return this.byLinkedId.get(linkedId) ?? this.byEntry.get(variables.entryChannelId ?? '') ?? null;
  }

  add(callId: string, { facts }: CallState): void {
    for (const leg of facts.legs) this.byChannel.set(leg.channelId, callId);
    this.alias(callId, facts.linkedIds, facts.variables.entryChannelId);
  }

  /** Whose name it was first, it stays: two calls that come to share a Linkedid are still two. */
  alias(callId: string, linkedIds: readonly string[], entry: string | undefined): void {
    for (const linkedId of linkedIds) if (!this.byLinkedId.has(linkedId)) this.byLinkedId.set(linkedId, callId);
    if (entry !== undefined && !this.byEntry.has(entry)) this.byEntry.set(entry, callId);
  }

  remove(callId: string, { facts }: CallState): void {
    for (const channelId of channelIdsOf({ facts })) this.byChannel.delete(channelId);
    for (const linkedId of facts.linkedIds) if (this.byLinkedId.get(linkedId) === callId) this.byLinkedId.delete(linkedId);
    const entry = facts.variables.entryChannelId;
    if (entry !== undefined && this.byEntry.get(entry) === callId) this.byEntry.delete(entry);
  }

  get size(): number {
    return this.byChannel.size + this.byLinkedId.size + this.byEntry.size;
  }
}

export function channelIdsOf({ facts }: Pick<CallState, 'facts'>): string[] {
  return [...facts.legs.map((leg) => leg.channelId), ...facts.forgotten];
}
