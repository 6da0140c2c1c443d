import type { ErrorCode, FieldCode } from '../contract/common';

/** One offending input: where it stands in the request, its code, and what the words need. */
export interface FieldError {
  readonly path: string;
  readonly code: FieldCode;
  readonly params?: Readonly<Record<string, string | number>>;
}

export interface AppErrorDetails {
  readonly fields?: readonly FieldError[];
  /** The record as it is now, beside `version_conflict`. */
  readonly current?: unknown;
  readonly retryAfterSec?: number;
  readonly cause?: unknown;
}

/**
 * An expected refusal, with a code of the closed list in the contract. Which HTTP status it becomes, whose fault it is and
 * whether it is logged is decided by `http/error-table.ts` alone.
 */
export class AppError extends Error {
  readonly fields: readonly FieldError[] | undefined;
  readonly current: unknown;
  readonly retryAfterSec: number | undefined;

  constructor(
    readonly code: ErrorCode,
    details: AppErrorDetails = {},
  ) {
    super(code, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'AppError';
    this.fields = details.fields;
    this.current = details.current;
    this.retryAfterSec = details.retryAfterSec;
  }

  static notFound(): AppError {
    return new AppError('not_found');
  }

  /** One field of the request is wrong in a way only the database knows, e.g. it names something that is not there. */
  static field(path: string, code: FieldCode): AppError {
    return new AppError('validation_failed', { fields: [{ path, code }] });
  }

  static versionConflict(current: unknown): AppError {
    return new AppError('version_conflict', { current });
  }
}
