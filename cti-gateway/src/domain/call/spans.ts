/** Stretches of time in milliseconds; `untilMs` null: still going on. */
export interface Span {
  readonly fromMs: number;
  readonly untilMs: number | null;
}

/** The time that both lists cover. Stretches of no length are kept: being connected for no time is still being connected. */
export function intersect(left: readonly Span[], right: readonly Span[]): Span[] {
  const both: Span[] = [];
  for (const a of left) {
    for (const b of right) {
      const fromMs = Math.max(a.fromMs, b.fromMs);
      const untilMs = earliest(a.untilMs, b.untilMs);
      if (untilMs === null || fromMs <= untilMs) both.push({ fromMs, untilMs });
    }
  }
  return both;
}

/** The time that any of them covers, in order, without overlaps. */
export function union(spans: readonly Span[]): Span[] {
  const sorted = [...spans].sort((a, b) => a.fromMs - b.fromMs);
  const merged: Span[] = [];
  for (const span of sorted) {
    const last = merged.at(-1);
    if (last === undefined || (last.untilMs !== null && span.fromMs > last.untilMs)) merged.push(span);
    else
      merged[merged.length - 1] = {
        fromMs: last.fromMs,
        untilMs: last.untilMs === null || span.untilMs === null ? null : Math.max(last.untilMs, span.untilMs),
      };
  }
  return merged;
}

/** Length of the finished stretches; the list must be without overlaps. */
export function finishedMs(spans: readonly Span[]): number {
  return spans.reduce((sum, span) => sum + (span.untilMs === null ? 0 : span.untilMs - span.fromMs), 0);
}

export function earliest(a: number | null, b: number | null): number | null {
  if (a === null) return b;
  return b === null ? a : Math.min(a, b);
}
