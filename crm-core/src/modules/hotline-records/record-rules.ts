import type { HotlineRecordPatch, HotlineRecordQuery } from '../../../contract/hotline-records';
import { AppError, type FieldError } from '../../app-error';
import { newId } from '../../db';
import type { HotlineRecordRow } from '../../db/entities/hotline-record.entity';
import type { RecordFilter } from '../../db/repositories/hotline-records.repository';
import { presentFields } from '../../present-fields';

/** An empty record of who serves, now. */
export function blankRecord(servedById: string, now: Date): HotlineRecordRow {
  return {
    recordId: newId(now.getTime()),
    callId: null,
    direction: null,
    remoteNumber: null,
    remoteKey: null,
    customerId: null,
    contactId: null,
    servedById,
    occurredAt: now,
    method: 'phone',
    problem: '',
    solution: '',
    solved: null,
    remarks: '',
    sourceContact: '',
    status: 'draft',
    createdAt: now,
    updatedAt: now,
    updatedById: servedById,
    version: 1,
  };
}

/** A record is done when it says what the problem was and whether it is solved; with `disposition` null also how the call went. */
export function requireComplete(
  { status, problem, solved }: HotlineRecordRow,
  call: { disposition?: string | null | undefined } = {},
): void {
  if (status !== 'done') return;
  const fields: FieldError[] = [];
  if (problem.trim() === '') fields.push({ path: 'problem', code: 'required' });
  if (solved === null) fields.push({ path: 'solved', code: 'required' });
  if (call.disposition === null) fields.push({ path: 'disposition', code: 'required' });
  if (fields.length > 0) throw new AppError('validation_failed', { fields });
}

/** Another customer's record cannot keep the first one's contact. */
export function contactOfPatch(current: HotlineRecordRow, patch: Omit<HotlineRecordPatch, 'version'>): { contactId?: string | null } {
  const moved = patch.customerId !== undefined && patch.customerId !== current.customerId;
  return moved && patch.contactId === undefined ? { contactId: null } : {};
}

export function filterOf({
  q,
  from,
  to,
  servedByUserId,
  number: _number,
  cursor: _cursor,
  limit: _limit,
  ...query
}: HotlineRecordQuery): RecordFilter {
  // SQLite's LIKE ends at a NUL: nothing invisible is searched for.
  const wanted = (q ?? '').replace(/\p{Cc}+/gu, ' ').trim();
  return {
    ...presentFields(query),
    ...(servedByUserId === undefined ? {} : { servedById: servedByUserId }),
    ...(wanted === '' ? {} : { text: wanted }),
    ...(from === undefined ? {} : { from: new Date(from) }),
    ...(to === undefined ? {} : { to: new Date(to) }),
  };
}
