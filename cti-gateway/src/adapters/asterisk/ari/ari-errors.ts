import { PbxError, type PbxFailure } from '../../../ports/pbx';

/**
 * ari-client drops the status code and keeps Asterisk's words: `{"message":"Channel not found"}`, `{"error":"Allocation
 * failed"}`. Texts of Asterisk 22, `res/ari/resource_channels.c`.
 */
const FAILURES: readonly (readonly [RegExp, PbxFailure])[] = [
  [/channel not found/i, 'not_found'],
  [/unique id already exists/i, 'duplicate'],
  [/allocation failed|unable to lock/i, 'phone_unreachable'],
  [/not booted|shutting down/i, 'unavailable'],
  [/must be|invalid|required to be/i, 'invalid_value'],
];

/** A refusal of ARI as the product's error. */
export function ariFailure(what: string, error: unknown): PbxError {
  if (error instanceof PbxError) return error;
  const words = wordsOf(error instanceof Error ? error.message : String(error));
  const reason = FAILURES.find(([text]) => text.test(words))?.[1] ?? 'refused';
  return new PbxError(reason, `${what}: ${words}`);
}

function wordsOf(message: string): string {
  try {
    const body = JSON.parse(message) as { message?: unknown; error?: unknown } | null;
    const words = body?.message ?? body?.error;
    return typeof words === 'string' ? words : message;
  } catch {
    return message.slice(0, 200);
  }
}
