import { sameFact } from '../domain/agent/pause-set';
import type { MemberFact } from '../domain/agent/presence';

/** The event of a change is not waited for longer: with a connection that was cut it is lost. */
const LOST_AFTER_MS = 5_000;

/**
 * Tells the queue's events of our own changes of one member from those of other people's. Answers and events come by two sessions: the
 * event may come before the answer, or long after it. Events keep their order among themselves; so whatever comes before the event of
 * a change that was answered is of the time before that change.
 */
export class QueueEchoes {
  private sending: { readonly fact: MemberFact; heard: boolean } | null = null;
  private awaited: { readonly fact: MemberFact; readonly untilMs: number }[] = [];

  /** A change is asked for. MUST be followed by {@link end} before the next one. */
  begin(fact: MemberFact): void {
    this.sending = { fact, heard: false };
  }

  /** @returns whether its event has come already: it is done, whatever became of the answer. */
  end(done: boolean, nowMs: number): boolean {
    const { sending } = this;
    this.sending = null;
    if (sending === null || sending.heard) return sending !== null;
    if (done) this.awaited.push({ fact: sending.fact, untilMs: nowMs + LOST_AFTER_MS });
    return false;
  }

  /** @returns `own`: of the change under way, done with it; `old`: nothing that the answers have not told; `news` otherwise. */
  hear(fact: MemberFact, nowMs: number): 'own' | 'old' | 'news' {
    this.awaited = this.awaited.filter(({ untilMs }) => untilMs > nowMs);
    const [next] = this.awaited;
    if (next !== undefined) {
      if (sameFact(next.fact, fact)) this.awaited.shift();
      return 'old';
    }
    if (this.sending === null || !this.underWay(fact)) return 'news';
    this.sending.heard = true;
    return 'own';
  }

  /** Whether just this is being asked for, and its event has not come. */
  underWay(fact: MemberFact): boolean {
    return this.sending !== null && !this.sending.heard && sameFact(this.sending.fact, fact);
  }

  /** A snapshot has told more than the events that are waited for would. */
  forget(): void {
    this.awaited = [];
  }
}
