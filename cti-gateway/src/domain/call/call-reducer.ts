import { addFacts, type AddFactsOptions } from './add-facts';
import type { Call, CallEffect } from './call';
import { effectsBetween } from './call-effects';
import type { CallFacts } from './call-facts';
import { projectCall } from './project-call';
import type { PbxEvent } from './pbx-event';

/** A call with the facts it is read from; `call` is null before its first event. */
export interface CallState {
  readonly facts: CallFacts;
  readonly call: Call | null;
}

export interface Reduction {
  readonly state: CallState;
  readonly effects: readonly CallEffect[];
}

const NO_CHANGE: readonly CallEffect[] = [{ type: 'event.ignored', reason: 'no_change' }];

/**
 * One event on one call: pure, never throws, in any order.
 *
 *     entered ──► queued ──► alerting ──► connected ──► ended
 *        └──────────┴──────────┴─ in any order, again ─┘  └ for good, when the last leg has ended
 *
 * An ended call takes no further event (the {@link import('./call-book').CallBook} lets go of it).
 */
export function reduceCall(state: CallState, event: PbxEvent, options: AddFactsOptions): Reduction {
  if (state.call?.phase === 'ended') return { state, effects: [{ type: 'event.ignored', reason: 'call_ended' }] };
  const facts = addFacts(state.facts, event, options);
  return facts === state.facts ? { state, effects: NO_CHANGE } : withFacts(state, facts, options);
}

/** The call anew from changed facts, and what that means to the world. */
export function withFacts(state: CallState, facts: CallFacts, options: Pick<AddFactsOptions, 'config'>): Reduction {
  if (facts.legs.length === 0) return { state: { facts, call: null }, effects: NO_CHANGE };
  const call = projectCall(facts, options.config);
  return { state: { facts, call }, effects: effectsBetween(state.call, call) };
}
