import type { ErrorRequestHandler } from 'express';
import type { Logger } from 'pino';
import type { ErrorBody } from '../../contract/common';
import { AppError } from '../app-error';
import { asAppError } from '../db';
import { ERROR_TABLE } from './error-table';
import { fieldMessage } from './field-messages';
import { messageForLog } from './logging';
import { stateOf } from './request-state';

/** Turns whatever was thrown into the one error body. */
export function errorMiddleware(log: Logger): ErrorRequestHandler {
  return (thrown: unknown, _request, response, next) => {
    if (response.headersSent) return next(thrown);
    const error = toAppError(thrown);
    const { status, fault, message } = ERROR_TABLE[error.code];
    const { requestId, locale, route } = stateOf(response);
    if (fault === 'bug') log.error({ requestId, route, err: thrown }, 'request failed');
    if (fault === 'operational') log.warn({ requestId, route, code: error.code, cause: causeOf(error) }, 'request refused');
    if (error.retryAfterSec !== undefined) response.setHeader('Retry-After', String(error.retryAfterSec));
    const fields = error.fields?.map((field) => ({ path: field.path, code: field.code, message: fieldMessage(field, locale) }));
    const body: ErrorBody = {
      error: {
        code: error.code,
        message: message[locale],
        requestId,
        ...(fields === undefined ? {} : { fields }),
        ...(error.current === undefined ? {} : { current: error.current }),
      },
    };
    response.status(status).set('Cache-Control', 'no-store').json(body);
  };
}

function toAppError(thrown: unknown): AppError {
  if (thrown instanceof AppError) return thrown;
  const known = asAppError(thrown);
  if (known instanceof AppError) return known;
  return fromExpress(thrown) ?? new AppError('internal', { cause: thrown });
}

/** Errors of Express and its body parser, by the `type` and `status` they carry. */
function fromExpress(thrown: unknown): AppError | null {
  if (!(thrown instanceof Error)) return null;
  const type = 'type' in thrown ? thrown.type : undefined;
  const status = 'status' in thrown ? thrown.status : undefined;
  if (type === 'entity.too.large' || status === 413) return new AppError('body_too_large', { cause: thrown });
  if (type === 'charset.unsupported' || type === 'encoding.unsupported') return new AppError('unsupported_media_type', { cause: thrown });
  if (status === 404) return new AppError('not_found', { cause: thrown });
  return typeof status === 'number' && status >= 400 && status < 500 ? new AppError('malformed_body', { cause: thrown }) : null;
}

function causeOf(error: AppError): string | undefined {
  return error.cause === undefined ? undefined : messageForLog(error.cause).slice(0, 200);
}
