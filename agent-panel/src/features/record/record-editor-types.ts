import type { HotlineRecord } from '../../../../crm-core/contract';
import type { ApiError } from '../../app/api-client';
import type { PanelClock } from '../../transport';
import type { DraftStorage } from './draft-storage';
import type { RecordField, RecordText } from './record-text';
import type { RecordsApi } from './records.api';

/** What is known of a record before crm-core was asked: filled in from the call, never typed. */
export interface RecordSeed {
  readonly key: string;
  readonly callId: string | null;
  readonly direction: 'inbound' | 'outbound' | 'internal' | null;
  readonly remoteNumber: string | null;
  readonly occurredAt: string;
  readonly customerId: string | null;
  readonly contactId: string | null;
  readonly customerName: string | null;
}

/**
 * - `clean`: crm-core has everything;
 * - `typing`: on this page and in this browser, on its way;
 * - `saving`: being sent;
 * - `offline`: crm-core cannot be reached; kept here, tried again by itself;
 * - `conflict`: somebody else changed the same field; the agent decides;
 * - `failed`: crm-core refuses it (see `problem`); kept here.
 */
export type SyncState = 'clean' | 'typing' | 'saving' | 'offline' | 'conflict' | 'failed';

export interface EditorState {
  seed: RecordSeed;
  text: RecordText;
  record: HotlineRecord | null;
  sync: SyncState;
  /** When this browser's storage took the text; null when it refuses. */
  savedHereAtMs: number | null;
  savedThereAtMs: number | null;
  fieldErrors: Partial<Record<RecordField, string>>;
  failure: ApiError | null;
  conflict: { readonly fields: readonly RecordField[]; readonly theirs: HotlineRecord } | null;
  wantDone: boolean;
}

export interface EditorDeps {
  readonly api: RecordsApi;
  readonly drafts: DraftStorage;
  readonly clock: PanelClock;
  /** Whether this record is not done without saying how its call went. */
  readonly dispositionRequired?: (seed: RecordSeed) => boolean;
}

export interface RecordEditor {
  readonly state: EditorState;
  /** Another key was pressed. */
  edit(change: Partial<RecordText>): void;
  setCustomer(customerId: string | null, contactId: string | null, customerName: string | null): void;
  /** crm-core has changed the record by itself (a customer was created during the call): takes that in before more is changed. */
  refresh(): Promise<void>;
  /** Ctrl S: now, not in a second. */
  saveNow(): Promise<void>;
  /** Finishes it: false with errors at the fields when something is missing, true once crm-core has it or will have it. */
  finish(): Promise<boolean>;
  /** Decides a field both sides changed. */
  resolve(field: RecordField, choice: 'mine' | 'theirs' | 'both'): void;
  /** Writes what is on the page into the browser's storage at once (the page is going away). */
  keep(): void;
  /** Another window wrote this draft. */
  adopt(): void;
  close(): void;
}
