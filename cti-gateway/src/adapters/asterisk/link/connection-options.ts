import type { Logger } from 'pino';
import type { Clock } from '../../../ports/clock';
import type { LinkState } from '../../../ports/pbx';
import { DEFAULT_BACKOFF, LinkLoop, type LinkBackoff, type ReportState } from './link-loop';

/** What every connection to Asterisk is told: where and as whom, and how long it waits for what. */
export interface ConnectionOptions<A> {
  readonly account: A;
  readonly clock: Clock;
  readonly log: Logger;
  readonly onState: (state: LinkState) => void;
  readonly backoff?: LinkBackoff;
  /** Connecting, signing in, each answer, a ping. Default 5 s; AMI answers a wrong password after 1 s. */
  readonly timeoutMs?: number;
  /** Default 10 s. */
  readonly heartbeatMs?: number;
}

const TIMEOUT_MS = 5_000;

/** The loop that makes such a connection again until it is closed, and how long the connection waits for an answer. */
export function linkOf<A>(
  name: string,
  { clock, log, backoff, onState, timeoutMs }: ConnectionOptions<A>,
  attempt: (signal: AbortSignal, report: ReportState) => Promise<void>,
): { loop: LinkLoop; timeoutMs: number } {
  const loop = new LinkLoop({ name, clock, log, backoff: backoff ?? DEFAULT_BACKOFF, attempt, onState });
  return { loop, timeoutMs: timeoutMs ?? TIMEOUT_MS };
}
