import type { CallLogRow } from '../../crm-core/contract/calls';

/** Two clocks read one happening: CEL writes when it gets to it. */
const TIME_SLACK_MS = 1_000;

const FACTS = ['direction', 'line', 'remoteNumber', 'queue', 'agentExtension', 'dialId', 'outcome', 'endedBy', 'recording'] as const;
const TIMES = ['startedAt', 'answeredAt', 'endedAt'] as const;

/** What differs between the row that is kept and the one made anew, as `field: kept → anew`; empty when they agree. */
export function differencesOf(kept: CallLogRow, anew: CallLogRow): string[] {
  const facts = FACTS.filter((name) => kept[name] !== anew[name]).map((name) => `${name}: ${kept[name] ?? '–'} → ${anew[name] ?? '–'}`);
  const times = TIMES.filter((name) => !close(kept[name], anew[name])).map((name) => `${name}: ${kept[name] ?? '–'} → ${anew[name] ?? '–'}`);
  const talk = Math.abs(kept.talkMs - anew.talkMs) > TIME_SLACK_MS ? [`talkMs: ${kept.talkMs} → ${anew.talkMs}`] : [];
  return [...facts, ...times, ...talk];
}

function close(one: string | null, other: string | null): boolean {
  if (one === null || other === null) return one === other;
  return Math.abs(Date.parse(one) - Date.parse(other)) <= TIME_SLACK_MS;
}
