import { z } from 'zod';
import type { FieldCode } from './common';

/**
 * Marks that reorder or hide the text around them, and byte order marks. They come along when a number or name is copied from
 * elsewhere; nobody sees them, so they are taken out without a word.
 */
const INVISIBLE = /[\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g;
/** C0, DEL and C1 controls, line and paragraph separators. */
const FORBIDDEN_IN_LINE = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/;
/** The same for text of several lines: tab, line feed and carriage return are let through. */
const FORBIDDEN_IN_BLOCK = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/;
/** Half of a UTF-16 pair: neither database can store it as it came. */
const LONE_SURROGATE = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;

const visible = (value: string) => value.replace(INVISIBLE, '');

function refusing(pattern: RegExp) {
  return (value: string) => !pattern.test(value) && !LONE_SURROGATE.test(value);
}

/** One line of text as a person types it: trimmed, at most `max` UTF-16 units, no control characters (`control_characters`). */
export function line(max: number) {
  return z
    .string()
    .overwrite(visible)
    .trim()
    .max(max)
    .refine(refusing(FORBIDDEN_IN_LINE), { error: 'control_characters' satisfies FieldCode });
}

/** Text of several lines, kept as written. */
export function block(max: number) {
  return z
    .string()
    .overwrite(visible)
    .max(max)
    .refine(refusing(FORBIDDEN_IN_BLOCK), { error: 'control_characters' satisfies FieldCode });
}

/** A name that a machine gave, kept as it is: nothing is taken out of it. */
export function identifier(max: number) {
  return z.string().min(1).max(max).refine(refusing(FORBIDDEN_IN_LINE), { error: 'control_characters' });
}

/** A required line. */
export function requiredLine(max: number) {
  return z
    .string()
    .overwrite(visible)
    .trim()
    .min(1)
    .max(max)
    .refine(refusing(FORBIDDEN_IN_LINE), { error: 'control_characters' satisfies FieldCode });
}
