import type { AgentIdentity } from '../../protocol';

/** What a session was let in as. */
export type SessionAccount = Pick<AgentIdentity, 'userId' | 'extension' | 'role'>;

/** Who is connected, and ending that. */
export interface AgentSessions {
  /** Accounts with a window that is connected at this moment, each as its newest ticket said. */
  accounts(): readonly SessionAccount[];
  /** Ends all connections of this account; its windows need a new ticket to come back. */
  end(userId: string): void;
}
