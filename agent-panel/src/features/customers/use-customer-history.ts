import { computed, watch } from 'vue';
import type { CallView } from '../../../../cti-gateway/protocol';
import type { HotlineRecord } from '../../../../crm-core/contract';
import { useServices } from '../../app/services';
import { usePages } from '../../ui/use-pages';
import { useCallStore } from '../call/call.store';
import { createCallsApi, type LoggedCall } from '../calllog/calls.api';
import { useRecordStore } from '../record/record.store';
import { createRecordsApi } from '../record/records.api';
import { historyOf, stillOpen } from './history';

const PAGE_ROWS = 50;

export interface HistoryOf {
  readonly customerId: string;
  /** The call in hand, which has a row of its own. */
  readonly talking?: CallView | null | undefined;
}

/**
 * Everything that happened with a customer, as far as it was read: calls and records become one list, which follows what is written
 * in the dock and what ends meanwhile. Nothing is read before `load`.
 */
export function useCustomerHistory(of: HistoryOf) {
  const { api } = useServices();
  const callStore = useCallStore();
  const editors = useRecordStore();
  const calls = createCallsApi(api);
  const records = createRecordsApi(api);
  const callPages = usePages<LoggedCall>((cursor, signal) => calls.list({ customerId: of.customerId, cursor, limit: PAGE_ROWS }, signal));
  const recordPages = usePages<HotlineRecord>((cursor) => records.list({ customerId: of.customerId, cursor, limit: PAGE_ROWS }));

  /** What is being written in the dock is shown as it stands there, not as the list had it. */
  const written = computed(() =>
    recordPages.items.value.map((record) => {
      const editor = editors.editors.get(record.callId ?? `record:${record.recordId}`);
      return editor === undefined ? record : { ...record, ...editor.state.text };
    }),
  );
  const entries = computed(() =>
    historyOf(callPages.items.value, written.value).filter(
      (entry) => entry.id !== of.talking?.callId && entry.record?.callId !== (of.talking?.callId ?? ''),
    ),
  );
  const open = computed(() => stillOpen(written.value, [of.talking?.callId, editors.currentKey]));
  const failure = computed(() => callPages.failure.value ?? recordPages.failure.value);
  const loaded = computed(() => callPages.loaded.value && recordPages.loaded.value);
  const more = computed(() => callPages.nextCursor.value !== null || recordPages.nextCursor.value !== null);

  function load(): void {
    void callPages.reload();
    void recordPages.reload();
  }

  function loadMore(): void {
    if (callPages.nextCursor.value !== null) void callPages.more();
    if (recordPages.nextCursor.value !== null) void recordPages.more();
  }

  watch(
    () => callStore.logged,
    () => {
      callPages.renew();
      recordPages.renew();
    },
  );
  /** What is written here no more is now as crm-core has it. */
  watch(() => editors.editors.size, recordPages.renew);

  return { entries, open, failure, loaded, more, load, loadMore };
}
