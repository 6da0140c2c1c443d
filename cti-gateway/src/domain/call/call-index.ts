import type { CallState } from './call-reducer';
import type { ChannelRef } from './pbx-event';

/**
 * Which live call a channel belongs to: by its own id, else by its Linkedid (all legs of a call share it), else by the dialplan's
 * `CTI_ID` (inherited where Linkedid is not). And which call talks in a bridge.
 */
export class CallIndex {
  private readonly byChannel = new Map<string, string>();
  private readonly byLinkedId = new Map<string, string>();
  private readonly byEntry = new Map<string, string>();
  private readonly byBridge = new Map<string, string>();

  ownerOf(channelId: string): string | null {
    return this.byChannel.get(channelId) ?? null;
  }

  /** The call of a channel that is not known yet. */
  relatedTo({ linkedId, variables }: ChannelRef): string | null {
    return this.byLinkedId.get(linkedId) ?? this.byEntry.get(variables.entryChannelId ?? '') ?? null;
  }

  /** The call whose telephones are, or were, in this bridge. Asterisk never gives a bridge's id again. */
  bridgeOwner(bridgeId: string): string | null {
    return this.byBridge.get(bridgeId) ?? null;
  }

  add(callId: string, state: CallState): void {
    const { facts } = state;
    for (const channelId of channelIdsOf(state)) this.byChannel.set(channelId, callId);
    for (const bridgeId of bridgeIdsOf(state)) if (!this.byBridge.has(bridgeId)) this.byBridge.set(bridgeId, callId);
    this.alias(callId, facts.linkedIds, facts.variables.entryChannelId);
    for (const entry of facts.entryIds) this.alias(callId, [], entry);
  }

  /** Whose name it was first, it stays: two calls that come to share a Linkedid are still two. */
  alias(callId: string, linkedIds: readonly string[], entry: string | undefined): void {
    for (const linkedId of linkedIds) if (!this.byLinkedId.has(linkedId)) this.byLinkedId.set(linkedId, callId);
    if (entry !== undefined && !this.byEntry.has(entry)) this.byEntry.set(entry, callId);
  }

  remove(callId: string, state: CallState): void {
    const { facts } = state;
    for (const channelId of channelIdsOf(state)) this.byChannel.delete(channelId);
    for (const bridgeId of bridgeIdsOf(state)) if (this.byBridge.get(bridgeId) === callId) this.byBridge.delete(bridgeId);
    for (const linkedId of facts.linkedIds) if (this.byLinkedId.get(linkedId) === callId) this.byLinkedId.delete(linkedId);
    const entries = [...facts.entryIds, ...(facts.variables.entryChannelId === undefined ? [] : [facts.variables.entryChannelId])];
    for (const entry of entries) if (this.byEntry.get(entry) === callId) this.byEntry.delete(entry);
  }

  get size(): number {
    return this.byChannel.size + this.byLinkedId.size + this.byEntry.size + this.byBridge.size;
  }
}

export function channelIdsOf({ facts }: Pick<CallState, 'facts'>): string[] {
  return [...facts.legs.map((leg) => leg.channelId), ...facts.helpers.map((helper) => helper.channelId), ...facts.forgotten];
}

function bridgeIdsOf({ facts }: Pick<CallState, 'facts'>): string[] {
  const talked = [...facts.legs, ...facts.helpers].flatMap((one) => one.stays.filter((stay) => stay.waiting !== true));
  return [...new Set(talked.map((stay) => stay.bridgeId))];
}
