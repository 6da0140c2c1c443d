import type { Permission, Role } from '../../contract/session';

const AGENT: readonly Permission[] = [
  'customer.view',
  'customer.edit',
  'hotline.view_own',
  'hotline.view_all',
  'hotline.edit',
  'call.view_own',
  'call.dial',
  'missed.view',
  'missed.edit',
  'call.transfer',
  'call.pause_recording',
  'number.view_full',
  'recording.listen_own',
];

const SUPERVISOR: readonly Permission[] = [
  ...AGENT,
  'customer.delete',
  'hotline.edit_all',
  'call.view_all',
  'call.dial_international',
  'missed.edit_all',
  'caller_mark.manage',
  'audit.view',
  'recording.listen_all',
];

/**
 * What each role may do: the only place where a role turns into permissions. An agent sees everybody's hotline records,
 * because a customer's history is on the pop, but in the call log only the calls in which their own phone rang.
 */
export const ROLE_PERMISSIONS: Readonly<Record<Role, readonly Permission[]>> = {
  agent: AGENT,
  supervisor: SUPERVISOR,
  administrator: [...SUPERVISOR, 'user.manage', 'api_client.manage', 'numbering.manage', 'disposition.manage'],
};
