import { mount } from '@vue/test-utils';
import { createPinia, setActivePinia } from 'pinia';
import { createMemoryHistory } from 'vue-router';
import { ApiError } from '../../app/api-client';
import { createAppRouter } from '../../app/router';
import { setServices } from '../../app/services';
import { i18n } from '../../i18n';
import { AGENT } from '../../test-support/examples';
import { settle, stage } from '../../test-support/fakes';
import { useNoticeStore } from '../cti/notice.store';
import { useSessionStore } from '../session/session.store';
import MarksView from './MarksView.vue';

const MARK = {
  markId: 'm1',
  key: '+8613912345678',
  display: '139 1234 5678',
  numberClass: 'mobile',
  kind: 'vip',
  reason: '重点客户',
  until: null,
  active: true,
  createdAt: '2025-11-21T14:00:00.000Z',
  createdBy: '周敏',
  endedAt: null,
  endedBy: null,
  version: 1,
};

async function show() {
  const world = stage();
  setServices(world.services);
  const pinia = createPinia();
  setActivePinia(pinia);
  useSessionStore().user = { ...AGENT, permissions: ['caller_mark.manage', 'number.view_full'] };
  world.api.answer = (method) => (method === 'GET' ? { items: [MARK], nextCursor: null } : method === 'POST' ? MARK : undefined);
  const router = createAppRouter(createMemoryHistory());
  void router.push('/admin/marks');
  await router.isReady();
  const page = mount(MarksView, { global: { plugins: [pinia, i18n, router] } });
  await settle();
  return { ...world, page, at: (test: string) => page.find(`[data-test="${test}"]`), notices: useNoticeStore() };
}

describe('marked numbers', () => {
  it('are marked with a reason and taken back by the toast', async () => {
    const { api, at, notices } = await show();
    await at('mark-new').trigger('click');
    await at('mark-number').setValue('139 1234 5678');
    await at('mark-reason').setValue('重点客户');
    await at('mark-form').trigger('submit');
    await settle();
    expect(api.requests.find(({ method }) => method === 'POST')?.body).toEqual({
      number: '139 1234 5678',
      kind: 'vip',
      reason: '重点客户',
      until: null,
    });
    notices.toasts[0]?.undo?.();
    await settle();
    expect(api.requests.find(({ method }) => method === 'DELETE')?.path).toBe('/caller-marks/m1');
  });

  it('need a reason, and say what crm-core refuses beside the field', async () => {
    const { api, at, page } = await show();
    await at('mark-new').trigger('click');
    await at('mark-number').setValue('17012345678转123');
    await at('mark-form').trigger('submit');
    expect(at('mark-reason').attributes('aria-invalid')).toBe('true');
    const before = api.answer;
    api.answer = (method, path, body) => {
      if (method === 'POST') throw new ApiError('validation_failed', 422, [{ path: 'number', code: 'privacy_number', message: '' }]);
      return before(method, path, body);
    };
    await at('mark-reason').setValue('测试');
    await at('mark-form').trigger('submit');
    await settle();
    expect(page.text()).toContain('平台的隐私号码不能登记');
  });

  it('say when marking again by undo has failed', async () => {
    const { api, at, notices } = await show();
    await at('mark-remove').trigger('click');
    await settle();
    const before = api.answer;
    api.answer = (method, path, body) => {
      if (method === 'POST') throw new ApiError('already_exists', 409);
      return before(method, path, body);
    };
    notices.toasts[0]?.undo?.();
    await settle();
    expect(notices.bar?.words).toMatchObject({ key: 'toast.undoFailed' });
    expect(notices.toasts).toHaveLength(2);
  });

  it('are let go, and marked again by undo', async () => {
    const { api, at, notices } = await show();
    await at('mark-remove').trigger('click');
    await settle();
    expect(api.requests.some(({ method }) => method === 'DELETE')).toBe(true);
    notices.toasts[0]?.undo?.();
    await settle();
    expect(api.requests.find(({ method }) => method === 'POST')?.body).toMatchObject({
      number: '+8613912345678',
      kind: 'vip',
      reason: '重点客户',
    });
  });
});
