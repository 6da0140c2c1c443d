import { EntitySchema } from 'typeorm';
import type { Decision } from '../../../contract/match-decisions';
import { nullable, type EntityColumns } from '../columns';

/** What an agent said of a number; in force while `endedAt` and `supersededById` are null. */
export interface MatchDecisionRow {
  decisionId: string;
  numberKey: string;
  decision: Decision;
  customerId: string;
  contactId: string | null;
  callId: string | null;
  /** Number stored by it. */
  numberId: string | null;
  createdAt: Date;
  createdById: string;
  /** When it was undone. */
  endedAt: Date | null;
  endedById: string | null;
  /** The later decision that took its place; in force again when that one is undone. */
  supersededById: string | null;
}

export function matchDecisionEntity(column: EntityColumns) {
  return new EntitySchema<MatchDecisionRow>({
    name: 'match_decision',
    tableName: 'match_decisions',
    columns: {
      decisionId: { ...column.id('decision_id'), primary: true },
      numberKey: column.text('number_key', 40),
      decision: column.text('decision', 20),
      customerId: column.id('customer_id'),
      contactId: nullable(column.id('contact_id')),
      callId: nullable(column.text('call_id', 150)),
      numberId: nullable(column.id('number_id')),
      createdAt: column.timestamp('created_at'),
      createdById: column.id('created_by_id'),
      endedAt: nullable(column.timestamp('ended_at')),
      endedById: nullable(column.id('ended_by_id')),
      supersededById: nullable(column.id('superseded_by_id')),
    },
  });
}
