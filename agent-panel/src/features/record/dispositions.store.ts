import { defineStore } from 'pinia';
import { computed, shallowRef } from 'vue';
import { useI18n } from 'vue-i18n';
import { DispositionList, NO_DISPOSITION, type Disposition } from '../../../../crm-core/contract';
import { useServices } from '../../app/services';

const FRESH_MS = 60_000;

/** The closed list of how a call can have gone (通话结果), as crm-core keeps it. */
export const useDispositionsStore = defineStore('dispositions', () => {
  const list = shallowRef<DispositionList>({ required: false, items: [], version: '' });
  let asked: Promise<void> | null = null;
  let askedAtMs = 0;

  /** Asked again when it is older than a minute, because an administrator may have changed it; a failure leaves what was there. */
  function load(): Promise<void> {
    const nowMs = useServices().clock.nowMs();
    if (asked !== null && nowMs - askedAtMs < FRESH_MS) return asked;
    askedAtMs = nowMs;
    asked = useServices()
      .api.get('/dispositions', DispositionList)
      .then(take)
      .catch(() => void (asked = null));
    return asked;
  }

  /** The list as it is now, from whoever has just read or changed it. */
  function take(answer: DispositionList): void {
    list.value = answer;
  }

  const required = computed(() => list.value.required);
  const offered = computed(() => list.value.items.filter((item) => item.active));
  const find = (code: string): Disposition | null => list.value.items.find((item) => item.code === code) ?? null;

  return { list, required, offered, load, take, find };
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

/** What a list can be narrowed down to: nothing said, or one of the list, also those that are no longer offered. */
export function useDispositionOptions() {
  const { t } = useI18n();
  const dispositions = useDispositionsStore();
  const word = useDispositionWord();
  return computed(() => [
    { value: NO_DISPOSITION, label: t('record.noDisposition') },
    ...dispositions.list.items.map(({ code }) => ({ value: code, label: word(code) })),
  ]);
}
