import { z } from 'zod';
import { ClientId } from '../../../cti-gateway/protocol';
import type { PhoneCommand, PhoneResult } from '../softphone/phone-types';

/** Rises when these messages change: windows of different age do not talk to each other, but still share the lock. */
export const TAB_PROTOCOL = 1;

const Command = z.discriminatedUnion('type', [
  z.object({ type: z.literal('answer') }),
  z.object({ type: z.literal('reject') }),
  z.object({ type: z.literal('hangup') }),
  z.object({ type: z.literal('hold'), held: z.boolean() }),
  z.object({ type: z.literal('mute'), muted: z.boolean() }),
  z.object({ type: z.literal('digits'), digits: z.string().max(32) }),
]) satisfies z.ZodType<PhoneCommand>;

/** What the windows of one agent tell each other over BroadcastChannel. */
export const TabMessage = z.discriminatedUnion('kind', [
  /** A window has opened: the leader answers with its status. */
  z.object({ kind: z.literal('hello'), from: ClientId }),
  /** From the leader, at every change and when it has become the leader. */
  z.object({ kind: z.literal('status'), from: ClientId, status: z.unknown() }),
  z.object({ kind: z.literal('perform'), from: ClientId, id: ClientId, command: Command }),
  z.object({
    kind: z.literal('result'),
    to: ClientId,
    id: ClientId,
    result: z.custom<PhoneResult>((value) => typeof value === 'object' && value !== null && 'ok' in value),
  }),
  /** May I have the telephone? */
  z.object({ kind: z.literal('ask'), from: ClientId, id: ClientId }),
  z.object({ kind: z.literal('consent'), to: ClientId, id: ClientId, granted: z.boolean() }),
]);
export type TabMessage = z.infer<typeof TabMessage>;
