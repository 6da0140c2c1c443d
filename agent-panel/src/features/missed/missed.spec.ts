import { flushPromises } from '@vue/test-utils';
import type { MissedCall, Permission } from '../../../../crm-core/contract';
import { ApiError } from '../../app/api-client';
import { missedCall } from '../../test-support/examples';
import { mountPage } from '../../test-support/mount-page';
import { useCallStore } from '../call/call.store';
import { useNoticeStore } from '../cti/notice.store';
import MissedView from './MissedView.vue';

const RIGHTS: Permission[] = ['missed.view', 'missed.edit', 'call.dial', 'number.view_full'];
const TRY = {
  ...{ callId: 'c1', at: '2025-11-21T06:10:00.000Z', line: '02066668888', queue: 'hotline', reason: 'abandoned', waitMs: 30_000 },
  rung: [{ extension: '1001', startedAt: '2025-11-21T06:10:05.000Z', ringMs: 8_000, result: 'no_answer', agentName: '林晓' }],
};

interface Sent {
  readonly method: string;
  readonly path: string;
  readonly body: unknown;
}

async function show(
  entries: MissedCall[],
  { rights = RIGHTS, act = (): unknown => entries[0] }: { rights?: Permission[]; act?: (sent: Sent) => unknown } = {},
) {
  let dialled: jest.SpyInstance | null = null;
  const { api, page, at } = await mountPage(MissedView, {
    user: { permissions: rights },
    address: '/missed',
    answer: ({ method, path, body }) => {
      if (path === '/missed-calls/counts') return { open: entries.length, mine: 0, due: 0, done: 0 };
      if (path === '/missed-calls') return { items: entries, nextCursor: null };
      if (method === 'GET') return { ...entries[0], calls: [TRY] };
      return act({ method, path, body });
    },
    before: () => void (dialled = jest.spyOn(useCallStore(), 'dialNumber').mockResolvedValue(undefined as never)),
  });
  if (dialled === null) throw new Error('nothing to dial with');
  const press = async (test: string) => {
    await at(test).trigger('click');
    await flushPromises();
  };
  const sent = () => api.requests.filter(({ method }) => method === 'POST').map(({ path, body }) => [path.split('/').at(-1), body]);
  const said = () => useNoticeStore().toasts.map(({ words }) => [words.key, words.params]);
  return { page, at, press, sent, said, dialled: dialled as jest.SpyInstance };
}

let shown: { page: { unmount(): void } } | null = null;
const open = async (...args: Parameters<typeof show>) => {
  const view = await show(...args);
  shown = view;
  return view;
};
afterEach(() => shown?.page.unmount());

const conflict = (current: MissedCall) => new ApiError('version_conflict', 409, [], null, '', current);

