import { PbxError } from '../../../ports/pbx';

/** A PJSIP endpoint: no `/`, `@` or `&`, which would ring something else, or more. */
export const EXTENSION = /^[A-Za-z0-9_-]{1,32}$/;

/**
 * Checks a value before it is asked of Asterisk.
 *
 * @throws PbxError `invalid_value`; the message says which value, never what stood in it.
 */
export function check(name: string, value: string, allowed: RegExp): void {
  if (!allowed.test(value)) throw new PbxError('invalid_value', `${name} is not allowed`);
}
