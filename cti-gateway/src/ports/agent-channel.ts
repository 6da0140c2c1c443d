import type { EventData, EventType } from '../../protocol';

/** Whose sessions a frame is for. By extension is exact: `10` is not `101`. */
export type Audience = { readonly extension: string } | { readonly userId: string } | 'everyone';

/** The way to the agents' panels. Sending never blocks and never throws; a session that cannot keep up is cut and resumes. */
export interface AgentChannel {
  /** @returns number of sessions connected at this moment that the frame was handed to. */
  send<T extends EventType>(audience: Audience, type: T, data: EventData<T>): number;
  connected(extension: string): number;
}
