import { flushPromises } from '@vue/test-utils';
import type { Router } from 'vue-router';
import type { Component } from 'vue';
import { loggedCall, record } from '../../test-support/examples';
import { mountPage } from '../../test-support/mount-page';
import { useCallStore } from '../call/call.store';
import { useCtiStore } from '../cti/cti.store';
import RecordsView from '../record/RecordsView.vue';
import CallLogView from './CallLogView.vue';

// Its styles are a bundler's business.
jest.mock('../../ui/DateRange.vue', () => ({ __esModule: true, default: { props: ['modelValue'], render: () => null } }));

const DISPOSITIONS = { required: true, items: [{ code: 'enquiry', zh: '咨询', en: 'Enquiry', active: true }], version: 'v' };
const AGENTS = {
  items: [
    { userId: 'u1', displayName: '林晓', extension: '1001', role: 'agent' },
    { userId: 'u2', displayName: '何静', extension: '1002', role: 'agent' },
  ],
};
const ALL = ['call.view_own', 'call.view_all', 'hotline.view_own', 'hotline.view_all', 'number.view_full'] as const;

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

interface Asked {
  readonly path: string;
  readonly query?: Readonly<Record<string, unknown>>;
}

async function show(view: Component, address: string, pages: Readonly<Record<string, unknown>> = {}) {
  const { api, page, router, at, client } = await mountPage(view, {
    user: { permissions: [...ALL] },
    address,
    answer: ({ path }, world) => {
      if (path === '/agents') return AGENTS;
      if (path === '/dispositions') return DISPOSITIONS;
      const cursor = (world.api.requests.at(-1) as Asked).query?.['cursor'];
      return pages[String(cursor ?? 'first')] ?? { items: [], nextCursor: null };
    },
  });
  const list = view === RecordsView ? '/hotline-records' : '/calls';
  const last = () => (api.requests.filter(({ path }) => path === list).at(-1) as Asked | undefined)?.query;
  const rest = async () => {
    await jest.advanceTimersByTimeAsync(250);
    await flushPromises();
  };
  return { page, router, last, rest, at, client };
}

const inAddress = (router: Router) => router.currentRoute.value.query;
Element.prototype.scrollIntoView = () => {};

describe('the call log', () => {
  it('asks for what its address names, and writes what is asked for into it', async () => {
    const { last, router, at, rest } = await show(
      CallLogView,
      '/calls?outcome=abandoned&from=2025-11-20T00:00:00.000Z&to=2025-11-21T00:00:00.000Z',
    );
    expect(last()).toMatchObject({ outcome: 'abandoned', from: '2025-11-20T00:00:00.000Z', to: '2025-11-21T00:00:00.000Z', limit: 50 });
    await at('calllog-agent').setValue('1002');
    await at('calllog-disposition').setValue('none');
    await at('calllog-number').setValue(' 139 1234 ');
    await rest();
    expect(last()).toMatchObject({ outcome: 'abandoned', agentExtension: '1002', disposition: 'none', number: '139 1234' });
    expect(inAddress(router)).toMatchObject({ outcome: 'abandoned', agentExtension: '1002', disposition: 'none', number: '139 1234' });
    await at('filters-clear').trigger('click');
    await rest();
    expect(inAddress(router)).toEqual({});
    expect(last()).toMatchObject({ outcome: '', agentExtension: '', number: '' });
    expect(last()).not.toHaveProperty('from');
  });

  it('opens a call, keeps that in its address, and finds it again further down', async () => {
    const [first, second] = [loggedCall({ callId: 'near' }), loggedCall({ callId: 'far' })];
    const pages = { first: { items: [first], nextCursor: 'next' }, next: { items: [second], nextCursor: null } };
    const { page, router, at } = await show(CallLogView, '/calls', pages);
    await at('calllog-row').trigger('click');
    await flushPromises();
    expect(inAddress(router)).toEqual({ open: 'near' });
    expect(at('call-detail').attributes('data-call-id')).toBe('near');
    page.unmount();
    const again = await show(CallLogView, '/calls?open=far', pages);
    expect(again.page.findAll('[data-test="calllog-row"]')).toHaveLength(2);
    expect(again.at('call-detail').attributes('data-call-id')).toBe('far');
  });

  it('names everybody who talked, and says which row is not certain', async () => {
    const { at } = await show(CallLogView, '/calls', { first: { items: [loggedCall({ complete: false })], nextCursor: null } });
    expect(at('calllog-row').text()).toContain('林晓 → 郑凯');
    expect(at('calllog-row').html()).toContain('amber');
    expect(at('calllog-row').text()).toContain('未填结果');
  });

  it('shows a call as soon as the log has it, but takes no further page away', async () => {
    const pages: Record<string, unknown> = { first: { items: [loggedCall({ callId: 'older' })], nextCursor: 'next' } };
    const { page, at, client } = await show(CallLogView, '/calls', pages);
    await useCtiStore().start('u1', (wired) => useCallStore().wire(wired));
    const shown = () => page.findAll('[data-test="calllog-row"]').map((row) => row.attributes('data-call-id'));
    const kept = async (callId: string) => {
      pages['first'] = { items: [loggedCall({ callId }), loggedCall({ callId: 'older' })], nextCursor: 'next' };
      client.emit('call.logged', { callId });
      await flushPromises();
    };
    await kept('c1');
    expect(shown()).toEqual(['c1', 'older']);
    pages['next'] = { items: [loggedCall({ callId: 'oldest' })], nextCursor: null };
    await at('calllog-more').trigger('click');
    await flushPromises();
    await kept('c2');
    expect(shown()).toEqual(['c1', 'older', 'oldest']);
  });

  it('follows its address when another one is gone to', async () => {
    const { last, router, rest, at } = await show(CallLogView, '/calls?outcome=busy');
    await router.push('/calls?customerId=k1');
    await rest();
    expect(last()).toMatchObject({ outcome: '', customerId: 'k1' });
    expect((at('calllog-outcome').element as HTMLSelectElement).value).toBe('');
  });
});

describe('the list of hotline records', () => {
  it('is narrowed down by who served, how the call went, number and words', async () => {
    const { last, router, at, rest } = await show(RecordsView, '/records?solved=unsolved');
    expect(last()).toMatchObject({ solved: 'unsolved' });
    await at('records-agent').setValue('u2');
    await at('records-disposition').setValue('enquiry');
    await at('records-number').setValue('13912345678');
    await at('records-search').setValue('登录');
    await rest();
    const asked = { solved: 'unsolved', servedByUserId: 'u2', disposition: 'enquiry', number: '13912345678', q: '登录' };
    expect(last()).toMatchObject(asked);
    expect(inAddress(router)).toEqual(asked);
  });

  it('shows how the call went beside whether it is solved', async () => {
    const pages = {
      first: { items: [record({ problem: '无法登录', status: 'done', solved: 'solved', disposition: 'enquiry' })], nextCursor: null },
    };
    const { at } = await show(RecordsView, '/records', pages);
    expect(at('record-row').text()).toContain('咨询');
  });
});
