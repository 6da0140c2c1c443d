import fc from 'fast-check';

/** What people do in one call. */
export interface Plan {
  readonly startMs: number;
  readonly kind: 'queue' | 'click' | 'internal';
  /** Agents' telephones rung one after another: the last that is not `answers` is repeated. */
  readonly rings: readonly ('answers' | 'silent' | 'declines')[];
  /** How long the caller waits, or the one who dialled lets it ring. */
  readonly patienceMs: number;
  readonly talkMs: number;
  readonly holds: number;
  readonly customerEnds: boolean;
  /** The first agent passes the customer on to another. */
  readonly passesOn: 'no' | 'answers' | 'silent';
  readonly far: 'answers' | 'busy' | 'declines' | 'unknown' | 'silent';
}

/** What its row must say. */
export interface Truth {
  readonly callId: string;
  readonly direction: string;
  readonly number: string | null;
  readonly outcome: string;
  readonly agent: string | null;
  readonly endedBy: string;
  readonly startedAtMs: number;
  readonly endedAtMs: number;
}

export const anyPlan: fc.Arbitrary<Plan> = fc.record({
  startMs: fc.nat(40_000),
  kind: fc.constantFrom('queue', 'queue', 'queue', 'click', 'internal'),
  rings: fc.array(fc.constantFrom('answers', 'silent', 'declines'), { minLength: 1, maxLength: 4 }),
  patienceMs: fc.integer({ min: 500, max: 15_000 }),
  talkMs: fc.integer({ min: 300, max: 20_000 }),
  holds: fc.nat(2),
  customerEnds: fc.boolean(),
  passesOn: fc.constantFrom('no', 'no', 'no', 'answers', 'silent'),
  far: fc.constantFrom('answers', 'answers', 'busy', 'declines', 'unknown', 'silent'),
});
export const anyPlans = fc.array(anyPlan, { minLength: 1, maxLength: 8 });
