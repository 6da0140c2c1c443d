import type { Pbx } from '../ports/pbx';
import { requirePhone, type Agent } from './agent';
import type { CallControl } from './call-control';
import type { CallMarks } from './call-marks';
import { CommandError } from './command-error';

export interface RecordingControlOptions {
  readonly pbx: Pick<Pbx, 'pauseRecording'>;
  readonly control: Pick<CallControl, 'talking'>;
  readonly marks: CallMarks;
}

/** Interrupts the recording of a call while something is said that must not be kept. It stays so, whoever has the call, until resumed. */
export class RecordingControl {
  constructor(private readonly options: RecordingControlOptions) {}

  async pause(person: Agent, callId: string, paused: boolean): Promise<void> {
    const { pbx, control, marks } = this.options;
    const agent = requirePhone(person);
    if (!person.permissions.has('call.pause_recording')) throw new CommandError('recording.not_permitted', 'Not permitted');
    const { call } = control.talking(agent, callId);
    // The recorder runs on the customer's channel, so that it stays with the call.
    const customer = call.legs.find((leg) => leg.role === 'customer' && leg.endedAtMs === null);
    if (call.recording === null || customer === undefined) throw new CommandError('recording.none', 'This call is not recorded');
    await pbx.pauseRecording(customer.channelName, paused);
    marks.change(callId, { recordingPaused: paused });
  }
}
