import { createPinia, setActivePinia } from 'pinia';
import { effectScope, nextTick, ref, type EffectScope } from 'vue';
import { setServices } from '../../app/services';
import { snapshot } from '../../test-support/examples';
import { stage } from '../../test-support/fakes';
import { useCtiStore } from '../cti/cti.store';
import { useNoticeStore } from '../cti/notice.store';
import type { BarModel } from './bar-types';
import { useBarAnnouncements } from './use-bar-announcements';

type Said = Pick<BarModel, 'state' | 'title'>;
const START = Date.parse('2025-11-21T14:30:00.000Z');
const at = (second: number) => new Date(START + second * 1000).toISOString();

let scope: EffectScope;

async function listen(first: Said) {
  const world = stage();
  setServices(world.services);
  setActivePinia(createPinia());
  await useCtiStore().start('u1', () => []);
  scope = effectScope();
  const model = ref(first);
  scope.run(() => useBarAnnouncements(model));
  return { ...world, model, notices: useNoticeStore() };
}

describe('what the bar says', () => {
  beforeEach(() => void jest.useFakeTimers({ now: START }));
  afterEach(() => {
    scope.stop();
    jest.useRealTimers();
  });

  it('is each new state by its title, but not that it rings: the pop card says that', async () => {
    const { model, notices } = await listen({ state: 'ready', title: { key: 'bar.waiting' } });
    expect(notices.polite).toBeNull();
    model.value = { state: 'ringing', title: { key: 'bar.ringing' } };
    await nextTick();
    expect(notices.polite).toBeNull();
    model.value = { state: 'in-call', title: { key: 'bar.inCall' } };
    await nextTick();
    expect(notices.polite).toMatchObject({ key: 'bar.spoken', params: { title: 'bar.inCall' } });
  });

  it('is, once, that 15 seconds of wrap-up are left; of what is not running yet nothing is said', async () => {
    const { client, notices } = await listen({ state: 'ended', title: { key: 'bar.ended' } });
    const wrapUp = { callId: 'c1', since: at(0), standsUntil: at(60), until: at(80), limit: at(300) };
    client.emit('session.started', snapshot({ afterCall: { wrapUp, next: null } }));
    await jest.advanceTimersByTimeAsync(64_000);
    expect(notices.polite).toBeNull();
    await jest.advanceTimersByTimeAsync(1_500);
    expect(notices.polite).toMatchObject({ key: 'bar.wrapUpSoon', params: { seconds: 15 } });
    notices.polite = null;
    await jest.advanceTimersByTimeAsync(5_000);
    expect(notices.polite).toBeNull();
  });
});
