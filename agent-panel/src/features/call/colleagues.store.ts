import { defineStore } from 'pinia';
import { computed, shallowRef } from 'vue';
import { AgentList } from '../../../../crm-core/contract';
import { useServices } from '../../app/services';
import { useCtiStore } from '../cti/cti.store';

export interface Colleague {
  readonly extension: string;
  readonly name: string;
}

/** Who else can be given a call. Without crm-core the list is empty and an extension is typed. */
export const useColleaguesStore = defineStore('colleagues', () => {
  const cti = useCtiStore();
  const all = shallowRef<readonly Colleague[]>([]);
  const others = computed(() => all.value.filter((one) => one.extension !== cti.agent?.extension));

  async function load(): Promise<void> {
    const list = await useServices()
      .api.get('/agents', AgentList)
      .catch(() => null);
    if (list === null) return;
    all.value = list.items.flatMap((one) => (one.extension === null ? [] : [{ extension: one.extension, name: one.displayName }]));
  }

  const nameOf = (extension: string): string | null => all.value.find((one) => one.extension === extension)?.name ?? null;

  return { others, load, nameOf };
});
