import type { Call, CallEffect, Leg } from '../domain/call/call';
import type { CallMarks } from './call-marks';

/** Says so when a call that was passed on comes back to who passed it on. */
export class CallReturns {
  /** Legs that a call had when it was passed on; by ids, because our clock is not Asterisk's. */
  private readonly legsBefore = new Map<string, ReadonlySet<string>>();

  constructor(private readonly marks: CallMarks) {}

  /** The call is passed on now. */
  watch(call: Call): void {
    this.legsBefore.set(call.callId, new Set(call.legs.map((leg) => leg.channelId)));
  }

  apply(effect: CallEffect): void {
    if (effect.type === 'event.ignored') return;
    if (effect.type === 'call.ended') this.legsBefore.delete(effect.call.callId);
    else this.noteReturn(effect.call);
  }

  close(): void {
    this.legsBefore.clear();
  }

  /** The telephone of who passed it on is called again: the target was not to be had. */
  private noteReturn(call: Call): void {
    const { passedOn } = this.marks.of(call.callId);
    const before = this.legsBefore.get(call.callId);
    if (passedOn === null || passedOn.asking || passedOn.returned !== null || before === undefined) return;
    const after = call.legs.filter((leg) => !before.has(leg.channelId));
    const back = after.find((leg) => leg.extension === passedOn.fromExtension);
    if (back === undefined) return;
    if (passedOn.target.kind === 'parking') {
      // taken up, maybe by the same agent, or gone back
      if (call.parkings.at(-1)?.result === 'timed_out')
        this.marks.change(call.callId, { passedOn: { ...passedOn, returned: 'not_taken_up' } });
      return;
    }
    const tried = after.find((leg) => leg !== back && leg.startedAtMs <= back.startedAtMs);
    if (tried !== undefined && tried.connectedAtMs !== null) return;
    // How it went with the target is told in a moment.
    if (tried !== undefined && tried.result === null) return;
    // No leg at all: the telephone is not there.
    this.marks.change(call.callId, { passedOn: { ...passedOn, returned: tried === undefined ? 'unreachable' : reasonOf(tried) } });
  }
}

/** A telephone that rang was not busy: a browser declines with the same word (486). */
function reasonOf({ result, alertingAtMs }: Leg): string {
  return result === 'busy' && alertingAtMs !== null ? 'declined' : (result ?? 'failed');
}
