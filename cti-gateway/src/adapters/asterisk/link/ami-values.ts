import { PbxError } from '../../../ports/pbx';

/** Headers of one action. A value that is undefined is not sent. */
export type AmiFields = Readonly<Record<string, string | number | boolean | undefined>>;

/** Asterisk reads lines into 1,025 bytes and drops a longer one. */
const MAX_LINE_BYTES = 1_000;
/** CR and LF would begin another header or a whole second action; NUL ends a C string. The others have no business here. */
const CONTROL = /[\u0000-\u001f\u007f\u2028\u2029]/;
const HEADER = /^[A-Za-z][A-Za-z0-9-]{0,63}$/;

/**
 * Checks an action before it is written to Asterisk and returns it with every value as text.
 *
 * @throws PbxError `invalid_value` for a control character anywhere, a header that is no header name, a line of 1 kB or
 *   more, or a comma in `Variable`, where Asterisk would begin another variable. The message names the header, never the value.
 */
export function checkedFields(fields: AmiFields): Record<string, string> {
  const checked: Record<string, string> = {};
  for (const [header, given] of Object.entries(fields)) {
    if (given === undefined) continue;
    const value = String(given);
    if (!HEADER.test(header)) throw new PbxError('invalid_value', 'a header name is not allowed');
    if (CONTROL.test(value)) throw new PbxError('invalid_value', `${header}: control characters are not allowed`);
    if (header.toLowerCase() === 'variable' && value.includes(','))
      throw new PbxError('invalid_value', `${header}: a comma is not allowed`);
    if (Buffer.byteLength(header) + 2 + Buffer.byteLength(value) >= MAX_LINE_BYTES)
      throw new PbxError('invalid_value', `${header}: too long`);
    checked[header] = value;
  }
  return checked;
}

/**
 * A person's name as Asterisk may keep it: `;` and `|` separate members in its database and a comma separates arguments,
 * so that they become spaces.
 */
export function memberNameOf(name: string): string {
  return name.replace(/[;|,]/g, ' ').trim().slice(0, 79);
}
