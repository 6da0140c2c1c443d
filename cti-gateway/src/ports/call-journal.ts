import type { CallIntake } from '../../../crm-core/contract/calls';

/**
 * Finished calls on the gateway's own disk, until crm-core has accepted them. A row is durable (fsync) when `append`
 * resolves; appending the same `callId` again replaces the waiting row.
 */
export interface CallJournal {
  append(row: CallIntake): Promise<void>;
  /** Oldest first; survives restarts. `wanted`: rows of other calls are passed over. */
  pending(limit: number, wanted?: (callId: string) => boolean): Promise<readonly CallIntake[]>;
  /** Forgets an accepted row; keeps a refused one aside for a person to look at. */
  settle(callId: string, result: 'accepted' | 'refused', message?: string): Promise<void>;
  backlog(): number;
  close(): Promise<void>;
}
