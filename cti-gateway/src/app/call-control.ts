import type { Call } from '../domain/call/call';
import type { Pbx } from '../ports/pbx';
import { requirePhone, type Agent, type AgentWithPhone } from './agent';
import type { AgentPart } from './call-projection';
import { CommandError } from './command-error';
import type { LiveDesk } from './live-desk';

export interface OwnCall {
  readonly call: Call;
  readonly part: AgentPart;
}

export interface CallControlOptions {
  readonly pbx: Pick<Pbx, 'hangup' | 'mute' | 'sendDigits'>;
  readonly desk: LiveDesk;
  readonly findCall: (callId: string) => Call | null;
}

/** What an agent may do with their own part of a call from the panel, for a desk phone or a window that does not own the phone. */
export class CallControl {
  constructor(private readonly options: CallControlOptions) {}

  /** Ends the agent's own leg; a ringing one is declined. One that is gone already is what was asked for. */
  async hangup(person: Agent, callId: string): Promise<void> {
    const { part } = this.own(requirePhone(person), callId);
    if (part.state === 'ended') throw wrongState('The call is over');
    await this.options.pbx.hangup(part.leg.channelId).catch((error: unknown) => {
      if (!isGone(error)) throw error;
    });
  }

  async mute(person: Agent, callId: string, muted: boolean): Promise<void> {
    const agent = requirePhone(person);
    await this.options.pbx.mute(this.talkingChannel(agent, callId), muted);
    this.options.desk.setMuted(agent.extension, callId, muted);
  }

  async sendDigits(person: Agent, callId: string, digits: string): Promise<void> {
    await this.options.pbx.sendDigits(this.talkingChannel(requirePhone(person), callId), digits);
  }

  /** @throws CommandError when this agent does not talk in that call. */
  talking(agent: AgentWithPhone, callId: string): OwnCall {
    const own = this.own(agent, callId);
    if (own.part.state !== 'connected' && own.part.state !== 'hold') throw wrongState('Only during a conversation');
    return own;
  }

  /** The agent's channel in that call; null: they have none. */
  channelOf(extension: string, callId: string): string | null {
    return this.options.desk.find(extension, callId)?.part.leg.channelName ?? null;
  }

  private talkingChannel(agent: AgentWithPhone, callId: string): string {
    return this.talking(agent, callId).part.leg.channelName;
  }

  private own(agent: AgentWithPhone, callId: string): OwnCall {
    const entry = this.options.desk.find(agent.extension, callId);
    if (entry !== null) return entry;
    if (this.options.findCall(callId) !== null) throw new CommandError('call.not_yours', 'Another agent has this call');
    throw new CommandError('call.not_found', 'No such call');
  }
}

function wrongState(message: string): CommandError {
  return new CommandError('call.wrong_state', message);
}

/** The channel is not there (any more). */
export function isGone(error: unknown): boolean {
  return error instanceof Error && 'reason' in error && error.reason === 'not_found';
}
