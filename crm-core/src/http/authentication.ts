import type { Request } from 'express';
import { AppError } from '../app-error';
import type { AppContext } from '../context';
import { apiClientByToken } from '../db/repositories/api-clients.repository';
import { readSessionToken } from '../modules/session/session-cookie';
import type { SessionService } from '../modules/session/session.service';
import { csrfTokenOf, sameText, tokenHash } from '../modules/session/tokens';
import type { Access, Actor, MachineActor, UserActor } from './actor';

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Who sends a request: a program by its bearer token, or a person by the session cookie. */
export class Authentication {
  constructor(
    private readonly app: AppContext,
    private readonly sessions: SessionService,
  ) {}

  /** @throws AppError `not_signed_in` or `csrf_failed`. */
  async actorOf(request: Request): Promise<Actor> {
    const authorization = request.headers.authorization;
    if (authorization !== undefined) return this.machine(authorization);
    const token = readSessionToken(request);
    const actor = token === null ? null : await this.sessions.actorOf(token);
    if (token === null || actor === null) throw new AppError('not_signed_in');
    if (!SAFE_METHODS.has(request.method)) this.checkCsrf(request, token);
    return actor;
  }

  private async machine(authorization: string): Promise<MachineActor> {
    const token = /^Bearer ([\x21-\x7e]{1,500})$/.exec(authorization)?.[1];
    const client = token === undefined ? null : await apiClientByToken(this.app.db.read, tokenHash(token));
    if (client === null) throw new AppError('not_signed_in');
    return { kind: 'machine', clientId: client.clientId, name: client.name, scopes: new Set(client.scopes) };
  }

  private checkCsrf(request: Request, sessionToken: string): void {
    const given = request.headers['x-csrf-token'];
    const expected = csrfTokenOf(sessionToken, this.app.config.internalSecret);
    if (typeof given !== 'string' || !sameText(given, expected)) throw new AppError('csrf_failed');
  }
}

/** The one place where access is granted or refused. @throws AppError `forbidden`. */
export function authorise(actor: Actor, access: Access): void {
  const allowed = actor.kind === 'machine' ? machineMay(actor, access) : userMay(actor, access);
  if (!allowed) throw new AppError('forbidden');
}

function machineMay(actor: MachineActor, access: Access): boolean {
  return access.machine !== undefined && actor.scopes.has(access.machine);
}

function userMay(actor: UserActor, { permissions }: Access): boolean {
  return permissions !== undefined && permissions.every((permission) => actor.permissions.has(permission));
}

/** Signing in has no CSRF token yet: a browser that says it comes from another site is refused. */
export function refuseForeignOrigin(request: Request): void {
  const { origin } = request.headers;
  if (origin === undefined) return;
  if (!URL.canParse(origin) || new URL(origin).host !== request.headers.host) throw new AppError('csrf_failed');
}
