import type { AgentListItem } from '../../../crm-core/contract/users';
import type { AgentSessions, SessionAccount } from '../ports/agent-sessions';
import type { Clock } from '../ports/clock';
import type { CrmDirectory } from '../ports/crm-directory';
import type { Log } from '../ports/log';
import type { CrmLink } from './crm-link';

const EVERY_MS = 15_000;

export interface AccountWatchOptions {
  readonly crm: Pick<CrmDirectory, 'agents'>;
  readonly link: Pick<CrmLink, 'state'>;
  readonly sessions: AgentSessions;
  readonly inCall: (extension: string) => boolean;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * A ticket lets a window in, and its connection may last for days. Whose account was disabled meanwhile, or has another extension or
 * role, is sent away to ask for a new ticket, so that no caller waits for somebody who may not answer. Never in the middle of a call, and
 * never because crm-core does not answer.
 */
export class AccountWatch {
  private readonly abort = new AbortController();
  private cancel: () => void = () => undefined;

  constructor(private readonly options: AccountWatchOptions) {}

  start(): void {
    this.cancel = this.options.clock.schedule(EVERY_MS, () => void this.look());
  }

  close(): void {
    this.cancel();
    this.abort.abort();
  }

  private async look(): Promise<void> {
    const { crm, link, sessions, log } = this.options;
    try {
      if (link.state === 'up' && sessions.accounts().length > 0) this.compare(await crm.agents(this.abort.signal));
    } catch (err) {
      log.debug({ err }, 'accounts could not be looked at');
    }
    if (!this.abort.signal.aborted) this.start();
  }

  private compare(agents: readonly AgentListItem[]): void {
    const { sessions, inCall, log } = this.options;
    for (const account of sessions.accounts()) {
      const { userId, extension } = account;
      if (agents.some((agent) => isSame(agent, account)) || (extension !== null && inCall(extension))) continue;
      log.info({ userId, extension }, 'session ended: the account is another than its ticket says');
      sessions.end(userId);
    }
  }
}

function isSame(agent: AgentListItem, { userId, extension, role }: SessionAccount): boolean {
  return agent.userId === userId && agent.extension === extension && agent.role === role;
}
