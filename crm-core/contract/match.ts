import { z } from 'zod';
import { Timestamp } from './common';

export const NumberClass = z.enum(['mobile', 'fixed', 'service', 'international', 'internal', 'withheld', 'unknown']);
export type NumberClass = z.infer<typeof NumberClass>;
export const MatchKind = z.enum(['known', 'shared', 'maybe', 'unknown', 'withheld', 'internal']);
export type MatchKind = z.infer<typeof MatchKind>;

export const MatchRequest = z.object({
  /** As it arrived, whatever it is; null or empty when nothing arrived. */
  callerId: z.string().max(256).nullable(),
  /** The DID it came in on. */
  line: z.string().max(32).nullable().default(null),
  /** Area code the telephone system gives that line, without the leading 0; a saved rule of the line or trunk goes before it. */
  areaCode: z.string().max(8).nullable().default(null),
  /** The trunk it came in by, as the telephone system names it. */
  trunk: z.string().max(80).nullable().default(null),
  /** Where the dialplan says the call comes from: only an `internal` one can be from an extension, never by its length alone. */
  context: z.enum(['internal', 'external']).default('external'),
});
export type MatchRequest = z.infer<typeof MatchRequest>;

/** What was taken away or added on the way from the raw number to its key, in order. */
export const ReadingStep = z.enum([
  'outside_prefix',
  'stray_plus',
  'country_code',
  'carrier_code',
  'trunk_zero',
  'area_stripped',
  'area_added',
  'extension_split',
]);
export type ReadingStep = z.infer<typeof ReadingStep>;

/**
 * Why an owner is offered: `stored_number` the number is stored for them; `switchboard` they are at the company whose switchboard it is;
 * `decision` an agent said it is theirs; `other_reading` it is stored for them if the digits are read another way; `earlier_record` only
 * an earlier hotline record of theirs came from it. The last two are never more than "maybe".
 */
export const MatchedBy = z.enum(['stored_number', 'switchboard', 'decision', 'other_reading', 'earlier_record']);
export type MatchedBy = z.infer<typeof MatchedBy>;

/** The stored number an owner was found by: "mobile 2 of 3" is label `mobile`, ordinal 2, count 3. */
export const MatchedNumber = z.object({
  numberId: z.string(),
  display: z.string(),
  label: z.string(),
  extension: z.string().nullable(),
  /** Its place among the owner's numbers of that label, from 1, and how many of them there are. */
  ordinal: z.number().int().positive(),
  count: z.number().int().positive(),
});
export type MatchedNumber = z.infer<typeof MatchedNumber>;

export const MatchOwner = z.object({
  customerId: z.string(),
  customerName: z.string(),
  customerNumber: z.string(),
  customerLevel: z.string().nullable(),
  customerType: z.string().nullable(),
  contactId: z.string().nullable(),
  contactName: z.string().nullable(),
  contactPosition: z.string().nullable(),
  lastContactAt: Timestamp.nullable(),
  lastContactSummary: z.string().nullable(),
  /** Hotline records not solved yet. */
  openRecordCount: z.number().int().nonnegative(),
  matchedBy: MatchedBy.default('stored_number'),
  /** Rule of the reading under which they were found; another one than the result's where `matchedBy` is `other_reading`. */
  reason: z.string().default(''),
  number: MatchedNumber.nullable().default(null),
});
export type MatchOwner = z.infer<typeof MatchOwner>;

/** Another way to read the same digits: never more than "maybe". */
export const MatchAlternative = z.object({ key: z.string(), display: z.string(), numberClass: NumberClass, reason: z.string() });
export type MatchAlternative = z.infer<typeof MatchAlternative>;

/** Where the number belongs, as far as the numbering plan tells; names in Chinese, as the plan has them. */
export const MatchPlace = z.object({
  /** ISO 3166; null for shared codes such as +800. */
  country: z.string().nullable(),
  province: z.string().nullable(),
  /** Cities that share an area code are joined by `、`. */
  city: z.string().nullable(),
  /** To whom the prefix was allotted: `mobile`, `unicom`, `telecom`, `broadnet`, `reseller`, `machine`. */
  carrier: z.string().nullable(),
});
export type MatchPlace = z.infer<typeof MatchPlace>;

/** What is agreed on the number itself; in force at the moment of the match. */
export const MatchMark = z.object({
  markId: z.string(),
  kind: z.enum(['blocked', 'vip']),
  reason: z.string(),
  until: Timestamp.nullable(),
  markedBy: z.string(),
});
export type MatchMark = z.infer<typeof MatchMark>;

/** What agents have said of the number and is in force, newest first: shown beside the result, and undone by its id. */
export const MatchDecisionNote = z.object({
  decisionId: z.string(),
  decision: z.enum(['not_this', 'is_this', 'add_number']),
  customerId: z.string(),
  customerName: z.string(),
  contactId: z.string().nullable(),
  decidedAt: Timestamp,
  decidedBy: z.string(),
});
export type MatchDecisionNote = z.infer<typeof MatchDecisionNote>;

export const MatchResult = z.object({
  kind: MatchKind,
  raw: z.string().nullable(),
  /** Null for withheld numbers, for what no rule reads, and for privacy numbers: there is nothing to match or store by. */
  key: z.string().nullable(),
  /** The key grouped for reading, e.g. `139 1234 5678`; the raw number where there is none. Null when withheld. */
  display: z.string().nullable().default(null),
  numberClass: NumberClass,
  /** Code of the rule that decided; see crm-core/caller-id. */
  reason: z.string(),
  steps: z.array(ReadingStep).default([]),
  extension: z.string().nullable().default(null),
  alternatives: z.array(MatchAlternative).default([]),
  place: MatchPlace.nullable().default(null),
  /** A rotating number of a delivery platform: nobody's, and never stored. */
  privacy: z.boolean().default(false),
  /** The number is a company's switchboard: which of its people calls is not known. */
  switchboard: z.boolean().default(false),
  mark: MatchMark.nullable().default(null),
  decisions: z.array(MatchDecisionNote).default([]),
  /** Newest contact first. */
  owners: z.array(MatchOwner),
});
export type MatchResult = z.infer<typeof MatchResult>;
