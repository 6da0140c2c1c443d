import { defineStore } from 'pinia';
import { computed, shallowRef } from 'vue';
import { useI18n } from 'vue-i18n';
import { DispositionList, type Disposition } from '../../../../crm-core/contract';
import { useServices } from '../../app/services';

/** The closed list of how a call can have gone (通话结果), as crm-core keeps it. */
export const useDispositionsStore = defineStore('dispositions', () => {
  const list = shallowRef<DispositionList>({ required: false, items: [] });
  let asked: Promise<void> | null = null;

  /** Once; after a failure again with the next one who asks. */
  function load(): Promise<void> {
    asked ??= useServices()
      .api.get('/dispositions', DispositionList)
      .then((answer) => void (list.value = answer))
      .catch(() => void (asked = null));
    return asked;
  }

  const required = computed(() => list.value.required);
  const offered = computed(() => list.value.items.filter((item) => item.active));
  const find = (code: string): Disposition | null => list.value.items.find((item) => item.code === code) ?? null;

  return { list, required, offered, load, find };
});

/** The word for a code in the language of the page; an unknown one stands for itself. */
export function useDispositionWord(): (code: string) => string {
  const { locale } = useI18n();
  const dispositions = useDispositionsStore();
  return (code) => {
    const item = dispositions.find(code);
    return item === null ? code : locale.value === 'en' ? item.en : item.zh;
  };
}
