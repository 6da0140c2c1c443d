import { mount } from '@vue/test-utils';
import { createPinia, setActivePinia } from 'pinia';
import { ApiError } from '../../app/api-client';
import { setServices } from '../../app/services';
import { i18n } from '../../i18n';
import { AGENT, customer, phoneNumber } from '../../test-support/examples';
import { settle, stage } from '../../test-support/fakes';
import { useNoticeStore } from '../cti/notice.store';
import { useSessionStore } from '../session/session.store';
import CustomerMerge from './CustomerMerge.vue';

const HERE = customer({ level: 'A', version: 3, numbers: [phoneNumber()] });
const TWIN = customer({ customerId: 'k2', customerNumber: 'C000002', name: '云岭管网（重复）', level: 'C', city: '云岭', version: 7 });
const SUMMARY = { ...TWIN, primaryContact: null, primaryNumber: null, lastContactAt: null };

async function show() {
  const world = stage();
  setServices(world.services);
  const pinia = createPinia();
  setActivePinia(pinia);
  useSessionStore().user = AGENT;
  world.api.answer = (method, path) => {
    if (method === 'POST') return customer({ version: 8 });
    return path === '/customers' ? { items: [{ ...SUMMARY, customerId: HERE.customerId }, SUMMARY], nextCursor: null } : TWIN;
  };
  const card = mount(CustomerMerge, { props: { customer: HERE }, global: { plugins: [pinia, i18n] } });
  const at = (test: string) => card.find(`[data-test="${test}"]`);
  const choose = async () => {
    await at('merge-search').setValue('重复');
    await world.clock.advance(200);
    await settle();
    await at('merge-result').trigger('click');
    await settle();
  };
  return { ...world, card, at, choose, notices: useNoticeStore() };
}

describe('two entries of one customer', () => {
  it('are looked for without offering the customer itself', async () => {
    const { card, at, clock } = await show();
    expect(at('merge-confirm').exists()).toBe(false);
    await at('merge-search').setValue('云岭');
    await clock.advance(200);
    await settle();
    expect(card.findAll('[data-test="merge-result"]').map((hit) => hit.attributes('data-customer-id'))).toEqual(['k2']);
  });

  it('are shown side by side: what stays, what goes, what is filled in', async () => {
    const { card, choose } = await show();
    await choose();
    const rows = card.findAll('tbody tr').map((row) => row.findAll('td').map((cell) => cell.text().replace(/\s+/g, ' ')));
    expect(rows[0]?.slice(1)).toEqual(['云岭市政管网有限公司 C000001', '云岭管网（重复） C000002']);
    expect(rows.find(([field]) => field === '级别')?.slice(1)).toEqual(['A', 'C']);
    expect(rows.find(([field]) => field === '城市')?.[2]).toBe('云岭');
    expect(card.findAll('tbody .chip.green')).toHaveLength(1);
  });

  it('become one, with the version that was read; the page goes to the one that stays', async () => {
    const { api, card, at, choose, notices } = await show();
    await choose();
    await at('merge-confirm').trigger('click');
    await settle();
    expect(api.requests.at(-1)).toEqual({ method: 'POST', path: '/customers/k1/merge', body: { customerId: 'k2', version: 3 } });
    expect(card.emitted('done')).toEqual([['k1']]);
    expect(notices.toasts[0]?.words.key).toBe('merge.done');
  });

  it('can be turned round: then the other one stays', async () => {
    const { api, at, choose } = await show();
    await choose();
    await at('merge-swap').trigger('click');
    await at('merge-confirm').trigger('click');
    await settle();
    expect(api.requests.at(-1)).toEqual({ method: 'POST', path: '/customers/k2/merge', body: { customerId: 'k1', version: 7 } });
  });

  it('stay two when crm-core refuses, and the reason is said in place', async () => {
    const { api, card, at, choose } = await show();
    await choose();
    const before = api.answer;
    api.answer = (method, path, body) => {
      if (method === 'POST') throw new ApiError('version_conflict', 409);
      return before(method, path, body);
    };
    await at('merge-confirm').trigger('click');
    await settle();
    expect(card.find('[role="alert"]').text()).not.toBe('');
    expect(card.emitted('done')).toBeUndefined();
    expect(at('merge-confirm').attributes('disabled')).toBeUndefined();
  });
});
