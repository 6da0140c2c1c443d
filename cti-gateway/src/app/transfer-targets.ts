import type { TransferTarget } from '../../protocol';
import type { PbxTarget } from '../ports/pbx';
import type { Agent, AgentWithPhone } from './agent';
import { CommandError } from './command-error';

export interface TransferTargetsOptions {
  /** Digits of an outside number, or a refusal by the dialling policy. */
  readonly permit: (agent: Agent, number: string) => string;
  readonly isAgent: (extension: string) => boolean;
  readonly inCall: (extension: string) => boolean;
  /** Its telephone is registered, as far as is known. */
  readonly isReachable: (extension: string) => boolean;
  readonly queues: readonly string[];
}

/** To whom a call may be passed on. */
export class TransferTargets {
  constructor(private readonly options: TransferTargetsOptions) {}

  /** @throws CommandError that names what is wrong with the target. */
  allowed(agent: AgentWithPhone, target: TransferTarget): PbxTarget {
    const { permit, isAgent, inCall, isReachable, queues } = this.options;
    if (target.kind === 'number' && isAgent(target.number)) return this.allowed(agent, { kind: 'agent', extension: target.number });
    switch (target.kind) {
      case 'agent':
        if (target.extension === agent.extension) throw new CommandError('transfer.own_extension', 'Own extension', { field: 'target' });
        if (!isAgent(target.extension)) throw new CommandError('transfer.unknown_target', 'No such extension', { field: 'target' });
        if (inCall(target.extension)) throw new CommandError('transfer.target_busy', 'In a call', { field: 'target', retryable: true });
        if (!isReachable(target.extension)) throw new CommandError('transfer.target_unreachable', 'Not registered', { field: 'target' });
        return target;
      case 'queue':
        if (!queues.includes(target.queue)) throw new CommandError('transfer.unknown_target', 'No such queue', { field: 'target' });
        return target;
      case 'parking':
        throw new CommandError('transfer.unknown_target', 'A parking place cannot be asked', { field: 'target' });
      case 'number':
        return { kind: 'number', number: permit(agent, target.number) };
    }
  }
}

export function sameTarget(one: TransferTarget, other: TransferTarget): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
