import type { Agent } from '../../app/agent';
import { toCommandError } from '../../app/command-error';
import type { CommandHandlers, UseCaseCommand } from '../../app/command-handlers';
import type { Log } from '../../ports/log';
import type { Telemetry } from '../../ports/telemetry';
import { encodeError, encodeOk } from './frame-encoder';

/** A command whose data has passed the schema of its type. */
export interface CheckedCommand {
  readonly id: string;
  readonly type: UseCaseCommand;
  readonly data: unknown;
}

export interface CommandContext {
  readonly commands: CommandHandlers;
  readonly log: Log;
  readonly telemetry: Telemetry;
}

/** Carries a command out and makes its reply. Never rejects: what went wrong is the answer. */
export async function runCommand({ commands, log, telemetry }: CommandContext, agent: Agent, command: CheckedCommand): Promise<Buffer> {
  const { id, type } = command;
  try {
    // The compiler cannot follow a type chosen at run time; the schema of this very type has.
    const handle = commands[type] as (agent: Agent, data: unknown) => Promise<unknown>;
    const data = await handle(agent, command.data);
    telemetry.commandDone(type, 'ok');
    return encodeOk(id, data);
  } catch (thrown) {
    const { code, message, options } = toCommandError(thrown);
    const { retryable = false, field, cause } = options;
    if (code === 'internal') log.error({ err: thrown, type }, 'command failed');
    else if (code.startsWith('pbx.')) log.warn({ type, code, why: String(cause ?? thrown) }, 'the telephone system did not do it');
    telemetry.commandDone(type, code);
    return encodeError(id, { code, message, retryable, ...(field !== undefined && { field }) });
  }
}
