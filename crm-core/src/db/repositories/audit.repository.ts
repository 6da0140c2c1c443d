import type { Tx } from '../database';
import type { AuditEntryRow } from '../entities/audit-entry.entity';
import { cutPage, keysetPage, type Page, type PageRequest } from '../paging';

export type AuditSubject = Partial<Pick<AuditEntryRow, 'numberKey' | 'customerId' | 'callId'>>;

export async function insertAudit(tx: Tx, row: AuditEntryRow): Promise<void> {
  await tx.createQueryBuilder().insert().into<AuditEntryRow>('audit_entry').values(row).execute();
}

/** Newest first. */
export async function pageOfAudit(tx: Tx, subject: AuditSubject, page: PageRequest): Promise<Page<AuditEntryRow>> {
  const query = tx.createQueryBuilder<AuditEntryRow>('audit_entry', 'a');
  for (const [column, value] of Object.entries(subject)) query.andWhere(`a.${column} = :${column}`, { [column]: value });
  const rows = await keysetPage(query, { at: 'a.at', id: 'a.auditId' }, page).getMany();
  return cutPage(rows, page.limit, (row) => ({ at: row.at, id: row.auditId }));
}
