import { mount } from '@vue/test-utils';
import { createPinia, setActivePinia } from 'pinia';
import { ApiError } from '../../app/api-client';
import { setServices } from '../../app/services';
import { i18n } from '../../i18n';
import { AGENT, customer, phoneNumber } from '../../test-support/examples';
import { settle, stage } from '../../test-support/fakes';
import { useNoticeStore } from '../cti/notice.store';
import { useSessionStore } from '../session/session.store';
import NumberMarks from './NumberMarks.vue';

const MOBILE = phoneNumber();
const OFFICE = phoneNumber({ numberId: 'n2', raw: '020-88880001', display: '020-8888 0001', key: '+862088880001', label: 'office' });
const MARK = {
  markId: 'm1',
  key: '+8613912345678',
  display: '139 1234 5678',
  numberClass: 'mobile',
  kind: 'blocked',
  reason: '骚扰',
  until: null,
  active: true,
  createdAt: '2025-11-21T14:00:00.000Z',
  createdBy: '周敏',
  endedAt: null,
  endedBy: null,
  version: 1,
};
const OTHERS = { ...MARK, markId: 'm9', key: '+8613700000009', display: '137 0000 0009' };

async function show(permissions: readonly string[] = ['caller_mark.manage']) {
  const world = stage();
  setServices(world.services);
  const pinia = createPinia();
  setActivePinia(pinia);
  useSessionStore().user = { ...AGENT, permissions: permissions as typeof AGENT.permissions };
  let marks = [MARK, OTHERS];
  world.api.answer = (method, path) => {
    if (method === 'GET') return { items: marks, nextCursor: null };
    if (method === 'DELETE') marks = marks.filter(({ markId }) => path !== `/caller-marks/${markId}`);
    else marks = [...marks, { ...MARK, markId: 'm2', key: OFFICE.key ?? '', display: OFFICE.display, kind: 'vip' }];
    return method === 'DELETE' ? undefined : marks.at(-1);
  };
  const block = mount(NumberMarks, { props: { customer: customer({ numbers: [MOBILE, OFFICE] }) }, global: { plugins: [pinia, i18n] } });
  await settle();
  const at = (test: string) => block.find(`[data-test="${test}"]`);
  const marked = () =>
    block.findAll('[data-test="customer-marked"]').map((one) => `${one.attributes('data-kind')} ${one.find('.num').text()}`);
  return { ...world, block, at, marked, notices: useNoticeStore() };
}

describe('the marks of a customer’s numbers', () => {
  it('are those of this customer only, with their reason', async () => {
    const { block, marked } = await show();
    expect(marked()).toEqual(['blocked 139 1234 5678']);
    expect(block.text()).toContain('骚扰');
  });

  it('are made for a number that has none', async () => {
    const { api, at, marked } = await show();
    await at('customer-mark').trigger('click');
    expect(at('mark-number').exists()).toBe(false);
    await at('mark-reason').setValue('大客户');
    await at('mark-form').trigger('submit');
    await settle();
    expect(api.requests.find(({ method }) => method === 'POST')?.body).toMatchObject({
      number: OFFICE.display,
      kind: 'vip',
      reason: '大客户',
    });
    expect(marked()).toEqual(['blocked 139 1234 5678', 'vip 020-8888 0001']);
  });

  it('are taken away, and made again by the toast; what fails is said', async () => {
    const { api, block, marked, notices } = await show();
    await block.find('[data-test="customer-marked"] button').trigger('click');
    await settle();
    expect(marked()).toEqual([]);
    const answer = api.answer;
    api.answer = (method, path, body) => {
      if (method === 'POST') throw new ApiError('already_exists', 409);
      return answer(method, path, body);
    };
    notices.toasts[0]?.undo?.();
    await settle();
    expect(notices.bar?.words.key).toBe('toast.undoFailed');
    api.answer = answer;
    notices.toasts.at(-1)?.undo?.();
    await settle();
    expect(api.requests.findLast(({ method }) => method === 'POST')?.body).toMatchObject({
      number: '+8613912345678',
      kind: 'blocked',
      reason: '骚扰',
    });
  });

  it('are not shown to those who may not change them', async () => {
    const { api, block } = await show([]);
    expect([block.text(), api.requests.length]).toEqual(['', 0]);
  });
});
