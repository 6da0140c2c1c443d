import { mount } from '@vue/test-utils';
import { createPinia, setActivePinia } from 'pinia';
import type { CallView } from '../../../../cti-gateway/protocol';
import { ApiError } from '../../app/api-client';
import { setServices } from '../../app/services';
import { i18n } from '../../i18n';
import { AGENT, call, customer, match } from '../../test-support/examples';
import { settle, stage } from '../../test-support/fakes';
import { useCallStore } from '../call/call.store';
import { useCtiStore } from '../cti/cti.store';
import { useNoticeStore } from '../cti/notice.store';
import { useSessionStore } from '../session/session.store';
import AttachNumber from './AttachNumber.vue';

const FOUND = { ...customer({ customerId: 'k7', name: '海棠测绘院' }), primaryContact: null, primaryNumber: null, lastContactAt: null };
const KEPT = {
  decisionId: 'd7',
  decision: 'add_number',
  key: '+8613912345678',
  customerId: 'k7',
  contactId: null,
  callId: 'c1',
  numberId: 'n7',
  decidedAt: '2025-11-21T14:30:00.000Z',
  decidedBy: '林晓',
};

async function show(view: CallView) {
  const world = stage();
  setServices(world.services);
  const pinia = createPinia();
  setActivePinia(pinia);
  useSessionStore().user = AGENT;
  await useCtiStore().start('u1', (client) => useCallStore().wire(client));
  useCallStore().calls.set(view.callId, view);
  world.api.answer = (method, path) => {
    if (method === 'POST') return KEPT;
    return path === '/customers' ? { items: [FOUND], nextCursor: null } : customer({ customerId: 'k7', name: '海棠测绘院' });
  };
  const card = mount(AttachNumber, { props: { call: view }, global: { plugins: [pinia, i18n] }, attachTo: document.body });
  const at = (test: string) => card.find(`[data-test="${test}"]`);
  const attach = async () => {
    await at('attach-search').setValue('海棠');
    await new Promise((resolve) => setTimeout(resolve, 250));
    await settle();
    await at('attach-result').trigger('click');
    await settle();
    await at('attach-confirm').trigger('click');
    await settle();
  };
  return { ...world, card, at, attach, notices: useNoticeStore() };
}

describe('giving a caller’s number to a customer that exists', () => {
  afterEach(() => (document.body.innerHTML = ''));

  it('keeps it as a decision, matches the call again, and takes it back by the toast', async () => {
    const { api, client, card, attach, notices } = await show(call({ match: match('unknown') }));
    await attach();
    expect(api.requests.find(({ method }) => method === 'POST')).toMatchObject({
      path: '/match-decisions',
      body: { decision: 'add_number', key: '+8613912345678', customerId: 'k7', callId: 'c1', raw: '13912345678' },
    });
    expect(card.emitted('done')).toEqual([['k7']]);
    notices.toasts[0]?.undo?.();
    await settle();
    expect(api.requests.at(-1)).toMatchObject({ method: 'DELETE', path: '/match-decisions/d7' });
    expect(client.commands.filter(({ type }) => type === 'call.rematch')).toHaveLength(2);
  });

  it('says when it could not be taken back, and offers it again', async () => {
    const { api, attach, notices } = await show(call({ match: match('unknown') }));
    await attach();
    api.answer = () => {
      throw new ApiError('database_unavailable', 503);
    };
    notices.toasts[0]?.undo?.();
    await settle();
    expect(notices.bar).toMatchObject({ tone: 'error', words: { key: 'toast.undoFailed', params: { what: '数据库连不上' } } });
    expect(notices.toasts.at(-1)?.undo).not.toBeNull();
  });

  it('stores nothing of a privacy number: only the call is theirs', async () => {
    const { api, attach } = await show(call({ match: match('unknown', { privacy: true, key: null }) }));
    await attach();
    expect(api.requests.some(({ method }) => method === 'POST')).toBe(false);
  });
});
