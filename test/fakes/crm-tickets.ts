import { randomUUID } from 'node:crypto';
import jwt from 'jsonwebtoken';

export interface TicketWish {
  readonly userId: string;
  readonly extension: string | null;
  readonly name?: string;
  readonly role?: 'agent' | 'supervisor' | 'administrator';
  readonly permissions?: readonly string[];
  readonly secret?: string;
  readonly audience?: string;
  readonly issuer?: string;
  readonly algorithm?: jwt.Algorithm;
  /** Seconds; negative: expired already. */
  readonly lifeSec?: number;
}

export const INTERNAL_SECRET = 'integration-test-secret-0123456789abcdef';

/** A ticket as crm-core gives it, or one that somebody would like to pass for it. */
export function makeTicket(wish: TicketWish, nowMs: number): string {
  const nowSec = Math.floor(nowMs / 1000);
  const lifeSec = wish.lifeSec ?? 60;
  const claims = {
    sub: wish.userId,
    jti: randomUUID(),
    name: wish.name ?? wish.userId,
    role: wish.role ?? 'agent',
    extension: wish.extension,
    permissions: wish.permissions ?? ['call.dial', 'call.transfer'],
    aud: wish.audience ?? 'cti-gateway',
    iss: wish.issuer ?? 'crm-core',
    iat: lifeSec < 0 ? nowSec - 600 : nowSec,
    exp: nowSec + lifeSec,
  };
  return jwt.sign(claims, wish.secret ?? INTERNAL_SECRET, { algorithm: wish.algorithm ?? 'HS256' });
}
