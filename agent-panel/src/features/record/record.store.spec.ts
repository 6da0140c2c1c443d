import { createPinia, setActivePinia } from 'pinia';
import { setServices } from '../../app/services';
import { useSessionStore } from '../session/session.store';
import { AGENT, record, talkingTo } from '../../test-support/examples';
import { settle, stage } from '../../test-support/fakes';
import { createDraftStorage, type LocalDraft } from './draft-storage';
import { useRecordStore } from './record.store';

const TEXT = { problem: '写到一半的', solution: '', solved: null, remarks: '', sourceContact: '' };

describe('a draft that crm-core has in full', () => {
  it.each([
    ['is kept while its call may live, so that a reload shows it at once', 60_000, true],
    ['is forgotten when it is old', 13 * 3_600_000, false],
  ])('%s', (_title, ageMs, kept) => {
    const world = stage('leader');
    setServices(world.services);
    setActivePinia(createPinia());
    useSessionStore().user = AGENT;
    const drafts = createDraftStorage(world.services.storage, AGENT.userId);
    const draft = {
      v: 1,
      key: 'c1',
      callId: 'c1',
      direction: 'inbound',
      remoteNumber: '13912345678',
      occurredAt: '2025-11-21T14:30:00.000Z',
      customerId: null,
      contactId: null,
      customerName: null,
      text: TEXT,
      wantDone: false,
      savedAtMs: world.clock.nowMs() - ageMs,
      base: { recordId: 'r1', version: 2, text: TEXT, customerId: null, contactId: null },
    } as unknown as LocalDraft;
    drafts.write(draft);
    const records = useRecordStore();
    records.start();
    records.resumeUnsent();
    expect(drafts.read('c1') !== null).toBe(kept);
    records.stop();
  });
});

describe('the record of a call', () => {
  it('is begun without what is invisible in the number, which crm-core would refuse', async () => {
    const world = stage('leader');
    setServices(world.services);
    setActivePinia(createPinia());
    useSessionStore().user = AGENT;
    world.api.answer = () => record();
    const records = useRecordStore();
    records.start();
    records.beginFor(talkingTo({ remoteNumber: '139\u00071234\u00005678' }));
    expect(records.current?.state.seed.remoteNumber).toBe('13912345678');
    records.stop();
  });
});

describe('a record finished in another window', () => {
  it('is put away here as well', async () => {
    const world = stage('leader');
    setServices(world.services);
    setActivePinia(createPinia());
    useSessionStore().user = AGENT;
    let stored = record();
    world.api.answer = () => stored;
    const records = useRecordStore();
    records.start();
    records.beginFor(talkingTo());
    await world.clock.advance(0);
    expect(records.current?.state.record?.recordId).toBe('r1');
    stored = record({ status: 'done', problem: '在别处完成', solved: 'solved', version: 2 });
    world.services.storage.removeItem(`hotline.record.${AGENT.userId}.c1`);
    globalThis.dispatchEvent(new StorageEvent('storage', { key: `hotline.record.${AGENT.userId}.c1` }));
    await settle();
    expect(records.current).toBeNull();
    records.stop();
  });
});
