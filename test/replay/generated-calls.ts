import type { CelRecord } from '../../cti-gateway/src/adapters/asterisk/cel/cel-record';
import type { PbxEvent } from '../../cti-gateway/src/domain/call/pbx-event';
import { dialledCall } from './generated-dialled-call';
import { GeneratedPbx, type Ids } from './generated-pbx';
import type { Plan, Truth } from './generated-plans';
import { queueCall } from './generated-queue-call';
import { Desk } from './generated-words';

/** 2026-11-21T08:00:00Z. */
const START_MS = Date.UTC(2026, 10, 21, 8);

export interface Generated {
  /** In the order of their times, as of all calls together. */
  readonly events: readonly PbxEvent[];
  readonly cel: readonly CelRecord[];
  readonly applications: ReadonlyMap<string, string>;
  readonly truths: readonly Truth[];
}

/** Plays all plans side by side; nobody's telephone is in two calls at once. */
export function generate(plans: readonly Plan[]): Generated {
  const desk = new Desk();
  const ids: Ids = { next: () => (desk.issued += 1) };
  const calls = [...plans]
    .sort((a, b) => a.startMs - b.startMs)
    .map((plan, index) => {
      const pbx = new GeneratedPbx(ids, START_MS + plan.startMs);
      const number = `139${String(index).padStart(8, '0')}`;
      const truth = plan.kind === 'queue' ? queueCall(pbx, plan, number, desk) : dialledCall(pbx, plan, number, desk);
      return { pbx, truth };
    });
  return {
    events: calls.flatMap(({ pbx }) => pbx.events).sort((a, b) => a.atMs - b.atMs),
    cel: calls.flatMap(({ pbx }) => pbx.cel).sort((a, b) => a.atMs - b.atMs),
    applications: new Map(calls.flatMap(({ pbx }) => [...pbx.applications])),
    truths: calls.flatMap(({ truth }) => truth ?? []),
  };
}
