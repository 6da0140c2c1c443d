import type { AgentIdentity } from '../../protocol';
import type { CtiTicketClaims } from '../../../crm-core/contract/session';
import { CommandError } from './command-error';

export type Permission = CtiTicketClaims['permissions'][number];

/** The person behind a session, as crm-core's ticket says. */
export interface Agent extends AgentIdentity {
  readonly permissions: ReadonlySet<Permission>;
}

export type AgentWithPhone = Agent & { readonly extension: string };

/** @throws CommandError `session.no_extension` for users without a telephone. */
export function requirePhone(agent: Agent): AgentWithPhone {
  const { extension } = agent;
  if (extension === null) throw new CommandError('session.no_extension', 'This user has no extension');
  return { ...agent, extension };
}

/** @throws CommandError `transfer.not_permitted`, or `session.no_extension`. */
export function requireTransfer(agent: Agent): AgentWithPhone {
  const withPhone = requirePhone(agent);
  if (!agent.permissions.has('call.transfer')) throw new CommandError('transfer.not_permitted', 'Not permitted');
  return withPhone;
}
