import jwt from 'jsonwebtoken';
import { CtiTicketClaims } from '../../../../crm-core/contract/session';
import type { Agent } from '../../app/agent';

export type TicketVerdict =
  { readonly ok: true; readonly agent: Agent } | { readonly ok: false; readonly code: 'session.ticket_invalid' | 'session.ticket_used' };

/** Clocks of two machines may differ by this much. */
const CLOCK_TOLERANCE_SEC = 5;
/** A ticket lives 60 s; one that claims more is not one of crm-core's. */
const MAX_AGE_SEC = 120;

/**
 * Checks crm-core's ticket (JWT, HS256, RFC 7519) without asking crm-core. Each is good once: its `jti` is remembered until
 * the ticket would have expired anyway.
 */
export class TicketVerifier {
  private readonly used = new Map<string, number>();

  constructor(
    private readonly secret: string,
    private readonly nowMs: () => number,
  ) {}

  redeem(ticket: string): TicketVerdict {
    const payload = this.verify(ticket);
    const claims = CtiTicketClaims.safeParse(payload);
    if (!claims.success || typeof payload?.exp !== 'number') return { ok: false, code: 'session.ticket_invalid' };
    const { jti, sub, name, role, extension, permissions } = claims.data;
    this.forgetExpired();
    if (this.used.has(jti)) return { ok: false, code: 'session.ticket_used' };
    this.used.set(jti, (payload.exp + CLOCK_TOLERANCE_SEC) * 1000);
    return { ok: true, agent: { userId: sub, displayName: name, role, extension, permissions: new Set(permissions) } };
  }

  private verify(ticket: string): jwt.JwtPayload | null {
    try {
      const payload = jwt.verify(ticket, this.secret, {
        algorithms: ['HS256'],
        audience: 'cti-gateway',
        issuer: 'crm-core',
        clockTimestamp: Math.floor(this.nowMs() / 1000),
        clockTolerance: CLOCK_TOLERANCE_SEC,
        maxAge: MAX_AGE_SEC,
      });
      return typeof payload === 'string' ? null : payload;
    } catch {
      return null;
    }
  }

  private forgetExpired(): void {
    const nowMs = this.nowMs();
    for (const [jti, expiresAtMs] of this.used) if (expiresAtMs < nowMs) this.used.delete(jti);
  }
}
