import type { Reply } from '../../../cti-gateway/protocol';
import type { PanelClock } from './clock';
import type { CommandError, CommandResult } from './cti-types';

interface Pending {
  readonly promise: Promise<CommandResult>;
  readonly settle: (result: CommandResult) => void;
}

export const failed = (code: CommandError['code'], message: string, retryable: boolean): CommandResult => ({
  ok: false,
  error: { code, message, retryable },
});

/** Commands on their way, by id. Each ends exactly once: by its reply, its deadline, or the end of the connection. */
export class PendingCommands {
  readonly #byId = new Map<string, Pending>();
  readonly #clock: PanelClock;

  constructor(clock: PanelClock) {
    this.#clock = clock;
  }

  get(id: string): Promise<CommandResult> | undefined {
    return this.#byId.get(id)?.promise;
  }

  add(id: string, timeoutMs: number): Promise<CommandResult> {
    let settle!: (result: CommandResult) => void;
    const promise = new Promise<CommandResult>((resolve) => (settle = resolve));
    const cancel = this.#clock.schedule(timeoutMs, () => this.settle(id, failed('timeout', `No reply within ${timeoutMs} ms`, true)));
    this.#byId.set(id, {
      promise,
      settle: (result) => {
        cancel();
        settle(result);
      },
    });
    return promise;
  }

  /** False when nobody waits for that id (any more). */
  settle(id: string, result: CommandResult): boolean {
    const pending = this.#byId.get(id);
    this.#byId.delete(id);
    pending?.settle(result);
    return pending !== undefined;
  }

  settleReply(reply: Reply): boolean {
    if (reply.id === null) return false;
    return this.settle(reply.id, reply.ok ? { ok: true, data: reply.data ?? null } : { ok: false, error: withoutUndefined(reply.error) });
  }

  failAll(result: CommandResult): void {
    for (const id of [...this.#byId.keys()]) this.settle(id, result);
  }
}

function withoutUndefined(error: Extract<Reply, { ok: false }>['error']): CommandError {
  const { field, ...rest } = error;
  return field === undefined ? rest : { ...rest, field };
}
