import { ipKeyGenerator, rateLimit, type RateLimitRequestHandler } from 'express-rate-limit';
import type { Request } from 'express';
import { AppError } from '../app-error';

export interface RateLimits {
  readonly signInWindowMs: number;
  /** Failed attempts for one name from one address. Not for a name alone: anybody could lock anybody out. */
  readonly signInPerName: number;
  /** Failed attempts from one address; an office may share one. */
  readonly signInPerAddress: number;
  /** Searches of one session in a minute: more than typing ever needs, less than copying all customers does. */
  readonly searchesPerMinute: number;
}

export const DEFAULT_RATE_LIMITS: RateLimits = {
  signInWindowMs: 15 * 60_000,
  signInPerName: 10,
  signInPerAddress: 60,
  searchesPerMinute: 240,
};

interface Limit {
  readonly windowMs: number;
  readonly limit: number;
  readonly keyOf: (request: Request) => string;
  readonly onlyFailures: boolean;
}

/** Slows down guessing of passwords. Attempts that succeed do not count. */
export function signInLimits({ signInWindowMs: windowMs, signInPerName, signInPerAddress }: RateLimits): RateLimitRequestHandler[] {
  return [
    limiter({ windowMs, limit: signInPerAddress, keyOf: addressOf, onlyFailures: true }),
    limiter({ windowMs, limit: signInPerName, keyOf: (request) => `${addressOf(request)} ${nameIn(request.body)}`, onlyFailures: true }),
  ];
}

export function searchLimit({ searchesPerMinute }: RateLimits): RateLimitRequestHandler {
  const keyOf = (request: Request) => request.headers.cookie ?? addressOf(request);
  return limiter({ windowMs: 60_000, limit: searchesPerMinute, keyOf, onlyFailures: false });
}

function limiter({ windowMs, limit, keyOf, onlyFailures }: Limit): RateLimitRequestHandler {
  return rateLimit({
    windowMs,
    limit,
    standardHeaders: false,
    legacyHeaders: false,
    skipSuccessfulRequests: onlyFailures,
    validate: { xForwardedForHeader: false },
    keyGenerator: keyOf,
    handler: (_request, _response, next) => next(new AppError('too_many_requests', { retryAfterSec: Math.ceil(windowMs / 1000) })),
  });
}

function addressOf(request: Request): string {
  return ipKeyGenerator(request.ip ?? '');
}

function nameIn(body: unknown): string {
  const name: unknown = typeof body === 'object' && body !== null && 'username' in body ? body.username : '';
  return typeof name === 'string' ? name.trim().toLowerCase().slice(0, 64) : '';
}
