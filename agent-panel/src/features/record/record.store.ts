import { defineStore } from 'pinia';
import { computed, shallowReactive, shallowRef, watch } from 'vue';
import type { HotlineRecord } from '../../../../crm-core/contract';
import type { CallView, PassedContext } from '../../../../cti-gateway/protocol';
import { useServices } from '../../app/services';
import { useCallStore } from '../call/call.store';
import { useCtiStore } from '../cti/cti.store';
import { useSessionStore } from '../session/session.store';
import { useDispositionsStore } from './dispositions.store';
import { createDraftStorage, type DraftStorage, type LocalDraft } from './draft-storage';
import { createRecordEditor } from './record-editor';
import type { RecordEditor, RecordSeed } from './record-editor-types';
import { cutToPass, firstPassed } from './passed-text';
import { createRecordsApi } from './records.api';

const KEEP_SENT_MS = 12 * 3_600_000;

/** The hotline records being written: the one of the call in hand, and those of earlier calls that are not at crm-core yet. */
export const useRecordStore = defineStore('record', () => {
  const calls = useCallStore();
  const cti = useCtiStore();
  const dispositions = useDispositionsStore();
  const sessions = useSessionStore();
  const editors = shallowReactive(new Map<string, RecordEditor>());
  /** Whose record the dock shows. */
  const currentKey = shallowRef<string | null>(null);
  let drafts: DraftStorage | null = null;
  let releases: Array<() => void> = [];

  const current = computed(() => (currentKey.value === null ? null : (editors.get(currentKey.value) ?? null)));

  function open(seed: RecordSeed, existing: HotlineRecord | null = null): RecordEditor | null {
    const known = editors.get(seed.key);
    if (known !== undefined) return known;
    if (drafts === null) return null;
    const { api, clock } = useServices();
    const editor = createRecordEditor(seed, { api: createRecordsApi(api), drafts, clock, dispositionRequired }, existing);
    editors.set(seed.key, editor);
    return editor;
  }

  const dispositionRequired = ({ callId, direction }: RecordSeed): boolean =>
    dispositions.required && callId !== null && direction !== 'internal';

  function seedOf(call: CallView): RecordSeed {
    const owner = calls.ownerOf(call);
    return {
      key: call.callId,
      callId: call.callId,
      direction: call.direction,
      // A hostile caller ID is no reason to have no record.
      remoteNumber: call.remoteNumber?.replace(/\p{Cc}/gu, '') ?? null,
      occurredAt: call.answeredAt ?? call.enteredAt,
      customerId: owner?.customerId ?? calls.customerOf(call),
      contactId: owner?.contactId ?? null,
      customerName: owner?.customerName ?? null,
    };
  }

  /** The record of a call that is being talked on; the same call again gives the same record. */
  function beginFor(call: CallView): void {
    if (call.direction === 'internal') return;
    const before = current.value;
    if (currentKey.value !== null && currentKey.value !== call.callId) before?.keep();
    const editor = open(seedOf(call));
    if (editor === null) return;
    currentKey.value = call.callId;
    const passed = firstPassed(call, sessions.user?.extension ?? null, editor.state.text);
    if (passed !== null) editor.edit(passed);
  }

  /** The call whose wrap-up goes on while no record is in hand: the page was loaded again. */
  function unfinished(): CallView | null {
    const call = calls.finished;
    return call !== null && currentKey.value === null && cti.afterCall.wrapUp?.callId === call.callId ? call : null;
  }

  function openExisting(record: HotlineRecord): RecordEditor | null {
    const { callId, direction, remoteNumber, occurredAt, customerId, contactId, customerName } = record;
    return open(
      { key: callId ?? `record:${record.recordId}`, callId, direction, remoteNumber, occurredAt, customerId, contactId, customerName },
      record,
    );
  }

  /** What crm-core has in full is still kept for as long as its call may live: a reload shows it at once, without waiting for crm-core. */
  function forgetOnceOld(draft: LocalDraft): void {
    if (useServices().clock.nowMs() - draft.savedAtMs > KEEP_SENT_MS) drafts?.remove(draft.key);
  }

  /** Drafts of earlier calls that crm-core does not have in full. */
  function resumeUnsent(): void {
    for (const draft of drafts?.list() ?? []) {
      if (editors.has(draft.key)) continue;
      const sent = draft.base !== null && JSON.stringify(draft.base.text) === JSON.stringify(draft.text) && !draft.wantDone;
      if (sent) forgetOnceOld(draft);
      else
        open({
          key: draft.key,
          callId: draft.callId,
          direction: draft.direction,
          remoteNumber: draft.remoteNumber,
          occurredAt: draft.occurredAt,
          customerId: draft.customerId,
          contactId: draft.contactId,
          customerName: draft.customerName,
        });
    }
  }

  function keepAll(): void {
    for (const editor of editors.values()) editor.keep();
  }

  function sendWaiting(): void {
    for (const editor of editors.values()) if (editor.state.sync === 'offline') void editor.saveNow();
  }

  /** After sign-in: puts the store to work for that person. Calls already up (after a reload) get their record back. */
  function start(): void {
    const userId = sessions.user?.userId;
    if (userId === undefined || drafts !== null) return;
    drafts = createDraftStorage(useServices().storage, userId);
    void dispositions.load();
    globalThis.addEventListener('pagehide', keepAll);
    globalThis.addEventListener('online', sendWaiting);
    releases = [
      calls.onAnswered(beginFor),
      watch(unfinished, (call) => call !== null && beginFor(call), { immediate: true }),
      drafts.onForeignWrite((key) => void follow(key)),
      calls.provideContext(contextOf),
      () => globalThis.removeEventListener('pagehide', keepAll),
      () => globalThis.removeEventListener('online', sendWaiting),
    ];
  }

  /** Another window wrote this draft, or finished it: then it is put away here as well. */
  async function follow(key: string): Promise<void> {
    const editor = editors.get(key);
    if (editor === undefined) return;
    editor.adopt();
    if (drafts?.read(key) !== null) return;
    await editor.refresh();
    if (editor.state.record?.status === 'done' && key === currentKey.value && calls.talking?.callId !== key) putAway();
  }

  /** Everything of it is at crm-core: the next look at it asks there. */
  function release(key: string): void {
    const editor = editors.get(key);
    if (editor === undefined || editor.state.sync !== 'clean' || key === currentKey.value) return;
    editor.close();
    editors.delete(key);
  }

  function putAway(): void {
    const key = currentKey.value;
    currentKey.value = null;
    calls.putAway();
    if (key !== null) void calls.endWrapUp(key);
    if (key !== null) release(key);
  }

  /** "保存并完成": true when done, the dock is then free again unless the call goes on. */
  async function finishCurrent(): Promise<boolean> {
    const editor = current.value;
    if (editor === null) return false;
    const done = await editor.finish();
    if (done && calls.talking?.callId !== editor.state.seed.callId) putAway();
    return done;
  }

  /** What goes with the call when it is passed on. */
  function contextOf(callId: string): PassedContext {
    const editor = editors.get(callId);
    if (editor === undefined) return { customerId: null, contactId: null, text: null };
    const { customerId, contactId } = editor.state.seed;
    return { customerId, contactId, text: cutToPass(editor.state.text) };
  }

  function stop(): void {
    for (const release of releases.splice(0)) release();
    for (const editor of editors.values()) editor.close();
    editors.clear();
    currentKey.value = null;
    drafts = null;
  }

  /** Written here and not finished, other than the one in hand. */
  const waiting = computed(() =>
    [...editors.values()].filter((editor) => editor.state.seed.key !== currentKey.value && editor.state.sync !== 'clean'),
  );

  return {
    editors,
    current,
    currentKey,
    waiting,
    open,
    openExisting,
    beginFor,
    resumeUnsent,
    start,
    stop,
    release,
    putAway,
    finishCurrent,
  };
});
