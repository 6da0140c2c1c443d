import type { PassedOn } from '../../protocol';

/** What agents wished about a call and Asterisk does not know. */
export interface KeptMark {
  readonly recordingPaused: boolean;
  readonly passedOn: PassedOn | null;
}

/** Marks of the calls that live, by call; kept over a crash of the process. */
export interface LiveMarks {
  /** As the run before left them. */
  last(): ReadonlyMap<string, KeptMark>;
  /** Written soon. Never rejects: without it the next agent misses the draft of a call that was up in a crash. */
  save(marks: ReadonlyMap<string, KeptMark>): void;
  close(): Promise<void>;
}
