import pino, { type Logger } from 'pino';
import { randomUUID } from 'node:crypto';
import type { RequestHandler } from 'express';
import { maskForLog } from '../../caller-id';
import type { Metrics } from './metrics';
import { beginState, preferredLocale, stateOf } from './request-state';

/** Runs of digits long enough to be a telephone number, in text that somebody else wrote (messages of errors). */
function maskDigits(text: string): string {
  return text.replace(/\d[\d\s-]{5,}\d/g, maskForLog);
}

/** JSON lines on stdout. Errors without the SQL's parameters: those are people's data. */
export function createLogger(level: string): Logger {
  return pino({ name: 'crm-core', level, serializers: { err: errorForLog }, redact: ['password', 'token', '*.password', '*.token'] });
}

/** Name, message and stack, nothing else that hangs on it, such as the parameters of a query. */
export function errorForLog(error: unknown): { type: string; message: string; stack: string } {
  if (!(error instanceof Error)) return { type: typeof error, message: messageForLog(error), stack: '' };
  return { type: error.name, message: messageForLog(error), stack: maskDigits(error.stack ?? '') };
}

export function messageForLog(error: unknown): string {
  return maskDigits(error instanceof Error ? error.message : String(error));
}

/** Gives a request its id and language, and writes one line and one measurement when it is over. No paths: they may hold numbers. */
export function requestContext(log: Logger, metrics: Metrics): RequestHandler {
  return (request, response, next) => {
    const given = request.headers['x-request-id'];
    const requestId = typeof given === 'string' && /^[\w-]{8,64}$/.test(given) ? given : randomUUID();
    beginState(response, { requestId, locale: preferredLocale(request.headers['accept-language']), route: 'unmatched', actor: null });
    response.setHeader('X-Request-Id', requestId);
    const startedAt = performance.now();
    response.once('close', () => {
      const { route, actor } = stateOf(response);
      const status = response.writableFinished ? response.statusCode : 499;
      const ms = performance.now() - startedAt;
      metrics.requests.observe({ method: request.method, route, status: String(status) }, ms / 1000);
      const who = actor === null ? null : actor.kind === 'user' ? actor.userId : actor.name;
      log.debug({ requestId, method: request.method, route, status, ms: Math.round(ms * 10) / 10, who }, 'request');
    });
    next();
  };
}
