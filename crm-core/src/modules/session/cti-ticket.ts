import { randomUUID } from 'node:crypto';
import jwt from 'jsonwebtoken';
import type { CtiTicket, CtiTicketClaims } from '../../../contract/session';
import type { CrmConfig } from '../../config';
import type { UserActor } from '../../http/actor';

const LIFETIME_SEC = 60;

/** Proof of who somebody is, for the gateway to verify by itself: valid for one minute and, by its `jti`, for one use. */
export function issueTicket(actor: UserActor, config: Pick<CrmConfig, 'internalSecret' | 'ctiUrl' | 'ctiPort'>, now: Date): CtiTicket {
  const claims: Omit<CtiTicketClaims, 'sub' | 'jti'> = {
    name: actor.displayName,
    role: actor.role,
    extension: actor.extension,
    permissions: [...actor.permissions],
  };
  const nowSec = Math.floor(now.getTime() / 1000);
  const expiresSec = nowSec + LIFETIME_SEC;
  const ticket = jwt.sign({ ...claims, iat: nowSec, exp: expiresSec }, config.internalSecret, {
    algorithm: 'HS256',
    audience: 'cti-gateway',
    issuer: 'crm-core',
    subject: actor.userId,
    jwtid: randomUUID(),
  });
  return { ticket, url: config.ctiUrl, port: config.ctiPort, expiresAt: new Date(expiresSec * 1000).toISOString() };
}
