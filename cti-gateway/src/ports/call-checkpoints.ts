/** What an earlier moment (or an earlier run) has safely dealt with: where to go on from after a gap. */
export interface CallCheckpoint {
  /** No call that was not dealt with had begun before this. */
  readonly fromMs: number;
  /** Until then nothing was missed. */
  readonly seenUntilMs: number;
  /** Ids (callId and every Linkedid) of the calls since `fromMs` whose rows are safe. */
  readonly done: ReadonlySet<string>;
}

/** The last checkpoint, kept over a crash of the process. */
export interface CallCheckpoints {
  last(): CallCheckpoint | null;
  /** Takes effect at once; written soon. Never rejects: without it more is read after the next crash. */
  save(checkpoint: CallCheckpoint): void;
  /** While a gap is being read nothing newer is saved: a crash now must find it again. Ends with the returned function. */
  hold(): () => void;
  close(): Promise<void>;
}
