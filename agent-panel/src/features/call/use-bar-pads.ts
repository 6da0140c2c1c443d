import { readonly, ref, watch, type Ref } from 'vue';
import { onKeyAction } from '../../app/keys';
import type { BarModel } from './bar-types';
import { useCallStore } from './call.store';

export type BarPads = ReturnType<typeof useBarPads>;

/**
 * The two layers under the bar, the list of targets and the keypad: each open only while its slot has a use for it.
 * For the bar itself, before the menus inside it are there: Escape goes to what was set up last, so a menu beside the keypad closes first.
 */
export function useBarPads(model: Readonly<Ref<Pick<BarModel, 'transfer' | 'keypad'>>>) {
  const calls = useCallStore();
  const transferOpen = ref(false);
  const keypadOpen = ref(false);

  const closeTransfer = (): void => void (transferOpen.value = false);
  const closeKeypad = (): void => void (keypadOpen.value = false);
  const toggleKeypad = (): void => void (keypadOpen.value = !keypadOpen.value);

  /** Opens the list of targets; while asking, changes between customer and colleague. */
  function transfer(): void {
    if (model.value.transfer.swap) void calls.swap();
    else transferOpen.value = !transferOpen.value;
  }

  watch(
    () => model.value.transfer.enabled && !model.value.transfer.swap,
    (possible) => {
      if (!possible) closeTransfer();
    },
  );
  watch(
    () => model.value.keypad.enabled,
    (enabled) => {
      if (!enabled) closeKeypad();
    },
  );
  onKeyAction('transfer', () => {
    if (!model.value.transfer.enabled) return false;
    transfer();
    return true;
  });
  onKeyAction('escape', () => {
    if (!keypadOpen.value) return false;
    closeKeypad();
  });

  return { transferOpen: readonly(transferOpen), keypadOpen: readonly(keypadOpen), transfer, closeTransfer, toggleKeypad };
}
