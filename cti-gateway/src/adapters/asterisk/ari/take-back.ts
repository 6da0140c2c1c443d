import type { Clock } from '../../../ports/clock';
import { PbxError } from '../../../ports/pbx';
import { wait } from '../link/deadline';
import { ariFailure } from './ari-errors';

/** A connection that broke may have brought the request to Asterisk: so long it must have been without the channel. */
const SETTLED_MS = 5_000;
const ABSENT_WAIT_MS = 250;
const MAX_WAIT_MS = 2_000;

/** One request for a channel, and what has become of it: `broken` is without an answer, it may be done or not. */
export class AskedChannel {
  private current: 'pending' | 'done' | 'refused' | 'broken' = 'pending';
  private readonly answer = new AbortController();

  constructor(readonly request: Promise<unknown>) {
    request.then(
      () => this.settle('done'),
      (error: unknown) => this.settle(outcomeOf(error)),
    );
  }

  get state(): 'pending' | 'done' | 'refused' | 'broken' {
    return this.current;
  }

  /** Aborted when the request is pending no more. */
  get settled(): AbortSignal {
    return this.answer.signal;
  }

  private settle(state: 'done' | 'refused' | 'broken'): void {
    this.current = state;
    this.answer.abort();
  }
}

export interface TakeBackOptions {
  readonly asked: AskedChannel;
  /** Hangs the channel up; PbxError `not_found` when it is not there. */
  readonly hangup: () => Promise<void>;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/**
 * Undoes a request for a channel that was not answered in time. A process that was held up does all it was asked when it goes on, and
 * not in order: that the channel is not there means nothing while the request is still to be answered. So it is hung up again and again,
 *
 * - until that did end it,
 * - or the request was answered and it is not there (any more), or was refused,
 * - or the request's connection broke and it was not there for {@link SETTLED_MS}.
 *
 * @throws PbxError `unavailable` when `signal` ends it.
 */
export async function takeBack({ asked, hangup, clock, signal }: TakeBackOptions): Promise<void> {
  let absentSinceMs: number | null = null;
  for (let tries = 0; !signal.aborted; tries++) {
    // Before it is hung up: what is made after that is not seen by it.
    const { state } = asked;
    if (state === 'refused') return;
    const found = await foundBy(hangup);
    if (found === 'ended' || (found === 'absent' && state === 'done')) return;
    absentSinceMs = found === 'absent' && state === 'broken' ? (absentSinceMs ?? clock.nowMs()) : null;
    if (absentSinceMs !== null && clock.nowMs() - absentSinceMs >= SETTLED_MS) return;
    const waitMs = found === 'absent' ? ABSENT_WAIT_MS : Math.min(MAX_WAIT_MS, ABSENT_WAIT_MS * 2 ** Math.min(tries, 10));
    // The answer is the moment at which a telephone begins to ring.
    await wait(clock, waitMs, state === 'pending' ? AbortSignal.any([signal, asked.settled]) : signal);
  }
  throw new PbxError('unavailable', 'closed');
}

async function foundBy(hangup: () => Promise<void>): Promise<'ended' | 'absent' | 'unknown'> {
  try {
    await hangup();
    return 'ended';
  } catch (error) {
    return error instanceof PbxError && error.reason === 'not_found' ? 'absent' : 'unknown';
  }
}

function outcomeOf(error: unknown): 'done' | 'refused' | 'broken' {
  const { reason } = ariFailure('originate', error);
  // The id is in use: by the very channel, which a gateway before us has asked for.
  if (reason === 'duplicate') return 'done';
  return reason === 'timeout' ? 'broken' : 'refused';
}
