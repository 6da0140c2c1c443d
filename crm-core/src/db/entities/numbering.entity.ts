import { EntitySchema } from 'typeorm';
import type { NumberingException, NumberingRules } from '../../../contract/numbering';
import { nullable, type EntityColumns } from '../columns';

/** Everything that decides how a number is read. */
export interface RuleSet {
  readonly default: NumberingRules;
  readonly exceptions: readonly NumberingException[];
  /** RULES_VERSION of the library. */
  readonly library: number;
}

export interface NumberingVersionRow {
  version: number;
  rules: RuleSet;
  createdAt: Date;
  /** Null: taken from the environment. */
  createdById: string | null;
}

export function numberingVersionEntity(column: EntityColumns) {
  return new EntitySchema<NumberingVersionRow>({
    name: 'numbering_version',
    tableName: 'numbering_versions',
    columns: {
      version: { ...column.integer('version'), primary: true },
      rules: column.json('rules'),
      createdAt: column.timestamp('created_at'),
      createdById: nullable(column.id('created_by_id')),
    },
  });
}

/** A run that makes keys again. */
export interface RekeyingRow {
  sequence: number;
  rulesBefore: RuleSet;
  rulesAfter: RuleSet;
  stage: 'numbers' | 'calls' | 'finished';
  /** Id of the last row done in this stage. */
  position: string | null;
  done: number;
  total: number;
  changed: number;
  startedAt: Date;
  finishedAt: Date | null;
}

export function rekeyingEntity(column: EntityColumns) {
  return new EntitySchema<RekeyingRow>({
    name: 'rekeying',
    tableName: 'rekeyings',
    columns: {
      sequence: { ...column.integer('sequence'), primary: true },
      rulesBefore: column.json('rules_before'),
      rulesAfter: column.json('rules_after'),
      stage: column.text('stage', 20),
      position: nullable(column.text('position', 150)),
      done: column.integer('done'),
      total: column.integer('total'),
      changed: column.integer('changed'),
      startedAt: column.timestamp('started_at'),
      finishedAt: nullable(column.timestamp('finished_at')),
    },
  });
}

/** A key whose past calls are being given to their owner. */
export interface LinkTaskRow {
  numberKey: string;
  /** Changes with every new order: a task that was ordered again while it ran is not over. */
  token: string;
  /** The last call done, newest first; null: none yet. */
  positionAt: Date | null;
  positionId: string | null;
  createdAt: Date;
}

export function linkTaskEntity(column: EntityColumns) {
  return new EntitySchema<LinkTaskRow>({
    name: 'link_task',
    tableName: 'link_tasks',
    columns: {
      numberKey: { ...column.text('number_key', 40), primary: true },
      token: column.id('token'),
      positionAt: nullable(column.timestamp('position_at')),
      positionId: nullable(column.text('position_id', 150)),
      createdAt: column.timestamp('created_at'),
    },
  });
}
