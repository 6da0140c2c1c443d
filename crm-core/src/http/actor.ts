import type { MachineScope } from '../../contract/api-clients';
import type { Locale, Permission, Role } from '../../contract/session';

/** A signed-in person. */
export interface UserActor {
  readonly kind: 'user';
  readonly userId: string;
  readonly username: string;
  readonly displayName: string;
  readonly role: Role;
  readonly extension: string | null;
  readonly locale: Locale;
  readonly permissions: ReadonlySet<Permission>;
  readonly sessionHash: string;
}

/** Another program, by its bearer token. */
export interface MachineActor {
  readonly kind: 'machine';
  readonly clientId: string;
  readonly name: string;
  readonly scopes: ReadonlySet<MachineScope>;
}

export type Actor = UserActor | MachineActor;

/** Who may call a route. A person needs all of `permissions`; a machine needs the scope; with both, either will do. */
export interface Access {
  readonly permissions?: readonly Permission[];
  readonly machine?: MachineScope;
}
