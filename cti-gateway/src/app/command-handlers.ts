import type { CommandData, CommandType } from '../../protocol';
import { DemoCarrierError, type DemoCarrier } from '../ports/demo-carrier';
import type { Clock } from '../ports/clock';
import type { Telemetry } from '../ports/telemetry';
import { requirePhone, type Agent } from './agent';
import type { CallControl } from './call-control';
import type { CallTransfer } from './call-transfer';
import type { Consultations } from './consultations';
import type { CallerMatching } from './caller-matching';
import type { ClickToDial } from './click-to-dial';
import type { RecordingControl } from './recording-control';
import { CommandError } from './command-error';
import type { LiveDesk } from './live-desk';
import type { ParkedCalls } from './parked-calls';
import type { PopTrail } from './pop-trail';
import type { WrapUp } from './wrap-up';

/** Commands that are about the session itself are answered where the session is. */
export type UseCaseCommand = Exclude<CommandType, 'hello' | 'session.ping' | 'session.snapshot'>;

/** Resolves with the reply's data; rejects with a CommandError (anything else is answered as `internal`). */
export type CommandHandlers = {
  readonly [T in UseCaseCommand]: (agent: Agent, data: CommandData<T>) => Promise<unknown>;
};

export interface CommandHandlerOptions {
  readonly wrapUp: WrapUp;
  readonly dialling: ClickToDial;
  readonly control: CallControl;
  readonly transfer: CallTransfer;
  readonly consultations: Consultations;
  readonly recording: RecordingControl;
  readonly parked: ParkedCalls;
  readonly matching: CallerMatching;
  readonly desk: LiveDesk;
  readonly trail: PopTrail;
  readonly demo: DemoCarrier | null;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
}

/** Which use case answers which command. */
export function createCommandHandlers(options: CommandHandlerOptions): CommandHandlers {
  const { wrapUp, dialling, control, transfer, consultations, recording, parked } = options;
  return {
    'presence.set': (agent, data) => wrapUp.setPresence(agent, data),
    'presence.pause': (agent, data) => wrapUp.pause(agent, data),
    'presence.resume': (agent, data) => wrapUp.resume(agent, data),
    'presence.next': (agent, { next }) => wrapUp.choose(agent, next),
    'wrapUp.finish': (agent, { callId }) => wrapUp.finish(agent, callId),
    'wrapUp.extend': (agent, { by }) => wrapUp.extend(agent, by),
    'call.dial': (agent, data) => dialling.dial(agent, data),
    'call.hangup': (agent, { callId }) => control.hangup(agent, callId),
    'call.mute': (agent, { callId, muted }) => control.mute(agent, callId, muted),
    'call.sendDigits': (agent, { callId, digits }) => control.sendDigits(agent, callId, digits),
    'call.transfer': (agent, data) => transfer.transfer(agent, data),
    'call.consult': (agent, data) => consultations.consult(agent, data),
    'call.consult.complete': (agent, data) => consultations.complete(agent, data),
    'call.consult.cancel': (agent, { callId }) => consultations.cancel(agent, callId),
    'call.consult.talkTo': (agent, { callId, party }) => consultations.talkTo(agent, callId, party),
    'call.conference': (agent, { callId }) => consultations.conference(agent, callId),
    'call.pauseRecording': (agent, { callId, paused }) => recording.pause(agent, callId, paused),
    'call.takeUp': (agent, data) => parked.takeUp(agent, data),
    'call.shown': (agent, { callId }) => shown(options, agent, callId),
    'call.rematch': (agent, { callId }) => rematch(options, agent, callId),
    'call.trail': (agent, { callId }) => trailOf(options, agent, callId),
    'demo.call': (_agent, { callerId, line }) => demoCall(options.demo, callerId, line ?? null),
  };
}

async function shown({ desk, trail, telemetry, clock }: CommandHandlerOptions, person: Agent, callId: string): Promise<void> {
  const { extension } = requirePhone(person);
  const entry = desk.find(extension, callId);
  if (entry === null) throw new CommandError('call.not_found', 'No such call of yours');
  trail.shown(callId, extension);
  const since = entry.part.alertingAtMs;
  if (since !== null) telemetry.popShown(Math.max(0, clock.nowMs() - since));
}

/** Of one's own call; whoever supervises may look at any. */
async function trailOf({ desk, trail }: CommandHandlerOptions, { role, extension }: Agent, callId: string): Promise<unknown> {
  const own = extension !== null && desk.find(extension, callId) !== null;
  const found = own || role !== 'agent' ? trail.of(callId) : null;
  if (found === null) throw new CommandError('call.not_found', 'No such call of yours');
  return { trail: found };
}

async function rematch({ desk, matching }: CommandHandlerOptions, person: Agent, callId: string): Promise<unknown> {
  const { extension } = requirePhone(person);
  const match = desk.find(extension, callId) === null ? null : await matching.rematch(callId);
  if (match === null) throw new CommandError('call.not_found', 'No such call of yours');
  return { match };
}

async function demoCall(demo: DemoCarrier | null, callerId: string, line: string | null): Promise<void> {
  if (demo === null) throw new CommandError('demo.disabled', 'Test calls are for the demo only');
  try {
    await demo.call({ callerId, line });
  } catch (error) {
    if (!(error instanceof DemoCarrierError)) throw error;
    const invalid = error.reason === 'invalid_value';
    throw new CommandError(invalid ? 'dial.invalid_number' : 'pbx.unavailable', error.message, { field: 'callerId', retryable: !invalid });
  }
}
