import { AuditPage, AuditQuery } from '../../../contract/audit';
import { userRoute, type Route } from '../../http/route';
import type { AuditService } from './audit.service';

export function auditRoutes(audit: AuditService): Route[] {
  return [
    userRoute({
      method: 'get',
      path: '/audit',
      summary: 'Who changed what, newest first: of a customer, a call, a number, or all.',
      access: { permissions: ['audit.view'] },
      query: AuditQuery,
      answer: AuditPage,
      handle: ({ query }) => audit.page(query),
    }),
  ];
}
