import type { ErrorCode } from '../../protocol';
import { PbxError, type PbxFailure } from '../ports/pbx';

/** A command that was understood and did not succeed; becomes the error of its reply. */
export class CommandError extends Error {
  constructor(
    readonly code: ErrorCode,
    message: string,
    readonly options: { readonly retryable?: boolean; readonly field?: string; readonly cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause });
    this.name = 'CommandError';
  }
}

const BY_FAILURE: { readonly [F in PbxFailure]: { readonly code: ErrorCode; readonly retryable: boolean } } = {
  unavailable: { code: 'pbx.unavailable', retryable: true },
  timeout: { code: 'pbx.timeout', retryable: true },
  phone_unreachable: { code: 'pbx.phone_unreachable', retryable: true },
  duplicate: { code: 'pbx.refused', retryable: false },
  not_found: { code: 'call.not_found', retryable: false },
  refused: { code: 'pbx.refused', retryable: false },
  invalid_value: { code: 'pbx.refused', retryable: false },
};

/** Words of the telephone system to words of the wire; anything unexpected is a bug and says no more than that. */
export function toCommandError(error: unknown): CommandError {
  if (error instanceof CommandError) return error;
  if (error instanceof PbxError) {
    const { code, retryable } = BY_FAILURE[error.reason];
    return new CommandError(code, `Telephone system: ${error.reason}`, { retryable, cause: error });
  }
  return new CommandError('internal', 'Internal error', { retryable: true, cause: error });
}
