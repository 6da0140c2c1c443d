import { EntitySchema } from 'typeorm';
import type { CallDirection, CallExit, CallLogLeg, CallLogQueueVisit, CallLogRow, CallOutcome } from '../../../contract/calls';
import type { NumberClass } from '../../../contract/match';
import { nullable, type EntityColumns } from '../columns';

/** How a call came to its customer: by its number's key, or because a person said so on the hotline record. */
export type CallLink = 'key' | 'record';

export interface CallDetail {
  readonly linkedIds: readonly string[];
  readonly legs: readonly CallLogLeg[];
  readonly queueVisits: readonly CallLogQueueVisit[];
  /** Absent when the dialplan did not say. */
  readonly exitReason?: CallExit;
  /** Absent in rows taken in before these were known. */
  readonly moves?: CallMoves;
}

export type CallMoves = Readonly<Pick<CallLogRow, 'transfers' | 'parkings' | 'conference' | 'recordings' | 'source'> & Partial<Pick<CallLogRow, 'voicemail'>>>;

export interface CallRow {
  callId: string;
  direction: CallDirection;
  line: string | null;
  areaCode: string | null;
  trunk: string | null;
  /** Null in rows taken in before it was known: `external`. */
  context: CallLogRow['context'] | null;
  remoteNumber: string | null;
  remoteName: string | null;
  numberKey: string | null;
  numberClass: NumberClass;
  customerId: string | null;
  contactId: string | null;
  link: CallLink | null;
  queue: string | null;
  agentExtension: string | null;
  dialId: string | null;
  startedAt: Date;
  answeredAt: Date | null;
  endedAt: Date;
  outcome: CallOutcome;
  endedBy: CallLogRow['endedBy'];
  cause: number | null;
  waitMs: number;
  talkMs: number;
  holdMs: number;
  recording: string | null;
  complete: boolean;
  detail: CallDetail;
  receivedAt: Date;
}

export function callEntity(column: EntityColumns) {
  const text = (name: string, length: number) => nullable(column.text(name, length));
  return new EntitySchema<CallRow>({
    name: 'call',
    tableName: 'calls',
    columns: {
      callId: { ...column.text('call_id', 150), primary: true },
      direction: column.text('direction', 20),
      line: text('line', 32),
      areaCode: text('area_code', 8),
      trunk: text('trunk', 80),
      context: text('caller_context', 10),
      remoteNumber: text('remote_number', 128),
      remoteName: text('remote_name', 255),
      numberKey: text('number_key', 40),
      numberClass: column.text('number_class', 20),
      customerId: nullable(column.id('customer_id')),
      contactId: nullable(column.id('contact_id')),
      link: text('link', 20),
      queue: text('queue', 80),
      agentExtension: text('agent_extension', 32),
      dialId: text('dial_id', 64),
      startedAt: column.timestamp('started_at'),
      answeredAt: nullable(column.timestamp('answered_at')),
      endedAt: column.timestamp('ended_at'),
      outcome: column.text('outcome', 20),
      endedBy: column.text('ended_by', 20),
      cause: nullable(column.integer('cause')),
      waitMs: column.integer('wait_ms'),
      talkMs: column.integer('talk_ms'),
      holdMs: column.integer('hold_ms'),
      recording: text('recording', 255),
      complete: column.flag('complete'),
      detail: column.json('detail'),
      receivedAt: column.timestamp('received_at'),
    },
  });
}

/** Who had a leg of a call: what "my calls" means. */
export interface CallAgentRow {
  callId: string;
  extension: string;
  startedAt: Date;
}

export function callAgentEntity(column: EntityColumns) {
  return new EntitySchema<CallAgentRow>({
    name: 'call_agent',
    tableName: 'call_agents',
    columns: {
      callId: { ...column.text('call_id', 150), primary: true },
      extension: { ...column.text('extension', 32), primary: true },
      startedAt: column.timestamp('started_at'),
    },
  });
}
