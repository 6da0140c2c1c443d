import type { AuditPage, AuditQuery } from '../../../contract/audit';
import type { AppContext } from '../../context';
import { newId, type Tx } from '../../db';
import type { AuditEntryRow } from '../../db/entities/audit-entry.entity';
import { insertAudit, pageOfAudit, type AuditSubject } from '../../db/repositories/audit.repository';
import { usersByIds } from '../../db/repositories/users.repository';

type Said = Pick<AuditEntryRow, 'action' | 'before' | 'after'> & AuditSubject;

/** Writes down who changed what, in the transaction of the change itself, so that neither is there without the other. */
export async function writeAudit(tx: Tx, { userId, at }: { userId: string; at: Date }, entry: Said): Promise<void> {
  const { action, before, after, numberKey = null, customerId = null, callId = null } = entry;
  await insertAudit(tx, { auditId: newId(at.getTime()), at, byUserId: userId, action, numberKey, customerId, callId, before, after });
}

export class AuditService {
  constructor(private readonly app: AppContext) {}

  async page(query: AuditQuery): Promise<AuditPage> {
    const { read } = this.app.db;
    const { items, nextCursor } = await pageOfAudit(read, subjectOf(query.subject), query);
    const users = await usersByIds(
      read,
      items.map(({ byUserId }) => byUserId),
    );
    return {
      items: items.map(({ at, numberKey, ...row }) => ({
        ...row,
        at: at.toISOString(),
        by: users.get(row.byUserId)?.displayName ?? '',
        key: numberKey,
      })),
      nextCursor,
    };
  }
}

function subjectOf(subject: string | undefined): AuditSubject {
  if (subject === undefined) return {};
  const at = subject.indexOf(':');
  const id = subject.slice(at + 1);
  const kind = subject.slice(0, at);
  return kind === 'customer' ? { customerId: id } : kind === 'call' ? { callId: id } : { numberKey: id };
}
