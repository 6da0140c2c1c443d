import { ApiError } from '../../app/api-client';
import type { HotlineRecord } from '../../../../crm-core/contract';
import { record } from '../../test-support/examples';
import { FakeClock, settle } from '../../test-support/fakes';
import { createDraftStorage } from './draft-storage';
import { createRecordEditor } from './record-editor';
import { RECORD_FIELDS } from './record-text';
import type { RecordSeed } from './record-editor-types';
import type { RecordsApi } from './records.api';

const SEED: RecordSeed = {
  key: 'c1',
  callId: 'c1',
  direction: 'inbound',
  remoteNumber: '13912345678',
  occurredAt: '2025-11-21T14:30:00.000Z',
  customerId: 'k1',
  contactId: 'p1',
  customerName: '云岭',
};

/** crm-core with one record, its version check, and the ways it can fail. */
class FakeRecords implements RecordsApi {
  stored: HotlineRecord | null = null;
  failing: ApiError | null = null;
  patches: unknown[] = [];

  #check(): void {
    if (this.failing !== null) throw this.failing;
  }
  async begin(): Promise<HotlineRecord> {
    await Promise.resolve();
    this.#check();
    this.stored ??= record();
    return this.stored;
  }
  async read(): Promise<HotlineRecord> {
    await Promise.resolve();
    this.#check();
    return this.stored ?? record();
  }
  async change(_recordId: string, patch: { version: number }): Promise<HotlineRecord> {
    await Promise.resolve();
    this.#check();
    const stored = this.stored ?? record();
    if (patch.version !== stored.version) throw new ApiError('version_conflict', 409);
    this.patches.push(patch);
    this.stored = { ...stored, ...patch, version: stored.version + 1 };
    return this.stored;
  }
  list(): Promise<never> {
    return Promise.reject(new Error('not used'));
  }
  /** Somebody else saves. */
  saveElsewhere(over: Partial<HotlineRecord>): void {
    const stored = this.stored ?? record();
    this.stored = { ...stored, ...over, version: stored.version + 1 };
  }
}

function open(api = new FakeRecords()) {
  const clock = new FakeClock();
  const drafts = createDraftStorage(globalThis.localStorage, 'u1');
  const editor = createRecordEditor(SEED, { api, drafts, clock });
  return { api, clock, drafts, editor, state: editor.state };
}

const UNREACHABLE = new ApiError('network', 0);

beforeEach(() => globalThis.localStorage.clear());

