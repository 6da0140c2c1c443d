import { enableAutoUnmount, flushPromises } from '@vue/test-utils';
import { loggedCall, record, talkingTo } from '../../test-support/examples';
import { mountPage } from '../../test-support/mount-page';
import { useCallStore } from '../call/call.store';
import CustomerHistory from './CustomerHistory.vue';

const NOW = Date.parse('2025-11-21T10:00:00.000Z');
const ANSWERED = loggedCall({ callId: 'c1' });
const GIVEN_UP = loggedCall({ callId: 'c2', startedAt: '2025-11-20T06:00:00.000Z', outcome: 'abandoned', talkMs: 0, agentName: null });
const OF_CALL = record({ callId: 'c1', problem: '坐标偏移', solution: '重装', solved: 'unsolved' });
const VISIT = record({ recordId: 'r9', callId: null, occurredAt: '2025-11-21T08:00:00.000Z', problem: '上门安装' });

// The clock of the page is one for all that show it: it has to end with the test whose timers it runs on.
enableAutoUnmount(afterEach);

interface Kept {
  calls: unknown[];
  records: unknown[];
}

async function show(
  props: Readonly<Record<string, unknown>> = {},
  kept: Kept = { calls: [ANSWERED, GIVEN_UP], records: [OF_CALL, VISIT] },
) {
  const world = await mountPage(CustomerHistory, {
    props: { customerId: 'k1', ...props },
    answer: ({ path }) => ({ items: path === '/calls' ? kept.calls : kept.records, nextCursor: null }),
  });
  const rows = () => world.page.findAll('[data-test="history-entry"]').map((row) => row.text().replace(/\s+/g, ' '));
  const asked = (path: string) => world.api.requests.filter((one) => one.path === path).length;
  return { ...world, rows, asked };
}

describe('the history on a customer’s page', () => {
  beforeEach(() => void jest.useFakeTimers({ now: NOW, doNotFake: ['nextTick', 'queueMicrotask', 'setImmediate'] }));
  afterEach(() => {
    document.body.innerHTML = '';
    jest.useRealTimers();
  });

  it('has calls and records by day, what was written of a call in its row, and how long a caller waited in vain', async () => {
    const { page, rows } = await show();
    expect(page.findAll('.day').map((day) => day.text())).toEqual(['今天', '昨天']);
    expect(rows()).toEqual([
      expect.stringContaining('上门安装'),
      expect.stringMatching(/郑凯.*未解决.*05:30.*坐标偏移 → 重装/),
      expect.stringContaining('34 秒'),
    ]);
    expect(page.findAll('[data-test="history-call"]').map((link) => link.attributes('href'))).toEqual(['/calls/c1', '/calls/c2']);
    expect(page.findAll('.pinned a').map((link) => link.attributes('href'))).toEqual(['/records/r1']);
    expect(page.emitted('counted')?.at(-1)).toEqual([3]);
  });

  it('is narrowed by kind and by words, which are marked', async () => {
    const { page, rows } = await show();
    await page.findAll('.filters button')[2]?.trigger('click');
    expect(rows()).toHaveLength(2);
    await page.find('input[type="search"]').setValue('偏移');
    expect([rows().length, page.findAll('mark').map((mark) => mark.text())]).toEqual([1, ['偏移']]);
  });

  it('has the call in hand once, on top, with its time running', async () => {
    const { page, rows } = await show({ talking: talkingTo({ callId: 'c1', answeredAt: new Date(NOW - 65_000).toISOString() }) });
    const first = () => page.find('.timeline > li').text();
    expect(first()).toContain('01:05');
    jest.advanceTimersByTime(2_000);
    await flushPromises();
    expect(first()).toContain('01:07');
    expect([rows().length, page.find('.pinned').exists()]).toEqual([2, false]);
  });

  it('takes in a call that ended meanwhile', async () => {
    const kept: Kept = { calls: [GIVEN_UP], records: [] };
    const { rows, asked } = await show({}, kept);
    expect(rows()).toHaveLength(1);
    kept.calls = [ANSWERED, GIVEN_UP];
    useCallStore().logged = { callId: 'c1' };
    await flushPromises();
    expect([rows().length, asked('/calls'), asked('/hotline-records')]).toEqual([2, 2, 2]);
  });

  it('says that nothing is there, or nothing of what was looked for', async () => {
    const { page } = await show({}, { calls: [], records: [] });
    const said = () => page.find('.timeline .state-block b').text();
    const before = said();
    await page.find('input[type="search"]').setValue('偏移');
    expect(said()).not.toBe(before);
  });

  it('is read again when asked after a failure', async () => {
    const { api, page, rows } = await show();
    const answer = api.answer;
    api.answer = () => {
      throw new Error('away');
    };
    useCallStore().logged = { callId: 'c3' };
    await flushPromises();
    expect(page.find('[role="alert"]').exists()).toBe(true);
    api.answer = answer;
    await page.find('[role="alert"] button').trigger('click');
    await flushPromises();
    expect(rows()).toHaveLength(3);
  });
});
