import type { Call, CallEffect } from '../domain/call/call';
import type { Pbx } from '../ports/pbx';
import { requirePhone, type Agent } from './agent';
import type { CallControl } from './call-control';
import type { CallMarks } from './call-marks';
import { CommandError } from './command-error';

export interface RecordingControlOptions {
  readonly pbx: Pick<Pbx, 'pauseRecording'>;
  readonly control: Pick<CallControl, 'talking'>;
  readonly marks: CallMarks;
  readonly calls: { live(): readonly Call[] };
}

/**
 * Interrupts the recording of a call while something is said that must not be kept. It stays so, whoever has the call, until resumed, or
 * until a queue gives the call to another agent: then it is recorded anew (dialplans/extensions.d/lines.conf).
 */
export class RecordingControl {
  /** How often the call had been in a queue when it was interrupted. */
  private readonly visits = new Map<string, number>();

  constructor(private readonly options: RecordingControlOptions) {}

  async pause(person: Agent, callId: string, paused: boolean): Promise<void> {
    const agent = requirePhone(person);
    if (!person.permissions.has('call.pause_recording')) throw new CommandError('recording.not_permitted', 'Not permitted');
    await this.change(this.options.control.talking(agent, callId).call, paused);
  }

  /** By a key of a telephone or by the dialplan, which decides who may (dialplans/features.conf). Null: the other way round. */
  async asked(channelId: string, paused: boolean | null): Promise<void> {
    const { calls, marks } = this.options;
    const call = calls.live().find(({ legs }) => legs.some((leg) => leg.channelId === channelId && leg.endedAtMs === null));
    if (call !== undefined) await this.change(call, paused ?? !marks.of(call.callId).recordingPaused);
  }

  apply(effect: CallEffect): void {
    if (effect.type === 'event.ignored') return;
    const { callId, queueVisits, phase } = effect.call;
    const visits = this.visits.get(callId);
    if (visits === undefined) return;
    const anew = queueVisits.length > visits;
    if (anew || phase === 'ended') this.visits.delete(callId);
    if (anew) this.options.marks.change(callId, { recordingPaused: false });
  }

  private async change({ callId, legs, recording, queueVisits }: Call, paused: boolean): Promise<void> {
    const { pbx, marks } = this.options;
    // The recorder runs on the customer's channel, so that it stays with the call.
    const customer = legs.find((leg) => leg.role === 'customer' && leg.endedAtMs === null);
    if (recording === null || customer === undefined) throw new CommandError('recording.none', 'This call is not recorded');
    await pbx.pauseRecording(customer.channelName, paused);
    if (paused) this.visits.set(callId, queueVisits.length);
    else this.visits.delete(callId);
    marks.change(callId, { recordingPaused: paused });
  }
}