describe('a hotline record while it is written', () => {
  it('is begun at crm-core, kept here within a second of the last key, then sent with its version', async () => {
    const { api, clock, drafts, editor, state } = open();
    await clock.advance(0);
    expect(state.record?.recordId).toBe('r1');
    editor.edit({ problem: '坐标偏移' });
    await clock.advance(900);
    expect(drafts.read('c1')?.text.problem).toBe('坐标偏移');
    expect(api.patches).toEqual([]);
    await clock.advance(200);
    expect(api.patches).toEqual([{ version: 1, problem: '坐标偏移' }]);
    expect([state.sync, state.savedThereAtMs]).toEqual(['clean', clock.nowMs() - 100]);
  });

  it('is finished in one go also when somebody else changed another field meanwhile', async () => {
    const { api, clock, editor, state } = open();
    await clock.advance(0);
    editor.edit({ problem: '坐标偏移', solved: 'solved' });
    api.saveElsewhere({ remarks: '补充' });
    expect(await editor.finish()).toBe(true);
    expect([api.stored?.status, api.stored?.remarks, state.sync]).toEqual(['done', '补充', 'clean']);
  });

  it('takes in what crm-core itself changed before it changes more', async () => {
    const { api, clock, editor, state } = open();
    await clock.advance(0);
    api.saveElsewhere({ customerId: 'k9', contactId: null, customerName: '青禾' });
    await editor.refresh();
    editor.setCustomer('k9', null, '青禾');
    await clock.advance(2_000);
    expect([state.seed.customerId, api.patches]).toEqual(['k9', []]);
  });

  it('comes back with the customer that was chosen, not with the contact of another', async () => {
    const { api, clock, drafts, editor } = open();
    editor.setCustomer('k9', null, '青禾');
    editor.close();
    const again = createRecordEditor(SEED, { api, drafts, clock });
    expect(again.state.seed).toMatchObject({ customerId: 'k9', contactId: null, customerName: '青禾' });
  });

  it('keeps what was typed while the answer was on its way', async () => {
    const { api, clock, editor, state } = open();
    await clock.advance(0);
    editor.edit({ problem: '一' });
    const sent = editor.saveNow();
    editor.edit({ problem: '一二' });
    await sent;
    expect(state.text.problem).toBe('一二');
    await clock.advance(1_100);
    expect(api.stored?.problem).toBe('一二');
  });

  it('goes on without crm-core, says so, tries again by itself and sends everything once it is back', async () => {
    const api = new FakeRecords();
    api.failing = UNREACHABLE;
    const { clock, drafts, editor, state } = open(api);
    await clock.advance(0);
    editor.edit({ problem: '离线时写的' });
    await clock.advance(5_000);
    expect(state.sync).toBe('offline');
    expect(drafts.read('c1')?.text.problem).toBe('离线时写的');
    api.failing = null;
    await clock.advance(30_000);
    expect([state.sync, api.stored?.problem]).toEqual(['clean', '离线时写的']);
  });

  it('is back after a reload, half-written and never sent', async () => {
    const api = new FakeRecords();
    api.failing = UNREACHABLE;
    const first = open(api);
    first.editor.edit({ problem: '写到一半' });
    first.editor.keep();
    const second = open(api);
    expect(second.state.text.problem).toBe('写到一半');
  });

  it('is back after a reload with every field, also how the call went', async () => {
    const api = new FakeRecords();
    api.failing = UNREACHABLE;
    const text = { problem: '问', solution: '答', solved: 'to_verify', remarks: '备', sourceContact: '来源', disposition: 'enquiry' } as const;
    const first = open(api);
    first.editor.edit(text);
    first.editor.keep();
    expect(Object.keys(text)).toEqual(RECORD_FIELDS);
    expect(open(api).state.text).toEqual(text);
  });

  it('takes over what somebody else changed in another field', async () => {
    const { api, clock, editor, state } = open();
    await clock.advance(0);
    api.saveElsewhere({ solution: '别处写的方案' });
    editor.edit({ problem: '这里写的问题' });
    await clock.advance(2_500);
    expect(state.conflict).toBeNull();
    expect(api.stored).toMatchObject({ problem: '这里写的问题', solution: '别处写的方案' });
  });

  it('shows both versions where the same field was changed, and loses neither', async () => {
    const { api, clock, editor, state } = open();
    await clock.advance(0);
    api.saveElsewhere({ problem: '别处的问题' });
    editor.edit({ problem: '这里的问题' });
    await clock.advance(2_500);
    expect([state.sync, state.conflict?.fields, state.conflict?.theirs.problem, state.text.problem]).toEqual([
      'conflict',
      ['problem'],
      '别处的问题',
      '这里的问题',
    ]);
    editor.resolve('problem', 'both');
    await clock.advance(2_000);
    expect(api.stored?.problem).toBe('别处的问题\n这里的问题');
    expect(state.sync).toBe('clean');
  });

  it('is not finished without problem and answer to "solved"', async () => {
    const { api, clock, editor, state } = open();
    await clock.advance(0);
    expect(await editor.finish()).toBe(false);
    expect(state.fieldErrors).toEqual({ problem: 'required', solved: 'required' });
    editor.edit({ problem: '问题', solved: 'solved' });
    expect(state.fieldErrors).toEqual({});
    expect(await editor.finish()).toBe(true);
    expect(api.stored).toMatchObject({ problem: '问题', solved: 'solved', status: 'done' });
  });

  it('leaves nothing in the browser once it is finished at crm-core', async () => {
    const { clock, drafts, editor } = open();
    await clock.advance(0);
    editor.edit({ problem: '问题', solved: 'solved' });
    await editor.finish();
    await clock.advance(2_000);
    expect(drafts.read('c1')).toBeNull();
  });

  it('finishes later when crm-core is away now', async () => {
    const api = new FakeRecords();
    const { clock, editor, state } = open(api);
    await clock.advance(0);
    api.failing = UNREACHABLE;
    editor.edit({ problem: '问题', solved: 'unsolved' });
    expect(await editor.finish()).toBe(true);
    expect(state.sync).toBe('offline');
    api.failing = null;
    await clock.advance(40_000);
    expect(api.stored?.status).toBe('done');
  });

  it('shows what crm-core refuses at its field and keeps the text', async () => {
    const api = new FakeRecords();
    const { clock, editor, state } = open(api);
    await clock.advance(0);
    api.failing = new ApiError('validation_failed', 400, [{ path: 'problem', code: 'control_characters', message: '' }]);
    editor.edit({ problem: '含\u202e字符' });
    await clock.advance(1_500);
    expect([state.sync, state.fieldErrors.problem, state.text.problem]).toEqual(['failed', 'control_characters', '含\u202e字符']);
  });

  it('sends the customer chosen during the call', async () => {
    const { api, clock, editor } = open();
    await clock.advance(0);
    editor.setCustomer('k2', null, '另一家');
    await clock.advance(1_500);
    expect(api.patches).toEqual([{ version: 1, customerId: 'k2', contactId: null }]);
  });

  it('may be closed twice, and writes nothing to crm-core afterwards', async () => {
    const { api, clock, drafts, editor } = open();
    await clock.advance(0);
    editor.edit({ problem: '未发送' });
    editor.close();
    editor.close();
    await clock.advance(10_000);
    expect(api.patches).toEqual([]);
    expect(drafts.read('c1')?.text.problem).toBe('未发送');
    await settle();
  });
});
