import type { Clock } from '../ports/clock';

/** One thing that did or did not happen on the way of a call to an agent's screen. */
export interface TrailStep {
  readonly atMs: number;
  readonly step: 'entered' | 'lookup' | 'alerting' | 'sessions' | 'frame_sent' | 'frame_shown' | 'withdrawn' | 'ended' | 'no_agent';
  readonly extension?: string;
  readonly detail?: string | number;
}

const MAX_CALLS = 2_000;
const MAX_STEPS = 64;

/** "Why did this call not pop?": the steps of the last calls, bounded in memory. No numbers, no names. */
export class PopTrail {
  private readonly calls = new Map<string, TrailStep[]>();

  constructor(private readonly clock: Clock) {}

  add(callId: string, step: Omit<TrailStep, 'atMs'>): void {
    let steps = this.calls.get(callId);
    if (steps === undefined) {
      steps = [];
      this.calls.set(callId, steps);
      this.forgetOldest();
    }
    if (steps.length < MAX_STEPS) steps.push({ atMs: this.clock.nowMs(), ...step });
  }

  of(callId: string): readonly TrailStep[] | null {
    return this.calls.get(callId) ?? null;
  }

  private forgetOldest(): void {
    while (this.calls.size > MAX_CALLS) {
      const oldest = this.calls.keys().next();
      if (oldest.done === true) return;
      this.calls.delete(oldest.value);
    }
  }
}
