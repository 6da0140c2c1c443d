import { z } from 'zod';
import { RecordId } from '../../../contract/common';
import { MatchDecision, NewMatchDecision } from '../../../contract/match-decisions';
import { userRoute, type Route } from '../../http/route';
import type { DecisionsService } from './decisions.service';

const EDIT = { permissions: ['customer.edit'] } as const;

export function decisionRoutes(decisions: DecisionsService): Route[] {
  return [
    userRoute({
      method: 'post',
      path: '/match-decisions',
      summary: 'Say of a caller: not this customer, it is this one, or add the number; applied to later matches.',
      access: EDIT,
      body: NewMatchDecision,
      answer: MatchDecision,
      statuses: [201],
      handle: ({ actor, body }) => decisions.decide(actor, body),
    }),
    userRoute({
      method: 'delete',
      path: '/match-decisions/:decisionId',
      summary: 'Undo a decision; what it replaced is in force again.',
      access: EDIT,
      params: z.object({ decisionId: RecordId }),
      handle: ({ actor, params }) => decisions.undo(actor, params.decisionId),
    }),
  ];
}
