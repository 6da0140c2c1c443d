import { ipKeyGenerator, rateLimit, type RateLimitRequestHandler } from 'express-rate-limit';
import type { Request } from 'express';
import { AppError } from '../app-error';

export interface SignInLimits {
  readonly windowMs: number;
  /** Failed attempts for one name from one address. Not for a name alone: anybody could lock anybody out. */
  readonly perName: number;
  /** Failed attempts from one address; an office may share one. */
  readonly perAddress: number;
}

export const DEFAULT_SIGN_IN_LIMITS: SignInLimits = { windowMs: 15 * 60_000, perName: 10, perAddress: 60 };

/** Slows down guessing of passwords. Attempts that succeed do not count. */
export function signInLimits({ windowMs, perName, perAddress }: SignInLimits): RateLimitRequestHandler[] {
  const limited = (limit: number, keyOf: (request: Request) => string) =>
    rateLimit({
      windowMs,
      limit,
      standardHeaders: false,
      legacyHeaders: false,
      skipSuccessfulRequests: true,
      validate: { xForwardedForHeader: false },
      keyGenerator: keyOf,
      handler: (_request, _response, next) => next(new AppError('too_many_requests', { retryAfterSec: Math.ceil(windowMs / 1000) })),
    });
  const address = (request: Request) => ipKeyGenerator(request.ip ?? '');
  return [limited(perAddress, address), limited(perName, (request) => `${address(request)} ${nameIn(request.body)}`)];
}

function nameIn(body: unknown): string {
  const name: unknown = typeof body === 'object' && body !== null && 'username' in body ? body.username : '';
  return typeof name === 'string' ? name.trim().toLowerCase().slice(0, 64) : '';
}
