import { ipKeyGenerator, rateLimit, type RateLimitInfo, type RateLimitRequestHandler } from 'express-rate-limit';
import type { Request } from 'express';
import { AppError } from '../app-error';

export interface RateLimits {
  readonly signInWindowMs: number;
  /** Failed attempts for one name from one address. Not for a name alone: anybody could lock anybody out. */
  readonly signInPerName: number;
  /** Failed attempts from one address; an office may share one. */
  readonly signInPerAddress: number;
  /** Searches of one person in a minute: more than typing ever needs, less than copying all customers does. */
  readonly searchesPerMinute: number;
  /** Those of another program, which may have many people behind it. The gateway has no limit: it asks once for every call. */
  readonly machineSearchesPerMinute: number;
  readonly passwordWindowMs: number;
  /** How often a person may say their own password when changing it. */
  readonly passwordTries: number;
}

export const DEFAULT_RATE_LIMITS: RateLimits = {
  signInWindowMs: 15 * 60_000,
  signInPerName: 10,
  signInPerAddress: 60,
  searchesPerMinute: 240,
  machineSearchesPerMinute: 6_000,
  passwordWindowMs: 15 * 60_000,
  passwordTries: 10,
};

type Limited = Request & { rateLimit?: RateLimitInfo };

/** Slows down guessing of passwords. Attempts that succeed do not count. */
export function signInLimits({ signInWindowMs: windowMs, signInPerName, signInPerAddress }: RateLimits): RateLimitRequestHandler[] {
  return [
    failureLimit(windowMs, signInPerAddress, addressOf),
    failureLimit(windowMs, signInPerName, (request) => `${addressOf(request)} ${nameIn(request.body)}`),
  ];
}

function failureLimit(windowMs: number, limit: number, keyOf: (request: Request) => string): RateLimitRequestHandler {
  return rateLimit({
    windowMs,
    limit,
    standardHeaders: false,
    legacyHeaders: false,
    skipSuccessfulRequests: true,
    validate: { xForwardedForHeader: false },
    keyGenerator: keyOf,
    handler: (request: Limited, _response, next) => {
      const endsAt = request.rateLimit?.resetTime?.getTime() ?? Date.now() + windowMs;
      next(tooMany(endsAt - Date.now()));
    },
  });
}

/** `leftMs`: until it is allowed again. */
export function tooMany(leftMs: number): AppError {
  return new AppError('too_many_requests', { retryAfterSec: Math.max(1, Math.ceil(leftMs / 1000)) });
}

function addressOf(request: Request): string {
  return ipKeyGenerator(request.ip ?? '');
}

function nameIn(body: unknown): string {
  const name: unknown = typeof body === 'object' && body !== null && 'username' in body ? body.username : '';
  return typeof name === 'string' ? name.trim().toLowerCase().slice(0, 64) : '';
}
