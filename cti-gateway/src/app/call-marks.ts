import type { Consult, PassedOn } from '../../protocol';
import type { KeptMark, LiveMarks } from '../ports/live-marks';
import type { AgentWithPhone } from './agent';

/** What the gateway knows of a call that Asterisk's events do not tell: agents' wishes. Lives as long as the call is on a desk. */
export interface CallMark extends KeptMark {
  /** By the extension of the agent who asks. */
  readonly consults: Readonly<Record<string, Consult>>;
}

const NONE: CallMark = { recordingPaused: false, passedOn: null, consults: {} };

/** Marks by call; whoever shows calls is told when one changes. What no event brings back is kept over a crash. */
export class CallMarks {
  private readonly marks: Map<string, CallMark>;
  private readonly listeners = new Set<(callId: string) => void>();

  constructor(private readonly kept: Pick<LiveMarks, 'last' | 'save'> | null = null) {
    this.marks = new Map([...(kept?.last() ?? [])].map(([callId, mark]) => [callId, { ...mark, consults: {} }]));
  }

  of(callId: string): CallMark {
    return this.marks.get(callId) ?? NONE;
  }

  change(callId: string, change: Partial<CallMark>): void {
    this.marks.set(callId, { ...this.of(callId), ...change });
    if (change.recordingPaused !== undefined || change.passedOn !== undefined) this.keep();
    for (const listener of this.listeners) listener(callId);
  }

  /** `from` passes the call on, or asks somebody first. */
  passOn(callId: string, what: Pick<PassedOn, 'kind' | 'at' | 'target' | 'context' | 'asking'> & { from: AgentWithPhone }): void {
    const { from, ...rest } = what;
    const passedOn = { ...rest, fromExtension: from.extension, fromName: from.displayName, returned: null };
    this.change(callId, { passedOn });
  }

  setConsult(callId: string, extension: string, consult: Consult | null): void {
    const { [extension]: _before, ...others } = this.of(callId).consults;
    this.change(callId, { consults: consult === null ? others : { ...others, [extension]: consult } });
  }

  forget(callId: string): void {
    if (this.marks.delete(callId)) this.keep();
  }

  onChanged(listener: (callId: string) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private keep(): void {
    const kept = [...this.marks].map(([callId, { recordingPaused, passedOn }]) => [callId, { recordingPaused, passedOn }] as const);
    this.kept?.save(new Map(kept.filter(([, mark]) => mark.recordingPaused || mark.passedOn !== null)));
  }
}
