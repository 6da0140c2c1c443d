import { mount } from '@vue/test-utils';
import { createPinia, setActivePinia } from 'pinia';
import type { CallView } from '../../../../cti-gateway/protocol';
import { ApiError } from '../../app/api-client';
import { startKeys } from '../../app/keys';
import { setServices } from '../../app/services';
import { i18n } from '../../i18n';
import { AGENT, call, match, owner } from '../../test-support/examples';
import { settle, stage } from '../../test-support/fakes';
import { useCallStore } from '../call/call.store';
import { useCtiStore } from '../cti/cti.store';
import { useNoticeStore } from '../cti/notice.store';
import { useSessionStore } from '../session/session.store';
import CallerActions from './CallerActions.vue';

const KEPT = {
  decisionId: 'd1',
  decision: 'not_this',
  key: '+8613912345678',
  customerId: 'k1',
  contactId: null,
  callId: 'c1',
  numberId: null,
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
  const calls = useCallStore();
  calls.calls.set(view.callId, view);
  world.api.answer = (method) => (method === 'POST' ? KEPT : null);
  const card = mount(CallerActions, { props: { call: view }, global: { plugins: [pinia, i18n] }, attachTo: document.body });
  const has = (test: string) => card.find(`[data-test="${test}"]`).exists();
  return { ...world, card, has, calls, notices: useNoticeStore() };
}
const press = (code: string) => window.dispatchEvent(new KeyboardEvent('keydown', { code, bubbles: true, cancelable: true }));

describe('right or wrong, by one key each', () => {
  let stop: () => void = () => {};
  beforeEach(() => (stop = startKeys()));
  afterEach(() => {
    stop();
    document.body.innerHTML = '';
  });

  it.each([
    ['a known caller', match('known'), ['match-not', 'match-find']],
    [
      'one who may be it',
      match('maybe', { owners: [owner({ matchedBy: 'other_reading' })] }),
      ['match-is', 'match-not', 'match-add', 'match-find'],
    ],
    ['several of whom none is chosen', match('shared', { owners: [owner(), owner({ contactId: 'p2' })] }), ['match-find']],
    ['nobody', match('unknown'), ['match-find']],
    ['a withheld number', match('withheld', { raw: null, key: null }), ['match-find']],
  ])('offers for %s what makes sense', async (_what, matched, expected) => {
    const { has } = await show(call({ match: matched }));
    expect(['match-is', 'match-not', 'match-add', 'match-find'].filter(has)).toEqual(expected);
  });

  it('keeps "not this customer" of X, matches the call again, and takes it back by the toast', async () => {
    const { api, client, calls, notices } = await show(call());
    press('KeyX');
    await settle();
    expect(api.requests[0]).toEqual({
      method: 'POST',
      path: '/match-decisions',
      body: { decision: 'not_this', key: '+8613912345678', customerId: 'k1', contactId: null, callId: 'c1', raw: '13912345678' },
    });
    expect(client.commands.filter(({ type }) => type === 'call.rematch')).toHaveLength(1);
    notices.toasts[0]?.undo?.();
    await settle();
    expect(api.requests[1]).toMatchObject({ method: 'DELETE', path: '/match-decisions/d1' });
    expect(calls.choices.has('c1')).toBe(false);
  });

  it('says that undoing failed, and offers it again', async () => {
    const { api, client, calls, notices } = await show(call());
    client.reply = () => ({ ok: true, data: { match: match('unknown') } });
    press('KeyX');
    await settle();
    const answer = api.answer;
    api.answer = () => {
      throw new ApiError('database_unavailable', 503);
    };
    notices.toasts[0]?.undo?.();
    await settle();
    expect(notices.bar).toMatchObject({ tone: 'error', words: { key: 'toast.undoFailed', params: { what: '数据库连不上' } } });
    expect(calls.choices.get('c1')).toBeNull();
    api.answer = answer;
    notices.toasts.at(-1)?.undo?.();
    await settle();
    expect(calls.choices.has('c1')).toBe(false);
  });

  it('takes back here what somebody else has undone already', async () => {
    const { api, calls, notices } = await show(call());
    press('KeyX');
    await settle();
    api.answer = (method) => {
      if (method === 'DELETE') throw new ApiError('not_found', 404);
      return null;
    };
    notices.toasts[0]?.undo?.();
    await settle();
    expect([notices.bar, calls.choices.has('c1')]).toEqual([null, false]);
  });

  it('takes the match that comes back with the answer', async () => {
    const { client, calls } = await show(call());
    client.reply = () => ({ ok: true, data: { match: match('unknown') } });
    press('KeyX');
    await settle();
    expect(calls.matchOf('c1')?.kind).toBe('unknown');
  });

  it('confirms who may be it by Y, with the contact', async () => {
    const { api, calls } = await show(call({ match: match('maybe', { owners: [owner({ matchedBy: 'other_reading' })] }) }));
    press('KeyY');
    await settle();
    expect(api.requests[0]?.body).toMatchObject({ decision: 'is_this', customerId: 'k1', contactId: 'p1' });
    expect(calls.choices.get('c1')?.contactName).toBe('吴海燕');
  });

  it('chooses among several by their digit, without keeping anything', async () => {
    const { api, calls } = await show(
      call({ match: match('shared', { owners: [owner(), owner({ contactId: 'p2', contactName: '郭志强' })] }) }),
    );
    press('Digit2');
    expect(calls.choices.get('c1')?.contactName).toBe('郭志强');
    expect(api.requests).toEqual([]);
  });

  it('never offers to store a privacy number', async () => {
    const { has } = await show(call({ match: match('maybe', { privacy: true, owners: [owner({ matchedBy: 'earlier_record' })] }) }));
    expect(has('match-add')).toBe(false);
  });

  it('says in place what failed, and changes nothing', async () => {
    const { api, card, calls } = await show(call());
    api.answer = () => {
      throw new ApiError('database_unavailable', 503);
    };
    press('KeyX');
    await settle();
    expect(card.find('[role="alert"]').text()).toBe('数据库连不上');
    expect(calls.choices.has('c1')).toBe(false);
  });
});
