import { createPinia, setActivePinia } from 'pinia';
import { effectScope, nextTick, ref, type EffectScope } from 'vue';
import { onKeyAction, runKeyAction } from '../../app/keys';
import { setServices } from '../../app/services';
import { stage } from '../../test-support/fakes';
import type { BarModel } from './bar-types';
import { useCallStore } from './call.store';
import { useBarPads } from './use-bar-pads';

type Slots = Pick<BarModel, 'transfer' | 'keypad'>;
const TALKING: Slots = { transfer: { enabled: true, swap: false }, keypad: { enabled: true } };
const ASKING: Slots = { transfer: { enabled: true, swap: true }, keypad: { enabled: true } };
const NO_CALL: Slots = { transfer: { enabled: false, swap: false }, keypad: { enabled: false } };

let scope: EffectScope;

function show(slots: Slots) {
  setServices(stage().services);
  setActivePinia(createPinia());
  scope = effectScope();
  const model = ref(slots);
  const pads = scope.run(() => useBarPads(model));
  if (pads === undefined) throw new Error('The scope has ended');
  return { model, pads, open: () => ({ transfer: pads.transferOpen.value, keypad: pads.keypadOpen.value }) };
}

describe('the layers under the bar', () => {
  afterEach(() => scope.stop());

  it('close when the call has no more use for them', async () => {
    const { model, pads, open } = show(TALKING);
    pads.transfer();
    pads.toggleKeypad();
    expect(open()).toEqual({ transfer: true, keypad: true });
    model.value = ASKING;
    await nextTick();
    expect(open()).toEqual({ transfer: false, keypad: true });
    model.value = NO_CALL;
    await nextTick();
    expect(open()).toEqual({ transfer: false, keypad: false });
  });

  it('have a slot that changes between the two while asking, and opens nothing then', () => {
    const { pads, open } = show(ASKING);
    const swap = jest.spyOn(useCallStore(), 'swap').mockResolvedValue(true);
    pads.transfer();
    expect([swap.mock.calls.length, open().transfer]).toEqual([1, false]);
  });

  it('leave their keys to others when there is nothing for them to do', () => {
    const { open } = show(NO_CALL);
    expect([runKeyAction('transfer'), runKeyAction('escape')]).toEqual([false, false]);
    expect(open()).toEqual({ transfer: false, keypad: false });
  });

  it('open and close by key; Escape first closes what was set up later', () => {
    const { pads, open } = show(TALKING);
    expect([runKeyAction('transfer'), open().transfer]).toEqual([true, true]);
    pads.toggleKeypad();
    let menuOpen = true;
    scope.run(() =>
      onKeyAction('escape', () => {
        if (!menuOpen) return false;
        menuOpen = false;
      }),
    );
    expect([runKeyAction('escape'), menuOpen, open().keypad]).toEqual([true, false, true]);
    expect([runKeyAction('escape'), open().keypad]).toEqual([true, false]);
    expect(runKeyAction('escape')).toBe(false);
  });
});
