import { z } from 'zod';
import { PageQuery, Timestamp, pageOf } from './common';
import { DispositionCode } from './dispositions';
import { block, line } from './text';

/** R3.7 热线记录. Who, when and with which number come from the session and the call, never from the body (R6.4). */
export const Solved = z.enum(['solved', 'to_verify', 'unsolved']);
export type Solved = z.infer<typeof Solved>;
export const ServiceMethod = z.enum(['phone', 'remote', 'other']);
export type ServiceMethod = z.infer<typeof ServiceMethod>;
export const RecordStatus = z.enum(['draft', 'done']);
export type RecordStatus = z.infer<typeof RecordStatus>;

export const HotlineRecord = z.object({
  recordId: z.string(),
  callId: z.string().nullable(),
  direction: z.enum(['inbound', 'outbound', 'internal']).nullable(),
  remoteNumber: z.string().nullable(),
  customerId: z.string().nullable(),
  customerName: z.string().nullable(),
  contactId: z.string().nullable(),
  contactName: z.string().nullable(),
  servedByUserId: z.string(),
  servedByName: z.string(),
  occurredAt: Timestamp,
  method: ServiceMethod,
  problem: z.string(),
  solution: z.string(),
  solved: Solved.nullable(),
  remarks: z.string(),
  /** R12.2: the first-hand source, where it was not the caller. */
  sourceContact: z.string(),
  /** That of its call; null without a call, or while nobody has said. */
  disposition: DispositionCode.nullable(),
  status: RecordStatus,
  createdAt: Timestamp,
  updatedAt: Timestamp,
  version: z.number().int(),
});
export type HotlineRecord = z.infer<typeof HotlineRecord>;

/**
 * `PUT /hotline-records/by-call/{callId}`: begins the record of a call; the same call and agent again gives the same record. Direction,
 * number and moment hold until the call's row is there, which has its own.
 */
export const BeginHotlineRecord = z.object({
  direction: z.enum(['inbound', 'outbound', 'internal']),
  remoteNumber: line(128).nullable(),
  /** The DID it came in on: lends its area code to a local number. Without it, such a number names no customer. */
  line: z.string().max(32).nullable().optional(),
  occurredAt: Timestamp,
  customerId: z.string().max(36).nullable().default(null),
  contactId: z.string().max(36).nullable().default(null),
});
export type BeginHotlineRecord = z.infer<typeof BeginHotlineRecord>;

const textFields = {
  problem: block(20000),
  solution: block(20000),
  remarks: block(4000),
  sourceContact: line(255),
};
export const NewHotlineRecord = z.object({
  customerId: z.string().max(36),
  contactId: z.string().max(36).nullable().default(null),
  method: ServiceMethod.default('phone'),
  problem: textFields.problem.default(''),
  solution: textFields.solution.default(''),
  remarks: textFields.remarks.default(''),
  sourceContact: textFields.sourceContact.default(''),
  solved: Solved.nullable().default(null),
  status: RecordStatus.default('draft'),
});
export type NewHotlineRecord = z.infer<typeof NewHotlineRecord>;

/** Setting `status: done` requires `problem` and `solved`, of a call also `disposition` where configured. `version` guards against overwriting someone else's change (409). */
export const HotlineRecordPatch = z.object({
  version: z.number().int(),
  customerId: z.string().max(36).nullable().optional(),
  contactId: z.string().max(36).nullable().optional(),
  method: ServiceMethod.optional(),
  problem: textFields.problem.optional(),
  solution: textFields.solution.optional(),
  remarks: textFields.remarks.optional(),
  sourceContact: textFields.sourceContact.optional(),
  solved: Solved.nullable().optional(),
  /** Said of the record's call; refused on a record without one. */
  disposition: DispositionCode.nullable().optional(),
  status: RecordStatus.optional(),
});
export type HotlineRecordPatch = z.infer<typeof HotlineRecordPatch>;

export const HotlineRecordQuery = PageQuery.extend({
  customerId: z.string().max(36).optional(),
  servedByUserId: z.string().max(36).optional(),
  callId: z.string().max(150).optional(),
  solved: Solved.optional(),
  status: RecordStatus.optional(),
  /** A code; `none`: of a call with a customer, and nobody has said how it went. */
  disposition: DispositionCode.optional(),
  /** Any spelling of a number: compared by its key. */
  number: z.string().max(64).optional(),
  q: z.string().trim().max(100).optional(),
  from: Timestamp.optional(),
  to: Timestamp.optional(),
});
export type HotlineRecordQuery = z.infer<typeof HotlineRecordQuery>;
export const HotlineRecordPage = pageOf(HotlineRecord);
export type HotlineRecordPage = z.infer<typeof HotlineRecordPage>;
