import { AppError } from '../../app-error';
import type { Tx } from '../../db';
import type { CallRow } from '../../db/entities/call.entity';
import { agentsOfCall, callById } from '../../db/repositories/calls.repository';
import { usersByIds } from '../../db/repositories/users.repository';
import type { UserActor } from '../../http/actor';
import { ROLE_PERMISSIONS } from '../../http/permissions';

export type Person = Pick<UserActor, 'extension' | 'permissions'>;

export interface CallPart {
  /** Null while the call lives or its row is on its way: whose it was shows when that comes. */
  readonly call: CallRow | null;
  /** The row tells that others had the call: this person has no say in it. */
  readonly isOthers: boolean;
}

/**
 * A person's part in a call: a leg of their own telephone, or the right to see every call. A hotline record is no part, because
 * anybody could begin one while the call lived.
 */
export async function partIn(tx: Tx, { extension, permissions }: Person, callId: string): Promise<CallPart> {
  const call = await callById(tx, callId);
  if (call === null || permissions.has('call.view_all')) return { call, isOthers: false };
  const own = extension !== null && (await agentsOfCall(tx, callId)).includes(extension);
  return { call, isOthers: !own };
}

/** @throws AppError `validation_failed` at `callId` for a call that others had. */
export async function requirePart(tx: Tx, actor: Person, callId: string): Promise<void> {
  if ((await partIn(tx, actor, callId)).isOthers) throw AppError.field('callId', 'not_found');
}

/** Of the people who said something of a call, those whose word counts: they have one of its extensions, or may see every call. */
export async function speakersOf(tx: Tx, userIds: readonly string[], extensions: readonly string[]): Promise<ReadonlySet<string>> {
  const users = [...(await usersByIds(tx, userIds)).values()];
  const heard = users.filter(
    ({ extension, role }) => (extension !== null && extensions.includes(extension)) || ROLE_PERMISSIONS[role].includes('call.view_all'),
  );
  return new Set(heard.map(({ userId }) => userId));
}
