import type { MatchView } from '../../protocol';
import type { ActiveCallerMarks } from '../../../crm-core/contract/caller-marks';
import type { AgentListItem } from '../../../crm-core/contract/users';
import type { CallIntake } from '../../../crm-core/contract/calls';

/** crm-core did not do what it was asked. `unreachable`: no answer in time; `misbehaved`: an answer that is an error or no answer to the question. */
export class CrmError extends Error {
  constructor(
    readonly reason: 'unreachable' | 'misbehaved',
    message: string,
  ) {
    super(message);
    this.name = 'CrmError';
  }
}

/** A number as it arrived, and all that says how it is to be read. */
export interface NumberQuestion {
  readonly callerId: string | null;
  readonly line: string | null;
  readonly areaCode: string | null;
  readonly trunk: string | null;
  readonly context: 'internal' | 'external';
}

/** crm-core as the gateway needs it. Slow or dead is an expected state: every call has a deadline and rejects. */
export interface CrmDirectory {
  /** Looks a number up; rejects after the deadline. */
  match(question: NumberQuestion, signal?: AbortSignal): Promise<MatchView>;
  /** Hands over one finished call. Idempotent by `callId`: `accepted` also when it was there already. */
  deliverCall(row: CallIntake, signal?: AbortSignal): Promise<{ status: 'accepted' } | { status: 'refused'; message: string }>;
  /** Callers to be blocked or preferred; `unchanged` since that version, for as long as `waitMs` where crm-core can wait for news. */
  callerMarks(knownVersion: string | null, options?: { readonly waitMs?: number; readonly signal?: AbortSignal }): Promise<ActiveCallerMarks | 'unchanged'>;
  /** Everybody whose account is enabled. */
  agents(signal?: AbortSignal): Promise<readonly AgentListItem[]>;
  /** True when crm-core answers its readiness check. */
  ping(signal?: AbortSignal): Promise<boolean>;
}
