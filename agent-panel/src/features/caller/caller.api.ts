import { z } from 'zod';
import {
  CallerMark,
  CallerMarkPage,
  Customer,
  MatchDecision,
  Numbering,
  NumberingTryResult,
  Rekeying,
  type NewCallerMark,
  type NewMatchDecision,
  type NumberingChange,
  type NumberingTry,
} from '../../../../crm-core/contract';
import type { Api, Query } from '../../app/api-client';

export type DecisionDraft = z.input<typeof NewMatchDecision>;
export type MarkDraft = z.input<typeof NewCallerMark>;
export type RulesDraft = z.input<typeof NumberingChange>;

/** What crm-core knows of callers beyond the customers themselves: decisions, marks, and how numbers are read. */
export function createCallerApi(api: Api) {
  return {
    decide: (decision: DecisionDraft): Promise<MatchDecision> => api.send('POST', '/match-decisions', decision, MatchDecision),
    undoDecision: (decisionId: string): Promise<unknown> =>
      api.send('DELETE', `/match-decisions/${encodeURIComponent(decisionId)}`, undefined, z.unknown()),
    marks: (query: Query, signal?: AbortSignal): Promise<CallerMarkPage> =>
      api.get('/caller-marks', CallerMarkPage, { query, ...(signal ? { signal } : {}) }),
    mark: (mark: MarkDraft): Promise<CallerMark> => api.send('POST', '/caller-marks', mark, CallerMark),
    unmark: (markId: string): Promise<unknown> => api.send('DELETE', `/caller-marks/${encodeURIComponent(markId)}`, undefined, z.unknown()),
    numbering: (): Promise<Numbering> => api.get('/numbering', Numbering),
    changeNumbering: (change: RulesDraft): Promise<Numbering> => api.send('PUT', '/numbering', change, Numbering),
    tryNumber: (question: z.input<typeof NumberingTry>, signal?: AbortSignal): Promise<NumberingTryResult> =>
      api.send('POST', '/numbering/try', question, NumberingTryResult, signal ? { signal } : {}),
    rekeying: (): Promise<Rekeying> => api.get('/numbering/rekeying', Rekeying),
    merge: (customerId: string, other: { customerId: string; version: number }): Promise<Customer> =>
      api.send('POST', `/customers/${encodeURIComponent(customerId)}/merge`, other, Customer),
  };
}
export type CallerApi = ReturnType<typeof createCallerApi>;
