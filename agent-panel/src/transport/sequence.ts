import type { FramePlace } from './frame-parser';

/** How far this window has followed its session; null before the first snapshot. */
export type SequencePosition = { readonly epoch: string; readonly seq: number } | null;

export interface SequenceStep {
  readonly position: SequencePosition;
  /** False for a frame that was here already (sent again by a resume). */
  readonly deliver: boolean;
  /** Something is missing: ask for a snapshot. */
  readonly gap: boolean;
}

/**
 * One frame's effect on the position. `session.started` sets it, being the whole truth; elsewhere `seq` must rise by one
 * within an epoch. A frame after a hole is still delivered, since every event carries its whole subject: a call that
 * rings must not wait for the snapshot.
 */
export function advance(position: SequencePosition, place: FramePlace): SequenceStep {
  const next = { epoch: place.epoch, seq: place.seq };
  if (place.type === 'session.started') return { position: next, deliver: true, gap: false };
  if (position === null || position.epoch !== place.epoch) return { position: next, deliver: true, gap: true };
  if (place.seq <= position.seq) return { position, deliver: false, gap: false };
  return { position: next, deliver: true, gap: place.seq !== position.seq + 1 };
}
