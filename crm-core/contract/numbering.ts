import { z } from 'zod';
import { Timestamp, type FieldCode } from './common';
import { MatchResult } from './match';
import { requiredLine } from './text';

/** A Chinese area code without the leading 0, e.g. `20`, `755`. */
const AreaCode = z.string().regex(/^(?:10|2\d|[3-9]\d\d)$/);
/** Digits the PBX puts before outside numbers. */
const OutsidePrefix = z.string().regex(/^\d{1,4}$/);
/**
 * Regular expression of the whole of an internal extension, in a small grammar: alternatives with `|` between, each a row of digits, `\d`
 * and classes such as `[2-8]`, with `?`, `{n}` or `{n,m}` after any of them. No groups, and at most two pieces of an alternative may vary
 * in length: with more an engine can take minutes over a dozen digits.
 */
export const InternalPattern = z
  .string()
  .max(200)
  .refine(isInternalPattern, { error: 'invalid_pattern' satisfies FieldCode });
const ServiceNumbers = z.array(z.string().regex(/^\d{2,12}$/)).max(200);

const PIECE = /(?:\d|\\d|\[(?:\d(?:-\d)?)+\])(?:\{\d{1,2}\}|(\?|\{\d{1,2},\d{1,2}\}))?/g;
const VARYING_PIECES = 2;

function isInternalPattern(text: string): boolean {
  return text.split('|').every(isAlternative) && isExpression(text);
}

function isAlternative(text: string): boolean {
  const pieces = [...text.matchAll(PIECE)];
  const varying = pieces.filter(([, lengths]) => lengths !== undefined);
  return text !== '' && pieces.map(([piece]) => piece).join('') === text && varying.length <= VARYING_PIECES;
}

/** A class or a count that runs backwards is none. */
function isExpression(text: string): boolean {
  try {
    new RegExp(text);
    return true;
  } catch {
    return false;
  }
}

/** How numbers are written and read where nothing else is said. */
export const NumberingRules = z.object({
  countryCode: z.literal('CN').default('CN'),
  /** Assumed for local numbers; null: they stay unknown. */
  areaCode: AreaCode.nullable(),
  /** Null: none. */
  outsidePrefix: OutsidePrefix.nullable(),
  internalPattern: InternalPattern,
  /** Short numbers beyond the general rules that are services too. */
  serviceNumbers: ServiceNumbers,
});
export type NumberingRules = z.infer<typeof NumberingRules>;

/** What is different on one line (DID) or trunk. Null: as the default says. A line goes before the trunk, the trunk before the default. */
export const NumberingException = z.object({
  scope: z.enum(['line', 'trunk']),
  /** The DID as the telephone system writes it, or the trunk's name. */
  name: requiredLine(80),
  label: z.string().max(80).default(''),
  areaCode: AreaCode.nullable().default(null),
  /** An empty text: none, although the default has one. */
  outsidePrefix: z
    .union([OutsidePrefix, z.literal('')])
    .nullable()
    .default(null),
  internalPattern: InternalPattern.nullable().default(null),
  serviceNumbers: ServiceNumbers.nullable().default(null),
});
export type NumberingException = z.infer<typeof NumberingException>;

const Rules = z.object({ default: NumberingRules, exceptions: z.array(NumberingException).max(500) });

/** `GET /numbering`. `saved` is false while the rules are those of the environment. */
export const Numbering = Rules.extend({
  version: z.number().int().nonnegative(),
  saved: z.boolean(),
  changedAt: Timestamp.nullable(),
  changedBy: z.string().nullable(),
});
export type Numbering = z.infer<typeof Numbering>;

/** `PUT /numbering`: all of it, with the version that was read; answers the `Numbering`. 409 `version_conflict` with the current one. */
export const NumberingChange = Rules.extend({ version: z.number().int().nonnegative() }).refine(
  ({ exceptions }) => new Set(exceptions.map(({ scope, name }) => `${scope} ${name}`)).size === exceptions.length,
  { error: 'already_exists' satisfies FieldCode, path: ['exceptions'] },
);
export type NumberingChange = z.infer<typeof NumberingChange>;

/** `POST /numbering/try`: what would this number match, and why? With `rules` that are not saved yet, or with the saved ones. Stores nothing. */
export const NumberingTry = z.object({
  callerId: z.string().max(256).nullable(),
  line: z.string().max(32).nullable().default(null),
  trunk: z.string().max(80).nullable().default(null),
  context: z.enum(['internal', 'external']).default('external'),
  rules: Rules.nullable().default(null),
});
export type NumberingTry = z.infer<typeof NumberingTry>;

/** `used` are the rules that applied to the line and trunk, and where each came from. */
export const NumberingTryResult = z.object({
  match: MatchResult,
  used: NumberingRules.extend({
    areaCodeFrom: z.enum(['line', 'trunk', 'line_number', 'default', 'none']),
    exception: z.enum(['line', 'trunk', 'both']).nullable(),
  }),
});
export type NumberingTryResult = z.infer<typeof NumberingTryResult>;

/**
 * `GET /numbering/rekeying`: how far stored numbers and calls have got new keys after a change of rules, or of the program's own.
 * `idle`: nothing to do. `done` and `total` count rows looked at; `changed` those that got another key.
 */
export const Rekeying = z.object({
  state: z.enum(['idle', 'running']),
  stage: z.enum(['numbers', 'calls']).nullable(),
  done: z.number().int().nonnegative(),
  total: z.number().int().nonnegative(),
  changed: z.number().int().nonnegative(),
  startedAt: Timestamp.nullable(),
  finishedAt: Timestamp.nullable(),
});
export type Rekeying = z.infer<typeof Rekeying>;
