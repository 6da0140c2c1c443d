import type { Item } from 'asterisk-manager';
import { PbxError, type PbxFailure } from '../../../ports/pbx';

/** The answer to one action. */
export interface AmiReply {
  readonly success: boolean;
  /** Asterisk's own words; empty when it said none. */
  readonly message: string;
  /** Every header by its name in lower case; a header may come more than once. */
  readonly headers: ReadonlyMap<string, readonly string[]>;
}

/**
 * asterisk-manager gives a header as a string, as an array when it is repeated, and variables as an object or, under
 * another header's name, as strings. Here they are all lists of strings; a variable is `NAME=value`.
 */
export function replyOf(item: Item): AmiReply {
  const headers = new Map<string, readonly string[]>();
  for (const [name, value] of Object.entries(item)) {
    if (value !== undefined) headers.set(name, valuesOf(value));
  }
  const success = headers.get('response')?.[0]?.toLowerCase() === 'success';
  return { success, message: headers.get('message')?.[0] ?? '', headers };
}

function valuesOf(value: NonNullable<Item[string]>): readonly string[] {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) return value.map(String);
  return Object.entries(value).map(([name, variable]) => `${name}=${String(variable)}`);
}

/** Texts of Asterisk 22 (`manager.c`, `app_queue.c`, `res_mutestream.c`). */
const FAILURES: readonly (readonly [RegExp, PbxFailure])[] = [
  [/no such channel|channel (not found|does not exist)/i, 'not_found'],
  [/interface not found|: not there|no such queue|not a member/i, 'not_found'],
  [/already there/i, 'duplicate'],
  [/shutting down/i, 'unavailable'],
];

/** What a refusal means; `refused` when Asterisk's words are not known. */
export function failureOf(action: string, reply: AmiReply): PbxError {
  const reason = FAILURES.find(([text]) => text.test(reply.message))?.[1] ?? 'refused';
  return new PbxError(reason, `${action}: ${reply.message || 'refused'}`);
}