describe('callers to call back', () => {
  it('are one row each, with their tries and who was rung when opened', async () => {
    const { at, press } = await open([missedCall()]);
    expect(at('missed-row').text()).toMatch(/2.*吴海燕 · 云岭市政管网有限公司.*排队放弃/);
    await press('missed-row');
    expect(at('missed-try').text()).toMatch(/排队放弃 · 等待 30 秒 · 林晓振铃 8 秒/);
  });

  it('are taken on and then dialled, in this order', async () => {
    const order: string[] = [];
    const { press, dialled } = await open([missedCall()], { act: () => (order.push('claimed'), missedCall({ ownerUserId: 'u1' })) });
    dialled.mockImplementation((() => order.push('dialled')) as never);
    await press('missed-call-back');
    expect(order).toEqual(['claimed', 'dialled']);
    expect(dialled).toHaveBeenCalledWith('13912345678', 'k1');
  });

  it('are not dialled when a colleague was faster, which is said by name', async () => {
    const { press, said, dialled } = await open([missedCall()], {
      act: () => {
        throw conflict(missedCall({ version: 4, ownerUserId: 'u2', ownerName: '何静' }));
      },
    });
    await press('missed-call-back');
    expect(said()).toEqual([['inbox.taken', { name: '何静' }]]);
    expect(dialled).not.toHaveBeenCalled();
  });

  it('are dialled though the server cannot be asked', async () => {
    const { press, dialled, said } = await open([missedCall()], {
      act: () => {
        throw new ApiError('network', 0);
      },
    });
    await press('missed-call-back');
    expect(dialled).toHaveBeenCalledTimes(1);
    expect(said()[0]?.[0]).toBe('inbox.failed');
  });

  it('are taken on although they have tried again meanwhile', async () => {
    const versions: unknown[] = [];
    const { press, said } = await open([missedCall()], {
      act: ({ body }) => {
        versions.push((body as { version: number }).version);
        if (versions.length === 1) throw conflict(missedCall({ version: 4, tries: 3 }));
        return missedCall({ version: 5, ownerUserId: 'u1' });
      },
    });
    await press('missed-row');
    await press('missed-claim');
    expect([versions, said()]).toEqual([[3, 4], []]);
  });

  it.each(['me', 'anyone'] as const)('are called back at a time, by %s', async (owner) => {
    const { at, press, sent } = await open([missedCall()]);
    await press('missed-row');
    await press('missed-time');
    await at('missed-time-at').setValue('2025-11-22T09:30');
    await at('missed-time-owner').setValue(owner);
    await at('missed-time-save').trigger('submit');
    await flushPromises();
    expect(sent()).toEqual([['schedule', { version: 3, at: new Date('2025-11-22T09:30').toISOString(), owner }]]);
    expect(at('missed-time-at').exists()).toBe(false);
  });

  it('need no call for a reason, which stays in its field until it is kept', async () => {
    let fails = true;
    const { at, press, sent, said } = await open([missedCall()], {
      act: () => {
        if (fails) throw new ApiError('network', 0);
        return missedCall({ state: 'done' });
      },
    });
    await press('missed-row');
    await press('missed-not-needed');
    await at('missed-reason').setValue('打错了');
    await at('missed-reason-save').trigger('submit');
    await flushPromises();
    expect((at('missed-reason').element as HTMLInputElement).value).toBe('打错了');
    expect(said()[0]?.[0]).toBe('inbox.failed');
    fails = false;
    await at('missed-reason-save').trigger('submit');
    await flushPromises();
    expect(at('missed-reason').exists()).toBe(false);
    expect(sent().at(-1)).toEqual(['close', { version: 3, by: 'not_needed', note: '打错了' }]);
  });

  it('of a colleague are theirs, and a supervisor’s to change', async () => {
    const theirs = missedCall({ ownerUserId: 'u2', ownerName: '何静', callbackAt: '2025-11-20T01:00:00.000Z' });
    const agent = await open([theirs]);
    await agent.press('missed-row');
    expect(agent.at('missed-owner').text()).toBe('何静');
    expect(agent.at('missed-claim').exists()).toBe(false);
    expect(agent.at('missed-call-back').classes()).not.toContain('pri');
    expect(agent.page.find('.when .red').exists()).toBe(true);
    agent.page.unmount();
    const supervisor = await open([theirs], { rights: [...RIGHTS, 'missed.edit_all'] });
    await supervisor.press('missed-row');
    expect(supervisor.at('missed-claim').exists()).toBe(true);
  });

  it('cannot be called where the number was withheld', async () => {
    const { at, page } = await open([missedCall({ remoteNumber: null, customerId: null, customerName: null, contactName: null })]);
    expect(at('missed-call-back').exists()).toBe(false);
    expect(page.text()).toContain('无法回电');
  });

  it('say how they were done and by whom', async () => {
    const done = { at: '2025-11-21T07:00:00.000Z', by: 'not_needed' as const, userId: 'u2', name: '何静', callId: null, note: '打错了' };
    const { page, press, at } = await open([missedCall({ state: 'done', done })]);
    expect(page.text()).toContain('无需回电');
    expect(at('missed-owner').text()).toBe('何静');
    await press('missed-row');
    expect(page.text()).toContain('原因：打错了');
    expect(at('missed-claim').exists()).toBe(false);
  });
});
