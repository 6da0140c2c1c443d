import { reactive } from 'vue';
import type { HotlineRecord } from '../../../../crm-core/contract';
import { asApiError } from '../../app/api-client';
import type { LocalDraft } from './draft-storage';
import type { EditorDeps, EditorState, RecordEditor, RecordSeed, SyncState } from './record-editor-types';
import { EMPTY_TEXT, changesOf, joinText, mergeText, sameText, textOf, type RecordField, type RecordText } from './record-text';

const KEEP_MS = 250;
const SEND_MS = 1_000;
const RETRY_FIRST_MS = 2_000;
const RETRY_MAX_MS = 30_000;

/** One hotline record while it is written: locally first, then at crm-core, and nothing typed is ever dropped. */
export function createRecordEditor(seed: RecordSeed, deps: EditorDeps, existing: HotlineRecord | null = null): RecordEditor {
  const { api, drafts, clock } = deps;
  const state = reactive<EditorState>({
    seed,
    text: EMPTY_TEXT,
    record: null,
    sync: 'clean',
    savedHereAtMs: null,
    savedThereAtMs: null,
    fieldErrors: {},
    failure: null,
    conflict: null,
    wantDone: false,
  });
  let base: RecordText = EMPTY_TEXT;
  let baseCustomer: { customerId: string | null; contactId: string | null } = { customerId: null, contactId: null };
  let recordId: string | null = null;
  let version = 0;
  let sending: Promise<void> | null = null;
  let retryMs = RETRY_FIRST_MS;
  let cancelKeep: (() => void) | null = null;
  let cancelSend: (() => void) | null = null;
  let closed = false;

  const syncNow = (): SyncState => state.sync;
  const customerChanged = () => state.seed.customerId !== baseCustomer.customerId || state.seed.contactId !== baseCustomer.contactId;
  const dirty = () =>
    recordId === null || !sameText(base, state.text) || customerChanged() || (state.wantDone && state.record?.status !== 'done');

  function keep(): void {
    cancelKeep?.();
    cancelKeep = null;
    if (!dirty() && state.record?.status === 'done') return drafts.remove(seed.key);
    const draft: LocalDraft = {
      v: 1,
      ...state.seed,
      text: state.text,
      wantDone: state.wantDone,
      savedAtMs: clock.nowMs(),
      base: recordId === null ? null : { recordId, version, text: base, ...baseCustomer },
    };
    state.savedHereAtMs = drafts.write(draft) ? draft.savedAtMs : null;
  }

  function restore(draft: LocalDraft): void {
    // A draft of an earlier version knows nothing of what came later.
    state.text = { ...EMPTY_TEXT, ...draft.text };
    state.wantDone = draft.wantDone;
    state.savedHereAtMs = draft.savedAtMs;
    const { customerId, contactId, customerName } = draft;
    // Together: the contact of another customer is none of this one's.
    if (customerId !== null) state.seed = { ...state.seed, customerId, contactId, customerName };
    if (draft.base === null) return;
    recordId = draft.base.recordId;
    version = draft.base.version;
    base = { ...EMPTY_TEXT, ...draft.base.text };
    baseCustomer = { customerId: draft.base.customerId, contactId: draft.base.contactId };
  }

  /** crm-core's version becomes the base; what was typed meanwhile stays. */
  function accept(record: HotlineRecord): void {
    const theirs = textOf(record);
    if (recordId === null && sameText(state.text, EMPTY_TEXT)) state.text = theirs;
    else if (recordId === null) {
      const merged = mergeText(EMPTY_TEXT, state.text, theirs);
      state.text = merged.text;
      if (merged.conflicts.length > 0) state.conflict = { fields: merged.conflicts, theirs: record };
    }
    recordId = record.recordId;
    version = record.version;
    base = theirs;
    baseCustomer = { customerId: record.customerId, contactId: record.contactId };
    state.record = record;
    if (state.seed.customerId === null || !customerChanged()) {
      state.seed = { ...state.seed, customerId: record.customerId, contactId: record.contactId, customerName: record.customerName };
    }
  }

  async function begin(): Promise<void> {
    if (recordId !== null) {
      if (state.record === null) reconcile(await api.read(recordId));
      return;
    }
    const { callId, direction, remoteNumber, occurredAt, customerId, contactId } = state.seed;
    if (callId === null) throw new Error('A record without a call is begun where it is created');
    accept(await api.begin(callId, { direction: direction ?? 'inbound', remoteNumber, occurredAt, customerId, contactId }));
  }

  /** Somebody else was here: take what does not contradict, ask about the rest. */
  function reconcile(record: HotlineRecord): void {
    const theirs = textOf(record);
    const merged = mergeText(base, state.text, theirs);
    const customerMine = customerChanged();
    state.text = merged.text;
    version = record.version;
    base = theirs;
    baseCustomer = { customerId: record.customerId, contactId: record.contactId };
    state.record = record;
    if (!customerMine) state.seed = { ...state.seed, ...baseCustomer, customerName: record.customerName };
    if (merged.conflicts.length > 0) state.conflict = { fields: merged.conflicts, theirs: record };
  }

  async function send(): Promise<void> {
    await begin();
    if (state.conflict !== null || !dirty() || recordId === null) return;
    const sent = state.text;
    const changes = changesOf(base, sent);
    const customer = customerChanged() ? { customerId: state.seed.customerId, contactId: state.seed.contactId } : {};
    const finish = state.wantDone && state.record?.status !== 'done' ? { status: 'done' as const } : {};
    accept(await api.change(recordId, { version, ...changes, ...customer, ...finish }));
  }

  async function afterFailure(cause: unknown): Promise<void> {
    const failure = asApiError(cause);
    state.failure = failure;
    if (failure.status === 409 && recordId !== null) {
      try {
        reconcile(await api.read(recordId));
        if (state.conflict === null) schedule(0);
      } catch (again) {
        state.failure = asApiError(again);
        retryLater();
      }
      return;
    }
    if (failure.retryable) return retryLater();
    state.sync = 'failed';
    state.wantDone = false;
    for (const field of failure.fields) state.fieldErrors[field.path as RecordField] = field.code;
  }

  function retryLater(): void {
    state.sync = 'offline';
    schedule(retryMs);
    retryMs = Math.min(retryMs * 2, RETRY_MAX_MS);
  }

  async function push(): Promise<void> {
    if (closed || state.conflict !== null) return;
    if (sending !== null) {
      await sending;
      if (dirty() && state.sync !== 'offline' && state.sync !== 'failed') return push();
      return;
    }
    cancelSend?.();
    cancelSend = null;
    state.sync = 'saving';
    sending = (async () => {
      try {
        await send();
        state.failure = null;
        retryMs = RETRY_FIRST_MS;
        state.savedThereAtMs = clock.nowMs();
        state.sync = dirty() ? 'typing' : 'clean';
      } catch (cause) {
        await afterFailure(cause);
      }
      if (state.conflict !== null) state.sync = 'conflict';
    })();
    await sending;
    sending = null;
    if (closed) return;
    keep();
    if (syncNow() === 'typing') schedule(SEND_MS);
  }

  function schedule(delayMs: number): void {
    cancelSend?.();
    cancelSend = clock.schedule(delayMs, () => void push());
  }

  function touched(): void {
    if (state.sync === 'clean' || state.sync === 'failed') state.sync = 'typing';
    cancelKeep ??= clock.schedule(KEEP_MS, keep);
    if (state.conflict === null && state.sync !== 'offline') schedule(SEND_MS);
  }

  const draft = drafts.read(seed.key);
  if (draft !== null) restore(draft);
  if (existing !== null) {
    if (recordId === null) accept(existing);
    else reconcile(existing);
    state.savedThereAtMs = Date.parse(existing.updatedAt);
  }
  if (state.conflict !== null) state.sync = 'conflict';
  else if (dirty()) schedule(0);
  else if (state.record === null) schedule(0);

  return {
    state,
    edit(change) {
      state.text = { ...state.text, ...change };
      for (const field of Object.keys(change)) delete state.fieldErrors[field as RecordField];
      touched();
    },
    setCustomer(customerId, contactId, customerName) {
      if (state.seed.customerId === customerId && state.seed.contactId === contactId) return;
      state.seed = { ...state.seed, customerId, contactId, customerName };
      touched();
    },
    async refresh() {
      await sending;
      if (recordId === null) return;
      try {
        reconcile(await api.read(recordId));
      } catch {
        // The next save finds it out and says so.
      }
    },
    async saveNow() {
      keep();
      await push();
    },
    async finish() {
      const errors: Partial<Record<RecordField, string>> = {};
      if (state.text.problem.trim() === '') errors.problem = 'required';
      if (state.text.solved === null) errors.solved = 'required';
      if (deps.dispositionRequired?.(state.seed) === true && state.text.disposition === null) errors.disposition = 'required';
      state.fieldErrors = errors;
      if (Object.keys(errors).length > 0) return false;
      state.wantDone = true;
      keep();
      await push();
      // Another's change came between and was taken in: once more, on top of it.
      for (let again = 0; again < 3 && (syncNow() === 'saving' || syncNow() === 'typing'); again += 1) await push();
      return state.sync === 'clean' || state.sync === 'offline';
    },
    resolve(field, choice) {
      const conflict = state.conflict;
      if (conflict === null) return;
      const theirs = textOf(conflict.theirs);
      if (choice === 'theirs') state.text = { ...state.text, [field]: theirs[field] };
      else if (choice === 'both')
        state.text = { ...state.text, [field]: joinText(String(state.text[field] ?? ''), String(theirs[field] ?? '')) };
      const fields = conflict.fields.filter((one) => one !== field);
      state.conflict = fields.length === 0 ? null : { ...conflict, fields };
      if (state.conflict === null) {
        state.sync = 'typing';
        touched();
      }
    },
    keep,
    adopt() {
      const foreign = drafts.read(seed.key);
      if (foreign === null || sending !== null) return;
      if (recordId !== null && !sameText(base, state.text)) return;
      restore(foreign);
      if (state.sync !== 'offline') state.sync = 'clean';
    },
    close() {
      if (closed) return;
      keep();
      closed = true;
      cancelKeep?.();
      cancelSend?.();
    },
  };
}
