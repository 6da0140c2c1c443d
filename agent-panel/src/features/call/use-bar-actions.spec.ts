import { createPinia, setActivePinia } from 'pinia';
import { computed, effectScope, nextTick, shallowRef, type EffectScope } from 'vue';
import { runKeyAction } from '../../app/keys';
import { setServices } from '../../app/services';
import { stage } from '../../test-support/fakes';
import { QUIET } from './bar-parts';
import type { BarModel } from './bar-types';
import { useCallStore } from './call.store';
import { useBarActions } from './use-bar-actions';

const TALKING: BarModel = { ...QUIET, state: 'in-call', end: { action: 'hangup', label: 'bar.hangup' } } as BarModel;
const HELD: BarModel = { ...TALKING, state: 'hold' };

let scope: EffectScope;

function show(first: BarModel) {
  setServices(stage().services);
  setActivePinia(createPinia());
  scope = effectScope();
  const model = shallowRef(first);
  const actions = scope.run(() => useBarActions(computed(() => model.value)));
  if (actions === undefined) throw new Error('The scope has ended');
  const hangup = jest.spyOn(useCallStore(), 'hangup').mockResolvedValue(undefined as never);
  return { model, actions, hangup };
}

describe('F4 in a call', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => {
    scope.stop();
    jest.useRealTimers();
  });

  it('hangs up when pressed twice, and warns at the first time', () => {
    const { actions, hangup } = show(TALKING);
    runKeyAction('end');
    expect([actions.endArmed.value, hangup.mock.calls.length]).toEqual([true, 0]);
    runKeyAction('end');
    expect([actions.endArmed.value, hangup.mock.calls.length]).toEqual([false, 1]);
  });

  it('warns again when the call has changed since', async () => {
    const { model, actions, hangup } = show(TALKING);
    runKeyAction('end');
    model.value = HELD;
    await nextTick();
    expect(actions.endArmed.value).toBe(false);
    runKeyAction('end');
    expect([actions.endArmed.value, hangup.mock.calls.length]).toEqual([true, 0]);
  });

  it('warns for two seconds, whenever it was pressed before', async () => {
    const { model, actions } = show(TALKING);
    runKeyAction('end');
    jest.advanceTimersByTime(1_500);
    model.value = HELD;
    await nextTick();
    runKeyAction('end');
    jest.advanceTimersByTime(1_500);
    expect(actions.endArmed.value).toBe(true);
    jest.advanceTimersByTime(600);
    expect(actions.endArmed.value).toBe(false);
  });
});
