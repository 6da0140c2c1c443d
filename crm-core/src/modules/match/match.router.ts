import { MatchRequest, MatchResult } from '../../../contract/match';
import { machineRoute, type Route } from '../../http/route';
import type { MatchService } from './match.service';

export function matchRoutes(matching: MatchService): Route[] {
  return [
    machineRoute({
      method: 'post',
      path: '/match',
      summary: 'Whose number is this? Known, shared, maybe, unknown, withheld or internal, with the owners and the rule that decided.',
      access: { permissions: ['customer.view'], machine: 'match' },
      body: MatchRequest,
      answer: MatchResult,
      limit: 'search',
      handle: ({ body }) => matching.match(body),
    }),
  ];
}
